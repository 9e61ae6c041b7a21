"""The three ways a rule is asked, which must never differ: one subject with every step, many in plain Python, many in compiled loops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from jiceng.answers.asking import Asking
from jiceng.answers.population import encoded, run
from jiceng.answers.subject import Subject
from jiceng.law.layers import Law


def same(law: Law, subjects: Sequence[Subject], *, on: date, names: Sequence[str] | None = None) -> dict[str, np.ndarray]:
    """Compiled answers, after checking them against both ways of Python: value and kind of every name for every subject."""
    compiled = run(law, subjects, on=on, names=names, compiled=True)
    plain = run(law, subjects, on=on, names=names, compiled=False)
    assert compiled.in_python == {}
    assert plain.answers.keys() == compiled.answers.keys()
    traced = {name: np.empty(len(subjects), np.int64) for name in plain.answers}
    for number, subject in enumerate(subjects):
        asking = Asking(law, subject, on)
        for name in traced:
            traced[name][number] = encoded(asking.step(name))
    for way in (plain.answers, traced):
        different = {name: int(np.count_nonzero(way[name] != compiled.answers[name])) for name in way}
        assert {name: count for name, count in different.items() if count} == {}
    return compiled.answers
