"""Worked cases of a document, run once for a law set."""

from __future__ import annotations

from functools import lru_cache

from jiceng.answers.cases import CaseResult, run_cases
from jiceng.law.layers import Law
from jiceng.law.model import Document
from jiceng.runs.law import installed_law


def case_results(law: Law, document: Document) -> list[CaseResult]:
    """Every expectation of every case of a document, with what came out."""
    return _run(law.hash, document.id)


@lru_cache(maxsize=32)
def _run(law_hash: str, document: str) -> list[CaseResult]:
    law = installed_law()
    return run_cases(law, law.document(document))
