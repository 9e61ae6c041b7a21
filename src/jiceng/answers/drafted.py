"""A draft checked as if it were in force: laid over the law, its cases run, its own findings apart from those of others."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jiceng.answers.cases import CaseResult, run_cases
from jiceng.base.refusals import Problem, Problems
from jiceng.law.drafting.folders import contents
from jiceng.law.layers import Law
from jiceng.law.load import folder_id, load_over
from jiceng.law.model import Document


@dataclass(frozen=True)
class Drafted:
    """What the check of a draft found. `law` and `document` are None as long as something refuses it."""

    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...] = ()
    results: tuple[CaseResult, ...] = ()
    law: Law | None = None
    document: Document | None = None

    @property
    def wrong(self) -> tuple[CaseResult, ...]:
        """Expectations that did not come out."""
        return tuple(result for result in self.results if not result.right)

    @property
    def right(self) -> bool:
        """It could come into force: nothing refused, every case as expected."""
        return not self.problems and not self.wrong


def checked(folder: Path, *, law: Law, instead: Mapping[str, str] | None = None) -> Drafted:
    """The draft laid over the law. `instead`: files as somebody is just typing them, not yet saved.

    Time    the folder as it stands now
    Errors  none raised: what refuses the draft is in `problems`
    """
    if not instead:
        return _checked(folder, law)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / folder_id(folder)
        copy.mkdir(parents=True)
        for name, text in {**contents(folder), **instead}.items():
            (copy / name).write_text(text, encoding="utf-8")
        return _checked(copy, law)


def _checked(folder: Path, law: Law) -> Drafted:
    id = folder_id(folder)
    before = {(notice.id, notice.message) for notice in law.notices}
    try:
        over = load_over(law, [folder])
    except Problems as refused:
        own = [problem for problem in refused.problems if problem.path.startswith(id)]
        told = own or [problem for problem in refused.problems if not problem.notice]
        return Drafted(
            tuple(one for one in told if not one.notice) or tuple(one for one in refused.problems if not one.notice),
            tuple(one for one in own if one.notice),
        )
    document = over.document(id)
    notices = tuple(one for one in over.notices if one.path.startswith(id) or (one.id, one.message) not in before)
    return Drafted((), notices, tuple(run_cases(over, document)), over, document)
