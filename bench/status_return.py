"""The return 队伍状况表 at 20,000 and 200,000 workers of one prefecture. `python bench/status_return.py [workers …]`.

Everything goes through the ledger (`bench/standing.py` makes the people): the return reads movements from it. First call: columns are
read into memory, as after a start; again: the median of five. Frozen: submitted, then worked out again from the ledger alone.
JICENG_DATABASE (or `tools/with-postgres`) chooses PostgreSQL.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.standing import PREFECTURE, TODAY, Row, Table, _database_for, at, peak, people, prepare

COUNTY = 513301
YEAR = date(2026, 1, 1)


def main(sizes: Sequence[int]) -> None:
    tables = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="jiceng-bench-") as home:
            (Path(home) / "data").mkdir()
            env = {**os.environ, "JICENG_HOME": home, "JICENG_KEYS": f"{home}/keys", "DJANGO_SETTINGS_MODULE": "jiceng.web.settings"}
            if "JICENG_TEST_POSTGRES" in env:
                env["JICENG_DATABASE"] = _database_for(size, env["JICENG_TEST_POSTGRES"])
            subprocess.run([sys.executable, __file__, "fill", str(size)], env=env, check=True)
            told = subprocess.run([sys.executable, __file__, "measure"], env=env, check=True, stdout=subprocess.PIPE)
            tables[size] = {f"{name} {unit}": number for name, number, unit in json.loads(told.stdout.splitlines()[-1])}
    print("postgresql" if "JICENG_TEST_POSTGRES" in os.environ else "sqlite", "load", round(os.getloadavg()[0], 1))
    print(f"{'':52}" + "".join(f"{size:>12,}" for size in sizes))
    for name in tables[sizes[0]]:
        print(f"{name:52}" + "".join(f"{tables[size][name]:>12,.1f}" for size in sizes))


def fill(size: int) -> None:
    """The prefecture with so many workers, through the write door."""
    prepare()
    from jiceng.ledger.books import book_of
    from jiceng.places.models import Place
    from jiceng.runs import commit

    book = book_of(PREFECTURE).id
    communities = sorted(Place.objects.filter(level=5).values_list("code", flat=True))
    chunks = people(book, size, communities=communities)
    commit.land(book, chunks, actor="bench", basis="bench", why="bench", clock=at(TODAY), batch=1)


def measure() -> list[Row]:
    """The return of the prefecture and of one county, from a fresh process."""
    import django

    django.setup()
    from jiceng.reports.frozen import again, frozen
    from jiceng.reports.returns import Period, worked_out
    from jiceng.reports.states import By, submit
    from jiceng.runs.law import installed_law

    installed_law()
    table, period = Table(), Period(YEAR, TODAY)

    def worked(place: int) -> Any:
        return worked_out("status", place, period=period, known_by=None, today=TODAY, seconds=None)

    table.once("return of the prefecture, first call", lambda: worked(PREFECTURE))
    found = table.page("return of the prefecture, again", lambda: worked(PREFECTURE), times=5)
    table.put("  lines", len(found.lines), "")
    table.put("  steps in the period", len(found.behind.flows.subject), "")
    table.page("return of a county, again", lambda: worked(COUNTY), times=5)
    kept = table.once("frozen: written form and digest", lambda: frozen(found))
    table.put("  written form", len(kept.content) / 1024, "KB")
    # After the entries of the landing, which bear a microsecond each more than its clock.
    by, clock = By("bench", TODAY), lambda: at(TODAY)() + timedelta(hours=1)
    row = table.once("county submitted", lambda: submit("status", COUNTY, period, by=by, clock=clock, today=TODAY))
    made = table.once("county worked out again from the ledger", lambda: again(row))
    table.put("  equal", float(made.hash == row.hash), "")
    table.put("peak memory", peak(), "MB")
    return table.rows


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(int(sys.argv[2]))
    elif sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure()))
    else:
        main([int(text) for text in sys.argv[1:]] or [20_000, 200_000])
