"""What the law says about one subject on a day: the rules as they stand, run by Python, every step kept."""

from __future__ import annotations

from datetime import date

from jiceng.answers.asking import Asking
from jiceng.answers.step import Step
from jiceng.answers.subject import Subject
from jiceng.base.dates import day_after
from jiceng.base.refusals import Refusal
from jiceng.law.layers import Law
from jiceng.rules.language import did_you_mean


def answer(law: Law, subject: Subject, name: str, *, on: date) -> Step:
    """The answer under one name, with every step it was made of.

    Units   the integer of the step's type: fen, millionths, days since 1970-01-01, code numbers
    Time    law in force and facts as of the end of `on`; a record of a history is judged by the law of its own day
    Empty   a rule that is not in force here and now gives the kind no_rule
    Errors  Refusal law.no_name for a name that no document and no word list has
    """
    if name not in law.titles:
        raise Refusal("law.no_name", f"没有“{name}”这个名字{did_you_mean(name, law.titles)}", do="用 jiceng law list 查看规则")
    return Asking(law, subject, on).step(name)


def answer_all(law: Law, subject: Subject, *, on: date, standing: bool = False) -> dict[str, Step]:
    """Every rule in force for this kind of subject at its place, in the order in which rules ask each other; after them
    the values that stand there in place of a rule.

    `standing`: only what rows keep
    Time    as `answer`
    Empty   a place and day without any document gives no answers
    """
    asking = Asking(law, subject, on)
    names = law.standing(asking.regime, subject.of) if standing else law.answered(asking.regime, subject.of)
    return {name: asking.step(name) for name in names}


def next_look(steps: dict[str, Step], *, on: date) -> date:
    """The first later day on which any of these answers may change with nothing recorded."""
    return min((step.horizon for step in steps.values()), default=day_after(on))
