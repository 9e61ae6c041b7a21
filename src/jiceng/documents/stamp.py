"""The lines at the foot of whatever leaves the house: of which day it speaks, by what knowledge, from where, who took it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from jiceng.base.dates import chinese_date
from jiceng.ui.moment import ZONE


@dataclass(frozen=True)
class Stamp:
    """`known_by` None: everything recorded when it was made. `at`: when it was made, from the clock of the page or command."""

    on: date
    known_by: datetime | None
    by: str
    at: datetime
    sources: tuple[str, ...] = ()
    unit: str = ""

    @property
    def known(self) -> str:
        """2026年6月1日 09:30: up to when what was recorded counts."""
        return instant(self.known_by or self.at)


def lines(stamp: Stamp) -> tuple[str, ...]:
    """The stamp as lines of a table's foot."""
    first = [f"截至日：{chinese_date(stamp.on)}", f"知悉截至：{stamp.known}"]
    if stamp.unit:
        first.insert(0, f"单位：{stamp.unit}")
    source = (f"数据来源：{'；'.join(stamp.sources)}",) if stamp.sources else ()
    return ("　　".join(first), *source, f"导出人：{stamp.by}　　导出时间：{instant(stamp.at)}")


def instant(at: datetime) -> str:
    """2026年6月1日 09:30, local time."""
    local = at.astimezone(ZONE)
    return f"{chinese_date(local.date())} {local:%H:%M}"
