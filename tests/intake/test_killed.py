"""Kill -9 in the middle of an import: nothing is half-written, and running it again finishes it. Trap 11, on the database asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.database


@pytest.fixture
def step(tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "keys").mkdir(mode=0o700)
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "jiceng.web.settings",
        "JICENG_HOME": str(tmp_path),
        "JICENG_KEYS": str(tmp_path / "keys"),
    }
    env.pop("JICENG_DATABASE", None)
    if os.environ.get("JICENG_TEST_ON") == "postgres":
        env["JICENG_DATABASE"] = _own_database(os.environ["JICENG_TEST_POSTGRES"])

    def run(name: str) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-m", "tests.intake.killed", name], env=env, capture_output=True, text=True, check=False)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        return done.returncode, done.stdout.strip()

    return run


def _own_database(address: str) -> str:
    """A database beside the tests' own in the same throw-away server: the child must commit for real."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS killed")
        connection.execute("CREATE DATABASE killed")
    return address.replace("/postgres?", "/killed?")


def test_killed_import_leaves_nothing_and_can_be_run_again(step):
    assert step("prepare") == (0, "")
    assert step("killed")[0] == -signal.SIGKILL
    assert step("count") == (0, "0 0 0 0 0 0 checked clean")
    assert step("whole") == (0, "")
    entries, facts, endings, keys, lookups, standing, state, verified = step("count")[1].split()
    assert (entries, endings, keys, lookups, standing, state, verified) == ("3", "0", "120", "120", "120", "landed", "clean")
    assert int(facts) > 120
