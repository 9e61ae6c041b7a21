"""A sheet against the one of the month before: who differs by how much and why, grouped by cause; the parts add up to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jiceng.pay import causes, frozen
from jiceng.pay.models import PaySheet
from jiceng.pay.shapes import Cause, Row, Sheet, amount
from jiceng.pay.stays import month_before
from jiceng.pay.working import Month
from jiceng.runs.law_sets import law_of

Key = tuple[int, int]
KINDS = causes.KINDS | {"left_out": "本月不列入"}
_ORDER = tuple(KINDS)
_MEMORY: dict[tuple[str, str], Compared] = {}
_REMEMBERED = 24


@dataclass(frozen=True)
class Part:
    """A line of one person that came out otherwise: by how much it changes what is paid, and why. `kind` is the first cause's."""

    title: str
    before: int
    after: int
    net: int
    kind: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Difference:
    """One person whose pay differs. `before`, `after`: what is paid in all, in fen, 0 where nothing was or is."""

    subject: int
    unit: int
    before: int
    after: int
    parts: tuple[Part, ...]

    @property
    def key(self) -> Key:
        """The person and the sub-district."""
        return self.subject, self.unit

    @property
    def net(self) -> int:
        """By how much, in fen."""
        return self.after - self.before


@dataclass(frozen=True)
class Group:
    """All parts with one kind of cause."""

    kind: str
    name: str
    people: int
    fen: int


@dataclass(frozen=True)
class Compared:
    """Two months of a place. The sums of `groups` and of `differences` are each `after − before`."""

    month: date
    before: int
    after: int
    differences: tuple[Difference, ...]
    groups: tuple[Group, ...]

    @property
    def net(self) -> int:
        """By how much the whole differs, in fen."""
        return self.after - self.before


def with_month_before(sheet: Sheet) -> Compared | None:
    """A sheet against the kept one of the same place for the month before; None where there is none."""
    kept = PaySheet.objects.filter(place=sheet.place, month=month_before(sheet.month)).first()
    return compared(frozen.thawed(kept), sheet) if kept else None


def compared(before: Sheet, after: Sheet) -> Compared:
    """Every person whose pay differs between two sheets of a place, with the causes.

    Units   fen
    Time    each sheet as known when it was worked out
    """
    key = (frozen.digest(frozen.written(before))[1], frozen.digest(frozen.written(after))[1])
    if key not in _MEMORY:
        while len(_MEMORY) >= _REMEMBERED:
            _MEMORY.pop(next(iter(_MEMORY)))
        _MEMORY[key] = _compared(before, after)
    return _MEMORY[key]


def _compared(before: Sheet, after: Sheet) -> Compared:
    was, now = _Sheet(before), _Sheet(after)
    differing = sorted(
        key for key in was.rows.keys() | now.rows.keys() | was.arrears.keys() | now.arrears.keys() if was.of(key) != now.of(key)
    )
    why = _Why(before, after, sorted({subject for subject, _ in differing}))
    found = tuple(Difference(*key, was.net(key), now.net(key), tuple(_parts(key, was, now, why))) for key in differing)
    return Compared(before.month, before.totals.net, after.totals.net, found, _groups(found))


class _Sheet:
    """One sheet by person."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows: dict[Key, Row] = {(row.subject, row.unit): row for row in sheet.rows}
        self.arrears: dict[Key, int] = {}
        for change in sheet.changes:
            self.arrears[change.subject, change.unit] = self.arrears.get((change.subject, change.unit), 0) + change.net

    def of(self, key: Key) -> tuple[object, ...]:
        """What is compared: the lines as they count, and earlier months' part."""
        return (self.lines(key), self.arrears.get(key, 0), self.state(key))

    def state(self, key: Key) -> str:
        """Nothing where on no row; else paid, waiting, left_out."""
        row = self.rows.get(key)
        return "" if row is None else "paid" if row.paid else "left_out" if row.left_out else "waiting"

    def lines(self, key: Key) -> dict[str, tuple[str, str, int]]:
        """Rule → (title, group, fen) of what counts in the pay; empty for who is not paid."""
        row = self.rows.get(key)
        if row is None or not row.paid:
            return {}
        told = zip(self.sheet.form.lines, row.cells, strict=True)
        return {line.rule: (line.title, line.group, amount(cell)) for line, cell in told if line.group != "employer"}

    def net(self, key: Key) -> int:
        """What is paid in all."""
        row = self.rows.get(key)
        return self.arrears.get(key, 0) + (row.net or 0 if row is not None and row.paid else 0)


class _Why:
    """The causes of a line's difference, asked only of those who differ."""

    def __init__(self, before: Sheet, after: Sheet, ids: Sequence[int]) -> None:
        self.before, self.after = (
            causes.views(Month(one.place, one.month, one.form, law_of(one.law_hash), one.known_by), ids) for one in (before, after)
        )

    def __call__(self, key: Key, rule: str) -> tuple[Cause, ...]:
        return causes.causes(rule, self.before[key], self.after[key])


def _parts(key: Key, was: _Sheet, now: _Sheet, why: _Why) -> list[Part]:
    found = []
    old, new = was.lines(key), now.lines(key)
    state = next((one for one in (now.state(key), was.state(key)) if one in ("waiting", "left_out")), "")
    for rule in dict.fromkeys((*new, *old)):
        title, group, _ = new.get(rule) or old[rule]
        before, after = (lines[rule][2] if rule in lines else 0 for lines in (old, new))
        if before == after:
            continue
        told = (_unpaid(state, key, was, now),) if state else why(key, rule)
        sign = 1 if group == "gross" else -1
        found.append(Part(title, before, after, sign * (after - before), told[0].kind, told))
    before, after = was.arrears.get(key, 0), now.arrears.get(key, 0)
    if before != after:
        said = "上月的补发补扣已经结清" if not after else "本月补发补扣以前月份" if not before else "两个月的补发补扣不同"
        found.append(Part("补发补扣", before, after, after - before, "arrears", (Cause("arrears", said),)))
    return found


def _unpaid(state: str, key: Key, was: _Sheet, now: _Sheet) -> Cause:
    """Why somebody counts in one of the two months only, though they stand on the sheet."""
    here, month = (now, "本月") if now.state(key) == state else (was, "上月")
    row = here.rows[key]
    if state == "left_out":
        return Cause("left_out", f"{month}不列入：{row.left_out}")
    return Cause("waiting", f"{month}缺{'、'.join(row.missing)}，没有计算")


def _groups(found: Sequence[Difference]) -> tuple[Group, ...]:
    people: dict[str, set[int]] = {}
    fen: dict[str, int] = {}
    for one in found:
        for part in one.parts:
            people.setdefault(part.kind, set()).add(one.subject)
            fen[part.kind] = fen.get(part.kind, 0) + part.net
    kinds = sorted(people, key=lambda kind: _ORDER.index(kind) if kind in KINDS else len(_ORDER))
    return tuple(Group(kind, KINDS.get(kind, "其他"), len(people[kind]), fen[kind]) for kind in kinds)
