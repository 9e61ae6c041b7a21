"""The impact shown before an act equals what the answers differ by after it: random changes of every kind, on the demo."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from jiceng.answers.population import encoded
from jiceng.answers.step import Step
from jiceng.base.dates import OPEN_END
from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Refusal
from jiceng.demo import build
from jiceng.ledger import reading
from jiceng.ledger.books import book_of
from jiceng.ledger.models import Ending, Entry, Fact, Key
from jiceng.places import tree
from jiceng.runs import standing
from jiceng.runs.ask import ask_place, ask_worker, totals_for
from jiceng.runs.commit import Change, Correct, Record, commit
from jiceng.runs.impact import Impact, impact
from jiceng.runs.law import installed_law
from jiceng.runs.models import TODAY, Standing
from jiceng.runs.rows import make_rows
from jiceng.terms.registry import Field, Kind

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
ON = NOW.date()
CITY = 5133
ROUNDS = 200
COLUMNS = (
    "state", "place", "post", "worker_class", "education", "certificate", "sex", "political", "post_since", "birth", "grade",
    "next_change",
)  # fmt: skip


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Built once for the module, in a transaction that is rolled back after it."""
    home = tmp_path_factory.mktemp("demo")
    (home / "data").mkdir()
    with django_db_blocker.unblock(), transaction.atomic():
        build.ready(home, now=NOW, report=lambda done, total: None)
        standing.ensure(ON)
        yield
        transaction.set_rollback(True)


def _value(field: Field, draw: random.Random) -> object:
    terms = installed_law().terms
    if field.type in terms.codes:
        return draw.choice(terms.codes[field.type].items).id
    return {
        "Date": (date(2012, 1, 1) + timedelta(days=draw.randrange(7_000))).isoformat(),
        "int": draw.randint(1, 9) if field.id != "year" else draw.randint(2018, 2026),
        "bool": draw.random() < 0.5,
        "Ratio": draw.randrange(800_000, 1_500_000),
        "Yuan": draw.randrange(100_000, 900_000),
        "text": draw.choice(("甲", "乙", "丙")),
    }[field.type]


def _fields(kind: Kind, draw: random.Random) -> dict[str, object]:
    found = {name: _value(one, draw) for name, one in kind.open_fields.items() if one.required or name in kind.key or draw.random() < 0.7}
    if kind.id == "complete":
        histories = [one.id for one in installed_law().terms.kinds.values() if one.record]
        return {"kind": draw.choice(histories), "from": draw.choice(("1900-01-01", found["from"]))}
    if kind.id == "population":
        return {**found, "urban_residents": draw.randint(500, 300_000)}
    if kind.id == "households":
        return {**found, "households": draw.randint(200, 3_000)}
    return found


def _change(draw: random.Random, subjects: Sequence[int], communities: Sequence[int]) -> Change:
    """A record or a correction, of any kind, of a worker or a place."""
    terms = installed_law().terms
    about_place = draw.random() < 0.2
    if about_place:
        community = draw.choice(communities)
        code = draw.choice([CITY, *tree.ancestors(community)[2:], community])
        subject = tree.subject_of(code)
    else:
        subject = draw.choice(subjects)
    since = date(2015, 1, 1) + timedelta(days=draw.randrange(4_500))
    until = None if draw.random() < 0.6 else since + timedelta(days=draw.randrange(1, 2_000))
    believed = [row for row in reading.history([subject], on=OPEN_END) if row.kind not in ("person", "contact", "erasure")]
    if believed and draw.random() < 0.5:
        old = draw.choice(believed)
        kind = terms.kinds[old.kind]
        if draw.random() < 0.25:
            return Correct(old.id, None, None, None)
        fields = {**old.data, **(_fields(kind, draw) if draw.random() < 0.7 else {})}
        period = (old.since, None if old.until == OPEN_END else old.until) if draw.random() < 0.5 else (since, until)
        return Correct(old.id, period[0], None if kind.cardinality == "event" else period[1], fields, place=old.place)
    of = "place" if about_place else "worker"
    kind = draw.choice([one for one in terms.kinds.values() if one.of == of and one.id not in ("person", "contact", "erasure")])
    place = draw.choice(communities) if kind.placed else None
    return Record(subject, kind.id, since, None if kind.cardinality == "event" else until, _fields(kind, draw), place=place)


def _workers(changes: Sequence[Change], facts: dict[int, int]) -> list[int]:
    about = {change.subject if isinstance(change, Record) else facts[change.fact] for change in changes}
    at = [tree.code_of(subject) for subject in about if tree.is_place_subject(subject)]
    standing_there = Standing.objects.filter(moment_id=TODAY, place__in=at).values_list("subject", flat=True)
    return sorted({subject for subject in about if not tree.is_place_subject(subject)} | set(standing_there))


def _codes(changes: Sequence[Change], workers: Sequence[int], facts: dict[int, int]) -> list[int]:
    """Every place that may be touched: where the workers ever were or will be, what is told of places, and all above up to the city."""
    found = {row.place for row in reading.history(workers, on=OPEN_END, kinds=["appointment"])}
    found |= {change.place for change in changes if change.place}
    about = {change.subject if isinstance(change, Record) else facts[change.fact] for change in changes}
    found |= {tree.code_of(subject) for subject in about if tree.is_place_subject(subject)}
    return sorted({up for code in found if code for up in (*tree.ancestors(code)[1:], code)})


def _state(workers: Sequence[int], codes: Sequence[int]) -> dict[tuple[int, str], object]:
    """Every answer as pages ask for it, and every column of the roster; whoever is on no roster has none."""
    rows = {row.subject: row for row in make_rows(workers, moment=TODAY, on=ON, law=installed_law())}
    found: dict[tuple[int, str], object] = {}
    for subject, row in rows.items():
        asked = ((name, step) for name, step in ask_worker(subject, on=ON).items() if not _of_a_month(step))
        found |= {(subject, name): encoded(step) for name, step in asked}
        # Some columns have the name of a rule: the two are told apart here, and are one name where they differ.
        found |= {(subject, f"column {name}"): getattr(row, name) for name in COLUMNS}
    # Read once for all places: each reading inside a transaction goes through every row of the prefecture.
    tallies = totals_for(CITY, on=ON, today=ON)
    for code in codes:
        found |= {(code, name): encoded(step) for name, step in ask_place(code, on=ON, today=ON, tallies=tallies).items()}
    return found


def _of_a_month(step: Step) -> bool:
    return bool(step.definition and step.definition.rule and step.definition.rule.asked)


def _differing(before: dict[tuple[int, str], object], after: dict[tuple[int, str], object]) -> set[tuple[int, str]]:
    def said(state: dict[tuple[int, str], object], key: tuple[int, str]) -> object:
        return state.get(key, None if key[1].startswith("column ") else mark(AnswerKind.no_rule))

    keys = before.keys() | after.keys()
    return {(number, name.removeprefix("column ")) for number, name in keys if said(before, (number, name)) != said(after, (number, name))}


def _commit(changes: Sequence[Change], place: int) -> None:
    commit(book_of(place).id, changes, actor="测试", basis="测试", why="测试", clock=lambda: NOW)


def _looked_at(changes: Sequence[Change], place: int) -> tuple[Impact | None, tuple[str, str]]:
    try:
        return impact(changes, book=book_of(place), on=ON, today=ON, clock=lambda: NOW, within=[CITY]), ("", "")
    except Refusal as refusal:
        return None, (refusal.id, refusal.what)


def test_impact_is_what_really_differs_after_the_act(demo):
    draw = random.Random(20261124)
    subjects = list(Standing.objects.filter(moment_id=TODAY).order_by("subject").values_list("subject", flat=True))[::7]
    communities = sorted(set(Standing.objects.filter(moment_id=TODAY).values_list("place", flat=True)))
    tried, refused, differing, kinds = 0, 0, 0, set()
    while tried < ROUNDS:
        changes = [_change(draw, subjects, communities) for _ in range(draw.choice((1, 1, 1, 2, 4)))]
        place = draw.choice(communities)
        kept = Entry.objects.count(), Fact.objects.count(), Ending.objects.count(), Key.objects.count()
        shown, refusal = _looked_at(changes, place)
        if shown is None:
            refused += 1
            with pytest.raises(Refusal) as real, transaction.atomic():
                _commit(changes, place)
            assert (real.value.id, real.value.what) == refusal
            continue
        assert (Entry.objects.count(), Fact.objects.count(), Ending.objects.count(), Key.objects.count()) == kept
        facts = {row.id: row.subject for row in reading.facts(change.fact for change in changes if isinstance(change, Correct))}
        workers = _workers(changes, facts)
        codes = _codes(changes, workers, facts)
        before = _state(workers, codes)
        save = transaction.savepoint()
        _commit(changes, place)
        really = _differing(before, _state(workers, codes))
        transaction.savepoint_rollback(save)
        day = shown.on(ON)
        assert {(one.number, it.rule) for one in (*day.workers, *day.places) for it in one.differences} == really
        tried, differing = tried + 1, differing + bool(really)
        kinds |= {change.kind for change in changes if isinstance(change, Record)}
    assert (differing > ROUNDS // 3, refused > 0, len(kinds) > 20) == (True, True, True)
