"""Several processes at once: the same new past day asked for twice, entries while days are brought up, a builder that is killed."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence

import pytest

from tests.ledger.sites import Site

pytestmark = pytest.mark.database

WORKERS = 90
OPEN = f"""
import sys
from datetime import UTC, date, datetime, timedelta
from jiceng.places.load import load_snapshot
from jiceng.runs import commit, moments, standing
from jiceng.runs.models import TODAY, Moment, Standing
from jiceng.runs.rows import make_rows
from tests.runs.world import COMMUNITY, COUNTY, at, book, id_number
today = date(2026, 11, 24)
standing.FEW = moments.PIECE = 7
home = book(COUNTY).id
workers = [home << 40 | n for n in range(1, {WORKERS} + 1)]
def compared():
    "Rows kept and rows made now, without the number of the entry, which an ended fact does not tell."
    law = standing.installed_law()
    fresh = {{row.subject: row.answers for row in make_rows(workers, moment=TODAY, on=today, law=law)}}
    kept = {{row.subject: row.answers for row in Standing.objects.filter(moment_id=TODAY)}}
    return len(kept), kept == fresh
"""
FILL = f"""{OPEN}
load_snapshot(only=(5133,))
from jiceng.runs.commit import Record
def facts(n, subject):
    born = date(1980, 1, 1) + timedelta(days=n)
    post = {{"post": "staff", "class": "full_time_staff", "origin": "open_recruitment", "appointed_by": "county"}}
    identity = {{"name": f"示例{{n}}", "id_number": id_number(n, born), "id_type": "居民身份证"}}
    return [
        Record(subject, "person", born, None, {{}}, sealed=identity),
        Record(subject, "birth", born, None, {{"date": born.isoformat()}}),
        Record(subject, "complete", date(2010, 1, 1), None, {{"kind": "training", "from": "1900-01-01"}}),
        Record(subject, "appointment", date(2018, 1, 1), None, post, place=COMMUNITY),
        Record(subject, "training", date(2022, 1, 1) + timedelta(days=n), None, {{"level": "county", "kind": "in_service"}}),
    ]
made = commit.new_subjects(home, {WORKERS})
told = [(subject, facts(n, subject)) for n, subject in enumerate(made)]
commit.land(home, [told], actor="甲", basis="", why="", clock=at(today), batch=1)
"""
PAST = "moment = standing.moment_for(on=date(2023, 5, 1), known_by=None, today=today)"


def together(site: Site, codes: Sequence[str]) -> list[str]:
    """Start these at one sign; what each printed. Fails with the code's own error."""
    processes = [site.start(f"{OPEN}\nprint('ready', flush=True)\nsys.stdin.readline()\n{code}") for code in codes]
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [_finished(process) for process in processes]


def _finished(process: subprocess.Popen[str]) -> str:
    printed, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    return printed.strip()


def test_one_new_past_day_asked_for_by_four_at_once_is_one_moment(site: Site):
    site.run(FILL)
    asked = f"{PAST}\nprint(moment, Standing.objects.filter(moment_id=moment).count())"
    found = together(site, [asked] * 4)
    assert found == [found[0]] * 4
    assert found[0].split()[1] == str(WORKERS)
    count = "print(Moment.objects.count(), Standing.objects.exclude(moment_id=TODAY).count())"
    assert site.run(OPEN + count) == f"2 {WORKERS}"


def test_entries_while_rows_are_brought_up_lose_nothing(site: Site):
    site.run(FILL)
    site.run(f"{OPEN}\nStanding.objects.update(next_change=today, answers={{}})")
    write = """
from jiceng.runs.commit import Record
for subject in workers[{first}::4]:
    change = Record(subject, "training", date(2026, 9, 1), None, {{"level": "county", "kind": "special"}})
    commit.commit(home, [change], actor="甲", basis="", why="", clock=at(today))
"""
    bring_up = "print(standing.ensure(today) >= 0)"
    together(site, [bring_up, write.format(first=0), bring_up, write.format(first=1), "print(standing.tighten(today) >= 0)"])
    assert site.run(f"{OPEN}\nstanding.ensure(today)\nprint(*compared())") == f"{WORKERS} True"


def test_a_builder_that_is_killed_leaves_what_it_did_and_the_next_goes_on(site: Site):
    site.run(FILL)
    slow = f"""{OPEN}
real = moments.write
def told(rows):
    written = real(rows)
    print(written, flush=True)
    if moments.done == 2:
        sys.stdin.readline()
    moments.done += 1
    return written
moments.write, moments.done = told, 0
{PAST}
"""
    builder = site.start(slow)
    for _ in range(3):
        assert builder.stdout.readline() == "7\n"
    builder.send_signal(signal.SIGKILL)
    builder.communicate()
    state = f"{OPEN}\nkept = Moment.objects.exclude(id=TODAY).get()\nprint(kept.ready, Standing.objects.filter(moment_id=kept.id).count())"
    assert site.run(state) == "False 14"
    assert site.run(f"{OPEN}\n{PAST}\nprint(Standing.objects.filter(moment_id=moment).count())") == str(WORKERS)
    assert site.run(state) == f"True {WORKERS}"


def test_a_page_says_that_it_is_not_ready_and_goes_on_when_asked_again(site: Site):
    site.run(FILL)
    impatient = f"""{OPEN}
from jiceng.base.refusals import Refusal
asked = []
while not asked or asked[-1] != "there":
    try:
        standing.moment_for(on=date(2023, 5, 1), known_by=None, today=today, seconds=0)
        asked.append("there")
    except Refusal as refusal:
        asked.append(refusal.id)
Standing.objects.filter(moment_id=TODAY).update(next_change=today)
try:
    standing.ensure(today, seconds=0)
except Refusal as refusal:
    asked.append(refusal.id)
print(len(asked), *sorted(set(asked)), standing.ensure(today))
"""
    pieces = -(-WORKERS // 7)
    assert site.run(impatient) == f"{pieces + 1} runs.building runs.catching_up there {WORKERS - 7}"


def test_what_a_page_could_not_finish_is_finished_by_a_job(site: Site):
    site.run(FILL)
    asks = f"""{OPEN}
from django_tasks_db.models import DBTaskResult
from jiceng.base.refusals import Refusal
for again in range(2):
    try:
        standing.moment_for(on=date(2023, 5, 1), known_by=None, today=today, seconds=0)
    except Refusal:
        pass
print(*DBTaskResult.objects.order_by("task_path").values_list("task_path", flat=True))
for job in DBTaskResult.objects.all():
    job.task.func(*job.args_kwargs["args"])
kept = Moment.objects.exclude(id=TODAY).get()
print(kept.ready, Standing.objects.filter(moment_id=kept.id).count())
"""
    assert site.run(asks).splitlines() == ["jiceng.runs.jobs.build", f"True {WORKERS}"]
