"""Who was placed somewhere and began or ended something between two days: the few whose history is worth reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jiceng.ledger.kinds import shapes_of
from jiceng.ledger.tables import rows
from jiceng.terms.registry import Terms, base_terms


def with_boundary(
    ranges: Sequence[tuple[int, int]], *, since: date, until: date, placed: str, events: Sequence[str] = (), terms: Terms | None = None
) -> list[int]:
    """Subjects with a fact of a placed kind inside ranges of natural codes, for whom such a fact, wherever, began or ended in
    the period, or an event happened in it; rising.

    Time    [since, until); believed or not: whoever reads their histories then says as known by when
    Empty   no range, nobody
    """
    if not ranges:
        return []
    known = shapes_of(terms or base_terms())
    number = known.kind(placed).number
    inside = " OR ".join(["f.place BETWEEN %s AND %s"] * len(ranges))
    period = [since.isoformat(), until.isoformat()]
    theirs = "EXISTS (SELECT 1 FROM ledger_fact b WHERE b.subject = f.subject AND b.kind = %s AND "
    # One condition a kind: each is then one look into the index of subjects, whatever a planner knows of the table.
    began = f"{theirs}(b.since >= %s AND b.since < %s OR b.until >= %s AND b.until < %s))"
    happened = "".join([f" OR {theirs}b.since >= %s AND b.since < %s)"] * len(events))
    sql = f"SELECT DISTINCT f.subject FROM ledger_fact f WHERE f.kind = %s AND f.place IS NOT NULL AND ({inside})"
    sql += f" AND f.since < %s AND f.until >= %s AND ({began}{happened}) ORDER BY 1"
    asked = [value for kind in events for value in (known.kind(kind).number, *period)]
    bounds = [code for pair in ranges for code in pair]
    found = rows(sql, [number, *bounds, period[1], period[0], number, *period, *period, *asked])
    return [row[0] for row in found]
