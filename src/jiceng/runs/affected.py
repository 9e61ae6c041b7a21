"""What a scenario can move: the definitions that differ, everything that asks for them, and the steps from one law to the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jiceng.law.layers import Law, asks, circle
from jiceng.law.model import Definition, Document
from jiceng.places import tree
from jiceng.rules.types import HISTORIES

_TELLING = ("text_hash", "total", "to", "of", "result")
NO_NUMBER = ("Table", "Bands", *HISTORIES)


@dataclass(frozen=True)
class Changed:
    """One name whose definition differs, as it stands at the first place where it does; None: there is none on that side."""

    name: str
    before: Definition | None
    after: Definition | None


@dataclass(frozen=True)
class Step:
    """Definitions of one clause (or one changed value) that change together, and the law once they have."""

    changed: tuple[Changed, ...]
    law: Law


@dataclass(frozen=True)
class Affected:
    """`changed`: names whose definition differs. `rules`: every rule name that can come out otherwise, by kind of subject."""

    changed: tuple[Changed, ...]
    rules: dict[str, tuple[str, ...]]


def grounds_of_law(before: Law, after: Law, place: int) -> tuple[int, ...]:
    """A place and those inside it that have documents of their own: together they show every regime there is inside it."""
    inside = {d.jurisdiction for law in (before, after) for d in law.documents if tree.contains(place, d.jurisdiction)}
    return (place, *sorted(inside - {place}))


def affected(before: Law, after: Law, *, place: int, on: date) -> Affected:
    """What can come out otherwise inside a place on a day.

    Shape   rules in the order in which they ask each other; more than really differ, never fewer
    """
    differing: dict[str, Changed] = {}
    asked_by: dict[str, set[str]] = defaultdict(set)
    order: dict[str, None] = {}
    judged = _touched(before, after)
    for ground in grounds_of_law(before, after, place):
        sides = [law.regime(ground, on) for law in (before, after)]
        for name in sides[0].definitions.keys() | sides[1].definitions.keys():
            old, new = (side.definitions.get(name) for side in sides)
            if name not in differing and not _same(old, new):
                differing[name] = Changed(name, old, new)
        for side in sides:
            for kind in ("worker", "place", "request"):
                order |= dict.fromkeys(definition.name for definition in side.rules(kind))
            for definition in side.definitions.values():
                for name in (*asks(definition), *_by_date(definition)):
                    asked_by[name].add(definition.name)
    reached, waiting = set[str](), [*differing, *(name for name in judged if name not in differing)]
    first = set(differing)
    while waiting:
        name = waiting.pop()
        for asker in asked_by[name] - reached:
            reached.add(asker)
            waiting.append(asker)
    moved = [name for name in order if name in reached | first and after.types[name].name not in NO_NUMBER]
    # A value in place of a rule answers like one.
    moved += [name for name in differing if name in after._ruled and name not in order]
    rules = {kind: tuple(name for name in moved if after.of.get(name) == kind) for kind in ("worker", "place")}
    return Affected(tuple(differing[name] for name in sorted(differing)), rules)


def _same(old: Definition | None, new: Definition | None) -> bool:
    """Whether two definitions say the same, whoever says it."""
    if old is None or new is None:
        return old is new
    if old.rule is not None or new.rule is not None:
        if old.rule is None or new.rule is None:
            return False
        return all(getattr(old.rule, of) == getattr(new.rule, of) for of in _TELLING)
    return old.delegated == new.delegated and (old.at.parsed if old.at else None) == (new.at.parsed if new.at else None)


def _touched(before: Law, after: Law) -> set[str]:
    """Names that any document on one side only speaks of: records are judged by the law of their own place and day."""
    documents = set(map(id, before.documents)) ^ set(map(id, after.documents))
    both = [document for law in (before, after) for document in law.documents if id(document) in documents]
    return {value.name for document in both for value in document.values if value.name in _dated(before) | _dated(after)}


def _dated(law: Law) -> set[str]:
    return {a.name for d in law.documents for rule in d.rules for a in rule.arguments if a.type.name == "ByDate"}


def _by_date(definition: Definition) -> Iterator[str]:
    for argument in definition.rule.arguments if definition.rule else ():
        if argument.type.name == "ByDate":
            yield argument.name


def steps(before: Law, after: Law, changed: Sequence[Changed], *, first: Iterable[str], place: int, on: date) -> tuple[Step, ...]:
    """From the law before to the law after: first the values under the names `first`, one at a time, then clause by clause.

    Shape   the last step's law is `after` itself; a step whose law would go round in a circle is taken together with the next
    Empty   nothing that differs needs no step
    """
    groups: dict[tuple[str, str, str], list[Changed]] = {}
    ranks = {name: number for number, name in enumerate(dict.fromkeys(first))}
    for one in sorted(changed, key=lambda one: _rank(one, ranks, after)):
        groups.setdefault(_group(one, ranks), []).append(one)
    found: list[Step] = []
    switched: set[str] = set()
    waiting: list[Changed] = []
    for number, group in enumerate(groups.values()):
        switched |= {one.name for one in group}
        waiting += group
        law = after if number == len(groups) - 1 else _between(before, after, switched)
        if law is after or not any(circle(law.regime(ground, on).definitions) for ground in grounds_of_law(before, after, place)):
            found.append(Step(tuple(waiting), law))
            waiting = []
    return tuple(found)


def _rank(one: Changed, ranks: dict[str, int], after: Law) -> tuple[int, int, int, str]:
    if one.name in ranks:
        return 0, ranks[one.name], 0, one.name
    definition = one.after or one.before
    assert definition is not None
    documents = {id(document): number for number, document in enumerate(after.documents)}
    clauses = [clause.number for clause in definition.document.clauses]
    clause = clauses.index(definition.clause) if definition.clause in clauses else len(clauses)
    return 1, documents.get(id(definition.document), -1), clause, one.name


def _group(one: Changed, ranks: dict[str, int]) -> tuple[str, str, str]:
    definition = one.after or one.before
    assert definition is not None
    if one.name in ranks:
        return "", "", one.name
    return definition.document.id, definition.document.hash, definition.clause


def _between(before: Law, after: Law, switched: set[str]) -> Law:
    """The law in which only these names have changed: the new documents with them alone, those they replace without them."""
    old, new = set(map(id, before.documents)), set(map(id, after.documents))
    documents = [document for document in after.documents if id(document) in old]
    documents += [_part(document, lambda name: name in switched) for document in after.documents if id(document) not in old]
    documents += [_part(document, lambda name: name not in switched) for document in before.documents if id(document) not in new]
    return Law(tuple(documents), after.terms, "", after.titles, after.types, after.units, after.of)


def _part(document: Document, wanted: object) -> Document:
    assert callable(wanted)
    values = tuple(value for value in document.values if wanted(value.name))
    return replace(document, values=values, rules=tuple(rule for rule in document.rules if wanted(rule.id)))
