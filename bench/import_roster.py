"""Rows a second from a workbook into the ledger, beside django-import-export. `python bench/import_roster.py [rows]`.

Each step is a process of its own, so that peak memory is that of the import alone: one makes a home (the real divisions of a
province) and the workbook (25 columns, dates in several notations), one imports it, one lets django-import-export read the same
workbook into one plain table, without checks, history or sealing.
The peer needs the requirement group `bench`, here or in an environment of its own named by JICENG_BENCH_PEER=/path/to/python; it is
left out, and said to be, where it is not installed. Seconds are of our own processor time, so that a busy machine does not count.
"""

from __future__ import annotations

import importlib.util
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

SCOPE, AS_OF = 51, date(2024, 5, 1)
SEEN = ("%Y年%-m月%-d日", "%Y.%-m.%-d", "%Y/%-m/%-d", "%Y%m%d", "%Y-%m-%d")


def main(rows: int, peer_rows: int) -> None:
    with tempfile.TemporaryDirectory(prefix="jiceng-bench-") as home:
        (Path(home) / "data").mkdir()
        env = {
            **os.environ,
            "JICENG_HOME": home,
            "JICENG_KEYS": f"{home}/keys",
            "DJANGO_SETTINGS_MODULE": "jiceng.web.settings",
            "PYTHONPATH": ".",
        }
        for step in (["make", str(rows)], ["make-peer", str(peer_rows)], ["import", str(rows)], ["peer", str(peer_rows)]):
            python = os.environ.get("JICENG_BENCH_PEER", sys.executable) if step[0] == "peer" else sys.executable
            subprocess.run([python, __file__, *step, home], env=env, check=True)


def django_ready() -> None:
    import django

    django.setup()


def make(rows: int, home: Path, *, name: str = "roster.xlsx", prepare: bool = True) -> None:
    """A home with the province and its book, and a workbook of invented people."""
    django_ready()
    from django.core.management import call_command
    from tests.intake import ugly

    from jiceng.ledger.books import ensure_book
    from jiceng.ledger.keys import ensure_ring
    from jiceng.places.load import load_snapshot
    from jiceng.places.models import Place

    if prepare:
        call_command("migrate", verbosity=0)
        ensure_ring()
        load_snapshot(only=(SCOPE,))
        ensure_book(SCOPE, "四川省")
    names = dict(Place.objects.filter(level__lt=5).values_list("code", "name"))
    communities = [c for c in Place.objects.filter(level=5, kind="residents").values_list("code", "name") if c[0] // 10**6 in names]
    chosen = random.Random(1).sample(sorted(communities), 2_000)
    places = [(names[code // 10**6], names[code // 1000], name) for code, name in chosen]
    (home / name).write_bytes(ugly.workbook([unique(i, person) for i, person in enumerate(ugly.people(rows, places=places))]))


def unique(i: int, person):  # type: ignore[no-untyped-def]
    """The person with an ID number of its own and dates in one of the notations."""
    from tests.intake.ugly import id_number

    birth = date.fromordinal(date(1970, 1, 1).toordinal() + i % 10_000)
    number = id_number(i // 10_000 % 500, birth=birth, male=i % 2 == 0)
    sex = "男" if i % 2 == 0 else "女"
    since = date.fromordinal(date(2019, 1, 1).toordinal() + i % 1_500)
    return person.but(
        身份证号=number, 出生年月=birth.strftime("%Y.%m"), 性别=sex, 任现岗时间=since.strftime(SEEN[i % len(SEEN)]),
        从事社区工作时间=date(2018, 1 + i % 12, 1 + i % 28).strftime(SEEN[i % 3]), 备注="",
    )  # fmt: skip


def import_once(home: Path) -> None:
    """The whole way in: read, check, compare, seal, land; then the same file again."""
    django_ready()
    from jiceng.intake.checking import check
    from jiceng.intake.landing import land, preview
    from jiceng.intake.reading import read_roster
    from jiceng.ledger.books import book_of
    from jiceng.runs import standing
    from jiceng.terms.registry import base_terms

    terms, book = base_terms(), book_of(SCOPE).id
    idle = peak()
    spent = {"standing": 0.0}
    refresh = standing.refresh

    def timed_refresh(*args: object, **kwargs: object) -> int:
        start = time.process_time()
        written = refresh(*args, **kwargs)  # type: ignore[arg-type]
        spent["standing"] += time.process_time() - start
        return written

    standing.refresh = timed_refresh
    marks, begun = [time.process_time()], time.perf_counter()
    workbook = read_roster(home / "roster.xlsx")
    marks.append(time.process_time())
    checked = check(workbook.layouts, scope=SCOPE, as_of=AS_OF, terms=terms)
    marks.append(time.process_time())
    seen = peak()
    looked = preview(checked, terms=terms)
    marks.append(time.process_time())
    landed = land(looked, book=book, actor="bench", basis="bench", why="bench", clock=lambda: datetime.now(UTC), batch=1, terms=terms)
    marks.append(time.process_time())
    again = preview(checked, terms=terms)
    marks.append(time.process_time())
    read, checks, look, all_of_it, second = (b - a for a, b in pairwise(marks))
    ledger = all_of_it - spent["standing"]
    rows = checked.rows
    print(
        f"load {os.getloadavg()[0]:.1f}, {rows:,} rows, {landed.new:,} landed, {len(checked.refused_rows)} refused, {looked.facts:,} facts"
    )
    for name, seconds in (
        ("read", read),
        ("check", checks),
        ("preview", look),
        ("land in the ledger", ledger),
        ("standing rows", spent["standing"]),
        ("same file again", second),
    ):
        print(f"  {name:22}{seconds:8.2f} cpu-s {rows / seconds:>10,.0f} rows/cpu-s")
    whole = read + checks + ledger
    print(
        f"  {'read+check+ledger':22}{whole:8.2f} cpu-s {rows / whole:>10,.0f} rows/cpu-s"
        f"   with standing {rows / (whole + spent['standing']):,.0f}"
    )
    print(f"  wall {time.perf_counter() - begun:.1f} s; peak {peak()} MB ({seen} MB after check, {idle} MB before)")
    print(f"  again: {again.new} new, {again.changed} changed, {again.unchanged:,} unchanged")


def peer(home: Path) -> None:
    """django-import-export on the same columns into one table."""
    if importlib.util.find_spec("import_export") is None or importlib.util.find_spec("openpyxl") is None:
        print("django-import-export is not installed here (pip install --group bench): peer left out")
        return
    from django.conf import settings

    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(home / "peer.sqlite3")}},
        INSTALLED_APPS=["import_export"], DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True,
    )  # fmt: skip
    django_ready()
    from django.db import connection, models
    from import_export import resources
    from tablib import Dataset

    start = time.process_time()
    dataset = Dataset().load((home / "peer.xlsx").read_bytes(), format="xlsx")
    dataset.headers = [f"c{i}" for i in range(len(dataset.headers))]
    fields = {name: models.CharField(max_length=60, blank=True, null=True) for name in dataset.headers}
    table = type("Row", (models.Model,), {"__module__": __name__, **fields, "Meta": type("Meta", (), {"app_label": "bench"})})
    with connection.schema_editor() as editor:
        editor.create_model(table)
    meta = type("Meta", (), {"model": table, "import_id_fields": ["c3"], "use_bulk": True, "batch_size": 1_000, "skip_diff": True})
    result = type("RowResource", (resources.ModelResource,), {"Meta": meta})().import_data(dataset, dry_run=False, use_transactions=True)
    seconds = time.process_time() - start
    print(
        f"django-import-export: {result.totals['new']:,} rows, {seconds:.1f} cpu-s, "
        f"{len(dataset) / seconds:,.0f} rows/cpu-s, peak {peak()} MB"
    )


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments and arguments[0] in ("make", "make-peer", "import", "peer"):
        step, count, folder = arguments[0], int(arguments[1]), Path(arguments[2])
        if step == "make":
            make(count, folder)
        elif step == "make-peer":
            make(count, folder, name="peer.xlsx", prepare=False)
        elif step == "import":
            import_once(folder)
        else:
            peer(folder)
    else:
        size = int(arguments[0]) if arguments else 100_000
        main(size, min(size, 20_000))
