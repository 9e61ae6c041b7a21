"""The standing rows at 10,000 and 100,000 workers: landing, days, past days, lists, workbench. `python bench/standing.py [workers …]`.

JICENG_DATABASE (or `tools/with-postgres`, which sets JICENG_TEST_POSTGRES) chooses PostgreSQL. Each size is a process with a home of
its own, so that peak memory is that size's; the last column is the largest over the smallest. Times are of our own processor except
where `wall` is said: on PostgreSQL the server's work shows only there. Invented people (the demo's dice), real divisions of one
prefecture.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

PREFECTURE = 5133
TODAY = date(2026, 11, 24)
Row = tuple[str, float, str]


def main(sizes: Sequence[int]) -> None:
    tables = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="jiceng-bench-") as home:
            (Path(home) / "data").mkdir()
            env = {**os.environ, "JICENG_HOME": home, "JICENG_KEYS": f"{home}/keys", "DJANGO_SETTINGS_MODULE": "jiceng.web.settings"}
            if "JICENG_TEST_POSTGRES" in env:
                env["JICENG_DATABASE"] = _database_for(size, env["JICENG_TEST_POSTGRES"])
            subprocess.run([sys.executable, __file__, "prepare", str(size)], env=env, check=True)
            told = subprocess.run([sys.executable, __file__, "measure", str(size)], env=env, check=True, stdout=subprocess.PIPE)
            tables[size] = {f"{name} {unit}": number for name, number, unit in json.loads(told.stdout.splitlines()[-1])}
    print("postgresql" if "JICENG_TEST_POSTGRES" in os.environ else "sqlite", "load", os.getloadavg()[0])
    print(f"{'':44}" + "".join(f"{size:>12,}" for size in sizes) + f"{'ratio':>9}")
    for name in tables[sizes[0]]:
        numbers = [tables[size][name] for size in sizes]
        print(f"{name:44}" + "".join(f"{number:>12,.1f}" for number in numbers) + f"{numbers[-1] / numbers[0]:>9.2f}")


def _database_for(size: int, address: str) -> str:
    """A database of its own beside the given one."""
    import psycopg

    name = f"standing_{size}_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address.replace("/postgres?", f"/{name}?")


class Table:
    """Rows measured so far."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def put(self, name: str, number: float, unit: str) -> None:
        self.rows.append((name, number, unit))
        print(f"{name} {unit} {number:,.1f}", file=sys.stderr, flush=True)

    def once(self, name: str, what: Callable[[], Any], *, per: int = 1) -> Any:
        """One call: processor and wall milliseconds, by `per`."""
        wall, busy = time.perf_counter(), time.process_time()
        found = what()
        self.put(name, (time.process_time() - busy) * 1000 / per, "cpu ms")
        self.put(name, (time.perf_counter() - wall) * 1000 / per, "wall ms")
        return found

    def page(self, name: str, what: Callable[[], Any], *, times: int = 15) -> Any:
        """The median of several calls by wall and by processor, and the statements of one."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            found = what()
        wall, busy = [], []
        for _ in range(times):
            at, own = time.perf_counter(), time.process_time()
            what()
            wall.append((time.perf_counter() - at) * 1000)
            busy.append((time.process_time() - own) * 1000)
        self.put(name, sorted(wall)[times // 2], "p50 wall ms")
        self.put(name, sorted(busy)[times // 2], "p50 cpu ms")
        self.put(name, len(asked), "statements")
        return found


def people(book: int, count: int, *, communities: Sequence[int]) -> Iterator[list[tuple[int, list[Any]]]]:
    """New workers with about fifteen facts each, 5,000 at a time."""
    from jiceng.demo.people import person
    from jiceng.runs.commit import new_subjects

    dice, taken = random.Random(7), set[str]()
    for start in range(0, count, 5_000):
        subjects = new_subjects(book, min(5_000, count - start))
        yield [
            (subject, _facts(subject, person(dice, born_from=1968, born_to=2000, taken=taken), dice, communities)) for subject in subjects
        ]


def _facts(subject: int, who: Any, dice: random.Random, communities: Sequence[int]) -> list[Any]:
    from jiceng.runs.commit import Record

    def told(of: str, since: date, until: date | None = None, place: int | None = None, /, **fields: object) -> Record:
        return Record(subject, of, since, until, fields, place=place)

    started = date(2010 + dice.randrange(15), 1 + dice.randrange(12), 1 + dice.randrange(28))
    home, other = dice.choice(communities), dice.choice(communities)
    moved = date(2025, 1 + dice.randrange(12), 1 + dice.randrange(28)) if dice.random() < 0.2 and home != other else None
    left = date(2026, 3, 1) if dice.random() < 0.05 else None
    post = "secretary_director" if dice.random() < 0.08 else "staff"
    post_class = "committee_full_time" if post != "staff" else "full_time_staff"
    office: dict[str, object] = {"post": post, "class": post_class, "origin": "open_recruitment", "appointed_by": "county"}
    facts = [
        Record(subject, "person", who.birth, None, {}, {"name": who.name, "id_number": who.id_number, "id_type": "居民身份证"}),
        Record(subject, "contact", started, None, {}, {"phone": who.phone}),
        told("birth", who.birth, date=who.birth.isoformat()),
        told("sex", who.birth, sex="male" if who.sex == "男" else "female"),
        told("nation", who.birth, nation="n04"),
        told("political_status", started, status=dice.choice(("party", "masses"))),
        told("education", started, level=dice.choice(("college", "bachelor")), mode="full_time"),
        told("community_start", started, date=started.isoformat()),
        told("appointment", started, moved or left, home, **office),
        told("contract", date(2024, 3, 1), kind="street", ends=date(2026, 12, 1 + dice.randrange(28)).isoformat()),
        told("complete", date(2000, 1, 1), kind="training", **{"from": "1900-01-01"}),
    ]
    if moved:
        facts.append(told("appointment", moved, left if left and left > moved else None, other, **office))
    for year in range(2021, 2026):
        if dice.random() < 0.35 and started.year < year:
            facts.append(told("training", date(year, 5, 6), level="county", kind="in_service"))
        if dice.random() < 0.6 and started.year < year:
            facts.append(told("assessment", date(year, 12, 31), year=year, result=dice.choice(("excellent", "pass", "basic"))))
    if dice.random() < 0.3:
        facts.append(told("certificate", date(2022, 6, 1), kind="assistant", registered="2022-10-20"))
    return facts


def prepare() -> None:
    """A home with the prefecture and its book."""
    import django

    django.setup()
    from django.core.management import call_command

    from jiceng.ledger.books import ensure_book
    from jiceng.ledger.keys import ensure_ring
    from jiceng.places.load import load_snapshot

    call_command("migrate", verbosity=0)
    ensure_ring()
    load_snapshot(only=(PREFECTURE,))
    ensure_book(PREFECTURE, "甘孜州")


def measure(size: int) -> list[Row]:
    """Everything about one size, in this process."""
    import django

    django.setup()
    from jiceng.ledger.books import book_of
    from jiceng.places.models import Place
    from jiceng.runs.law import installed_law

    book = book_of(PREFECTURE).id
    communities = sorted(Place.objects.filter(level=5).values_list("code", flat=True))
    installed_law()
    table = Table()
    subjects = _land(table, book, size, communities)
    _days(table, book, subjects)
    _past(table)
    _pages(table, subjects)
    return table.rows


def _land(table: Table, book: int, size: int, communities: Sequence[int]) -> list[int]:
    from jiceng.runs import commit, standing

    refresh, spent = standing.refresh, {"standing": 0.0, "people": 0.0, "facts": 0}
    subjects: list[int] = []

    def timed(*args: Any, **kwargs: Any) -> int:
        busy = time.process_time()
        written = refresh(*args, **kwargs)
        spent["standing"] += time.process_time() - busy
        return written

    def chunks() -> Iterator[list[tuple[int, list[Any]]]]:
        every = people(book, size, communities=communities)
        busy = time.process_time()
        for chunk in every:
            spent["people"] += time.process_time() - busy
            spent["facts"] += sum(len(facts) for _, facts in chunk)
            subjects.extend(subject for subject, _ in chunk)
            yield chunk
            busy = time.process_time()

    standing.refresh, before = timed, peak()  # type: ignore[assignment]
    wall, busy = time.perf_counter(), time.process_time()
    commit.land(book, chunks(), actor="bench", basis="bench", why="bench", clock=at(TODAY), batch=1)
    wall, busy = time.perf_counter() - wall - spent["people"], time.process_time() - busy - spent["people"]
    standing.refresh = refresh
    table.put("facts", spent["facts"], "")
    table.put("land", spent["facts"] / wall, "facts/s wall")
    table.put("land, standing rows in it", spent["facts"] / busy, "facts/cpu-s")
    table.put("  ledger alone", size / (busy - spent["standing"]), "workers/cpu-s")
    table.put("  standing alone", size / spent["standing"], "workers/cpu-s")
    table.put("memory before", before, "MB")
    table.put("peak memory of the landing", peak(), "MB")
    return subjects


def _days(table: Table, book: int, subjects: Sequence[int]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from jiceng.runs import standing
    from jiceng.runs.commit import Record, commit
    from jiceng.runs.models import Standing

    def one(subject: int) -> None:
        change = Record(subject, "training", date(2026, 10, 8), None, {"level": "county", "kind": "special"})
        commit(book, [change], actor="bench", basis="bench", why="bench", clock=at(TODAY))

    one(subjects[0])
    table.once("entry about one worker", lambda: [one(subject) for subject in subjects[1:41]], per=40)
    with CaptureQueriesContext(connection) as asked:
        one(subjects[50])
    table.put("entry about one worker", len(asked), "statements")
    tomorrow = TODAY + timedelta(days=1)
    Standing.objects.update(next_change=tomorrow)
    due = table.once("ensure, every row due", lambda: standing.ensure(tomorrow))
    table.put("ensure, every row due", due, "rows")
    table.once("tighten 1,000, a worker", lambda: standing.tighten(tomorrow, limit=1_000), per=1_000)
    table.put("peak memory so far", peak(), "MB")
    standing.ensure(tomorrow)
    table.page("ensure, nothing due", lambda: standing.ensure(tomorrow))


def _past(table: Table) -> None:
    from jiceng.runs.standing import moment_for

    tomorrow = TODAY + timedelta(days=1)
    table.once("past day, first call", lambda: moment_for(on=date(2025, 6, 30), known_by=None, today=tomorrow, seconds=None))
    table.page("past day, again", lambda: moment_for(on=date(2025, 6, 30), known_by=None, today=tomorrow))
    table.put("peak memory with a past day", peak(), "MB")


def _pages(table: Table, subjects: Sequence[int]) -> None:
    from django.db import connection

    from jiceng.places import tree
    from jiceng.runs.ask import ask_worker
    from jiceng.runs.models import TODAY as NOW
    from jiceng.runs.overview import overview
    from jiceng.runs.roster import AnswerFilter, RosterFilter, roster

    tomorrow = TODAY + timedelta(days=1)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE runs_standing")
    ranges = [tree.span(PREFECTURE)]

    def page(after: Any = None, **narrowed: Any) -> Any:
        return roster(NOW, ranges=ranges, filters=RosterFilter(**narrowed), after=after)

    first = table.page("list, first page", page)
    for _ in range(98):
        first = page(first.after)
    table.page("list, 100th page", lambda: page(first.after))
    table.page("list, 培训逾期", lambda: page(answers=(AnswerFilter("training_overdue", equals=1),)))
    table.page("list, 岗位", lambda: page(posts=(1,)))
    table.page("list, name 卓玛", lambda: page(search="卓玛"))
    table.page("list, initials", lambda: page(search="gszm"))
    table.page("list, one county", lambda: page(place=513301))
    soon = ("training_due", "contract_due", "probation_due", "term_due")
    wrong = ("recruitment_proper", "secretary_filed", "vetting_present")
    counted = [("true", "training_overdue"), ("unchecked", "training_due"), ("missing", "contract_due"), ("true", "career_conditions"),
               *(("soon", rule) for rule in soon), *(("false", rule) for rule in wrong)]  # fmt: skip
    table.page("workbench", lambda: overview(PREFECTURE, on=tomorrow, today=tomorrow, counted=counted), times=5)
    table.page("workbench of a county", lambda: overview(513301, on=tomorrow, today=tomorrow, counted=counted), times=5)
    table.page("worker with every answer", lambda: ask_worker(subjects[7], on=tomorrow))


def at(day: date) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def peak() -> float:
    """Most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["prepare"]:
        prepare()
    elif sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        main([int(text) for text in sys.argv[1:]] or [10_000, 100_000])
