"""No one works full time in two places at once. Looked at when an appointment is recorded or corrected."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise

import msgspec

from jiceng.base.dates import OPEN_END, chinese_date
from jiceng.base.refusals import Refusal
from jiceng.ledger.planning import Line, Plan
from jiceng.terms.registry import base_terms

FULL_TIME = frozenset({"committee_full_time", "full_time_staff"})


def check_appointments(plan: Plan) -> None:
    """Refuse a new full-time appointment that overlaps another one elsewhere; part-time and other classes may.

    Errors  Refusal ledger.appointments_overlap, naming both periods
    """
    number = base_terms().kinds["appointment"].number
    by_subject: dict[int, list[Line]] = defaultdict(list)
    for line in plan.lines():
        if line.kind == number:
            by_subject[line.subject].append(line)
    for subject, lines in by_subject.items():
        if len(lines) > 1:
            _check(subject, sorted((line for line in lines if _full_time(line)), key=lambda line: line.since))


def _full_time(line: Line) -> bool:
    return msgspec.json.decode(line.data).get("class") in FULL_TIME


def _check(subject: int, lines: list[Line]) -> None:
    for earlier, later in pairwise(lines):
        if later.since < earlier.until and earlier.place != later.place and not (earlier.id and later.id):
            raise Refusal(
                "ledger.appointments_overlap",
                f"两段专职任职在时间上重叠：{_told(earlier)}；{_told(later)}",
                where=f"编号 {subject}",
                why="一个人不能同时在两个社区专职任职",
                do="先把原任职止于新任职开始之日，再登记新任职；兼职的，请把人员类别写成兼职",
            )


def _told(line: Line) -> str:
    until = "至今" if line.until == OPEN_END.isoformat() else f"至 {chinese_date(date.fromisoformat(line.until))}"
    return f"区划 {line.place} 自 {chinese_date(date.fromisoformat(line.since))}{until}"
