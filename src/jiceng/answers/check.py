"""Everything `jiceng law check` says: folders, names, layers, worked cases, coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiceng.answers.cases import CaseResult, run_cases
from jiceng.base.refusals import Problem, Problems
from jiceng.law.coverage import coverage
from jiceng.law.load import load_law
from jiceng.law.model import DISPOSITIONS
from jiceng.terms.registry import Terms


@dataclass(frozen=True)
class Checked:
    """What a check found. `problems` refuse the law, and then nothing else was looked at."""

    documents: tuple[str, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...] = ()
    results: tuple[CaseResult, ...] = ()
    coverage: dict[str, dict[str, int]] | None = None

    @property
    def wrong(self) -> tuple[CaseResult, ...]:
        """Expectations that did not come out."""
        return tuple(result for result in self.results if not result.right)

    @property
    def right(self) -> bool:
        """Nothing refused and every expectation met. Notices do not count."""
        return not self.problems and not self.wrong

    def lines(self) -> list[str]:
        """The check as printed, one finding a line."""
        lines = [f"[{problem.id}] {problem}" for problem in self.problems]
        lines += [f"提示 [{notice.id}] {notice}" for notice in self.notices]
        lines += [f"算例不符：{result.text}" for result in self.wrong]
        for document, counts in (self.coverage or {}).items():
            said = "、".join(f"{DISPOSITIONS[kind]} {count}" for kind, count in counts.items() if count)
            lines.append(f"{document}：{sum(counts.values())} 句" + (f"（{said}）" if said else ""))
        if not self.problems:
            met = len(self.results) - len(self.wrong)
            lines.append(f"文件 {len(self.documents)} 个，算例 {met}/{len(self.results)} 相符，提示 {len(self.notices)} 条")
        return lines

    def as_dict(self) -> dict[str, Any]:
        """The same for `--json`."""
        return {
            "right": self.right,
            "documents": list(self.documents),
            "problems": [_problem(problem) for problem in self.problems],
            "notices": [_problem(notice) for notice in self.notices],
            "cases": {"total": len(self.results), "wrong": [result.text for result in self.wrong]},
            "coverage": self.coverage or {},
        }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"id": problem.id, "message": problem.message, "path": problem.path, "line": problem.line, "column": problem.column}


def check(folders: Iterable[Path], *, terms: Terms | None = None) -> Checked:
    """Load the folders and run their cases. A folder is checked together with those above it.

    Errors  none raised: what `load_law` would refuse is in `problems`
    """
    folders = list(folders)
    try:
        law = load_law(folders, terms=terms)
    except Problems as refused:
        return Checked(tuple(str(folder.name) for folder in folders), tuple(refused.problems))
    results = tuple(result for document in law.documents for result in run_cases(law, document))
    counts = {document.id: coverage(document) for document in law.documents}
    return Checked(tuple(document.id for document in law.documents), (), law.notices, results, counts)
