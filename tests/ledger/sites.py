"""Sites of their own for tests with several processes, files on disk, or a process that is killed.

On SQLite a file, on PostgreSQL a database in the cluster of the test run; both copied from one that was migrated once.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).parents[2]
_PRELUDE = "import django; django.setup()\n"


def on_postgres() -> bool:
    """Whether this run tests PostgreSQL."""
    return os.environ.get("JICENG_TEST_ON") == "postgres"


@dataclass(frozen=True)
class Site:
    """A home folder and the address of its database."""

    home: Path
    address: str

    @property
    def file(self) -> Path:
        """The SQLite file."""
        return self.home / "data" / "jiceng.sqlite3"

    def start(self, code: str) -> subprocess.Popen[str]:
        """Run Python code in a process of its own, on this site."""
        return subprocess.Popen(
            [sys.executable, "-c", _PRELUDE + code],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> str:
        """Run Python code to its end; what it printed. Fails with the code's own error."""
        process = self.start(code)
        printed, complained = process.communicate(timeout=120)
        assert process.returncode == 0, complained
        return printed.strip()

    @property
    def environment(self) -> dict[str, str]:
        own = {"JICENG_HOME": str(self.home), "JICENG_KEYS": str(self.home / "keys"), "JICENG_DATABASE": self.address}
        return {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "jiceng.web.settings", "PYTHONPATH": str(ROOT)}


class Sites:
    """Makes sites from one that was migrated once."""

    def __init__(self, folder: Path, *, postgres: bool | None = None) -> None:
        self._postgres = on_postgres() if postgres is None else postgres
        self._names: list[str] = []
        self._mark = secrets.token_hex(4)  # two makers of sites in one run share a cluster
        self._first = self._site(folder / "first", lambda address: None)
        code = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
        self._first.run(code + "; from jiceng.ledger.keys import ensure_ring; ensure_ring()")

    def fresh(self, folder: Path) -> Site:
        """A copy of the migrated site, with the same ring."""
        site = self._site(folder / f"site{len(self._names)}", self._copy)
        shutil.copytree(self._first.home / "keys", site.home / "keys", dirs_exist_ok=True)
        return site

    def drop(self) -> None:
        """Remove the databases."""
        for name in self._names if self._postgres else ():
            self._administer(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _site(self, home: Path, fill: Callable[[str], None]) -> Site:
        (home / "data").mkdir(parents=True)
        (home / "keys").mkdir(mode=0o700)
        name = f"site_{self._mark}_{len(self._names)}"
        self._names.append(name)
        if not self._postgres:
            address = f"sqlite:///{home / 'data' / 'jiceng.sqlite3'}"
            fill(address)
            return Site(home, address)
        template = self._names[0] if len(self._names) > 1 else "template1"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        parts = urlsplit(os.environ["JICENG_TEST_POSTGRES"])
        return Site(home, parts._replace(path=f"/{name}").geturl())

    def _copy(self, address: str) -> None:
        shutil.copy(self._first.file, address.removeprefix("sqlite:///"))

    @staticmethod
    def _administer(statement: str) -> None:
        with psycopg.connect(os.environ["JICENG_TEST_POSTGRES"], autocommit=True) as connection:
            connection.execute(statement)
