"""What is told of a subject along time: what is believed of each period, and what each entry changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jiceng.runs.reading import Act, FactShown

Key = tuple[object, ...]


@dataclass(frozen=True)
class Change:
    """What an entry did to one slot of a kind: what stood there is no longer believed, what stands there instead."""

    kind: str
    kind_name: str
    was: tuple[FactShown, ...]
    becomes: tuple[FactShown, ...]


@dataclass(frozen=True)
class Item:
    """A fact that is believed, with the entry that told it.

    `was`   what had been told instead, if that entry corrected it
    `cut`   the later entry that cut its period short, which wrote it down again for what was left of it
    `ids`   the fact's numbers, its own and those it bore before its period was cut short
    """

    fact: FactShown
    act: Act
    was: tuple[FactShown, ...] = ()
    cut: Act | None = None
    ids: tuple[int, ...] = ()


def changes(act: Act) -> tuple[Change, ...]:
    """What an entry changed, slot by slot, in the order in which it wrote."""
    slots: dict[Key, tuple[list[FactShown], list[FactShown]]] = {}
    for side, facts in enumerate((act.ended, act.wrote)):
        for fact in facts:
            slots.setdefault(_slot(fact), ([], []))[side].append(fact)
    found = [Change(key[0], _named(was, becomes), tuple(was), tuple(becomes)) for key, (was, becomes) in slots.items()]  # type: ignore[arg-type]
    return tuple(_joined(found)) if act.act == "correct" else tuple(found)


def believed(acts: Sequence[Act], *, on: date) -> list[Item]:
    """What is believed and had begun by a day, the latest first; `acts` are all of the subject's."""
    told: dict[int, _Told] = {}
    for act in acts:
        before = {fact.id: change.was for change in changes(act) for fact in change.becomes} if act.act != "undo" else {}
        told.update((fact.id, (act, before.get(fact.id, ()))) for fact in act.wrote)
    items = [_item(fact, told) for act in acts for fact in act.wrote if fact.believed and fact.since <= on]
    return sorted(items, key=lambda item: (item.fact.since, item.act.known, item.fact.id), reverse=True)


_Told = tuple[Act, tuple[FactShown, ...]]


def _item(fact: FactShown, told: dict[int, _Told]) -> Item:
    """A fact with who told it first, back through the entries that only cut it short."""
    now, ids, cut = fact, [fact.id], None
    while (earlier := _longer(now, told)) is not None:
        cut = cut or told[now.id][0]
        now = earlier
        ids.append(now.id)
    act, was = told[now.id]
    return Item(fact, act, _before(now, was, corrected=act.act == "correct"), cut, tuple(ids))


def _longer(fact: FactShown, told: dict[int, _Told]) -> FactShown | None:
    """The same fact as it was told before, over a longer period, if an entry other than a correction cut it short."""
    act, was = told[fact.id]
    if act.act == "correct":
        return None
    same = (old for old in was if old.id in told and (old.fields, old.place) == (fact.fields, fact.place))
    return next((old for old in same if old.since <= fact.since and fact.until <= old.until), None)


def _slot(fact: FactShown) -> Key:
    """Kind, and the key that tells its slots apart."""
    if fact.kind is None:
        return fact.kind_name, fact.id
    if fact.kind.cardinality == "event" and not fact.kind.key:
        return (fact.kind.id,)
    return fact.kind.id, *(fact.place if key == "place" and fact.kind.placed else fact.fields.get(key) for key in fact.kind.key)


def _named(*sides: Sequence[FactShown]) -> str:
    return next(fact.kind_name for side in sides for fact in side)


def _joined(found: list[Change]) -> list[Change]:
    """A correction that moved a fact into another slot (another year, another place): both halves are one change."""
    lost = [one for one in found if not one.becomes]
    for gone in lost:
        come = [one for one in found if one.kind == gone.kind and not one.was]
        if len(come) == 1:
            found[found.index(come[0])] = Change(gone.kind, gone.kind_name, gone.was, come[0].becomes)
            found.remove(gone)
    return found


def _before(fact: FactShown, was: tuple[FactShown, ...], *, corrected: bool) -> tuple[FactShown, ...]:
    """What was told otherwise before: what a correction ended, or what another record of the very same period put aside. A
    later period that begins where an earlier one is cut off corrects nothing."""
    period = fact.since, fact.until
    other = tuple(old for old in was if (old.fields, old.place, old.since, old.until) != (fact.fields, fact.place, *period))
    return other if corrected else tuple(old for old in other if (old.since, old.until) == period)
