"""A month's pay of a county of 1,000 and of a prefecture of 20,000. `python bench/pay_month.py [workers …]`.

Everybody is graded under the 示例 folders, one in ten was on personal leave in the month; everything goes through the ledger
(`bench/standing.py` makes the people). First: a fresh process, as after a start. Again: the median of three. Late: one in fifty had
another leave told after the month was locked. JICENG_DATABASE (or `tools/with-postgres`) chooses PostgreSQL.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bench.standing import PREFECTURE, Row, Table, _database_for, at, peak, people, prepare

COUNTY = 513301
SMALL = 5_000
"""Up to so many workers stand in one county, more in the prefecture."""
AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)
LOCKED, NOW = date(2026, 9, 1), date(2026, 10, 8)


def main(sizes: Sequence[int]) -> None:
    tables = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="jiceng-bench-") as home:
            (Path(home) / "data").mkdir()
            env = {**os.environ, "JICENG_HOME": home, "JICENG_KEYS": f"{home}/keys", "DJANGO_SETTINGS_MODULE": "jiceng.web.settings"}
            if "JICENG_TEST_POSTGRES" in env:
                env["JICENG_DATABASE"] = _database_for(size, env["JICENG_TEST_POSTGRES"])
            subprocess.run([sys.executable, __file__, "fill", str(size)], env=env, check=True)
            told = subprocess.run([sys.executable, __file__, "measure", str(size)], env=env, check=True, stdout=subprocess.PIPE)
            tables[size] = {f"{name} {unit}": number for name, number, unit in json.loads(told.stdout.splitlines()[-1])}
    print("postgresql" if "JICENG_TEST_POSTGRES" in os.environ else "sqlite", "load", round(os.getloadavg()[0], 1))
    print(f"{'':52}" + "".join(f"{size:>12,}" for size in sizes))
    for name in tables[sizes[0]]:
        print(f"{name:52}" + "".join(f"{tables[size][name]:>12,.1f}" for size in sizes))


def place_of(size: int) -> int:
    """The county for few, the prefecture for many."""
    return COUNTY if size <= SMALL else PREFECTURE


def fill(size: int) -> None:
    """So many graded workers, and the invented folders confirmed."""
    prepare()
    from jiceng.ledger.books import book_of
    from jiceng.places import tree
    from jiceng.places.models import Place
    from jiceng.runs import commit
    from jiceng.runs.adopting import adopt
    from jiceng.runs.law import installed_law

    book = book_of(PREFECTURE).id
    for document in installed_law().documents:
        if document.example and tree.contains(PREFECTURE, document.jurisdiction):
            told: dict[str, Any] = {"office": "示例办公室", "place": PREFECTURE, "since": date(2026, 1, 1), "actor": "bench"}
            adopt(document.id, **told, basis="bench", why="bench", clock=at(date(2026, 1, 5)))
    low, high = tree.span(place_of(size))
    communities = sorted(code for code in Place.objects.filter(level=5).values_list("code", flat=True) if low <= code <= high)
    commit.land(book, paid(book, size, communities), actor="bench", basis="bench", why="bench", clock=at(date(2026, 8, 5)), batch=1)


def paid(book: int, size: int, communities: Sequence[int]) -> Iterator[list[tuple[int, list[Any]]]]:
    """The people of the other benches with a grade, one in ten with a day of leave in August."""
    from jiceng.ledger.record import Record

    dice = random.Random(3)
    for some in people(book, size, communities=communities):
        told = []
        for subject, facts in some:
            more = [Record(subject, "grading", date(2026, 1, 1), None, {"grade": dice.randint(1, 8)})]
            if dice.random() < 0.1:
                more.append(Record(subject, "leave", date(2026, 8, 3), None, {"kind": "personal", "days": 1}))
            told.append((subject, [*facts, *more]))
        yield told


def measure(size: int) -> list[Row]:
    """The month worked out, locked, and the next one after facts told late, from a fresh process."""
    import django

    django.setup()
    from jiceng.ledger.books import book_of
    from jiceng.ledger.record import Record
    from jiceng.pay import states
    from jiceng.pay.differences import differences, month_before_of
    from jiceng.pay.sheets import cell_steps, worked_out
    from jiceng.reports.states import By
    from jiceng.runs import commit
    from jiceng.runs.law import installed_law

    installed_law()
    table, place = Table(), place_of(size)
    sheet = table.once("a month worked out, first", lambda: worked_out(place, AUGUST))
    table.put("  people", len(sheet.rows), "")
    table.put("  waiting for a fact", sheet.totals.waiting, "")
    table.page("a month worked out, again", lambda: worked_out(place, AUGUST), times=3)
    table.page("one cell opened", lambda: cell_steps(sheet, sheet.rows[0], "month_basic"), times=5)
    by = By("bench", NOW)
    row = table.once("calculated and frozen", lambda: states.calculate(place, AUGUST, by=by, clock=at(LOCKED)))
    for act in (states.check, states.approve):
        row = act(row, by=by, clock=at(LOCKED))
    row = table.once("locked, its run kept", lambda: states.lock(row, by=by, clock=at(LOCKED)))
    table.once("worked out again from the ledger, equal", lambda: states.reproduced(row) or sys.exit("not equal"))
    late = [one.subject for one in sheet.rows[::50]]
    facts = [(one, [Record(one, "leave", date(2026, 8, 10), None, {"kind": "personal", "days": 1})]) for one in late]
    commit.land(book_of(PREFECTURE).id, [facts], actor="bench", basis="bench", why="bench", clock=at(date(2026, 9, 20)), batch=2)
    after = table.once("the next month with what was told late", lambda: worked_out(place, SEPTEMBER))
    table.put("  lines of the locked month", len(after.changes), "")
    before = month_before_of(after)
    found = table.once("differences with causes", lambda: differences(after, before))
    table.put("  differences", len(found), "")
    table.put("peak memory", peak(), "MB")
    return table.rows


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(int(sys.argv[2]))
    elif sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        main([int(text) for text in sys.argv[1:]] or [1_000, 20_000])
