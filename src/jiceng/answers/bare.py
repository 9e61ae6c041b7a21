"""The answers of `asking` as kind and value alone: no steps, no words, no days to come. For many subjects asked in plain Python."""

from __future__ import annotations

from datetime import date
from typing import Any

from jiceng.answers.asking import NO_RECORDS, VALUE, Asking, recent, run_as_it_stands
from jiceng.answers.horizon import Watch
from jiceng.answers.subject import Subject
from jiceng.base.kinds import DEFAULT_STEPS_IN, AnswerKind, mark
from jiceng.law.layers import Law
from jiceng.rules.definition import REQUIRED, Argument, RuleDef
from jiceng.rules.types import HISTORIES

Told = tuple[AnswerKind, Any]
_MISSING: Told = (AnswerKind.missing, None)
_UNCHECKED: Told = (AnswerKind.unchecked, None)


class Bare(Asking):
    """One subject on one day. `places`: those around the subjects asked so far, by identity, each asked once."""

    __slots__ = ("_places", "_told")

    def __init__(self, law: Law, subject: Subject, on: date, places: dict[int, Bare]) -> None:
        super().__init__(law, subject, on)
        self._places = places
        self._told: dict[str, Told] = {"on": (VALUE, self.day)}

    def number(self, name: str) -> int:
        """The answer as one integer: its value, or the mark of its kind."""
        kind, value = self.told(name)
        return int(value) if kind is VALUE else mark(kind)

    def told(self, name: str) -> Told:
        """Kind and value of the step under a name."""
        found = self._told.get(name)
        if found is None:
            found = self._told[name] = self._look(name)
        return found

    def _look(self, name: str) -> Told:
        law, subject = self.law, self.subject
        known = subject.facts.get(name)
        if known is not None:
            return VALUE, known.value
        definition, term = self.regime.definitions.get(name), law.terms.names.get(name)
        if definition is None and (term is None or term.is_value):
            return self._stepped(name)
        of = law.of.get(name, subject.of)
        if of != subject.of and of == "place":
            return self._beside(subject.around, name) if subject.around is not None else _MISSING
        if definition is None:
            return self._stepped(name) if term and term.history else _MISSING
        if definition.rule is None or definition.rule.total:
            return self._stepped(name)
        return self._ruled(definition.rule)

    def _stepped(self, name: str) -> Told:
        step = self.step(name)
        return step.kind, step.value

    def _beside(self, around: Subject, name: str) -> Told:
        place = self._places.get(id(around))
        if place is None:
            place = self._places[id(around)] = Bare(self.law, around, self.on, self._places)
        return place.told(name)

    def _ruled(self, rule: RuleDef) -> Told:
        assert rule.function is not None
        worst, values = VALUE, []
        for argument in rule.arguments:
            kind, value = self._given(argument)
            if kind > worst:
                worst = kind
            values.append(value)
        if worst is not VALUE:
            return worst, None
        value, kind, _, _ = run_as_it_stands(rule.function, values, self.law.titles)
        return kind, value

    def _given(self, argument: Argument) -> Told:
        name, word = argument.name, argument.type.name
        if word in HISTORIES:
            return self._sure_rows(argument)
        if word == "ByDate":
            return VALUE, self._by_date(name, None)[1]
        kind, value = self.told(name)
        if kind is VALUE:
            return VALUE, value
        if argument.default is not REQUIRED and kind in DEFAULT_STEPS_IN:
            return VALUE, argument.default
        return kind, None

    def _sure_rows(self, argument: Argument) -> Told:
        name, word, subject = argument.name, argument.type.name, self.subject
        if self.law.of.get(name, subject.of) != subject.of or name in self.regime.definitions or name in subject.facts:
            step, value = self._argument(argument, Watch(), None)
            return step.kind, value
        history = subject.histories.get(name, NO_RECORDS)
        rows, records, _ = self._records(name)
        sure = word == "Records" or history.whole or (word == "Recent" and recent(history, records))
        return (VALUE, rows) if sure else _UNCHECKED
