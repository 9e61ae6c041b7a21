"""How much of a document the system carries: sentences by disposition, clauses without a rule, rules without a case; published."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jiceng.law.layers import Law
from jiceng.law.model import DISPOSITIONS, Clause, Document

_HEAD = ("文件夹", "条", "句", *DISPOSITIONS.values(), "规则数", "数值数", "算例")
_BY_CLAUSE = ("文件夹", "条", "句", *DISPOSITIONS.values())
TABLE_START = f"| {' | '.join(_HEAD)} |"


def coverage(document: Document) -> dict[str, int]:
    """Sentences by disposition, every disposition named; they add up to the sentences of the document.

    Empty   a document without clauses.yaml has 0 everywhere
    """
    return _counts(document.clauses)


def _counts(clauses: Iterable[Clause]) -> dict[str, int]:
    counts = dict.fromkeys(DISPOSITIONS, 0)
    for clause in clauses:
        for sentence in clause.sentences:
            counts[sentence.disposition] += 1
    return counts


def without_rule(document: Document) -> list[Clause]:
    """Clauses of which no sentence is carried by a rule or a value."""
    return [clause for clause in document.clauses if not any(one.disposition in ("rule", "value") for one in clause.sentences)]


def without_case(law: Law, document: Document) -> list[str]:
    """Rules that no worked case of the folder asks, by title; sums over people cannot have one."""
    uncased = {(notice.path, notice.line) for notice in law.notices if notice.id == "law.no_case"}
    return [rule.title for rule in document.rules if (rule.path, rule.line) in uncased]


def table(law: Law) -> str:
    """Every folder on one line, in order of id, as Markdown."""
    rows = []
    for document in sorted(law.documents, key=lambda one: one.id):
        counts = coverage(document)
        numbers = (len(document.clauses), sum(counts.values()), *counts.values())
        rows.append((f"`{document.id}`", *numbers, len(document.rules), len(document.values), len(document.cases)))
    return _markdown(_HEAD, rows)


def by_clause(law: Law) -> str:
    """The page of every clause of every folder: sentences by disposition, then what no rule carries and no case holds."""
    documents = sorted(law.documents, key=lambda one: one.id)
    rows = []
    for document in documents:
        for clause in document.clauses:
            counts = _counts([clause])
            rows.append((f"`{document.id}`", f"{clause.number} {clause.title}".strip(), sum(counts.values()), *counts.values()))
    carried = [f"* `{d.id}`：{'、'.join(f'{c.number} {c.title}'.strip() for c in found)}" for d in documents if (found := without_rule(d))]
    cased = [f"* `{d.id}`：{'、'.join(titles)}" for d in documents if (titles := without_case(law, d))]
    parts = [
        "# 逐条覆盖",
        "由 `jiceng law coverage --write docs/law` 写成，测试核对是否最新。处置的意思见 [README](README.md)。",
        _markdown(_BY_CLAUSE, rows),
        "## 没有规则和数值的条",
        "\n".join(carried) or "没有。",
        "## 没有算例的规则",
        "合计（对一群人的汇总）不能用一个人的算例核对，不在内。",
        "\n".join(cased) or "没有。",
    ]
    return "\n\n".join(parts) + "\n"


def _markdown(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(map(str, row))} |" for row in rows)]
    return "\n".join(lines)


def with_table(text: str, law: Law) -> str:
    """A page with its coverage table replaced by the present one; a page without one stays as it is."""
    lines = text.split("\n")
    if TABLE_START not in lines:
        return text
    start = lines.index(TABLE_START)
    end = next((at for at in range(start, len(lines)) if not lines[at].startswith("|")), len(lines))
    return "\n".join([*lines[:start], table(law), *lines[end:]])


def publish(law: Law, folder: Path) -> list[Path]:
    """Write the table into README.md and the page of clauses beside it; gives the files that changed.

    Errors  OSError if the folder has no README.md
    """
    readme, page = folder / "README.md", folder / "coverage.md"
    wanted = {readme: with_table(readme.read_text(encoding="utf-8"), law), page: by_clause(law)}
    changed = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in changed:
        path.write_text(wanted[path], encoding="utf-8")
    return changed
