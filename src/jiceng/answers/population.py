"""The same answers for many subjects at once: compiled loops, one a rule, over chunks of subjects; value and kind as for one.

A rule whose loop cannot be had (no Numba, or it does not compile) is answered by Python, and the run says so.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from jiceng.answers import chunk
from jiceng.answers.bare import Bare
from jiceng.answers.chunk import MISSING, NO_RULE, NOT_APPLICABLE, LawMatrix, Numbers, Records
from jiceng.answers.levels import meant_for
from jiceng.answers.order import Turn, needed, own, turns
from jiceng.answers.source import Source, Told
from jiceng.answers.step import Step
from jiceng.answers.subject import Subject
from jiceng.base.dates import day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Refusal
from jiceng.law.layers import Law, Regime
from jiceng.rules.definition import RuleDef
from jiceng.rules.language import did_you_mean
from jiceng.rules.loops import Loop, NoLoop, available, loop_for, warm
from jiceng.rules.types import HISTORIES

CHUNK = 8_192
# Compiling fifty rules takes half a minute, plain Python (a month of pay) 0.3 ms a worker: below this nobody should wait for it.
WORTH_COMPILING = 20_000
log = logging.getLogger("jiceng.answers")


@dataclass(frozen=True)
class Run:
    """Answers by name, in the order of the subjects. `in_python`: rule id → why it was not compiled."""

    answers: dict[str, Numbers]
    in_python: dict[str, str] = field(default_factory=dict)


def answer_many(
    law: Law, subjects: Sequence[Subject], *, on: date, names: Sequence[str] | None = None, compiled: bool | None = None
) -> dict[str, Numbers]:
    """Answers by name, as `run` gives them."""
    return run(law, subjects, on=on, names=names, compiled=compiled).answers


def run(law: Law, subjects: Sequence[Subject], *, on: date, names: Sequence[str] | None = None, compiled: bool | None = None) -> Run:
    """Answers for many subjects of one kind; as `run_over`.

    Errors  as `run_over`; Refusal answers.mixed for subjects of several kinds
    """
    kinds = {subject.of for subject in subjects}
    if len(kinds) > 1:
        raise Refusal("answers.mixed", f"一次只能问同一类对象，这里有：{'、'.join(sorted(kinds))}")
    return run_over(law, Told(subjects, kinds.pop() if kinds else "worker"), on=on, names=names, compiled=compiled)


def run_over(
    law: Law, source: Source, *, on: date, names: Sequence[str] | None = None, compiled: bool | None = None,
    settled: Mapping[str, Numbers] | None = None,
) -> Run:  # fmt: skip
    """Answers for many subjects of one kind, wherever their facts come from.

    Shape   one array a name, in the order of the subjects; names None: every rule in force for any of them
    Shape   `settled`: answers that are known already, value or mark; rules under these names are not run
    Units   encoded integers, marks for answers without a value; exactly what `answer` gives for each subject alone
    Time    law in force and facts as of the end of `on`
    Empty   no subjects give empty arrays, and no names where none are asked for
    Errors  Refusal law.no_name; Refusal answers.no_number for a history or table
    """
    of, known = source.of, dict(settled or {})
    matrix = LawMatrix(law, [])
    regime = chunk.regimes_at(source.places, matrix, on=on)
    asked = list(names) if names is not None else _answered(law, matrix.regimes, of)
    _check(law, asked)
    if not len(source):
        return Run({name: np.zeros(0, np.int64) for name in asked})
    order = turns(law, matrix.regimes, of=of, names=[name for name in asked if name not in known], settled=known)
    if not _use_loops(law, order, len(source), compiled):
        return Run(_plainly(law, source, asked, on=on))
    if not available():
        return Run(_plainly(law, source, asked, on=on), {turn.rule.id: "没有安装 Numba" for turn in order if not turn.rule.total})
    return _Whole(law, source, on, of, asked, order, matrix, regime, known).run()


def encoded(step: Step) -> int:
    """A step as the one integer: its value, or the mark of its kind."""
    return int(step.value) if step.kind is AnswerKind.value else mark(step.kind)


def _answered(law: Law, regimes: Sequence[Regime], of: str) -> list[str]:
    return list(dict.fromkeys(name for regime in regimes for name in law.answered(regime, of)))


def _check(law: Law, names: Sequence[str]) -> None:
    for name in names:
        if name not in law.titles and name != "on":
            raise Refusal("law.no_name", f"没有“{name}”这个名字{did_you_mean(name, law.titles)}", do="用 jiceng law list 查看规则")
        if name in law.types and law.types[name].name in ("Table", "Bands", *HISTORIES):
            raise Refusal("answers.no_number", f"“{law.titles[name]}”不是一个数，不能成批回答")


def _use_loops(law: Law, order: Sequence[Turn], count: int, compiled: bool | None) -> bool:
    if compiled is not None:
        return compiled
    if not available():
        return count > WORTH_COMPILING
    return count > WORTH_COMPILING or all(warm(turn.rule, codes=law.terms.codes) for turn in order if not turn.rule.total)


def _plainly(law: Law, source: Source, names: Sequence[str], *, on: date) -> dict[str, Numbers]:
    answers = {name: np.empty(len(source), np.int64) for name in names}
    places: dict[int, Bare] = {}
    for number in range(len(source)):
        asking = Bare(law, source.subject(number), on, places)
        for name in names:
            answers[name][number] = asking.number(name)
    return answers


class _Whole:
    """One compiled run: what its chunks share."""

    def __init__(
        self,
        law: Law,
        source: Source,
        on: date,
        of: str,
        asked: list[str],
        order: Sequence[Turn],
        matrix: LawMatrix,
        regime: Numbers,
        settled: dict[str, Numbers],
    ) -> None:
        self.law, self.source, self.on, self.of, self.asked, self.settled = law, source, on, of, asked, settled
        self.order, self.matrix, self.regime = order, matrix, regime
        self.loops: dict[int, Loop | NoLoop] = {}
        wide = matrix.too_wide()
        for turn in order:
            if any(argument.name in wide for argument in turn.rule.arguments):
                self.loops[id(turn.rule)] = NoLoop("表的行列跨度太大")
            elif not turn.rule.total and id(turn.rule) not in self.loops:
                self.loops[id(turn.rule)] = loop_for(turn.rule, codes=law.terms.codes)
        self.in_python = {t.rule.id: loop.reason for t in order if isinstance(loop := self.loops.get(id(t.rule)), NoLoop)}
        for name, reason in self.in_python.items():
            log.warning("规则 %s 改由 Python 回答：%s", name, reason)
        every = needed(law, matrix.regimes, of=of, names=asked, settled=settled)
        self.ruled = {turn.rule.id for turn in order}
        self.dated = sorted({name for loop in self._loops() for name in loop.columns.dated})
        self.fields = self._fields()
        self.judged = self._judged()
        self.facts = [n for n in every if n != "on" and own(law, n, of) and _is_fact(law, n)]
        self.around = [n for n in every if not own(law, n, of) and not (_in_terms(law, n) and law.terms.names[n].history)]
        self.values = [n for n in every if n != "on" and own(law, n, of) and n in law.titles and not _in_terms(law, n)]
        matrix.names.extend(dict.fromkeys([*self.values, *self.dated]))
        self.law_column = {name: number for number, name in enumerate(matrix.names)}
        self.column = {name: number for number, name in enumerate(["on", *self.facts, *self.around, *self.values])}
        for name in self.fields:
            for state in ("whole", "recent"):
                self.column[f"{name} {state}"] = len(self.column)
        self.places = self._places()

    def _loops(self) -> list[Loop]:
        return [loop for loop in self.loops.values() if isinstance(loop, Loop)]

    def _fields(self) -> dict[str, list[str]]:
        """Each history that a compiled rule asks for, with the fields it reads."""
        found: dict[str, list[str]] = {}
        for turn in self.order:
            loop = self.loops.get(id(turn.rule))
            if isinstance(loop, Loop):
                for argument in turn.rule.arguments:
                    if argument.type.name in HISTORIES:
                        found.setdefault(argument.name, [])
                for name, field_name in loop.columns.fields:
                    if field_name not in found[name]:
                        found[name].append(field_name)
        return found

    def _judged(self) -> set[str]:
        """Histories whose records are judged by the law of their own day."""
        rules = [t.rule for t in self.order if isinstance(loop := self.loops.get(id(t.rule)), Loop) and loop.columns.dated]
        return {argument.name for rule in rules for argument in rule.arguments if argument.type.name in HISTORIES}

    def _places(self) -> tuple[Numbers, dict[str, Numbers]]:
        """For each subject which of the places around it, and answers about each place once; the last one is that of no place."""
        wanted = [name for name in self.around if name not in self.settled]
        if not wanted:
            return np.zeros(len(self.source), np.int64), {}
        places, at = self.source.around()
        found = run_over(self.law, places, on=self.on, names=wanted, compiled=True)
        self.in_python |= found.in_python
        return at, {name: np.append(answers, MISSING) for name, answers in found.answers.items()}

    def run(self) -> Run:
        parts: list[list[Numbers]] = []
        for start in range(0, len(self.source), CHUNK):
            cols = self._chunk(start, min(start + CHUNK, len(self.source)))
            parts.append([cols[self.column[name]].copy() for name in self.asked])
        answers = {name: np.concatenate([part[k] for part in parts]) for k, name in enumerate(self.asked)}
        return Run(answers, self.in_python)

    def _chunk(self, start: int, stop: int) -> Numbers:
        regime, source = chunk.writable(self.regime[start:stop]), self.source.part(start, stop)
        histories = {
            name: source.records(name, fields, self.matrix, on=self.on, dated=name in self.judged) for name, fields in self.fields.items()
        }
        laws, flat = self.matrix.arrays()
        cols = np.empty((len(self.column), stop - start), np.int64)
        given = self._fill(cols, source, regime, laws, histories, start)
        bound = _Bound(self, source, regime, cols, laws, flat, histories, set(given) | self.settled.keys())
        here = set(np.unique(regime).tolist())
        for turn in self.order:
            if turn.where & here:
                rows = np.flatnonzero(np.isin(regime, list(turn.where)))
                if turn.rule.id in given:
                    rows = rows[~given[turn.rule.id][rows]]
                bound.answer(turn.rule, rows)
        return cols

    def _fill(
        self, cols: Numbers, source: Source, regime: Numbers, laws: Numbers, histories: dict[str, Records], start: int
    ) -> dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        """Fill every column but those of rules; what was given by hand for a name of the law goes before the law."""
        cols[self.column["on"]] = day_number(self.on)
        for name in self.facts:
            cols[self.column[name]] = source.fact(name)
        for name, answers in self.places[1].items():
            cols[self.column[name]] = answers[self.places[0][start : start + len(source)]]
        for name in self.values:
            cols[self.column[name]] = laws[regime, self.law_column[name]] if self.law_column else NO_RULE
        for name, found in histories.items():
            cols[self.column[f"{name} whole"]] = found.whole
            cols[self.column[f"{name} recent"]] = found.recent
        given = {}
        for name in source.given({*self.around, *self.values}):
            value = source.fact(name)
            given[name] = value != MISSING
            cols[self.column[name]][given[name]] = value[given[name]]
        for name in self.settled.keys() & self.column.keys():
            cols[self.column[name]] = self.settled[name][start : start + len(source)]
        return given


@dataclass(eq=False)
class _Bound:
    """One chunk's arrays, ready for the loops."""

    whole: _Whole
    source: Source
    regime: Numbers
    cols: Numbers
    laws: Numbers
    flat: Numbers
    histories: dict[str, Records]
    given: set[str]

    def answer(self, rule: RuleDef, rows: Numbers) -> None:
        """Write one rule's answers for these subjects."""
        out = self.cols[self.whole.column[rule.id]]
        loop = self.whole.loops.get(id(rule))
        if rule.total:
            found = self.source.total(rule.total)[rows]
            out[rows] = np.where(meant_for(rule, self.source.places[rows]), found, NOT_APPLICABLE) if rule.to else found
        elif isinstance(loop, Loop):
            self._loop(loop, rule, rows, out)
        else:
            for n in rows:
                out[n] = Bare(self.whole.law, self.source.subject(int(n)), self.whole.on, {}).number(rule.id)

    def _loop(self, loop: Loop, rule: RuleDef, rows: Numbers, out: Numbers) -> None:
        source, index, histories = [], [], []
        for argument in rule.arguments:
            name, word = argument.name, argument.type.name
            if word in HISTORIES:
                found = self.histories[name]
                histories += [found.starts, found.rows, found.law]
            if word in ("ByDate", "Records"):
                continue
            column = {"History": f"{name} whole", "Recent": f"{name} recent"}.get(word, name)
            from_law = column in self.whole.law_column and name not in self.whole.ruled and name not in self.given
            source.append(1 if from_law else 0)
            index.append(self.whole.law_column[column] if from_law else self.whole.column[column])
        fields = [self.whole.fields[name].index(field_name) for name, field_name in loop.columns.fields]
        dated = [self.whole.law_column[name] for name in loop.columns.dated]
        numbers = [np.array(part or [0], np.int64) for part in (source, index, fields, dated)]
        loop.run(chunk.writable(rows), self.regime, self.cols, self.laws, self.flat, *numbers, out, *histories)


def _in_terms(law: Law, name: str) -> bool:
    term = law.terms.names.get(name)
    return term is not None and not term.is_value


def _is_fact(law: Law, name: str) -> bool:
    return _in_terms(law, name) and not law.terms.names[name].history
