"""List pages at 10,000, 100,000 and 1,000,000 workers, today and on a past day. `python bench/roster_list.py [workers …]`.

Rows of 2,000 invented people are made by the product from their ledger; the table is then filled up with copies of them, each with a
number of its own, one of 50,000 names and one of Sichuan's real communities, straight into the standing table: a million people
through the ledger would take an hour and the list reads nothing else. So answers repeat.
JICENG_DATABASE (or `tools/with-postgres`, which sets JICENG_TEST_POSTGRES) chooses PostgreSQL. Times are of whole pages in process,
without the socket; 20 calls a page: p50 and p95 by wall, p50 by our own processor (on PostgreSQL the server's work is only in the wall).
Ratios are the largest size over the smallest.
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
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bench.standing import _database_for, at, people

PROVINCE, PREFECTURE, COUNTY, PAST = 51, 5133, 513301, date(2025, 6, 30)
TEMPLATES, NAMES, BLOCK, TIMES = 2_000, 50_000, 20_000, 20
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华梅红玉建国志文晓春雪云飞鹏宇欣怡浩然子轩梓涵雨泽央金卓玛扎西格桑次仁"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"


def main(sizes: Sequence[int]) -> None:
    tables: dict[int, dict[str, dict[str, float]]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="jiceng-bench-") as home:
            (Path(home) / "data").mkdir()
            env = {
                **os.environ, "JICENG_HOME": home, "JICENG_KEYS": f"{home}/keys", "DJANGO_SETTINGS_MODULE": "jiceng.web.settings",
                "JICENG_SECOND_FACTOR": "0",
            }  # fmt: skip
            if "JICENG_TEST_POSTGRES" in env:
                env["JICENG_DATABASE"] = _database_for(size, env["JICENG_TEST_POSTGRES"])
            subprocess.run([sys.executable, __file__, "fill", str(size)], env=env, check=True)
            told = subprocess.run([sys.executable, __file__, "measure"], env=env, check=True, stdout=subprocess.PIPE)
            tables[size] = json.loads(told.stdout.splitlines()[-1])
    print("postgresql" if "JICENG_TEST_POSTGRES" in os.environ else "sqlite", "load", round(os.getloadavg()[0], 1))
    heads = "".join(f"{f'{size:,}':>22}" for size in sizes)
    print(f"{'p50 / p95 ms wall, p50 ms cpu':34}{heads}{'wall':>7}{'cpu':>7}{'statements':>12}{'KB':>5}")
    for name in tables[sizes[0]]:
        cells = [tables[size][name] for size in sizes]
        shown = "".join(f"{cell['p50']:>9.1f} /{cell['p95']:>5.0f}{cell.get('cpu', 0):>6.1f}" for cell in cells)
        most = max(cell.get("statements", 0) for cell in cells), max(cell.get("kb", 0) for cell in cells)
        ratios = "".join(f"{cells[-1].get(key, 0) / max(cells[0].get(key, 0), 0.01):>7.2f}" for key in ("p50", "cpu"))
        print(f"{name:34}{shown}{ratios}{most[0]:>12.0f}{most[1]:>5.0f}")


# ---- filling ----


def fill(size: int) -> None:
    """A home with the province, an officer of the nation, and two moments of `size` rows."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from jiceng.access.accounts import create_account, grant
    from jiceng.ledger.books import ensure_book
    from jiceng.ledger.keys import ensure_ring
    from jiceng.places.load import load_snapshot
    from jiceng.places.models import Place
    from jiceng.runs import moments
    from jiceng.runs.commit import land
    from jiceng.runs.law import installed_law
    from jiceng.runs.models import TODAY, Moment

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    ensure_ring()
    load_snapshot(only=(PROVINCE,))
    account = create_account("bench", display_name="bench", office="bench", password="Gaoshan-2026-liu", by=None, must_change=False)
    grant(account, role="officer", place=0, since=date(2020, 1, 1), by=None)
    book = ensure_book(PREFECTURE, "甘孜州").id
    inside = Place.objects.filter(level=5, code__gte=PREFECTURE * 10**8, code__lt=(PREFECTURE + 1) * 10**8)
    prefecture = sorted(inside.values_list("code", flat=True))
    today = timezone.localdate()
    land(book, people(book, TEMPLATES, communities=prefecture), actor="bench", basis="bench", why="bench", clock=at(today), batch=1)
    law = installed_law()
    past = moments.built(on=PAST, known_by=None, law=law, seconds=None)
    everywhere = list(Place.objects.filter(level=5).values_list("code", flat=True))
    for moment in (TODAY, past):
        _multiply(moment, size, everywhere)
    Moment.objects.filter(id=TODAY).update(law_hash=law.hash, on=today)
    _settled()


def _multiply(moment: int, size: int, communities: Sequence[int]) -> None:
    from django.db import transaction

    from jiceng.runs.models import Standing
    from jiceng.runs.pinyin import search_keys
    from jiceng.runs.writing import StandingRow, write

    columns = StandingRow._fields
    templates = [StandingRow._make(getattr(row, column) for column in columns) for row in Standing.objects.filter(moment_id=moment)]
    size = max(size - len(templates), 0)
    dice, began = random.Random(11), time.perf_counter()
    names = [(name, search_keys(name)) for name in {_name(dice) for _ in range(NAMES)}]
    for start in range(0, size, BLOCK):
        with transaction.atomic():
            write([_copy(n, dice, templates, communities, names) for n in range(start, min(start + BLOCK, size))])
    print(f"# {size:,} rows filled in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def _name(dice: random.Random) -> str:
    return dice.choice(SURNAMES) + "".join(dice.choice(GIVEN) for _ in range(dice.choice((1, 2, 2, 2))))


def _copy(n: int, dice: random.Random, templates: Sequence[Any], communities: Sequence[int], names: Sequence[tuple[str, str]]) -> Any:
    (name, keys), place = dice.choice(names), dice.choice(communities)
    return dice.choice(templates)._replace(
        subject=(9 << 40) + n, place=place, place_key=place, name=name, pinyin=keys, next_change=date(2099, 1, 1)
    )


def _settled() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE runs_standing")


# ---- measuring ----

ROOT, INSIDE = "", f"place={COUNTY}"
FILTERS = {
    "no filter": "", "post": "post=1", "class": "cls=2", "education": "education=6", "education, rare": "education=4",
    "certificate": "certificate=1", "sex": "sex=2", "political": "political=1", "age": "age=30", "grade": "grade=3",
    "years": "years=2", "left": "state=2", "due: overdue": "due=training_overdue", "due: contract 10 days": "due=contract_soon&within=10",
    "due: unchecked": "due=training_unchecked", "post + education": "post=1&education=6", "class + overdue": "cls=2&due=training_overdue",
    "education + certificate": "education=6&certificate=1", "age + sex + party": "age=30&sex=2&political=1",
    "name contains 卓玛": "q=卓玛", "name contains 云": "q=云", "pinyin wxm": "q=wxm", "pinyin zhangwei": "q=zhangwei",
    "sorted by birth": "sort=birth", "sorted by contract day": "due=contract_soon&sort=-contract_due&cols=sex,place,a:contract_due",
    "80 a page": "size=80",
}  # fmt: skip


def measure() -> None:
    """Every page, in this process."""
    import django

    django.setup()
    from django.test import Client
    from django.utils import timezone

    from jiceng.access.models import Account
    from jiceng.runs.models import TODAY, Standing

    browser = Client(headers={"host": "localhost"})
    browser.force_login(Account.objects.get(username="bench"), backend="django.contrib.auth.backends.ModelBackend")
    figures: dict[str, dict[str, float]] = {}
    for name, query in {"first page ever": "", "first with answers": "due=training_overdue", "first search": "q=卓玛"}.items():
        figures[f"{name} (once)"] = _once(browser, f"/roster/?{query}")
    figures["memory after them, MB"] = {"p50": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "p95": 0}
    for name, query in FILTERS.items():
        figures[name] = _page(browser, f"/roster/?{query}")
    figures["last page of all"] = _page(browser, "/roster/?" + _end())
    for name, query in FILTERS.items():
        figures[f"  county: {name}"] = _page(browser, f"/roster/?{INSIDE}&{query}")
    figures["after an entry (once)"] = _after_entry(browser, Standing.objects.filter(moment_id=TODAY).order_by("-subject")[0])
    figures["past day, first list (once)"] = _once(browser, f"/roster/?on={PAST}")
    figures["past day, no filter"] = _page(browser, f"/roster/?on={PAST}")
    figures["past day, overdue"] = _page(browser, f"/roster/?on={PAST}&due=training_overdue")
    browser.get(f"/roster/?on={timezone.localdate()}")
    figures["workbench"] = _page(browser, "/?place=51", times=5)
    figures["workbench of a county"] = _page(browser, f"/?place={COUNTY}", times=5)
    print(json.dumps(figures))


def _end() -> str:
    return f"before=9000000000000-{1 << 50}"


def _once(browser: Any, address: str) -> dict[str, float]:
    """Milliseconds until the page is there, waiting pages included."""
    began = time.perf_counter()
    while (answer := browser.get(address)).status_code == 503:
        time.sleep(0.1)
    assert answer.status_code == 200, (address, answer.status_code)
    spent = (time.perf_counter() - began) * 1000
    return {"p50": spent, "p95": spent}


def _page(browser: Any, address: str, *, times: int = TIMES) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _once(browser, address)
    with CaptureQueriesContext(connection) as asked:
        content = len(browser.get(address).content)
    statements, spent, busy = len(asked), [], []
    for _ in range(times):
        began, own = time.perf_counter(), time.process_time()
        browser.get(address)
        spent.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - own) * 1000)
    return {
        "p50": statistics.median(spent), "p95": sorted(spent)[int(times * 0.95)], "cpu": statistics.median(busy),
        "statements": statements, "kb": content / 1000,
    }  # fmt: skip


def _after_entry(browser: Any, row: Any) -> dict[str, float]:
    """The first page after one row was written anew."""
    from django.db import transaction

    from jiceng.runs.writing import StandingRow, write

    with transaction.atomic():
        write([StandingRow(**{field: getattr(row, field) for field in StandingRow._fields})._replace(sex=1)])
    return _once(browser, "/roster/")


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(int(sys.argv[2]))
    elif sys.argv[1:2] == ["measure"]:
        measure()
    else:
        main([int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
