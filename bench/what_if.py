"""A what-if over the workers of a province, with names: `python bench/what_if.py [workers]`, 200,000 without a number.

JICENG_DATABASE (or `tools/with-postgres`, which sets JICENG_TEST_POSTGRES) chooses PostgreSQL. Invented people over all real
communities of Sichuan; the invented pay rules of the demo, put in force for the whole province by a folder of this bench. First the
facts are bound (once a process and place), then each simulation is asked several times, each time with another value: its law
loaded, before and after, by clause and place, winners and losers, and the names of the first hundred of either.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bench.standing import _database_for, at, people

PROVINCE, SINCE, ON, TIMES, NAMED = 51, date(2027, 1, 1), date(2027, 1, 31), 7, 100
TODAY = date(2026, 11, 24)
DEMO = Path(__file__).parents[1] / "policies" / "cn-5133-ganzi"
# What is asked: three values of one rule that is paid, the quota, a reading that moves a date.
ASKED: dict[str, Callable[[int], list[str]]] = {
    "one cell of a pay table": lambda n: [f"grade_pay[3]={1_100 + n}"],
    "three values, told apart": lambda n: [f"grade_pay[3]={1_100 + n}", f"post_pay[正职]={2_700 + n}", f"performance_share={20 + n}%"],
    "quota, every county": lambda n: [f"workers_per_10k_residents={19 + n}"],
    "reading of the training period": lambda n: [f"training_reading={('自然年度', '周年')[n % 2]}"],
}  # fmt: skip


def main(size: int) -> None:
    with tempfile.TemporaryDirectory(prefix="jiceng-bench-") as home:
        (Path(home) / "data").mkdir()
        env = {**os.environ, "JICENG_HOME": home, "JICENG_KEYS": f"{home}/keys", "DJANGO_SETTINGS_MODULE": "jiceng.web.settings"}
        if "JICENG_TEST_POSTGRES" in env:
            env["JICENG_DATABASE"] = _database_for(size, env["JICENG_TEST_POSTGRES"])
        subprocess.run([sys.executable, __file__, "fill", str(size)], env=env, check=True)
        for name in ("first process", "second process, facts in files"):
            told = subprocess.run([sys.executable, __file__, "measure"], env=env, check=True, stdout=subprocess.PIPE)
            print(f"{name}, {'postgresql' if 'JICENG_TEST_POSTGRES' in env else 'sqlite'}, load {os.getloadavg()[0]:.1f}")
            for what, number, unit in json.loads(told.stdout.splitlines()[-1]):
                print(f"  {what:58}{number:>12,.2f} {unit}")


def fill(size: int) -> None:
    """A home with the province, its pay folder, a population for each county, and so many workers. No standing rows."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from jiceng.ledger import bulk
    from jiceng.ledger.books import ensure_book
    from jiceng.ledger.keys import ensure_ring
    from jiceng.places import tree
    from jiceng.places.load import load_snapshot
    from jiceng.places.models import Place
    from jiceng.runs.commit import Record

    call_command("migrate", verbosity=0)
    ensure_ring()
    load_snapshot(only=(PROVINCE,))
    for folder in ("2026-demo", "2026-pay-demo"):
        _folder(DEMO / folder, Path(settings.DATA) / "policies" / "cn-51-bench" / folder)
    book = ensure_book(PROVINCE, "四川省").id
    communities = sorted(Place.objects.filter(level=5).values_list("code", flat=True))
    counties = Place.objects.filter(level=3).values_list("code", flat=True)
    began = time.perf_counter()
    bulk.land(book, _graded(people(book, size, communities=communities)), actor="bench", basis="bench", why="bench", clock=at(TODAY))
    told = [
        (subject, [Record(subject, "population", date(2025, 12, 31), None, {"urban_residents": 256_000, "source": "bench", "year": 2025})])
        for subject in (tree.subject_of(code) for code in sorted(counties))
    ]
    bulk.land(book, [told], actor="bench", basis="bench", why="bench", clock=at(TODAY))
    print(f"# {size:,} workers landed in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def _folder(demo: Path, folder: Path) -> None:
    """A folder of the demo for the whole province."""
    folder.mkdir(parents=True)
    for path in demo.iterdir():
        if path.name != "cases.yaml":
            (folder / path.name).write_text(path.read_text(encoding="utf-8").replace('"5133"', '"51"'), encoding="utf-8")


def _graded(chunks: Iterator[list[tuple[int, list[Any]]]]) -> Iterator[list[tuple[int, list[Any]]]]:
    from jiceng.runs.commit import Record

    dice = random.Random(3)
    for chunk in chunks:
        yield [
            (subject, [*facts, Record(subject, "grading", date(2026, 1, 1), None, {"grade": dice.randint(1, 8)})])
            for subject, facts in chunk
        ]


def measure() -> None:
    """First the binding, then every what-if, in this process."""
    import django

    django.setup()
    from jiceng.runs.law import installed_law

    law = installed_law()
    rows: list[tuple[str, float, str]] = [("memory before", peak(), "MB")]
    for what, texts in ASKED.items():
        rows.append((f"{what}: first, binding what it needs", _once(texts(0), law), "s"))
        spent = [_once(texts(n), law) for n in range(1, TIMES)]
        rows.append((f"{what}: again, another value", statistics.median(spent), "s"))
    rows.append(("peak memory", peak(), "MB"))
    print(json.dumps(rows))


def _once(texts: Sequence[str], law: Any) -> float:
    from jiceng.ledger.identity import identity_of
    from jiceng.runs.scenarios import Scenario, value_change
    from jiceng.runs.simulating import simulate

    began = time.perf_counter()
    scenario = Scenario(SINCE, tuple(value_change(text, law) for text in texts))
    told = simulate(scenario, place=PROVINCE, on=ON)
    told.by_place()
    for which in ("winners", "losers"):
        shown = told.which(which)[:NAMED]
        names = identity_of(told.before.subjects[shown].tolist())
        assert len(names) == len(shown)
    spent = time.perf_counter() - began
    print(f"# {spent:.2f} s  {scenario.title}  {told.count('changed')} 人 {told.total.cost} 分", file=sys.stderr, flush=True)
    return spent


def peak() -> float:
    """Most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(int(sys.argv[2]))
    elif sys.argv[1:2] == ["measure"]:
        measure()
    else:
        main(int((sys.argv[1:] or ["200000"])[0]))
