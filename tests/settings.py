"""Settings of a test run: a home of its own, SQLite unless JICENG_TEST_ON=postgres, a quick password hasher."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="jiceng-test-"))
(_home / "data").mkdir()
(_home / "keys").mkdir(mode=0o700)
os.environ.update(JICENG_HOME=str(_home), JICENG_KEYS=str(_home / "keys"), DJANGO_ALLOW_ASYNC_UNSAFE="1")
os.environ.pop("JICENG_DATABASE", None)
if os.environ.get("JICENG_TEST_ON") == "postgres":
    os.environ["JICENG_DATABASE"] = os.environ["JICENG_TEST_POSTGRES"]

from jiceng.web.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
