"""Policy folders in, law out: every finding of every folder at once, or a Law that checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiceng
from jiceng.base.refusals import Problem, Problems
from jiceng.law.bounds import check_bounds, check_same_level
from jiceng.law.cases import check_cases
from jiceng.law.document import Heading, read_clauses, read_heading
from jiceng.law.folding import folder_hash, law_hash
from jiceng.law.gaps import bands_flawed
from jiceng.law.layers import Law as Law
from jiceng.law.lined import read
from jiceng.law.model import Document
from jiceng.law.naming import Names, check_asked, check_circles, check_clauses, gather
from jiceng.law.payform import check_pay, read_pay
from jiceng.law.rulefile import rules_of
from jiceng.law.values import read_values
from jiceng.terms.registry import Terms, base_terms


def shipped_root() -> Path:
    """Where the shipped policy folders lie: inside the package, or beside `src` in a checkout."""
    package = Path(jiceng.__file__).parent
    return next((path for path in (package / "policies", package.parents[1] / "policies") if path.is_dir()), package / "policies")


def folder_id(folder: Path) -> str:
    """cn-2105-benxi/2022-pay."""
    return "/".join(folder.resolve().parts[-2:])


def find_folders(*roots: Path) -> list[Path]:
    """Policy folders under these roots, in order of id; a folder is one with a document.yaml.

    Empty   a root that does not exist has none
    Errors  none: of two folders with one id the higher version is taken, and the earlier root where versions are equal
    """
    chosen: dict[str, tuple[int, Path]] = {}
    for root in roots:
        for heading in sorted(root.glob("**/document.yaml")) if root.is_dir() else ():
            folder = heading.parent
            if any(part.startswith(".") for part in folder.relative_to(root).parts):
                continue
            version = _version(heading)
            if folder_id(folder) not in chosen or version > chosen[folder_id(folder)][0]:
                chosen[folder_id(folder)] = (version, folder)
    return [chosen[id][1] for id in sorted(chosen)]


def _version(heading: Path) -> int:
    raw = read(heading, name=heading.name, found=[])
    text = raw.get("version", "1") if isinstance(raw, dict) else "1"
    return int(text) if isinstance(text, str) and text.isdecimal() else 1


@dataclass
class _Folder:
    """One folder, half read: its heading, before the words of all folders are known."""

    id: str
    path: Path
    heading: Heading | None


def load_law(folders: Iterable[Path], *, terms: Terms | None = None, adoptions: Mapping[str, str] | None = None) -> Law:
    """The law of these folders.

    Shape   `adoptions`: document id → the office that confirmed it against its own paper
    Time    the folders as they stand now
    Errors  Problems law.refused with every finding of every folder (file and line); notices stay in `law.notices`
    """
    found: list[Problem] = []
    opened = [_open(Path(folder), found) for folder in folders]
    _check_ids(opened, found)
    words = _words(opened, terms or base_terms(), found)
    confirmed = adoptions or {}
    documents = tuple(d for folder in opened if (d := _document(folder, words, confirmed.get(folder.id, ""), found)))
    return _checked(documents, documents, words, found)


def load_over(law: Law, folders: Iterable[Path]) -> Law:
    """The same law with these folders laid over it: a draft, or the values of a scenario. Nothing else is read again.

    Shape   a folder with the id of a document of the law stands in its place; then everything is read anew
    Errors  as `load_law`, for findings about the folders laid over or brought about by them
    """
    laid = [Path(folder) for folder in folders]
    ids = {folder_id(folder) for folder in laid}
    kept = [document for document in law.documents if document.id not in ids]
    if len(kept) < len(law.documents):
        adopted = {document.id: document.adopted_by for document in kept if document.adopted_by}
        return load_law([*(document.folder for document in kept), *laid], adoptions=adopted)
    found: list[Problem] = []
    opened = [_open(folder, found) for folder in laid]
    _check_ids(opened, found)
    words = _words(opened, law.terms, found)
    fresh = tuple(d for folder in opened if (d := _document(folder, words, "", found)))
    return _checked((*law.documents, *fresh), fresh, words, found)


def _checked(documents: tuple[Document, ...], fresh: tuple[Document, ...], words: Terms, found: list[Problem]) -> Law:
    """The law of these documents, if all of it checks; those that are not `fresh` were checked by themselves before."""
    names = gather(documents, words, found)
    # A folder that did not read has names the others may ask for: report only what is sure.
    if not any(not problem.notice for problem in found):
        found += check_asked(documents, names, words)
    law = Law(documents, words, law_hash(documents), names.titles, names.types, names.units, names.of)
    for document in fresh:
        found += check_clauses(document, names)
        found += _check_pay(document, names)
        found += [one.problem for one in bands_flawed(document)]
        found += check_cases(law, document)
    found += [one.problem for one in (*check_bounds(documents), *check_same_level(documents))]
    found += check_circles(law, inside={document.jurisdiction for document in fresh})
    _refuse(found)
    law.notices = tuple(found)
    return law


def _refuse(found: list[Problem]) -> None:
    problems = [problem for problem in found if not problem.notice]
    if problems:
        raise Problems("law.refused", f"法规不能载入，有 {len(problems)} 处问题", problems, do="请按提示修改文件夹后重新载入")


def _open(folder: Path, found: list[Problem]) -> _Folder:
    id = folder_id(folder)
    name = f"{id}/document.yaml"
    if not (folder / "document.yaml").is_file():
        found.append(Problem("law.no_heading", "文件夹里没有 document.yaml", id))
        return _Folder(id, folder, None)
    before = len(found)
    raw = read(folder / "document.yaml", name=name, found=found)
    return _Folder(id, folder, read_heading(raw, path=name, found=found) if len(found) == before else None)


def _check_ids(opened: list[_Folder], found: list[Problem]) -> None:
    seen: set[str] = set()
    for folder in opened:
        if folder.id in seen:
            found.append(Problem("law.folder_twice", f"两个文件夹的编号都是“{folder.id}”", str(folder.path.name)))
        seen.add(folder.id)


def _words(opened: list[_Folder], terms: Terms, found: list[Problem]) -> Terms:
    """The shipped words with those of every folder on top."""
    for folder in opened:
        path = folder.path / "terms.yaml"
        if path.is_file():
            name = f"{folder.id}/terms.yaml"
            before = len(found)
            read(path, name=name, found=found)
            if len(found) > before:
                continue
            try:
                terms = terms.layered(path.read_text(encoding="utf-8-sig"), name)
            except Problems as problems:
                found += problems.problems
    return terms


def _document(folder: _Folder, terms: Terms, adopted_by: str, found: list[Problem]) -> Document | None:
    heading = folder.heading
    if heading is None:
        return None

    def content(file: str) -> Any:
        path = folder.path / file
        return read(path, name=f"{folder.id}/{file}", found=found) if path.is_file() else None

    values = read_values(content("values.yaml"), path=f"{folder.id}/values.yaml", in_force=heading.in_force, terms=terms, found=found)
    clauses = read_clauses(content("clauses.yaml"), path=f"{folder.id}/clauses.yaml", found=found)
    rules = rules_of(folder.path / "rules.py", name=f"{folder.id}/rules.py", terms=terms, found=found)
    cases = content("cases.yaml")
    if cases is not None and not (isinstance(cases, list) and all(isinstance(case, dict) for case in cases)):
        found.append(Problem("law.cases_shape", "应是“- {情形: …, 日期: …, 已知: …, 应得: …}”的列表", f"{folder.id}/cases.yaml", 1))
        cases = None
    pay = read_pay(content("pay.yaml"), document=folder.id, path=f"{folder.id}/pay.yaml", found=found)
    trust = "adopted" if adopted_by and heading.trust != "official" else heading.trust
    return Document(
        folder.id, folder.path, heading.title, heading.short, heading.number, heading.issuer, heading.jurisdiction,
        heading.dated, heading.published, heading.in_force, heading.until, trust, heading.sources, heading.version,
        heading.example, clauses, values, rules, tuple(cases or ()), folder_hash(folder.path),
        adopted_by, heading.note, pay,
    )  # fmt: skip


def _check_pay(document: Document, names: Names) -> list[Problem]:
    if document.pay is None:
        return []
    numbers = [clause.number for clause in document.clauses]
    path = f"{document.id}/pay.yaml"
    return list(
        check_pay(document.pay, path=path, types=names.types, of=names.of, rules=names.rules, values=names.values, clauses=numbers)
    )
