"""Reminder texts (催办): one a place that is waited for, to be copied into whatever the office writes with. Nothing is sent by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jiceng.base.dates import chinese_date
from jiceng.packets.board import Line, State
from jiceng.packets.models import Round


@dataclass(frozen=True)
class Reminder:
    """A text for one place."""

    place: int
    name: str
    state: State
    text: str


def reminders(round: Round, lines: Sequence[Line], *, today: date) -> list[Reminder]:
    """A text for each place that has not returned its workbook, or has to mend it; by place code.

    Empty   nobody is waited for
    """
    return [
        Reminder(line.sent.place, line.name, line.state, _text(round, line, today))
        for line in lines
        if line.state in (State.waiting, State.late, State.back)
    ]


def _text(round: Round, line: Line, today: date) -> str:
    due = chinese_date(round.due)
    asked = f"{line.name}：\n　　关于“{round.title}”（截至{chinese_date(round.on)}），"
    if line.state is State.back:
        said = f"你处交回的表中有 {line.refused} 行需要更正，已逐行注明原因和改法。请在退回的表上改好后"
        return f"{asked}{said}{_until(round, today)}交回，其余内容不用重填。{_close(round, today)}"
    rows = (
        f"表中已预填 {line.sent.workers} 人的现有信息，核对、改动、补缺即可。"
        if line.sent.workers
        else "如无社区工作者，请在表上注明“无”后交回。"
    )
    if line.state is State.late:
        return f"{asked}交回期限为{due}，目前尚未收到你处的表。{rows}请尽快交回；确有困难的，请告知预计时间。{_close(round, today)}"
    return f"{asked}请于{due}前交回，目前尚未收到你处的表。{rows}{_close(round, today)}"


def _until(round: Round, today: date) -> str:
    return f"于{chinese_date(round.due)}前" if today <= round.due else "尽快"


def _close(round: Round, today: date) -> str:
    return f"\n　　已经交回的，请忽略本提醒。谢谢支持。\n　　　　　　{round.office}\n　　　　　　{chinese_date(today)}"
