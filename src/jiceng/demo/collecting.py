"""A collection round half way, and a form of another department filled: what a county has on its desk on an ordinary day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from jiceng.access.models import Account
from jiceng.access.scope import scope_of
from jiceng.intake.held_cells import HeldCell, HeldRow
from jiceng.intake.prefilled import columns_of, write_prefilled
from jiceng.packets import board, filling, rounds
from jiceng.packets.models import Round, Sent
from jiceng.packets.receiving import receive
from jiceng.terms.registry import base_terms

_OFFICE = "康定市委社会工作部（示例）"
_DAYS = 3
_LEVEL = 4


def collect(home: Path, *, place: int, account: Account, now: datetime) -> dict[str, Any]:
    """A round of a county: the first street merged, the second sent back, the others still waited for, due in three days.

    Shape   the workbooks lie in `workbooks/收表`, those waited for too, to be tried out
    """
    on = now.date()
    terms = base_terms()
    asked = [one.code for one in rounds.candidates(place, level=_LEVEL, on=on, terms=terms) if one.workers]
    made = rounds.new_round(
        title=f"{on.year}年{on.month}月花名册核对", place=place, places=asked, columns=(), on=on, due=on + timedelta(days=_DAYS),
        office=_OFFICE, account=account, note="请重点核对培训和合同到期日", clock=lambda: now.astimezone(UTC), today=on, terms=terms,
    )  # fmt: skip

    def clock() -> datetime:
        """A second later, so that what is merged is not what was sent out."""
        return now.astimezone(UTC) + timedelta(seconds=1)

    folder = home / "workbooks" / "收表"
    folder.mkdir(exist_ok=True)
    names = rounds.names_in(made)
    files = []
    for at, sent in enumerate(made.sent.select_related("round")):
        content, rows = rounds.workbook(sent, plain=False, clock=clock, terms=terms)
        if at < len(_HANDS):
            content = _by_hand(sent, _HANDS[at](rows))
            files.append((f"{names[sent.place]}交回.xlsx", content))
        (folder / rounds.filename(sent, names)).write_bytes(content)
    receive(made, files, scope=None, account=account, clock=clock, terms=terms)
    return {"round": made.pk, "places": len(asked), "entries": _settle(made, actor=account.username, clock=clock)}


def _told_more(rows: Sequence[HeldRow]) -> list[HeldRow]:
    """Two remarks more than were sent out."""
    return [_with(row, remark="示例：兼网格工作") if at in (1, 4) else row for at, row in enumerate(rows)]


def _careless(rows: Sequence[HeldRow]) -> list[HeldRow]:
    """A day that does not exist, a nation that is none, one row gone."""
    faults = {2: {"post_since": "2023.2.30"}, 5: {"nation": "火星族"}}
    return [_with(row, **faults.get(at, {})) for at, row in enumerate(rows) if at != 7]


_HANDS = (_told_more, _careless)


def _with(row: HeldRow, **cells: str) -> HeldRow:
    return replace(row, cells={**row.cells, **{column: HeldCell(text) for column, text in cells.items()}})


def _by_hand(sent: Sent, rows: Sequence[HeldRow]) -> bytes:
    """The workbook as its clerk left it."""
    out = BytesIO()
    write_prefilled(rows, out, sending=rounds.sending_of(sent), columns=columns_of(sent.round.columns), plain=False, terms=base_terms())
    return out.getvalue()


def _settle(made: Round, *, actor: str, clock: Any) -> int:
    """Merges what is whole, sends back what is not; gives how many entries that made."""
    entries = 0
    lines = board.board(made, list(made.sent.all()), today=made.on)
    for line in lines:
        if line.whole:
            landed = board.merge(line, actor=actor, clock=clock, terms=base_terms())
            entries += bool(landed["changed"] or landed["new"])
        elif line.latest:
            board.send_back(line, clock=clock)
    return entries


def fill_form(home: Path, *, place: int, account: Account, now: datetime) -> dict[str, Any]:
    """An invented bureau's form of ten columns, filled for one street; the empty one lies in `workbooks`."""
    content = _form()
    (home / "workbooks" / "防汛值守人员登记表（示例）.xlsx").write_bytes(content)
    kept = filling.keep_form(
        content, name="防汛值守人员登记表（示例）.xlsx", department="应急管理局（示例）", place=place, on=now.date(), account=account,
        clock=lambda: now.astimezone(UTC),
    )  # fmt: skip
    made = filling.fill(kept, filling.form_of(kept), scope=scope_of(account, on=now.date()), clock=lambda: now.astimezone(UTC))
    return {"form": kept.pk, "asked": kept.asked, "held": kept.held, "people": made.people}


def _form() -> bytes:
    out = BytesIO()
    headings = ("姓名", "性别", "年龄", "身份证号", "政治面貌", "文化程度", "所在社区", "职务", "联系电话", "血型", "是否持急救证", "鞋码")
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("登记表")
        title = book.add_format({"bold": True, "font_size": 18, "align": "center"})
        head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#E2EFDA"})
        sheet.merge_range(0, 0, 0, len(headings), "防汛值守人员登记表（示例）", title)
        sheet.write_row(1, 0, ["序号", *headings], head)
        sheet.set_column(1, len(headings), 14)
    return out.getvalue()
