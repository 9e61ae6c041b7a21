"""What is looked at before a sheet is locked: texts nobody has checked, facts that are missing, floors, averages, doubled people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from jiceng.base.kinds import AnswerKind, kind_of
from jiceng.base.quantities import yuan_text
from jiceng.law.bounds import cite
from jiceng.law.model import Document
from jiceng.law.payform import PayCheck
from jiceng.pay import working
from jiceng.pay.shapes import Check, Row, Sheet, amount
from jiceng.pay.working import Month, Worked

JUMP_PERCENT = 30
"""From this change of somebody's pay to the month before a sheet says so; it is a notice and keeps nothing from being locked."""
_SUMS = {"gross": "gross", "deductions": "deductions", "net": "net", "employer": "employer"}


def of_sheet(sheet: Sheet, asked: Month, found: Worked) -> tuple[Check, ...]:
    """Everything that follows from the sheet itself, the law and the ledger; what refuses stands first.

    Empty   a sheet with nothing to look at
    """
    checks = [*_trust(asked, found), *_missing(sheet), *_twice(sheet), *_below_nothing(sheet), *_declared(sheet, asked, found)]
    return tuple(sorted(checks, key=lambda one: one.level != "refuse"))


def _trust(asked: Month, found: Worked) -> Iterator[Check]:
    """Documents that lines rest on and nobody has checked against the paper or adopted."""
    resting: dict[str, tuple[Document, set[str]]] = {}
    for regime in found.regimes.values():
        for definition in working.behind(regime, asked.form.names):
            document = definition.document
            if document.trust == "unverified":
                title = asked.law.titles.get(definition.name, definition.name)
                resting.setdefault(document.id, (document, set()))[1].add(title)
    for id, (document, titles) in sorted(resting.items()):
        some = "、".join(sorted(titles)[:4]) + (f"等 {len(titles)} 项" if len(titles) > 4 else "")
        words = f"《{document.title}》没有核实，也没有单位确认过；表上的{some}出自它"
        yield Check("pay.trust", "refuse", words, "请在法规页上由本单位核对纸质文件后“本地确认”", document=id)


def _missing(sheet: Sheet) -> Iterator[Check]:
    left_out = {row.subject for row in sheet.rows if row.left_out}
    for title, subjects in sheet.missing.items():
        waiting = tuple(one for one in subjects if one not in left_out)
        if waiting:
            lacking = f"{len(waiting)} 人{title}" if "：" in title else f"{len(waiting)} 人缺“{title}”"
            words = f"{lacking}，算不出工资"
            yield Check("pay.missing", "refuse", words, "请补录事实后重新计算，或写明原因、本月不列入", waiting)
    if left_out:
        yield Check("pay.left_out", "notice", f"{len(left_out)} 人本月不列入，原因见表", subjects=tuple(sorted(left_out)))


def _twice(sheet: Sheet) -> Iterator[Check]:
    """Who serves in another sub-district too, on the same days or one after the other: nobody is paid twice, and it is said how."""
    doubled = tuple(sorted({row.subject for row in sheet.rows if row.elsewhere}))
    if doubled:
        words = f"{len(doubled)} 人同一天还在另一个街道（乡镇）任职，只在后开始任职的一处列入"
        yield Check("pay.twice", "notice", words, "请核对任职起止日期", doubled)
    seen: dict[int, int] = defaultdict(int)
    for row in sheet.rows:
        seen[row.subject] += 1
    moved = tuple(sorted(subject for subject, count in seen.items() if count > 1 and subject not in doubled))
    if moved:
        yield Check("pay.moved", "notice", f"{len(moved)} 人月内调动，在两处各计在岗的天数", subjects=moved)


def _below_nothing(sheet: Sheet) -> Iterator[Check]:
    below = tuple(row.subject for row in sheet.rows if row.paid and (row.net or 0) < 0)
    if below:
        yield Check("pay.negative", "refuse", f"{len(below)} 人本月实发为负数", "请核对扣款；确实不发的，写明原因不列入", below)
    arrears: dict[int, int] = defaultdict(int)
    for change in sheet.changes:
        arrears[change.subject] += change.net
    net = {row.subject: row.net or 0 for row in sheet.rows if row.paid}
    owing = tuple(sorted(subject for subject, fen in arrears.items() if fen < 0 and net.get(subject, 0) + fen < 0))
    if owing:
        yield Check("pay.owing", "notice", f"{len(owing)} 人补扣的多于本月应得，差额要另行追回", subjects=owing)


def _declared(sheet: Sheet, asked: Month, found: Worked) -> Iterator[Check]:
    """The floors, caps and averages that the form declares."""
    if not sheet.form.checks:
        return
    paid = [row for row in sheet.rows if row.paid]
    for check in sheet.form.checks:
        limits = _Limits(asked, found, check)
        about = [row for row in paid if not check.only or limits.yes(row)]
        if check.average_by:
            yield from _averages(sheet, check, about, limits)
        else:
            yield from _each(sheet, check, about, limits)


def _each(sheet: Sheet, check: PayCheck, rows: Sequence[Row], limits: _Limits) -> Iterator[Check]:
    wrong, bound = [], ""
    for row in rows:
        value = _of(sheet, row, check.of)
        least, most = limits.of(row, check.least), limits.of(row, check.most)
        if least is not None and value < least:
            wrong.append(row.subject)
            bound = f"低于 {yuan_text(least)}"
        elif most is not None and value > most:
            wrong.append(row.subject)
            bound = f"高于 {yuan_text(most)}"
    if wrong:
        words = f"{check.title}：{len(wrong)} 人{bound}{limits.cited(check.least or check.most)}"
        yield Check("pay.floor" if check.least else "pay.cap", "refuse", words, "请核对事实和规定，重新计算", tuple(wrong))


def _averages(sheet: Sheet, check: PayCheck, rows: Sequence[Row], limits: _Limits) -> Iterator[Check]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[limits.group(row)].append(row)
    for group, some in sorted(groups.items()):
        total, count = sum(_of(sheet, row, check.of) for row in some), len(some)
        least, most = limits.of(some[0], check.least), limits.of(some[0], check.most)
        if (least is not None and total < least * count) or (most is not None and total > most * count):
            bound = f"低于 {yuan_text(least)}" if least is not None and total < least * count else f"高于 {yuan_text(most or 0)}"
            words = f"{check.title}：{limits.group_name(group)} {count} 人平均 {yuan_text(total // count)}，{bound}"
            words += limits.cited(check.least or check.most)
            yield Check("pay.average", "refuse", words, "请核对这一组的事实和规定", tuple(row.subject for row in some))


class _Limits:
    """What a declared check needs to know of the people of a sheet."""

    def __init__(self, asked: Month, found: Worked, check: PayCheck) -> None:
        self.asked, self.found, self.check = asked, found, check

    def _asked(self, name: str, row: Row) -> int:
        return self.found.beside[name][row.subject, row.unit]

    def yes(self, row: Row) -> bool:
        """Whether the check is about this person."""
        return self._asked(self.check.only, row) == 1

    def of(self, row: Row, name: str) -> int | None:
        """The bound for this person; None where there is none, or it has no answer."""
        if not name:
            return None
        number = self._asked(name, row)
        return number if kind_of(number) is AnswerKind.value else None

    def group(self, row: Row) -> int:
        return self._asked(self.check.average_by, row)

    def group_name(self, group: int) -> str:
        """A group as people call it."""
        law = self.asked.law
        name = law.types[self.check.average_by].name
        item = law.terms.codes[name].by_number.get(group) if name in law.terms.codes else None
        return item.name if item else str(group)

    def cited(self, name: str) -> str:
        """The clause that sets the bound at the sheet's place."""
        definition = self.asked.law.regime(self.asked.place, self.asked.month).definitions.get(name)
        return cite(definition.document, definition.clause) if definition else ""


def _of(sheet: Sheet, row: Row, what: str) -> int:
    if what in _SUMS:
        value: int | None = getattr(row, _SUMS[what])
        return value or 0
    at = next(n for n, line in enumerate(sheet.form.lines) if line.rule == what)
    return amount(row.cells[at])


def jumps(sheet: Sheet, before: Mapping[int, int]) -> tuple[Check, ...]:
    """Whose pay differs much from the month before (person → net): to be looked at, the causes stand in the differences."""
    far = tuple(
        row.subject for row in sheet.rows
        if row.paid and row.subject in before and abs((row.net or 0) - before[row.subject]) * 100 > JUMP_PERCENT * abs(before[row.subject])
    )  # fmt: skip
    if not far:
        return ()
    return (Check("pay.jump", "notice", f"{len(far)} 人实发比上月变动超过 {JUMP_PERCENT}%", "请看与上月比较里的原因", far),)
