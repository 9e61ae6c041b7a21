"""The server: brought up to date, checked, then granian with four threads a process and a child for background jobs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import date
from typing import Any

from jiceng.base.refusals import Refusal

THREADS = 4
PROCESSES = min(2, os.cpu_count() or 1)
"""Of a server for people: eight of them at once wait half as long as before one process. Each keeps its own columns in memory."""


def upgrade() -> int:
    """Applies migrations (guards are put in place after them); gives how many were applied."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    call_command("migrate", interactive=False, verbosity=0)
    from jiceng.ledger.guards import check_guards

    check_guards()
    return waiting


def make_ready(on: date) -> dict[str, Any]:
    """Tables up to date, guards and keys checked, today's answers made true.

    Errors  Refusal from the guards or the key ring
    """
    from django.conf import settings

    from jiceng.ledger.keys import ring
    from jiceng.runs import standing

    migrated = upgrade()
    ring()
    return {"migrated": migrated, "refreshed": standing.ensure(on), "home": str(settings.HOME)}


def this_address(host: str, port: int) -> str:
    """`host:port` where it is free.

    Errors  Refusal serve.port
    """
    if not _free(host, port):
        raise Refusal("serve.port", f"端口 {port} 已被占用", why="也许已经有一个服务在运行", do="换一个端口：--port 8001")
    return f"{host}:{port}"


def free_address(port: int) -> str:
    """The first free local address from this port on.

    Errors  Refusal serve.port if twenty in a row are taken
    """
    for candidate in range(port, port + 20):
        if _free("127.0.0.1", candidate):
            return f"127.0.0.1:{candidate}"
    return this_address("127.0.0.1", port)


def _free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def serve(address: str) -> None:
    """Serves until interrupted; the child for background jobs ends with it."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    host, _, port = address.rpartition(":")
    child = subprocess.Popen(
        [sys.executable, "-m", "django", "db_worker", "--settings=jiceng.web.settings", "-v", "0"], env=os.environ.copy()
    )
    try:
        Granian(
            "jiceng.web.wsgi:application", address=host, port=int(port), interface=Interfaces.WSGI, workers=settings.WORKERS,
            blocking_threads=THREADS, log_enabled=False, respawn_failed_workers=True,
        ).serve()  # fmt: skip
    finally:
        child.terminate()
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
