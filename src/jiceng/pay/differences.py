"""The list of differences to the month before: every line of every person that is another, with its causes; the sums agree to the fen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jiceng.pay import causes, frozen
from jiceng.pay.models import PaySheet
from jiceng.pay.shapes import Cause, Row, Sheet, amount
from jiceng.pay.sheets import worked_out
from jiceng.pay.stays import month_before
from jiceng.pay.working import Month
from jiceng.runs.law_sets import law_of

Key = tuple[int, int]
"""A person and the sub-district on whose sheet they stand."""
ARREARS = "arrears"


@dataclass(frozen=True)
class Difference:
    """One line of one person that is not what it was the month before; `line` and `group` are ARREARS for what earlier months add.

    `before` and `after` are fen, 0 where nothing was or is paid
    """

    subject: int
    unit: int
    line: str
    title: str
    group: str
    before: int
    after: int
    causes: tuple[Cause, ...]

    @property
    def net(self) -> int:
        """What it adds to (or takes from) what is paid, in fen."""
        more = self.after - self.before
        return {"gross": more, "deduction": -more, ARREARS: more}.get(self.group, 0)

    @property
    def employer(self) -> int:
        """What it adds to the employer's cost, in fen."""
        return self.after - self.before if self.group == "employer" else 0


@dataclass(frozen=True)
class OfCause:
    """Differences of one kind of cause together. A difference with several causes stands under the first."""

    kind: str
    name: str
    people: int
    net: int
    employer: int
    differences: tuple[Difference, ...]


def month_before_of(sheet: Sheet) -> Sheet:
    """The sheet of the same place a month earlier: the kept one, else worked out by the same law and knowledge.

    Errors  as `worked_out`
    """
    month = month_before(sheet.month)
    kept = PaySheet.objects.filter(place=sheet.place, month=month).first()
    if kept is not None:
        return frozen.thawed(kept)
    return worked_out(sheet.place, month, known_by=sheet.known_by, law=law_of(sheet.law_hash))


def differences(sheet: Sheet, before: Sheet) -> tuple[Difference, ...]:
    """Every line that differs between two sheets of a place, by person, in the order of the later form's lines.

    Units   fen; the nets together are the later total less the earlier, the employer's parts likewise
    Empty   equal sheets have none
    """
    was, now = _by_key(before), _by_key(sheet)
    pairs = [(key, *_lines(key, was, now, before, sheet)) for key in sorted(was.keys() | now.keys())]
    changed = sorted({key[0] for key, lines, _ in pairs if lines})
    old = causes.views(_month(before), changed) if changed else {}
    new = causes.views(_month(sheet), changed) if changed else {}
    found = []
    for key, lines, unpaid in pairs:
        for (line, group), (title, fen_before, fen_after) in lines.items():
            why = unpaid or causes.causes(line, old[key], new[key])
            found.append(Difference(key[0], key[1], line, title, group, fen_before, fen_after, why))
    return (*found, *_arrears(before, sheet))


def by_cause(found: Iterable[Difference]) -> tuple[OfCause, ...]:
    """The same differences by kind of cause, in the order of `causes.KINDS`; the sums are those of the whole list."""
    kinds: dict[str, list[Difference]] = defaultdict(list)
    for one in found:
        kinds[one.causes[0].kind if one.causes else "other"].append(one)
    return tuple(
        OfCause(
            kind, name, len({one.subject for one in kinds[kind]}), sum(one.net for one in kinds[kind]),
            sum(one.employer for one in kinds[kind]), tuple(kinds[kind]),
        )
        for kind, name in causes.KINDS.items() if kind in kinds
    )  # fmt: skip


def _month(sheet: Sheet) -> Month:
    return Month(sheet.place, sheet.month, sheet.form, law_of(sheet.law_hash), sheet.known_by)


def _by_key(sheet: Sheet) -> dict[Key, Row]:
    return {(row.subject, row.unit): row for row in sheet.rows}


def _lines(
    key: Key, was: Mapping[Key, Row], now: Mapping[Key, Row], before: Sheet, after: Sheet
) -> tuple[dict[tuple[str, str], tuple[str, int, int]], tuple[Cause, ...]]:
    """The lines that differ, and, where one of the two was not paid, why not."""
    old, new = _paid(was.get(key), before), _paid(now.get(key), after)
    titles = {line: title for line, (title, _) in (old | new).items()}
    lines = {
        line: (title, old[line][1] if line in old else 0, new[line][1] if line in new else 0) for line, title in titles.items()
    }  # fmt: skip
    unpaid = (*_unpaid(was.get(key), "上月"), *_unpaid(now.get(key), "本月"))
    return {line: told for line, told in lines.items() if told[1] != told[2]}, unpaid


def _paid(row: Row | None, sheet: Sheet) -> dict[tuple[str, str], tuple[str, int]]:
    if row is None or not row.paid:
        return {}
    return {(line.rule, line.group): (line.title, amount(cell)) for line, cell in zip(sheet.form.lines, row.cells, strict=True)}


def _unpaid(row: Row | None, when: str) -> tuple[Cause, ...]:
    if row is None or row.paid:
        return ()
    why = f"不列入：{row.left_out}" if row.left_out else f"缺{'、'.join(row.missing)}"
    return (Cause("waiting", f"{when}{why}"),)


def _arrears(before: Sheet, after: Sheet) -> list[Difference]:
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    why: dict[Key, dict[Cause, None]] = defaultdict(dict)
    for at, (sheet, when) in enumerate(((before, "上月"), (after, "本月"))):
        for change in sheet.changes:
            key = (change.subject, change.unit)
            sums[key][at] += change.net
            if change.net:
                words = f"{when}补{'发' if change.net > 0 else '扣'} {change.month:%Y-%m} {change.title}"
                why[key][Cause("arrears", words, change.causes[0].fact if change.causes else 0)] = None
    title = after.form.totals["arrears"]
    return [
        Difference(key[0], key[1], ARREARS, title, ARREARS, was, now, tuple(why[key]))
        for key, (was, now) in sorted(sums.items()) if was != now
    ]  # fmt: skip
