"""How much of a document the system carries: sentences by disposition."""

from __future__ import annotations

from jiceng.law.model import DISPOSITIONS, Document


def coverage(document: Document) -> dict[str, int]:
    """Sentences by disposition, every disposition named; they add up to the sentences of the document.

    Empty   a document without clauses.yaml has 0 everywhere
    """
    counts = dict.fromkeys(DISPOSITIONS, 0)
    for clause in document.clauses:
        for sentence in clause.sentences:
            counts[sentence.disposition] += 1
    return counts
