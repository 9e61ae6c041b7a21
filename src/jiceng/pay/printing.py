"""A sheet as it leaves the house: the table of the page as a workbook, as PDF, as rows for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO

from jiceng.documents.pdf import tables_pdf
from jiceng.documents.sheets import write_sheets
from jiceng.documents.stamp import Stamp, lines
from jiceng.documents.tables import Column, Row, Table, Total, Value
from jiceng.law.bounds import cite
from jiceng.law.load import Law
from jiceng.law.payform import GROUPS, PayForm
from jiceng.pay.shapes import Sheet
from jiceng.pay.shown import Key, Payee, Person, Shown, line_sums, outside, sums
from jiceng.pay.stays import month_name

_BEFORE = ("序号", "姓名", "社区", "岗位", "等级")
_WIDE_PAPER = 12


@dataclass(frozen=True)
class Standing:
    """What a printed sheet says of itself: its state in words, and the digest it is frozen under."""

    state: str
    hash: str


Parts = Sequence[tuple[Table, Sequence[Row]]]


def workbook(parts: Parts, *, made: datetime) -> bytes:
    """The sheet as an Excel workbook: the sheet, what differs from last month, the lines of earlier months."""
    out = BytesIO()
    write_sheets(parts, out, made=made)
    return out.getvalue()


def paper(parts: Parts, *, made: datetime) -> bytes:
    """The sheet as PDF on landscape paper.

    Errors  Refusal documents.no_font
    """
    return tables_pdf(parts, made=made)


def parts(
    shown: Shown, some: Sequence[Payee], people: Mapping[Key, Person], *, place: str, standing: Standing, by: str, made: datetime, law: Law,
    words: str = "",
) -> list[tuple[Table, list[Row]]]:  # fmt: skip
    """The tables that go out: the rows given, and the lines of earlier months of those in them. `words`: how they were chosen."""
    sheet = shown.sheet
    stamp = Stamp(sheet.on, sheet.known_by, by, made, sources=("台账", *marks(sheet, law)))
    foot = [*lines(stamp), *_notes(sheet), *([f"摘要：{standing.hash}"] if standing.hash else [])]
    chosen = f"　　条件：{words}（{len(some)} 人，不是全表）" if words else ""
    note = f"单位：元　　月份：{month_name(sheet.month)}　　状态：{standing.state}{chosen}"
    columns = (*_first_columns(), *_amount_columns(sheet.form))
    title = f"{sheet.form.title}　{place}（{month_name(sheet.month)}）"
    paper_size = "A3" if len(columns) > _WIDE_PAPER else "A4"
    table = Table(title, columns, notes=(note,), foot=tuple(foot), sheet=month_name(sheet.month), paper=paper_size, kept=2)
    made_rows: list[Row] = [_row(at, one, people[one.key], shown) for at, one in enumerate(some, 1)]
    made_rows.append(_total(some, sheet))
    found = [(table, made_rows)]
    if any(one.changes for one in some):
        found.append(_arrears(shown, some, people, place=place, note=note, foot=lines(stamp)))
    return found


def _first_columns() -> tuple[Column, ...]:
    return tuple(
        Column(name, "integer" if name == "序号" else "text", width) for name, width in zip(_BEFORE, (5, 10, 14, 13, 6), strict=True)
    )


def _amount_columns(form: PayForm) -> tuple[Column, ...]:
    found: list[Column] = []
    for group, total in (("gross", "gross"), ("deduction", "deductions")):
        found += [Column(line.title, "number", 11, 2, group=GROUPS[group]) for line in form.of_group(group)]
        found.append(Column(form.totals[total], "number", 11, 2, group=GROUPS[group]))
    found += [Column(form.totals["arrears"], "number", 10, 2), Column(form.totals["net"], "number", 12, 2)]
    employer = form.of_group("employer")
    if employer:
        found += [Column(line.title, "number", 11, 2, group=GROUPS["employer"]) for line in employer]
        found.append(Column(form.totals["employer"], "number", 11, 2, group=GROUPS["employer"]))
    return (*found, Column("说明", "text", 20))


def _row(at: int, one: Payee, who: Person, shown: Shown) -> list[Value]:
    row, form = one.row, shown.sheet.form
    first: list[Value] = [at, who.name, who.place, who.post, who.grade]
    if row is None:
        blank: list[Value] = [None] * (len(form.of_group("gross")) + len(form.of_group("deduction")) + 2)
        after: list[Value] = [None] * len(form.of_group("employer"))
        tail: list[Value] = [*after, money(one.employer_arrears)] if after else []
        return [*first, *blank, money(one.arrears), money(one.payable), *tail, remark(one)]
    cells = {cell.line.rule: money(cell.fen) if cell.fen is not None else cell.text for cell in shown.cells(row)}
    found: list[Value] = list(first)
    for group, total in (("gross", row.gross), ("deduction", row.deductions)):
        found += [cells[line.rule] for line in form.of_group(group)] + [money(total)]
    found += [money(one.arrears), money(one.payable)]
    employer = form.of_group("employer")
    if employer:
        found += [cells[line.rule] for line in employer]
        found.append(None if row.employer is None else money(row.employer + one.employer_arrears))
    return [*found, remark(one)]


def remark(one: Payee) -> str:
    """What is to be said of a row: left out and why, missing, served elsewhere too, no longer serving."""
    row = one.row
    if row is None:
        return "本月不在岗，只结算以前月份"
    if row.left_out:
        return f"本月不列入：{row.left_out}"
    if row.missing:
        return f"缺：{'、'.join(row.missing)}"
    if outside(row):
        return "不在本表发放范围"
    return "同日另有任职" if row.elsewhere else ""


def _total(some: Sequence[Payee], sheet: Sheet) -> Total:
    paid, whole, lines = sum(1 for one in some if one.row is not None and one.row.paid), sums(some), line_sums(some, sheet)
    form = sheet.form
    found: list[Value] = [None, "合计", f"{paid} 人", None, None]
    for group, total in (("gross", "gross"), ("deduction", "deductions")):
        found += [money(lines[line.rule]) for line in form.of_group(group)] + [money(whole[total])]
    found += [money(whole["arrears"]), money(whole["net"])]
    if form.of_group("employer"):
        found += [money(lines[line.rule]) for line in form.of_group("employer")] + [money(whole["employer"])]
    return Total([*found, None])


def _arrears(
    shown: Shown, some: Sequence[Payee], people: Mapping[Key, Person], *, place: str, note: str, foot: Sequence[str]
) -> tuple[Table, list[Row]]:  # fmt: skip
    """The lines of earlier locked months that came out otherwise, with their causes."""
    columns = (
        Column("姓名", "text", 10), Column("社区", "text", 16), Column("原月份", "text", 12), Column("项目", "text", 16),
        Column("原发", "number", 12, 2), Column("应发", "number", 12, 2), Column("补发（补扣为负）", "number", 13, 2),
        Column("原因", "text", 56),
    )  # fmt: skip
    rows: list[Row] = []
    for one in some:
        who = people[one.key]
        for change in one.changes:
            causes = "；".join(cause.words for cause in change.causes)
            figures = [money(change.before), money(change.after), money(change.net)]
            rows.append([who.name, who.place, month_name(change.month), change.title, *figures, causes])
    rows.append(Total(["合计", None, None, None, None, None, money(sum(one.arrears for one in some)), None]))
    title = f"以前月份补发补扣　{place}（{month_name(shown.sheet.month)}）"
    return Table(title, columns, notes=(note,), foot=tuple(foot), sheet="补发补扣", kept=1), rows


def marks(sheet: Sheet, law: Law) -> list[str]:
    """The clauses that the lines stand in, each once: 〔示例·甘孜州·4〕."""
    definitions = law.regime(sheet.place, sheet.on).definitions
    found = {
        cite(definitions[one.rule].document, definitions[one.rule].clause): None for one in sheet.form.lines if one.rule in definitions
    }
    return list(found)


def _notes(sheet: Sheet) -> list[str]:
    return [f"按此理解：{'；'.join(sheet.assumptions)}"] if sheet.assumptions else []


def money(fen: int | None) -> Decimal | None:
    """Fen as what a spreadsheet reckons with."""
    return None if fen is None else Decimal(fen) / 100
