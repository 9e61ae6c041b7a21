"""What is told of a subject along time: what is believed of each period, and what each entry changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
    """A fact that is believed, with the entry that wrote it and, if that corrected something, what stood there before."""

    fact: FactShown
    act: Act
    was: tuple[FactShown, ...] = field(default=())


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
    items = []
    for act in acts:
        told = {fact.id: change.was for change in changes(act) for fact in change.becomes} if act.act == "correct" else {}
        items += [Item(fact, act, _other(fact, told.get(fact.id, ()))) for fact in act.wrote if fact.believed and fact.since <= on]
    return sorted(items, key=lambda item: (item.fact.since, item.act.known, item.fact.id), reverse=True)


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


def _other(fact: FactShown, was: tuple[FactShown, ...]) -> tuple[FactShown, ...]:
    """What stood before, where it said something else or for another period."""
    return tuple(old for old in was if (old.fields, old.place, old.since, old.until) != (fact.fields, fact.place, fact.since, fact.until))
