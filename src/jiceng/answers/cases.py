"""Worked cases run: what the law says beside what a person worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass

from jiceng.answers.asking import Asking
from jiceng.answers.card import text_of
from jiceng.answers.step import Step, missing
from jiceng.answers.subject import History, Known, Record, Subject
from jiceng.base.kinds import AnswerKind
from jiceng.law.cases import Case, CaseHistory, Expected, read_cases
from jiceng.law.layers import Law
from jiceng.law.model import Document


@dataclass(frozen=True)
class CaseResult:
    """One expectation of one case: what was wanted, what came out, and the step that says why."""

    document: str
    case: Case
    name: str
    title: str
    expected: str
    got: str
    right: bool
    step: Step

    @property
    def text(self) -> str:
        """One line: the case, the name, both sides where they differ."""
        head = f"{self.document} 第 {self.case.number} 个算例“{self.case.title}”（第 {self.case.line} 行）：{self.title}"
        if self.right:
            return f"{head} = {self.got}"
        why = f"（{self.step.why}）" if self.step.why else ""
        return f"{head} 应得 {self.expected}，算出 {self.got}{why}"


def run_cases(law: Law, document: Document) -> list[CaseResult]:
    """Every expectation of every case of a document.

    Shape   one result an expectation, in the order written
    Time    each case on its own day and at its own place
    Empty   a folder without cases gives none
    """
    return [result for case in read_cases(law, document) for result in _run(law, document, case)]


def _run(law: Law, document: Document, case: Case) -> list[CaseResult]:
    asking = {of: Asking(law, subject, case.on) for of, subject in case_subjects(law, case).items()}
    results = []
    for name, expected in case.expected.items():
        step = asking[law.of.get(name, "worker")].step(name)
        got = text_of(step, law.terms) + (f"：{step.why}" if step.kind is not AnswerKind.value and step.why else "")
        title = law.titles.get(name, name)
        results.append(CaseResult(document.id, case, name, title, expected.text, got, _agrees(step, expected), step))
    return results


def case_subjects(law: Law, case: Case) -> dict[str, Subject]:
    """The worker, the place and the request a case speaks of; a value of the law that it gives counts for all three."""
    facts: dict[str, dict[str, Known]] = {"worker": {}, "place": {}, "request": {}}
    for name, value in case.known.items():
        for of in [law.of[name]] if name in law.of else facts:
            facts[of][name] = Known(value)
    histories = {name: _history(history) for name, history in case.histories.items()}
    place = Subject(2, "place", case.place, facts["place"])
    return {
        "worker": Subject(1, "worker", case.place, facts["worker"], histories, place),
        "place": place,
        "request": Subject(3, "request", case.place, facts["request"], around=place),
    }


def _history(stated: CaseHistory) -> History:
    records = tuple(Record(one.since, one.until, one.place, one.values) for one in stated.records)
    return History(records, stated.complete_from, stated.whole)


def _agrees(step: Step, expected: Expected) -> bool:
    if step.kind is not expected.kind:
        return False
    if step.kind is AnswerKind.value:
        return bool(step.value == expected.value)
    said = f"{step.why} {' '.join(title for _, title in missing(step))} {'、'.join(map(str, step.options))}"
    return expected.holding in said
