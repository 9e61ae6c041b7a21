"""A month's pay sheet worked out: who is on it, every line as the rules answer it, totals, what is missing and what was assumed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from jiceng.answers.answer import answer
from jiceng.answers.step import Step
from jiceng.base.refusals import Refusal
from jiceng.law.load import Law
from jiceng.law.model import Definition
from jiceng.law.payform import PayForm
from jiceng.pay import checks, settling, working
from jiceng.pay.models import PaySheet
from jiceng.pay.shapes import Cause as Cause
from jiceng.pay.shapes import Change as Change
from jiceng.pay.shapes import Check as Check
from jiceng.pay.shapes import Row as Row
from jiceng.pay.shapes import Settled as Settled
from jiceng.pay.shapes import Sheet as Sheet
from jiceng.pay.shapes import Totals as Totals
from jiceng.pay.shapes import amount
from jiceng.pay.stays import month_end, month_name, month_of
from jiceng.pay.working import Month, Worked
from jiceng.places import tree
from jiceng.runs import binding
from jiceng.runs.law import installed_law
from jiceng.runs.law_sets import law_of


def worked_out(
    place: int, month: date, *, known_by: datetime | None = None, law: Law | None = None, seconds: float | None = None,
    left_out: Mapping[int, str] | None = None, earlier: Sequence[PaySheet] | None = None,
) -> Sheet:  # fmt: skip
    """A place's pay of a month; `month` is any day of it.

    `left_out` person → the reason they are not paid this month; `earlier` the locked sheets to compare with (None: all there are)
    Shape   one row a person and sub-district served in, in tree order of places; sums over the rows that lack nothing
    Units   fen
    Time    each person as of their last day of service in the month; everything as known by `known_by` (None: now)
    Empty   a place where nobody served has no rows; its changes may still have lines
    Errors  Refusal pay.no_form if no folder declares a sheet there, pay.forms if places inside have sheets of their own;
            pay.slow if it takes longer than `seconds`
    """
    law, month = law or installed_law(), month_of(month)
    form = form_of(place, month, law=law)
    deadline = None if seconds is None else time.monotonic() + seconds
    asked = Month(place, month, form, law, known_by, deadline)
    found = working.worked(asked, working.serving_in(asked))
    reasons = left_out or {}
    rows = tuple(replace(row, left_out=reasons[row.subject]) if row.subject in reasons else row for row in found.rows)
    locked = settling.related(place, month) if earlier is None else list(earlier)
    # Whoever is left out this month gets nothing of earlier months either; it stays owing.
    changes = tuple(one for one in settling.changes(asked, locked) if one.subject not in reasons)
    for earlier_month in {one.month for one in changes}:
        found.regimes |= {id(one): one for one in working.regimes_of(replace(asked, month=earlier_month))}
    missing = {title: tuple(sorted(ids)) for title, ids in sorted(found.missing.items())}
    settled = tuple(Settled(one.month, one.pk, one.hash) for one in locked)
    sheet = Sheet(
        place,
        month,
        form,
        law.hash,
        known_by,
        rows,
        changes,
        _totals(form, rows, changes),
        missing,
        _assumptions(asked, found),
        (),
        settled,
    )
    return replace(sheet, checks=checks.of_sheet(sheet, asked, found))


def form_of(place: int, month: date, *, law: Law) -> PayForm:
    """The form of a place's sheet for a month: that in force at its end.

    Errors  Refusal pay.no_form, pay.forms
    """
    on = month_end(month)
    form = law.pay_form(place, on)
    others = {
        code: inner for code in law.jurisdictions() if code and code != place and tree.contains(place, code)
        for inner in [law.pay_form(code, on)] if inner and (form is None or inner.document != form.document)
    }  # fmt: skip
    where = f"{month_name(month)}，区划 {place}"
    if others and form is not None:
        why = f"里面有 {len(others)} 个地方另有工资表：{'、'.join(map(str, sorted(others)[:5]))}"
        raise Refusal("pay.forms", "这个地方不能编成一张工资表", where=where, why=why, do="请分别编制")
    if form is None:
        do = "请在当地的法规文件夹里加一个 pay.yaml，写法见“写一个法规文件夹”"
        if others:
            do = f"里面有工资表的地方：{'、'.join(map(str, sorted(others)[:5]))}；请在那里编制"
        raise Refusal("pay.no_form", "这里没有哪个文件规定了工资表", where=where, do=do)
    return form


def cell_steps(sheet: Sheet, row: Row, line: str) -> Step:
    """One cell with everything it was made of, as known then and under the law set of the sheet.

    `line` is the rule of one of the form's lines
    Errors  Refusal pay.no_line; pay.no_row if the person did not serve there by what was known then; runs.law_set
    """
    sheet.line(line)
    law = law_of(sheet.law_hash)
    asked = Month(sheet.place, sheet.month, sheet.form, law, sheet.known_by)
    for some in working.present(asked, [row.subject], sources=True):
        for one in some:
            if one.stay.unit == row.unit:
                return answer(law, binding.with_entries(one.subject), line, on=one.stay.last)
    raise Refusal("pay.no_row", f"{month_name(sheet.month)}的工资表里没有人员 {row.subject}", do="请从工资表里点开")


def _totals(form: PayForm, rows: Sequence[Row], changes: Sequence[Change]) -> Totals:
    paid = [row for row in rows if row.paid]
    lines = tuple(sum(amount(row.cells[at]) for row in paid) for at in range(len(form.lines)))
    arrears = sum(change.net for change in changes)
    gross, taken = sum(row.gross or 0 for row in paid), sum(row.deductions or 0 for row in paid)
    employer = sum(row.employer or 0 for row in paid) + sum(change.employer for change in changes)
    waiting = sum(1 for row in rows if row.net is None)
    return Totals(len(paid), waiting, lines, gross, taken, arrears, gross - taken + arrears, employer)


def _assumptions(asked: Month, found: Worked) -> tuple[str, ...]:
    """How the text was read where it is silent: what rules assume, values that nobody has set, readings the form names."""
    said: dict[str, None] = {}
    for regime in found.regimes.values():
        for definition in working.behind(regime, asked.form.names):
            if definition.rule is not None:
                said.update(dict.fromkeys(definition.rule.assumes))
            elif definition.assumed or definition.name in asked.form.readings:
                said[_reading(asked.law, definition)] = None
    return tuple(said)


def _reading(law: Law, definition: Definition) -> str:
    value, at = definition.value, definition.at
    title = law.titles.get(definition.name, definition.name)
    raw = at.raw if at is not None and isinstance(at.raw, str) else "见数值"
    note = f"：{value.note}" if value is not None and value.note else ""
    return f"“{title}”按“{raw}”{note}"
