"""From changes to a plan: checks each change, seals its identity fields, lays it over what is believed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiceng.base.dates import OPEN_END, chinese_date
from jiceng.base.refusals import Refusal
from jiceng.ledger.appointments import check_appointments
from jiceng.ledger.changes import Change, Correct, Record
from jiceng.ledger.ids import entry_name
from jiceng.ledger.keys import make_keys, ring, subject_keys
from jiceng.ledger.kinds import Shape, shapes_of
from jiceng.ledger.planning import Line, Plan
from jiceng.ledger.sealing import seal_blob
from jiceng.ledger.tables import among, believed_lines, enders, facts_by_id, rows
from jiceng.terms.registry import Terms, base_terms

_OPEN = OPEN_END.isoformat()


@dataclass
class Draft:
    """A plan, and the ID numbers seen on the way. `several`: a subject came with more than one."""

    plan: Plan
    id_numbers: dict[int, str] = field(default_factory=dict)
    identified: set[int] = field(default_factory=set)
    several: bool = False


def corrected_facts(changes: Iterable[Change]) -> dict[int, Line]:
    """The facts that these changes correct.

    Errors  Refusal ledger.no_fact
    """
    wanted = [change.fact for change in changes if isinstance(change, Correct)]
    found = facts_by_id(wanted) if wanted else {}
    for fact in wanted:
        if fact not in found:
            raise Refusal("ledger.no_fact", f"没有编号 {fact} 的事实", do="请刷新页面后再试")
    return found


def draft(changes: Sequence[Change], *, corrected: dict[int, Line], terms: Terms, new: bool, trial: bool = False) -> Draft:
    """The plan of an entry. `new`: nothing is recorded yet about any of the subjects, so nothing is read. `trial`: no key is
    made and nothing is sealed, for a plan that is only looked at.

    Errors  Refusals of `kinds`, and ledger.period, ledger.event_period, ledger.ended, ledger.erased, ledger.departure_before_entry
    """
    shapes = shapes_of(terms)
    shaped: list[tuple[Change, Shape, int]] = []
    for change in changes:
        if isinstance(change, Record):
            shaped.append((change, shapes.of(change.kind, change.subject), change.subject))
        else:
            old = corrected[change.fact]
            shaped.append((change, shapes.of(shapes.names.get(old.kind) or str(old.kind), old.subject), old.subject))
    seals = _Sealer([subject for change, _, subject in shaped if change.sealed], new=new, trial=trial)
    made = Draft(Plan([] if new else _held(shaped), events=shapes.events))
    days, contents, put = _Days(), _Contents(), made.plan.put
    new_line = tuple.__new__  # half the cost of Line(…), for a line made a million times
    for change, shape, subject in shaped:
        place, sealed = change.place, None
        if isinstance(change, Correct):
            old = corrected[change.fact]
            _end(old, shape, made)
            if change.data is None:
                continue
            place, sealed = old.place if place is None else place, old.sealed
        if change.sealed:
            sealed = seals.sealed(subject, shape.checked_sealed(change.sealed))
            if "id_number" in shape.sealed:
                made.identified.add(subject)
                number = change.sealed.get("id_number")
                if number and made.id_numbers.setdefault(subject, number) != number:
                    made.several = True
        since, until = days[change.since], days[change.until]
        if since >= until or (until is not _OPEN and shape.kind.number in shapes.events):
            _refuse_period(since, until, shape)
        data, slot = contents.checked(shape, change.data or {}, place)
        put(new_line(Line, (0, subject, shape.kind.number, slot, since, until, place, data, sealed)))
    touched = {shape.kind.id for _, shape, _ in shaped}
    _check_departures(made.plan, touched)
    if "appointment" in touched:
        check_appointments(made.plan)
    return made


def _end(old: Line, shape: Shape, made: Draft) -> None:
    """The corrected fact ends."""
    if not made.plan.end(old):
        raise _ended(old)
    if "id_number" in shape.sealed:
        made.identified.add(old.subject)


class _Days(dict[date | None, str]):
    """Dates as ISO texts, each worked out once; no date is the open end."""

    def __missing__(self, day: date | None) -> str:
        # A datetime is a date to isinstance, and would put a time of day into the ledger.
        if day is not None and type(day) is not date:
            raise TypeError(f"a fact holds over calendar dates, not {day!r}")
        text = self[day] = _OPEN if day is None or day == OPEN_END else day.isoformat()
        return text


class _Contents:
    """Checked contents; what comes again in thousands (sex, nation, a post) is checked once."""

    def __init__(self) -> None:
        self._seen: dict[tuple[object, ...], tuple[str, str | None]] = {}

    def checked(self, shape: Shape, data: Mapping[str, Any], place: int | None) -> tuple[str, str | None]:
        """As `Shape.checked`."""
        if not shape.repeats:
            return shape.checked(data, place=place)
        key = (shape.kind.number, place, *data.items())
        try:
            seen = self._seen.get(key)
        except TypeError:  # a list or a mapping where a value should be: the check says so in words
            return shape.checked(data, place=place)
        if seen is None:
            seen = self._seen[key] = shape.checked(data, place=place)
        return seen


def _refuse_period(since: str, until: str, shape: Shape) -> None:
    if since == _OPEN:
        raise Refusal("ledger.period", "没有起日", where=shape.kind.name, why="9999 年的最后一天不能作起日", do="请填写起日")
    if shape.kind.cardinality == "event" and since < until:
        raise Refusal(
            "ledger.event_period",
            f"“{shape.kind.name}”是一件事，只有发生日，没有截止日",
            do="最后一日请写进内容里的相应字段",
        )
    first, last = chinese_date(date.fromisoformat(since)), chinese_date(date.fromisoformat(until))
    raise Refusal(
        "ledger.period",
        f"止日 {last} 不晚于起日 {first}",
        where=shape.kind.name,
        why="起日算在内，止日不算在内，至少要有一天",
        do="请核对起止日期",
    )


class _Sealer:
    """Keys at hand for the subjects of one draft; makes the missing ones, but not in a trial."""

    def __init__(self, subjects: Sequence[int], *, new: bool, trial: bool) -> None:
        self._trial = trial
        wanted = list(dict.fromkeys(subjects))
        self._keys: dict[int, bytes] = {} if new or not wanted else subject_keys(wanted)
        missing = [subject for subject in wanted if subject not in self._keys]
        if missing:
            if not new:
                refuse_erased(missing)
            if not trial:
                self._keys.update(make_keys(missing))
        self._suite = ring().suite
        self._nonces = os.urandom(12 * len(subjects))
        self._at = 0

    def sealed(self, subject: int, plain: bytes) -> bytes:
        """The sealed blob of a subject's plain fields; of a trial nothing, since no rule sees what is sealed."""
        if self._trial:
            return b""
        nonce = self._nonces[self._at : self._at + 12]
        self._at += 12
        return seal_blob(self._suite, self._keys[subject], subject, plain, nonce)


def refuse_erased(subjects: Iterable[int]) -> None:
    """Refuse subjects whose identity was erased: a new key would bring it back.

    Errors  Refusal ledger.erased
    """
    condition, numbers = among("subject", subjects)
    erased = rows(f"SELECT subject FROM ledger_fact WHERE {condition} AND kind = %s LIMIT 1", [numbers, _number("erasure")])
    if erased:
        raise Refusal(
            "ledger.erased",
            f"编号 {erased[0][0]} 的身份信息已按申请删除",
            why="删除不可恢复，也不能再给这个编号记身份信息",
            do="如此人重新入职，请新建一人",
        )


def _held(shaped: Sequence[tuple[Change, Shape, int]]) -> list[Line]:
    kinds = {shape.kind.number for _, shape, _ in shaped}
    pair = {_number("departure"), _number("appointment")}
    if kinds & pair:
        kinds |= pair
    return believed_lines({subject for _, _, subject in shaped}, kinds)


def _check_departures(plan: Plan, kinds: set[str]) -> None:
    """No one leaves before they came. Looked at when appointments or departures are touched."""
    if not kinds & {"departure", "appointment"}:
        return
    departure, appointment = _number("departure"), _number("appointment")
    entered: dict[int, str] = {}
    left: dict[int, str] = {}
    for line in plan.lines():
        if line.kind == appointment:
            entered[line.subject] = min(line.since, entered.get(line.subject, line.since))
        elif line.kind == departure:
            left[line.subject] = min(line.since, left.get(line.subject, line.since))
    for subject, day in left.items():
        if day < entered.get(subject, day):
            came, went = date.fromisoformat(entered[subject]), date.fromisoformat(day)
            raise Refusal(
                "ledger.departure_before_entry",
                f"离任日 {chinese_date(went)} 早于最早的任职日 {chinese_date(came)}",
                where=f"编号 {subject}",
                do="请核对离任日期，或先补记更早的任职",
            )


def _number(kind: str) -> int:
    return base_terms().kinds[kind].number


def _ended(line: Line) -> Refusal:
    by = enders([line.id]).get(line.id)
    why = f"它已被{entry_name(by)}分录终止" if by else "它在同一次提交里已被改过"
    return Refusal("ledger.ended", "要更正的事实已不是现行记录", why=why, do="请刷新页面，更正现在的那一条")
