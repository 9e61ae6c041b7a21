"""One subject, one day: names turned into steps, each once. The law in force there decides what a name is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from types import CodeType, FunctionType
from typing import Any

from jiceng.answers.horizon import NEVER, TRACKING_WORDS, Day, Watch, plain
from jiceng.answers.levels import not_here
from jiceng.answers.states import state_lines
from jiceng.answers.step import Step
from jiceng.answers.subject import History, Record, Subject
from jiceng.answers.tracing import Trace, traced
from jiceng.base.dates import OPEN_END, day_after, day_date, day_number
from jiceng.base.kinds import DEFAULT_STEPS_IN, KIND_NAMES, AnswerKind, mark
from jiceng.law.bounds import cite
from jiceng.law.layers import Law, Regime
from jiceng.law.model import BOUNDS, Definition
from jiceng.law.values import bound_text
from jiceng.rules.definition import REQUIRED, Argument, RuleDef
from jiceng.rules.language import Outcome, Unanswerable
from jiceng.rules.source import rebound
from jiceng.rules.tables import ByDate, Row
from jiceng.rules.types import HISTORIES, TypeRef

VALUE = AnswerKind.value
_DATE, _INT = TypeRef("Date"), TypeRef("int")


@dataclass(frozen=True, slots=True)
class _Call:
    """A rule made ready once: its function with words that follow `on`, if it asks for the day."""

    function: Callable[..., Any]
    code: CodeType
    follows: bool


class Asking:
    """The steps of one subject on one day, each made once."""

    __slots__ = ("_around", "_rows", "_steps", "day", "law", "on", "regime", "subject", "until")

    def __init__(self, law: Law, subject: Subject, on: date) -> None:
        self.law, self.subject, self.on = law, subject, on
        self.day = day_number(on)
        self.regime: Regime = law.regime(subject.place, on)
        # Another law may be asked from then on: this one changes, or the subject stands elsewhere.
        self.until = min(self.regime.until, subject.moves)
        self._steps: dict[str, Step] = {}
        self._rows: dict[str, tuple[tuple[Row, ...], tuple[Record, ...], date]] = {}
        self._around: Asking | None = None

    def step(self, name: str) -> Step:
        """The step under a name: given, law, fact, or nothing in force."""
        found = self._steps.get(name)
        if found is None:
            found = self._steps[name] = self._find(name)
        return found

    def _find(self, name: str) -> Step:
        law, subject = self.law, self.subject
        if name == "on":
            return Step("on", "计算日期", _DATE, "", self.day, VALUE, "date", horizon=_after(self.on, 1))
        definition = self.regime.definitions.get(name)
        term = law.terms.names.get(name)
        if definition is None and (term is None or term.is_value):
            return self._not_in_force(name)
        of = law.of.get(name, subject.of)
        if of != subject.of and of == "place" and name not in subject.facts:
            return self._of_the_place(name)
        if definition is None:
            return self._history(name) if term and term.history else self._fact(name)
        if name in subject.facts:
            return self._fact(name, source="given", definition=definition)
        if definition.rule is None:
            return self._value(name, definition)
        return self._total(definition, definition.rule) if definition.rule.total else self._rule(definition, definition.rule)

    def _not_in_force(self, name: str) -> Step:
        if name in self.subject.facts:
            return self._fact(name, source="given")
        title, type, unit = self._called(name)
        why = f"此地此日没有关于“{title}”的规定"
        return Step(name, title, type, unit, None, AnswerKind.no_rule, "rule", why=why, horizon=self.until)

    def _called(self, name: str) -> tuple[str, TypeRef, str]:
        law = self.law
        return law.titles.get(name, name), law.types.get(name, _INT), law.units.get(name, "")

    def _fact(self, name: str, *, source: str = "fact", definition: Definition | None = None) -> Step:
        title, type, unit = self._called(name)
        known, horizon = self.subject.facts.get(name), self.subject.later.get(name, OPEN_END)
        if known is None:
            return Step(name, title, type, unit, None, AnswerKind.missing, source, why=f"缺“{title}”", horizon=horizon)
        return Step(name, title, type, unit, known.value, VALUE, source, definition, known.provenance, horizon=horizon)

    def _history(self, name: str) -> Step:
        title, type, unit = self._called(name)
        _, records, later = self._records(name)
        return Step(name, title, type, unit, records, VALUE, "history", horizon=later, records=records)

    def _records(self, name: str) -> tuple[tuple[Row, ...], tuple[Record, ...], date]:
        """Rows that have begun by `on`, the records behind them, and the day the next one begins."""
        found = self._rows.get(name)
        if found is None:
            history = self.subject.histories.get(name, NO_RECORDS)
            records = tuple(record for record in history.records if record.since <= self.on)
            later = min((record.since for record in history.records if record.since > self.on), default=OPEN_END)
            here = self.subject.place
            rows = tuple(Row(day_number(r.since), day_number(r.until), r.place or here, r.values) for r in records)
            found = self._rows[name] = rows, records, later
        return found

    def _of_the_place(self, name: str) -> Step:
        around = self.subject.around
        if around is None:
            title, type, unit = self._called(name)
            why = f"不知道在哪个地方，缺“{title}”"
            return Step(name, title, type, unit, None, AnswerKind.missing, "fact", why=why, horizon=self.subject.moves)
        if self._around is None:
            self._around = Asking(self.law, around, self.on)
        return self._around.step(name)

    def _value(self, name: str, definition: Definition) -> Step:
        """A value of the law: the same for everybody here, so made once for the regime."""
        kept: Step | None = self.regime.remembered.get(name)
        if kept is None:
            kept = self.regime.remembered[name] = _value_step(self, name, definition)
        return kept

    def _total(self, definition: Definition, rule: RuleDef) -> Step:
        total = self.subject.totals.get(rule.total)
        until = self.until
        if why := not_here(rule, self.subject.place):
            kind = AnswerKind.not_applicable
            return Step(rule.id, rule.title, rule.result, rule.unit, None, kind, "total", definition, why=why, horizon=until)
        if total is None:
            why = f"没有汇总“{self.law.titles.get(rule.total, rule.total)}”"
            return Step(rule.id, rule.title, rule.result, rule.unit, None, AnswerKind.missing, "total", definition, why=why, horizon=until)
        without = "、".join(f"{count} 人{KIND_NAMES[AnswerKind(kind)]}" for kind, count in sorted(total.without.items()) if count)
        why = f"共 {total.members} 人" + (f"，其中 {without}，没有计入" if without else "")
        return Step(
            rule.id, rule.title, rule.result, rule.unit, total.value, VALUE, "total", definition,
            why=why, replaced=definition.replaced, assumes=rule.assumes, horizon=min(until, total.until or day_after(self.on)),
        )  # fmt: skip

    def _rule(self, definition: Definition, rule: RuleDef) -> Step:
        inputs: list[Step] = []
        values: list[Any] = []
        worst: Step | None = None
        horizon = self.until
        call = self._call(rule)
        watch = Watch()
        trace = Trace(call.code, tuple(rule.names)) if rule.names else None
        for argument in rule.arguments:
            step, value = self._argument(argument, watch, trace)
            if argument.name != "on":
                inputs.append(step)
                if step.horizon < horizon:
                    horizon = step.horizon
            if step.kind is not VALUE and (worst is None or step.kind > worst.kind):
                worst = step
            values.append(value)
        if worst is not None:
            return Step(
                rule.id, rule.title, rule.result, rule.unit, None, worst.kind, "rule", definition, why=worst.why, options=worst.options,
                inputs=tuple(inputs), replaced=definition.replaced, assumes=rule.assumes, horizon=horizon,
            )  # fmt: skip
        value, kind, why, options = run_as_it_stands(call.function, values, self.law.titles)
        states = state_lines(trace, rule, self.law.terms) if trace else ()
        return Step(
            rule.id, rule.title, rule.result, rule.unit, value, kind, "rule", definition, None, why, options, tuple(inputs),
            states, definition.replaced, rule.assumes, min(horizon, _after(self.on, watch.days)),
        )  # fmt: skip

    def _call(self, rule: RuleDef) -> _Call:
        key = f"call {rule.id}"
        kept: _Call | None = self.regime.remembered.get(key)
        if kept is None:
            assert isinstance(rule.function, FunctionType)
            follows = any(argument.name == "on" for argument in rule.arguments)
            function = rebound(rule, **TRACKING_WORDS) if follows else rule.function
            kept = self.regime.remembered[key] = _Call(function, rule.function.__code__, follows)
        return kept

    def _argument(self, argument: Argument, watch: Watch, trace: Trace | None) -> tuple[Step, Any]:
        name, word = argument.name, argument.type.name
        if name == "on":
            return self.step("on"), Day(self.day, watch, slope=1)
        if word == "ByDate":
            return self._by_date(name, trace)
        step = self.step(name)
        if word in HISTORIES:
            return self._sure(step, name, word, trace)
        if step.kind is VALUE:
            return step, step.value
        if argument.default is not REQUIRED and step.kind in DEFAULT_STEPS_IN:
            return _default(step, argument), argument.default
        return step, None

    def _sure(self, step: Step, name: str, word: str, trace: Trace | None) -> tuple[Step, Any]:
        """The records, if the history is known to be as complete as the rule needs it."""
        history = self.subject.histories.get(name, NO_RECORDS)
        rows, records, _ = self._records(name)
        later = OPEN_END if word == "Records" else self.subject.later.get(name, OPEN_END)
        if later < step.horizon:
            step = replace(step, horizon=later)
        sure = word == "Records" or history.whole or (word == "Recent" and recent(history, records))
        if not sure:
            why = f"“{step.title}”不知道是否完整" if word == "History" else f"“{step.title}”最近一条之后不知道是否还有"
            # The records there are stay an input, so that a card shows what is known and who recorded it.
            unsure = Step(
                name, step.title, step.type, step.unit, None, AnswerKind.unchecked, "history",
                why=why, horizon=step.horizon, records=records,
            )  # fmt: skip
            return unsure, None
        return step, traced(rows, records, trace) if trace else rows

    def _by_date(self, name: str, trace: Trace | None) -> tuple[Step, ByDate]:
        """A value as of a record's own place and day. What it was then does not change, so it sets no horizon."""
        title, type, unit = self._called(name)
        current = self.regime.definitions.get(name)
        law = self.law

        def look(place: int, day: int) -> int:
            when = day_date(day)
            then = law.regime(place, when).definitions.get(name)
            if trace is not None and (then is None or current is None or then.at is not current.at):
                trace.remark(f"{when.year} 年时尚无“{title}”的规定" if then is None else f"此处用 {when.year} 年时的规定")
            if then is None:
                return mark(AnswerKind.no_rule)
            return mark(AnswerKind.open) if then.delegated or then.at is None else int(then.at.parsed)

        by_date = ByDate(look)
        return Step(name, title, TypeRef("ByDate", (type,)), unit, by_date, VALUE, "value", current), by_date


NO_RECORDS = History()


def recent(history: History, records: tuple[Record, ...]) -> bool:
    """`History.recent` for the records that have begun."""
    return History(records, history.complete_from, history.whole).recent


def _after(on: date, days: int) -> date:
    return OPEN_END if days >= NEVER else date.fromordinal(min(on.toordinal() + days, OPEN_END.toordinal()))


def _default(step: Step, argument: Argument) -> Step:
    """The step of a default that stepped in; the one it stands for is kept below it."""
    if argument.default is None:
        assumes: tuple[str, ...] = ()
    else:
        assumes = (f"“{step.title}”{KIND_NAMES[step.kind]}，按缺省计",)
    return Step(
        step.name, step.title, argument.type, step.unit, argument.default, VALUE, "default",
        why=step.why, inputs=(step,), assumes=assumes, horizon=step.horizon,
    )  # fmt: skip


def run_as_it_stands(
    function: Callable[..., Any], values: list[Any], titles: dict[str, str]
) -> tuple[int | None, AnswerKind, str, tuple[int, ...]]:
    """The rule as it stands. A word that has no answer ends it with the word's kind."""
    try:
        result = function(*values)
    except Unanswerable as none:
        why = f"缺“{titles.get(none.absent, none.absent)}”" if none.absent else none.why
        return None, AnswerKind(none.kind), why, tuple(int(plain(option)) for option in none.options)
    if isinstance(result, Outcome):
        return None, result.kind, result.why, tuple(int(plain(option)) for option in result.options)
    return int(plain(result)), VALUE, "", ()


def _value_step(asking: Asking, name: str, definition: Definition) -> Step:
    title, type, unit = asking._called(name)
    value, at, until = definition.value, definition.at, asking.regime.until
    assert value is not None
    if definition.delegated or at is None:
        left = f"{title}未定：{cite(definition.document, value.clause)}"
        if value.kind in BOUNDS and at is not None:
            why = f"{left}只规定“{bound_text(value, at)}”，本地尚未确定"
        else:
            why = value.note or f"{left}交由下级确定，本地尚未确定"
        return Step(
            name, title, type, unit, None, AnswerKind.open, "value", definition, why=why, replaced=definition.replaced, horizon=until
        )
    assumes = (f"“{title}”按“{at.raw}”（读法）：{value.note or '原文未写，地方确定之前暂用'}",) if definition.assumed else ()
    return Step(
        name, title, value.type, unit, at.parsed, VALUE, "value", definition,
        why=value.note, replaced=definition.replaced, assumes=assumes, horizon=until,
    )  # fmt: skip
