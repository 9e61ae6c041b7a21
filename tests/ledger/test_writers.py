"""Several processes at once, and one that is killed."""

from __future__ import annotations

import signal
import time

import pytest

from tests.ledger.sites import Site, on_postgres

pytestmark = pytest.mark.database

OPEN = """
import sys
from datetime import UTC, date, datetime
from jiceng.ledger.books import ensure_book, new_subjects
from jiceng.ledger.models import Entry, Fact, Key, Lookup
from jiceng.ledger.record import record
from jiceng.ledger.verify import verify
from jiceng.ledger import bulk
from tests.ledger.parts import person, post
clock = lambda: datetime.now(UTC)
asked = {"actor": "甲", "basis": "", "why": "", "clock": clock}
"""
COUNTS = "print(*[model.objects.count() for model in (Entry, Fact, Key, Lookup)], len(verify().problems))"


@pytest.mark.parametrize("books", [1, 3])
def test_writers_wait_for_each_other(site: Site, books: int):
    """Every chain is contiguous, rising in known and whole; no entry is lost, no slot holds two facts."""
    writers, entries = (8, 12) if on_postgres() else (4, 12)
    site.run(f"{OPEN}\nworkers = [new_subjects(ensure_book(513301 + n, '县'), 1)[0] for n in range({books})]")
    write = f"""{OPEN}
from jiceng.ledger.models import Book
sys.stdin.readline()
for n in range({entries}):
    book = Book.objects.get(id=1 + n % {books})
    record(book, [post(book.id << 40 | 1, date(2020, 1, 1 + n), post="grid")], **asked)
"""
    processes = [site.start(write) for _ in range(writers)]
    time.sleep(1)
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        assert process.wait(timeout=120) == 0, process.stderr.read()
        process.communicate()
    check = f"""{OPEN}
from jiceng.ledger.models import Book
print(Entry.objects.count(), len(verify().problems))
for book in Book.objects.order_by("id"):
    chain = list(Entry.objects.filter(book=book.id).order_by("seq").values_list("seq", "known"))
    print([seq for seq, _ in chain] == list(range(1, len(chain) + 1)), all(a[1] < b[1] for a, b in zip(chain, chain[1:])))
"""
    assert site.run(check).splitlines() == [f"{writers * entries} 0"] + ["True True"] * books


def test_the_lock_lasts_as_long_as_the_callers_transaction(site: Site):
    """As with ATOMIC_REQUESTS: a second writer waits for the commit, and its known is later."""
    site.run(f"{OPEN}\nnew_subjects(ensure_book(513301, '县'), 1)")
    slow = f"""{OPEN}
from django.db import transaction
from jiceng.ledger.models import Book
with transaction.atomic():
    first = record(Book.objects.get(), [post(1 << 40 | 1, date(2020, 1, 1))], **asked)
    print("recorded", flush=True)
    sys.stdin.readline()
print(first.seq, first.known)
"""
    quick = f"""{OPEN}
from jiceng.ledger.models import Book
second = record(Book.objects.get(), [post(1 << 40 | 1, date(2021, 1, 1))], **asked)
print(second.seq, second.known)
"""
    one = site.start(slow)
    assert one.stdout.readline() == "recorded\n"
    two = site.start(quick)
    time.sleep(2.5)
    assert two.poll() is None
    first = one.communicate("go\n", timeout=60)[0].split()
    second = two.communicate(timeout=60)[0].split()
    assert (first[0], second[0], int(first[1]) < int(second[1])) == ("1", "2", True)


def test_two_books_that_write_about_one_worker_wait_for_each_other(site: Site):
    """After a move a worker is written about from two books; the home book's lock keeps one slot from holding two facts."""
    site.run(f"{OPEN}\nnew_subjects(ensure_book(513301, '县'), 1)\nensure_book(513302, '另一县')")
    from_elsewhere = f"""{OPEN}
from django.db import transaction
with transaction.atomic():
    record(2, [post(1 << 40 | 1, date(2020, 1, 1))], **asked)
    print("recorded", flush=True)
    sys.stdin.readline()
"""
    from_home = f"{OPEN}\nprint('begun', flush=True)\nrecord(1, [post(1 << 40 | 1, date(2020, 1, 1), post='grid')], **asked)"
    one = site.start(from_elsewhere)
    assert one.stdout.readline() == "recorded\n"
    two = site.start(from_home)
    assert two.stdout.readline() == "begun\n"
    time.sleep(2)
    assert two.poll() is None
    one.communicate("go\n", timeout=60)
    assert two.wait(timeout=60) == 0, two.stderr.read()
    two.communicate()
    believed = f"""{OPEN}
from jiceng.ledger.reading import as_of
print([row.data["post"] for row in as_of([1 << 40 | 1], on=date(2024, 1, 1))])
"""
    assert site.run(believed) == "['grid']"


def test_a_killed_landing_leaves_nothing(site: Site):
    code = f"""{OPEN}
book = ensure_book(513301, "县")
record(book, [person(new_subjects(book, 1)[0])], **asked)
{COUNTS}
"""
    before = site.run(code)
    landing = f"""{OPEN}
from jiceng.ledger.models import Book
book = Book.objects.get()
def chunks():
    for block in range(400):
        subjects = new_subjects(book, 500)
        yield [(s, [person(s, "人", f"{{110101190000000000 + s % 10**12}}"), post(s, date(2020, 1, 1))]) for s in subjects]
def told(done):
    if done == 3_000:
        print(Fact.objects.count(), flush=True)
bulk.land(book, chunks(), progress=told, **asked)
"""
    process = site.start(landing)
    inside = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.communicate()
    after = site.run(f"{OPEN}\n{COUNTS}")
    assert (inside, process.returncode, before, after) == (6_001, -signal.SIGKILL, "1 1 1 1 0", "1 1 1 1 0")


def test_a_pinned_moment_waits_for_what_is_being_written(site: Site):
    """An entry that took its known before the pin is committed before the pin returns: the moment never gains rows."""
    slow = f"""{OPEN}
from django.db import transaction
book = ensure_book(513301, '县')
worker = new_subjects(book, 1)[0]
with transaction.atomic():
    record(book, [post(worker, date(2020, 1, 1))], **asked)
    print("recorded", flush=True)
    sys.stdin.readline()
"""
    pin = f"""{OPEN}
from jiceng.ledger import reading
print("ready", flush=True)
at = reading.pinned(clock)
print(len(reading.as_of([1 << 40 | 1], on=date(2024, 1, 1), known_by=at)))
"""
    one = site.start(slow)
    assert one.stdout.readline() == "recorded\n"
    two = site.start(pin)
    assert two.stdout.readline() == "ready\n"
    time.sleep(0.5)
    assert two.poll() is None
    one.communicate("go\n", timeout=60)
    assert two.communicate(timeout=60)[0] == "1\n"


def test_a_full_disk_is_said_before_it_happens(site: Site):
    code = f"""{OPEN}
import shutil
from jiceng.base.refusals import Refusal
book = ensure_book(513301, '县')
real = shutil.disk_usage
shutil.disk_usage = lambda path: real(path)._replace(free=10_000)
subjects = new_subjects(book, 100)
try:
    bulk.land(book, [[(s, [post(s, date(2020, 1, 1))])] for s in subjects], **asked)
    print("landed")
except Refusal as refusal:
    print(refusal.id)
{COUNTS}
"""
    expected = ["landed", "100 100 0 0 0"] if on_postgres() else ["ledger.disk", "0 0 0 0 0"]
    assert site.run(code).splitlines() == expected


def test_a_file_that_cannot_grow_leaves_nothing_half_written(site: Site):
    """The limit on file size hits the SQLite log in the middle of a landing; PostgreSQL's server is another process."""
    code = f"""{OPEN}
import resource, signal
from django.db import OperationalError
book = ensure_book(513301, '县')
subjects = new_subjects(book, 6_000)
chunks = [[(s, [post(s, date(2020, 1, 1))]) for s in subjects[at : at + 1_000]] for at in range(0, 6_000, 1_000)]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
try:
    bulk.land(book, chunks, progress=print, **asked)
    print("landed")
except OperationalError:
    print("full")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
from django.db import connection
connection.close()
{COUNTS}
"""
    told = site.run(code).splitlines()
    if on_postgres():
        assert told[-2:] == ["landed", "6 6000 0 0 0"]
    else:
        assert (told[0], told[-2:]) == ("1000", ["full", "0 0 0 0 0"])
