"""The moment a page speaks of: the day (`on`) and up to when what was recorded counts (`known_by`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from jiceng.base.dates import chinese_date
from jiceng.base.refusals import Refusal

ZONE = ZoneInfo("Asia/Shanghai")
# Earlier than any community worker's file; later only for what falls due.
FIRST, LAST = date(1949, 10, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Moment:
    """A page's day and knowledge time. `known_by` None: everything recorded up to now."""

    on: date
    known_by: datetime | None
    today: date

    @property
    def is_now(self) -> bool:
        """Neither another day nor an earlier state of knowledge was asked for."""
        return self.on == self.today and self.known_by is None

    @property
    def on_text(self) -> str:
        return chinese_date(self.on)

    @property
    def known_text(self) -> str:
        """The knowledge time as people read it."""
        if self.known_by is None:
            return "现在"
        local = self.known_by.astimezone(ZONE)
        return f"{chinese_date(local.date())} {local:%H:%M}"

    @property
    def known_value(self) -> str:
        """The knowledge time as the date bar's field takes it."""
        return "" if self.known_by is None else f"{self.known_by.astimezone(ZONE):%Y-%m-%d %H:%M}"


def day_asked(text: str, *, today: date) -> date:
    """The day somebody typed; blank or 今天 is today.

    Errors  Refusal page.date if it is no date or lies outside 1949-10-01 .. 2199-12-31
    """
    raw = _half_width(text)
    if raw in ("", "今天", "today"):
        return today
    try:
        day = date.fromisoformat(_dashed(raw))
    except ValueError:
        raise _refused("查看日期", text, why="没有这一天，或写法不认识") from None
    if not FIRST <= day <= LAST:
        raise _refused("查看日期", text, why=f"只能看 {chinese_date(FIRST)}到 {chinese_date(LAST)}之间的日子")
    return day


def known_asked(text: str) -> datetime | None:
    """The knowledge time somebody typed; a bare date means the end of that day; blank or 现在 is None.

    Errors  Refusal page.date if it is no date or time, or lies outside 1949-10-01 .. 2199-12-31
    """
    raw = _half_width(text).replace("T", " ")
    if raw in ("", "现在", "now"):
        return None
    day, _, clock = raw.partition(" ")
    try:
        at = time.fromisoformat(clock.strip()) if clock.strip() else time(23, 59, 59, 999_999)
        known = datetime.combine(date.fromisoformat(_dashed(day)), at, tzinfo=ZONE)
    except ValueError:
        raise _refused("知悉截至", text, why="没有这个时间，或写法不认识") from None
    if not FIRST <= known.date() <= LAST:
        raise _refused("知悉截至", text, why=f"只能写 {chinese_date(FIRST)}到 {chinese_date(LAST)}之间的时间")
    return known


def _half_width(text: str) -> str:
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text.replace("\u3000", " ")).strip()


def _dashed(text: str) -> str:
    """2024.5.1, 2024/5/1, 2024年5月1日 → 2024-05-01."""
    for sign in "./年月":
        text = text.replace(sign, "-")
    parts = text.rstrip("日").split("-")
    return "-".join(p.zfill(4 if i == 0 else 2) for i, p in enumerate(parts)) if len(parts) == 3 else text


def _refused(field: str, text: str, *, why: str) -> Refusal:
    do = "请写成 2024-05-01 这样的日期（知悉截至可加时间，如 2024-06-01 12:00）；清空就是今天、现在"
    return Refusal("page.date", f"“{text}”不是能用的日期", where=field, why=why, do=do)
