"""What the benches share: a demo home opened, and one line of figures printed for people and for `bench/run.py`."""

from __future__ import annotations

import json
import os
from pathlib import Path


def opened(home: str) -> Path:
    """Makes the framework ready for a home made by `jiceng demo`."""
    os.environ["JICENG_HOME"] = home
    from jiceng.cli.site import open_site

    open_site()
    return Path(home)


def told(what: str, **figures: object) -> None:
    """One result line."""
    print(json.dumps({"what": what, **figures}, ensure_ascii=False), flush=True)
