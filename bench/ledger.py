"""Facts a second: record, bulk landing, verify. `python bench/ledger.py [workers]`; JICENG_DATABASE for PostgreSQL.

Makes a home of its own in a temporary folder. Twelve facts of nine kinds a worker, identity sealed and findable.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="jiceng-bench-"))
(HOME / "data").mkdir()
os.environ.update(JICENG_HOME=str(HOME), JICENG_KEYS=str(HOME / "keys"), DJANGO_SETTINGS_MODULE="jiceng.web.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from jiceng.ledger import bulk, reading  # noqa: E402
from jiceng.ledger.books import ensure_book, new_subjects  # noqa: E402
from jiceng.ledger.changes import Change, Record  # noqa: E402
from jiceng.ledger.keys import ensure_ring  # noqa: E402
from jiceng.ledger.record import record, undo_batch  # noqa: E402
from jiceng.ledger.verify import verify  # noqa: E402

COUNTY, COMMUNITY = 513301, 513301001001
DAY = date(2020, 3, 1)


def clock() -> datetime:
    return datetime.now(UTC)


def worker(subject: int, n: int) -> list[Change]:
    """What an import knows of one worker."""
    identity = {"name": f"测试{n}", "id_number": f"{513301199001010000 + n}", "id_type": "身份证"}
    return [
        Record(subject, "person", DAY, None, {}, identity),
        Record(subject, "contact", DAY, None, {}, {"phone": f"{13800000000 + n}"}),
        Record(subject, "birth", DAY, None, {"date": f"19{70 + n % 30}-0{1 + n % 9}-1{n % 10}"}),
        Record(subject, "sex", DAY, None, {"sex": ("male", "female")[n % 2]}),
        Record(subject, "nation", DAY, None, {"nation": f"n{1 + n % 56:02d}"}),
        Record(subject, "political_status", DAY, None, {"status": "party", "joined": "2010-07-01"}),
        Record(subject, "education", DAY, None, {"level": "bachelor", "mode": "full_time", "major": "社会工作"}),
        Record(subject, "certificate", DAY, None, {"kind": "assistant", "registered": "2019-11-01"}),
        Record(subject, "appointment", DAY, None, {"post": "staff", "class": "full_time_staff"}, place=COMMUNITY + n % 150),
        Record(subject, "contract", DAY, None, {"kind": "street", "ends": "2026-02-28"}),
        Record(subject, "training", date(2023, 5, 6), None, {"level": "county", "hours": 24}),
        Record(subject, "assessment", date(2024, 1, 10), None, {"year": 2023, "result": "good"}),
    ]


Start = tuple[float, float]


def begin() -> Start:
    return time.perf_counter(), time.process_time()


def timed(name: str, facts: int, start: Start, note: str = "") -> None:
    """Wall time, and per second of our own processor time: the second figure does not depend on what else runs here."""
    seconds, busy = time.perf_counter() - start[0], time.process_time() - start[1]
    per = f"{facts / seconds:>10,.0f} facts/s {facts / busy:>10,.0f} facts/cpu-s"
    print(f"{name:26}{facts:>10,} facts {seconds:7.2f} s {per} {note}", flush=True)


def main(workers: int) -> None:
    call_command("migrate", verbosity=0)
    ensure_ring()
    book = ensure_book(COUNTY, "康定市")
    asked = {"actor": "bench", "why": "", "basis": "", "clock": clock}
    print(connection.vendor, "load", os.getloadavg()[0])

    singles = new_subjects(book, 1_000)
    start = begin()
    for n, subject in enumerate(singles):
        record(book, worker(subject, n), **asked)
    timed("record, an entry a worker", 12 * len(singles), start, f"{len(singles) / (time.perf_counter() - start[0]):,.0f} entries/s")

    many = new_subjects(book, workers)
    building = [0.0, 0.0]  # making the changes is the importer's work, not the ledger's

    def chunks() -> Iterator[list[tuple[int, list[Change]]]]:
        for at in range(0, workers, 5_000):
            before = begin()
            chunk = [(many[n], worker(many[n], 10_000 + n)) for n in range(at, min(at + 5_000, workers))]
            building[0] += time.perf_counter() - before[0]
            building[1] += time.process_time() - before[1]
            yield chunk

    start = begin()
    entries = bulk.land(book, chunks(), **asked)
    timed("bulk, new workers", 12 * workers, (start[0] + building[0], start[1] + building[1]))

    start = begin()
    found = verify()
    timed("verify", found.facts, start, f"problems {len(found.problems)}")

    start = begin()
    rows = reading.as_of(many[:1_000], on=date(2024, 6, 1))
    timed("as_of, 1,000 workers", len(rows), start)

    start = begin()
    undo_batch(entries[0].batch, actor="bench", why="", clock=clock)
    timed("undo of the bulk", 12 * workers, start)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
