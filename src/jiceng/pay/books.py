"""The workbooks a locked sheet makes for the bank and the insurance office: columns as the folder declares them, with control sums.

ID numbers and accounts stand in them in plain: whoever takes one out holds the permission to reveal, gives a reason, and every
person in it has a row in the log, written before the file is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from jiceng.access.reveals import note_reveals
from jiceng.access.scope import Scope
from jiceng.base.capitals import capital_yuan
from jiceng.base.refusals import Refusal
from jiceng.documents.sheets import write_xlsx
from jiceng.documents.stamp import Stamp, lines
from jiceng.documents.tables import Column as Printed
from jiceng.documents.tables import Row, Table, Total, Value
from jiceng.law.payform import PERSON_FIELDS, TOTALS, Column, PayForm
from jiceng.ledger import reading
from jiceng.ledger.identity import open_sealed
from jiceng.pay.models import PaySheet
from jiceng.pay.printing import money
from jiceng.pay.shapes import amount
from jiceng.pay.shown import Payee, Shown, outside, yuan
from jiceng.pay.stays import month_name
from jiceng.places import reading as places
from jiceng.runs.reading import names_of

BOOKS = {"bank": "银行代发表", "insurance": "社会保险和公积金缴纳表"}
UNTOLD = "未登记"
_SEALED = {"id_number": "person", "phone": "contact", "bank_account": "pay_account", "bank_name": "pay_account"}
_WIDTHS = {"name": 10, "id_number": 21, "phone": 14, "bank_account": 24, "bank_name": 22, "place": 16, "month": 12, "number": 6}


@dataclass(frozen=True)
class Book:
    """A workbook made, and what it adds up to."""

    content: bytes
    name: str
    people: int
    fen: int


def columns_of(form: PayForm, which: str) -> tuple[Column, ...]:
    """The declared columns of a workbook.

    Errors  Refusal pay.no_book if the folder declares none
    """
    found = {"bank": form.bank, "insurance": form.insurance}.get(which, ())
    if not found:
        what = f"法规文件夹没有规定{BOOKS.get(which, '这张表')}的列"
        raise Refusal("pay.no_book", what, do="请在当地文件夹的 pay.yaml 里写明列名和取哪一项")
    return found


def book(
    kept: PaySheet, shown: Shown, which: str, *, scope: Scope | None, reason: str, by: str, today: date, made: datetime
) -> Book:  # fmt: skip
    """A workbook from a locked sheet; the log row of everybody in it is written first.

    Shape   one row a person; for the bank only who is paid something; a row of totals; control sums below
    Errors  Refusal pay.not_locked, pay.no_book; Denied where sealed fields are among the columns; access.reason
    """
    if kept.state != PaySheet.State.locked:
        why = f"这张表现在是“{kept.get_state_display()}”"
        raise Refusal("pay.not_locked", f"只有锁定的工资表才能导出{BOOKS.get(which, '')}", why=why, do="请先审批、锁定")
    columns = columns_of(shown.sheet.form, which)
    some = [one for one in shown.payees if _stands_in(one, which)]
    sealed = list(dict.fromkeys(column.take for column in columns if column.take in _SEALED))
    if scope is not None and sealed:
        note_reveals(scope, {one.subject: one.place for one in some}, fields=[PERSON_FIELDS[field] for field in sealed], reason=reason)
    place = places.names_of([kept.place], on=shown.sheet.on).get(kept.place, str(kept.place))
    title = f"{place}{BOOKS[which]}（{month_name(kept.month)}）"
    filled = _Filled(shown, some, columns, sealed, today=today)
    stamp = lines(Stamp(shown.sheet.on, shown.sheet.known_by, by, made, sources=(f"锁定的工资表，摘要 {kept.hash}",)))
    foot = (*_control(filled, shown, which), *stamp)
    table = Table(title, tuple(_printed(one) for one in columns), notes=("单位：元",), foot=foot, sheet=BOOKS[which][:10], kept=1)
    out = BytesIO()
    write_xlsx(table, [*filled.rows, Total(filled.totals)], out, made=made)
    return Book(out.getvalue(), title, len(some), sum(filled.fen(column) for column in columns))


def _stands_in(one: Payee, which: str) -> bool:
    """The bank pays who has something to get; contributions are of who stands on the sheet."""
    if which == "bank":
        return (one.payable or 0) > 0
    return one.row is not None and one.row.paid and not outside(one.row)


def _printed(column: Column) -> Printed:
    if column.take in ("id_number", "bank_account", "phone"):
        return Printed(column.title, "identity", _WIDTHS[column.take])
    if column.text or column.take in PERSON_FIELDS:
        return Printed(column.title, "integer" if column.take == "number" else "text", _WIDTHS.get(column.take, 14))
    return Printed(column.title, "number", 14, 2)


class _Filled:
    """The cells of a workbook."""

    def __init__(self, shown: Shown, some: Sequence[Payee], columns: Sequence[Column], sealed: Sequence[str], *, today: date) -> None:
        self.shown, self.some, self.columns = shown, some, columns
        ids = [one.subject for one in some]
        self.names = {subject: name for subject, (name, _) in names_of(ids).items()}
        self.places = places.names_of({one.place for one in some}, on=shown.sheet.on)
        self.opened = _opened(ids, sealed, today=today)
        self.lines = {line.rule: at for at, line in enumerate(shown.sheet.form.lines)}

    @property
    def rows(self) -> list[Row]:
        return [[self._cell(at, one, column) for column in self.columns] for at, one in enumerate(self.some, 1)]

    @property
    def totals(self) -> list[Value]:
        """The sums of the columns of amounts; the first other column says what the row is."""
        found: list[Value] = [money(self.fen(one)) if self._is_amount(one) else None for one in self.columns]
        told = next((at for at, one in enumerate(self.columns) if one.take != "number" and not self._is_amount(one)), None)
        if told is not None:
            found[told] = f"合计 {len(self.some)} 人"
        return found

    @property
    def untold(self) -> int:
        """How many have no bank account recorded."""
        return sum(1 for one in self.some if not self.opened.get(one.subject, {}).get("bank_account"))

    @property
    def tails(self) -> int:
        """The last four digits of all accounts added up: what a bank compares after the transfer."""
        accounts = [str(self.opened.get(one.subject, {}).get("bank_account") or "") for one in self.some]
        return sum(int(account[-4:]) for account in accounts if account[-4:].isdigit())

    def fen(self, column: Column) -> int:
        """The sum of a column of amounts; 0 for any other."""
        return sum(self._amount(one, column) for one in self.some) if self._is_amount(column) else 0

    def _is_amount(self, column: Column) -> bool:
        return not column.text and (column.take in TOTALS or column.take in self.lines)

    def _amount(self, one: Payee, column: Column) -> int:
        row = one.row if one.row is not None and one.row.paid else None
        if column.take in self.lines:
            return amount(row.cells[self.lines[column.take]]) if row else 0
        own = {"gross": row.gross, "deductions": row.deductions, "employer": row.employer} if row else {}
        return {
            "gross": own.get("gross") or 0, "deductions": own.get("deductions") or 0, "arrears": one.arrears, "net": one.payable or 0,
            "employer": (own.get("employer") or 0) + one.employer_arrears,
        }[column.take]  # fmt: skip

    def _cell(self, at: int, one: Payee, column: Column) -> Value:
        if column.text:
            return column.text
        if self._is_amount(column):
            return money(self._amount(one, column))
        if column.take in _SEALED:
            return str(self.opened.get(one.subject, {}).get(column.take) or UNTOLD)
        return {
            "number": at, "name": self.names.get(one.subject, UNTOLD), "place": self.places.get(one.place, str(one.place)),
            "month": month_name(self.shown.sheet.month),
        }[column.take]  # fmt: skip


def _opened(ids: Sequence[int], sealed: Sequence[str], *, today: date) -> Mapping[int, dict[str, object]]:
    """Sealed fields as they hold today, by person; an erased person has none."""
    kinds = sorted({_SEALED[field] for field in sealed})
    if not kinds:
        return {}
    facts = reading.as_of(ids, on=today, kinds=kinds)
    opened = open_sealed(facts)
    found: dict[int, dict[str, object]] = {}
    for fact in facts:
        found.setdefault(fact.subject, {}).update(opened.get(fact.id) or {})
    return found


def _control(filled: _Filled, shown: Shown, which: str) -> list[str]:
    """What the receiver compares: how many, how much in figures and capitals, the last digits of the accounts added up."""
    if which != "bank":
        return [f"核对：{len(filled.some)} 人"]
    total = sum(one.payable or 0 for one in filled.some)
    found = [f"核对：{len(filled.some)} 笔，合计 {yuan(total)} 元（{capital_yuan(total)}），账号后四位之和 {filled.tails}"]
    owing = [one for one in shown.payees if (one.payable or 0) < 0]
    if owing:
        back = sum(one.payable or 0 for one in owing)
        found.append(f"未列入：{len(owing)} 人应收回 {yuan(-back)} 元，另行追缴；本表合计减去它等于工资表实发合计 {yuan(total + back)} 元")
    if filled.untold and any(column.take == "bank_account" for column in filled.columns):
        found.append(f"{filled.untold} 人没有登记银行账号，表里写“{UNTOLD}”")
    return found
