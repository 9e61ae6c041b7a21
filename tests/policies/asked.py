"""One worker of a sentence or two, asked under the shipped folders, or under these and a few of the test's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jiceng.answers.asking import Asking
from jiceng.answers.cases import case_subjects
from jiceng.answers.step import Step
from jiceng.law.cases import read_cases
from jiceng.law.layers import Law
from jiceng.law.lined import read
from jiceng.law.load import find_folders, load_law, shipped_root


def with_folders(*folders: Path) -> Law:
    """The shipped law and these folders."""
    return load_law([*find_folders(shipped_root()), *folders])


def steps(law: Law, tmp_path: Path, *names: str, on: str, place: int, known: str = "") -> list[Step]:
    """The answers to these names; `known` is written as in cases.yaml: “台账等级: 7, 年度考核: [2023 合格]”."""
    path = tmp_path / "cases.yaml"
    path.write_text(f'- {{日期: {on}, 地点: "{place}", 已知: {{{known}}}, 应得: {{{names[0]}: 缺事实}}}}\n', encoding="utf-8")
    found: list = []
    raw = read(path, name="cases.yaml", found=found)
    assert found == []
    (case,) = read_cases(law, replace(law.documents[0], cases=tuple(raw)))
    subjects = case_subjects(law, case)
    asking = {of: Asking(law, subject, case.on) for of, subject in subjects.items()}
    return [asking[law.of.get(name, "worker")].step(name) for name in names]


def values(law: Law, tmp_path: Path, *names: str, on: str, place: int, known: str = "") -> list[int | str | None]:
    """The same as values, a kind's name where there is none. Money in fen."""
    found = steps(law, tmp_path, *names, on=on, place=place, known=known)
    return [step.value if step.kind.name == "value" else step.kind.name for step in found]
