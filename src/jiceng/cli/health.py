"""`jiceng doctor`: what an administrator should know before something goes wrong."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jiceng.base.refusals import Refusal


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    well: bool
    note: str


def findings(home: Path, *, on: date) -> list[Finding]:
    """Everything looked at, in order; a later look does not depend on an earlier one."""
    looks = (_python, _disk, _tables, _guards, _ring, _law, _loops, _clock)
    found = []
    for look in looks:
        try:
            found.append(look(home, on))
        except Refusal as refusal:
            found.append(Finding(_NAMES[look.__name__], False, refusal.text))
    return found


_NAMES = {"_tables": "库表", "_guards": "防改触发器", "_ring": "密钥环", "_law": "法规", "_clock": "时钟"}


def _python(_home: Path, _on: date) -> Finding:
    return Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0])


def _disk(home: Path, _on: date) -> Finding:
    free = shutil.disk_usage(home).free // 1_000_000
    return Finding("磁盘", free > 1_000, f"数据目录 {home}，剩余 {free:,} MB")


def _tables(_home: Path, _on: date) -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Finding("库表", waiting == 0, f"{connection.vendor}，" + (f"有 {waiting} 项升级未做：jiceng migrate" if waiting else "已是最新"))


def _guards(_home: Path, _on: date) -> Finding:
    from jiceng.ledger.guards import check_guards

    check_guards()
    return Finding("防改触发器", True, "齐全")


def _ring(home: Path, _on: date) -> Finding:
    from django.conf import settings

    from jiceng.ledger.keys import ring

    held = ring()
    folder = Path(settings.KEYS)
    loose = os.name == "posix" and folder.stat().st_mode & 0o077
    beside = folder.resolve() == Path(settings.DATA).resolve()
    note = f"{folder}，{held.suite.name}，第 {held.current} 号"
    if loose or beside:
        note += "；目录权限过宽或与数据放在一起"
    return Finding("密钥环", not (loose or beside), note)


def _law(_home: Path, _on: date) -> Finding:
    from jiceng.runs.law import installed_law

    law = installed_law()
    return Finding("法规", True, f"{len(law.documents)} 份文件，法规集 {law.hash[:12]}")


def _loops(_home: Path, _on: date) -> Finding:
    try:
        import numba

        return Finding("编译循环", True, f"Numba {numba.__version__}")
    except ImportError:
        return Finding("编译循环", True, "未装 Numba：照常可用，成批计算较慢")


def _clock(_home: Path, on: date) -> Finding:
    from jiceng.ledger.models import Entry, moment

    latest = Entry.objects.order_by("-known").values_list("known", flat=True).first()
    ahead = latest is not None and moment(latest).date() > on
    return Finding("时钟", not ahead, "台账里有比今天更晚的分录，请校准本机时间" if ahead else f"今天是 {on}")
