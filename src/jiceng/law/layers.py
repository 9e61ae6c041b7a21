"""The law in force at a place on a day: documents from the nation down, a lower name in place of an upper one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Problem, Refusal
from jiceng.law.model import Definition, Document, ValueDef
from jiceng.law.payform import PayForm
from jiceng.places.tree import NATION, ancestors, contains, level_of
from jiceng.rules.types import TypeRef
from jiceng.terms.registry import Terms

SCENARIO = "scenario-"
"""So begins the id of a document that nobody issued: the changed values of a simulation."""


@dataclass(frozen=True, eq=False, repr=False)
class Regime:
    """What is in force at one place from `since` to before `until`. Places with the same law share one object."""

    since: date
    until: date
    documents: tuple[Document, ...]
    definitions: dict[str, Definition]
    remembered: dict[str, Any] = field(default_factory=dict)
    """What answers keep for speed: everything that depends on the law alone."""
    _ordered: dict[str, list[Definition]] = field(default_factory=dict)

    def rules(self, of: str) -> list[Definition]:
        """Rules about this kind of subject, each after the rules it asks."""
        if of not in self._ordered:
            every = [d for d in in_order(self.definitions) if d.rule]
            self._ordered[of] = [d for d in every if d.rule and d.rule.of == of]
        return self._ordered[of]


@dataclass(eq=False)
class _Area:
    """All places with the same documents above them."""

    documents: tuple[Document, ...]
    days: list[date]
    regimes: dict[int, Regime] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class Law:
    """Everything loaded. Build with `load_law`; nothing in it changes afterwards except what is remembered for speed."""

    documents: tuple[Document, ...]
    terms: Terms
    hash: str
    titles: dict[str, str]
    types: dict[str, TypeRef]
    units: dict[str, str]
    of: dict[str, str]
    notices: tuple[Problem, ...] = ()
    _places: dict[int, _Area] = field(default_factory=dict)
    _areas: dict[tuple[str, ...], _Area] = field(default_factory=dict)

    def regime(self, place: int, on: date) -> Regime:
        """The law of a place on a day; the nation's law at any place.

        Time    in force at the end of `on`
        Empty   a place and day without any document gives a regime without definitions
        """
        area = self._area(place)
        index = bisect_right(area.days, on)
        regime = area.regimes.get(index)
        if regime is None:
            since = area.days[index - 1] if index else date.min
            until = area.days[index] if index < len(area.days) else OPEN_END
            regime = Regime(since, until, *_definitions(area.documents, since))
            area.regimes[index] = regime
        return regime

    def answered(self, regime: Regime, of: str) -> tuple[str, ...]:
        """Names that have an answer about this kind of subject under a regime: its rules, each after those it asks, and the
        values it has under names for which a rule stands elsewhere, so that a sum over several places misses nobody."""
        key = f"answered {of}"
        if key not in regime.remembered:
            rules = [definition.name for definition in regime.rules(of)]
            values = [name for name in self._ruled if (d := regime.definitions.get(name)) and not d.rule and self.of.get(name) == of]
            regime.remembered[key] = (*rules, *values)
        found: tuple[str, ...] = regime.remembered[key]
        return found

    def standing(self, regime: Regime, of: str) -> tuple[str, ...]:
        """Of the names answered, those that rows keep: not what is asked about a whole month, which changes every day."""
        rules = {name: regime.definitions[name].rule for name in self.answered(regime, of)}
        return tuple(name for name, rule in rules.items() if rule is None or not rule.asked)

    @cached_property
    def _ruled(self) -> tuple[str, ...]:
        return tuple(sorted({rule.id for document in self.documents for rule in document.rules}))

    def pay_form(self, place: int, on: date) -> PayForm | None:
        """The pay sheet of a place on a day: that of the lowest document that has one; None if none has."""
        forms = [document.pay for document in self.regime(place, on).documents if document.pay]
        return forms[-1].on(on) if forms else None

    def boundaries(self, place: int) -> tuple[date, ...]:
        """Days on which the law of this place changes, in order."""
        return tuple(self._area(place).days)

    def document(self, id: str) -> Document:
        """The document with this id.

        Errors  Refusal law.no_document
        """
        for document in self.documents:
            if document.id == id:
                return document
        raise Refusal("law.no_document", f"没有文件“{id}”", do="用 jiceng law list 查看已载入的文件")

    def named(self, text: str) -> tuple[str, ...]:
        """Names a text may mean: the identifier itself, or every name with this Chinese title."""
        if text in self.titles:
            return (text,)
        return self._by_title.get(text, ())

    @cached_property
    def _by_title(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, title in self.titles.items():
            found[title] = (*found.get(title, ()), name)
        return found

    def touching(self, places: Iterable[int]) -> tuple[Document, ...]:
        """Documents that may apply at these places or at a place inside them, on whatever day."""
        inside = set(places)
        if NATION in inside:
            return self.documents
        around = {NATION, *inside, *(above for place in inside for above in ancestors(place))}
        return tuple(d for d in self.documents if d.jurisdiction in around or not inside.isdisjoint(ancestors(d.jurisdiction)))

    def jurisdictions(self) -> tuple[int, ...]:
        """Places that have a document of their own; together they show every combination of layers."""
        return tuple(sorted({document.jurisdiction for document in self.documents} | {NATION}))

    def regimes(self, inside: Iterable[int] = (NATION,)) -> Iterator[tuple[int, Regime]]:
        """Every regime there is at these places and inside them, with a place that has it."""
        wanted = tuple(inside)
        for place in self.jurisdictions():
            if not any(contains(outer, place) for outer in wanted):
                continue
            for day in (date.min, *self.boundaries(place)):
                yield place, self.regime(place, day)

    def _area(self, place: int) -> _Area:
        area = self._places.get(place)
        if area is None:
            chain = (*ancestors(place), place) if place != NATION else ()
            ground = next((code for code in reversed(chain) if code in self._speaking), NATION)
            area = self._area(ground) if ground != place else self._made(ground)
            self._places[place] = area
        return area

    def _made(self, ground: int) -> _Area:
        chain = {NATION, *ancestors(ground), ground}
        above = sorted((d for d in self.documents if d.jurisdiction in chain), key=layer)
        key = tuple(document.id for document in above)
        return self._areas.setdefault(key, _Area(tuple(above), sorted(set(_days(above)))))

    @cached_property
    def _speaking(self) -> frozenset[int]:
        return frozenset(self.jurisdictions())


def supposed(document: Document) -> bool:
    """Whether a document was made up for a simulation: it stands over what begins on the same day at its place."""
    return document.id.startswith(SCENARIO)


def layer(document: Document) -> tuple[int, date, bool, str]:
    """Sort key: the widest first; at one level the one that came into force later stands over the earlier."""
    return level_of(document.jurisdiction), document.in_force, supposed(document), document.id


def _days(documents: Iterable[Document]) -> Iterator[date]:
    for document in documents:
        yield document.in_force
        if document.until:
            yield document.until
        for value in document.values:
            for at in value.by_date:
                if in_period(document, at.since):
                    yield at.since


def in_period(document: Document, day: date) -> bool:
    """Whether a document is in force on a day."""
    return document.in_force <= day and (document.until is None or day < document.until)


def _definitions(documents: tuple[Document, ...], on: date) -> tuple[tuple[Document, ...], dict[str, Definition]]:
    standing = tuple(document for document in documents if in_period(document, on))
    found: dict[str, Definition] = {}
    for document in standing:
        for value in document.values:
            definition = value_definition(document, value, on)
            if definition:
                _put(found, definition)
        for rule in document.rules:
            _put(found, Definition(rule.id, document, rule.clause, rule=rule))
    return standing, found


def value_definition(document: Document, value: ValueDef, on: date) -> Definition | None:
    """What a value of one document says on a day; None before it begins, after it ends, or for a bare prohibition."""
    at = value.reading if value.kind == "delegate" else value.on(on)
    if at is None and value.kind != "delegate":
        return None
    return Definition(value.name, document, value.clause, value=value, at=at)


def _put(found: dict[str, Definition], lower: Definition) -> None:
    upper = found.get(lower.name)
    if upper is None:
        found[lower.name] = lower
    elif not _outweighs(upper, lower):
        found[lower.name] = replace(lower, replaced=(upper, *upper.replaced))


def _outweighs(upper: Definition, lower: Definition) -> bool:
    """A bound, or leaving it to those below, sets nothing: what an upper document set, or reads it as, stays in force."""
    if lower.delegated:
        return not upper.delegated
    return lower.assumed and not (upper.delegated or upper.assumed)


def asks(definition: Definition) -> tuple[str, ...]:
    """Names a definition depends on."""
    rule = definition.rule
    if rule is None:
        return ()
    # ByDate looks at values only, so it can close no circle.
    names = tuple(argument.name for argument in rule.arguments if argument.type.name != "ByDate")
    return (*names, rule.total) if rule.total else names


def in_order(definitions: Mapping[str, Definition]) -> list[Definition]:
    """Each definition after those it asks. Circles were refused at load."""
    done: dict[str, Definition] = {}
    waiting: set[str] = set()

    def visit(name: str) -> None:
        definition = definitions.get(name)
        if definition is None or name in done or name in waiting:
            return
        waiting.add(name)
        for asked in asks(definition):
            visit(asked)
        done[name] = definition

    for name in definitions:
        visit(name)
    return list(done.values())


def circle(definitions: Mapping[str, Definition]) -> tuple[Definition, ...]:
    """The first circle of names that ask one another, or nothing."""
    clear: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if name in path:
            return path[path.index(name) :]
        if name in clear or name not in definitions:
            return ()
        for asked in asks(definitions[name]):
            if found := visit(asked, (*path, name)):
                return found
        clear.add(name)
        return ()

    for name in definitions:
        if found := visit(name, ()):
            return tuple(definitions[one] for one in found)
    return ()


def binds(upper: Document, lower: Document) -> bool:
    """Whether a document's bounds bind another: a strictly narrower place inside its own."""
    return upper.jurisdiction != lower.jurisdiction and contains(upper.jurisdiction, lower.jurisdiction)
