"""Random histories of record, correct and undo, against a model that keeps every day by itself.

The model knows nothing of splitting or restating: a slot is a row of days, an event a token on a day. After every entry
its whole state is kept; at the end the ledger must give that state back for every day and every known time.
"""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.ledger import reading
from jiceng.ledger.books import new_subjects
from jiceng.ledger.changes import Correct, Record
from jiceng.ledger.models import Entry
from jiceng.ledger.record import record, undo
from jiceng.ledger.verify import verify
from tests.ledger.parts import COMMUNITY, Ticking

pytestmark = [pytest.mark.django_db, pytest.mark.database]

FIRST, DAYS = date(2024, 2, 25), 10
HISTORIES, STEPS = 60, 18


def day(n: int) -> date:
    return OPEN_END if n >= DAYS else FIRST + timedelta(days=n)


@dataclass
class State:
    """slot → one token (or None) a day; event token → day; keyed event slot → (day, token)."""

    slots: dict = field(default_factory=dict)
    events: dict = field(default_factory=dict)
    keyed: dict = field(default_factory=dict)

    def seen(self, subject, n):
        tokens = [row[n] for (s, *_), row in self.slots.items() if s == subject and row[n] is not None]
        tokens += [token for token, (s, since) in self.events.items() if s == subject and since <= n]
        tokens += [token for (s, _), (since, token) in self.keyed.items() if s == subject and since <= n]
        return sorted(tokens)


def token_of(row) -> int:
    return (
        row.data.get("grade") or row.data.get("hours") or int(row.data.get("school") or row.data.get("scores") or row.data.get("employer"))
    )


class History:
    """Draws changes, applies them to the ledger and to the model."""

    def __init__(self, seed, book):
        self.random = random.Random(seed)
        self.book, self.subjects = book, list(new_subjects(book, 2))
        self.clock = Ticking()
        self.state, self.token = State(), 0
        self.kept: list[tuple[Entry, State, set]] = []
        self.refusals: list[tuple[str, bool]] = []  # of undos: the id, and whether anything touched the slots since

    def content(self):
        """(kind, slot key, fields, place) of a new record."""
        self.token += 1
        kind = self.random.choice(["grading", "grading", "education", "appointment", "training", "assessment"])
        if kind == "grading":
            return kind, None, {"grade": self.token}, None
        if kind == "education":
            level = self.random.choice(["college", "bachelor"])
            return kind, level, {"level": level, "mode": "full_time", "school": str(self.token)}, None
        if kind == "appointment":
            place = COMMUNITY + self.random.randrange(2)
            return kind, place, {"post": "staff", "employer": str(self.token)}, place
        if kind == "training":
            return kind, None, {"hours": self.token}, None
        year = self.random.choice([2022, 2023])
        return kind, year, {"year": year, "result": "good", "scores": str(self.token)}, None

    def period(self):
        first = self.random.randrange(DAYS - 1)
        return first, self.random.choice([DAYS, self.random.randrange(first + 1, DAYS)])

    def put(self, state, subject, kind, key, first, last):
        touched = (subject, kind, key)
        if kind == "training":
            state.events[self.token] = (subject, first)
            return (subject, kind, self.token)
        if kind == "assessment":
            state.keyed[subject, key] = (first, self.token)
        else:
            row = state.slots.setdefault(touched, [None] * DAYS)
            row[first:last] = [self.token] * (last - first)
        return touched

    def take(self, state, row):
        """The model forgets a fact: the days it holds, or its event."""
        token = token_of(row)
        state.events.pop(token, None)
        state.keyed = {slot: held for slot, held in state.keyed.items() if held[1] != token}
        for slot in state.slots.values():
            for n in range(DAYS):
                if slot[n] == token and row.since <= day(n) < row.until:
                    slot[n] = None

    def slot_of(self, row):
        keys = {"education": row.data.get("level"), "appointment": row.place, "assessment": row.data.get("year")}
        return (row.subject, row.kind, token_of(row) if row.kind == "training" else keys.get(row.kind))

    def change(self, state):
        believed = reading.history(self.subjects, on=OPEN_END)
        if believed and self.random.random() < 0.4:
            old = self.random.choice(believed)
            self.take(state, old)
            touched = {self.slot_of(old)}
            if self.random.random() < 0.5:
                return Correct(old.id, None, None, None), touched
            kind, key, fields, place = self.content()
            while kind != old.kind:
                kind, key, fields, place = self.content()
            first, last = self.period()
            touched.add(self.put(state, old.subject, kind, key, first, last))
            until = None if kind in ("training", "assessment") else day(last)
            return Correct(old.id, day(first), until, fields, None, place), touched
        return self.recorded(state)

    def recorded(self, state):
        subject = self.random.choice(self.subjects)
        kind, key, fields, place = self.content()
        first, last = self.period()
        touched = {self.put(state, subject, kind, key, first, last)}
        return Record(subject, kind, day(first), None if kind in ("training", "assessment") else day(last), fields, None, place), touched

    def step(self):
        if self.random.random() < 0.1:
            self.clock.back(timedelta(hours=1))
        if self.kept and self.random.random() < 0.35:
            return self.undo(self.random.choice(self.kept[-5:]))
        state = copy.deepcopy(self.state)
        # Only the first change may correct: a fact touched twice in one entry is refused, which is tested elsewhere.
        change, touched = self.change(state)
        changes = [change]
        if self.random.random() < 0.4:
            change, slots = self.recorded(state)
            changes.append(change)
            touched |= slots
        entry = record(self.book, changes, actor="甲", basis="", why="", clock=self.clock)
        self.keep(entry, state, touched)
        return None

    def undo(self, chosen):
        entry, after, touched = chosen
        at = next(n for n, kept in enumerate(self.kept) if kept[0].id == entry.id)
        before = self.kept[at - 1][1] if at else State()
        try:
            made = undo(entry.id, actor="甲", why="", clock=self.clock)
        except Refusal as refused:
            self.refusals.append((refused.id, any(kept[2] & touched for kept in self.kept[at + 1 :])))
            return
        state = copy.deepcopy(self.state)
        for name in ("slots", "events", "keyed"):
            now, then, was = getattr(state, name), getattr(after, name), getattr(before, name)
            for slot in then.keys() | was.keys():
                if name == "slots":
                    row, new, old = now.setdefault(slot, [None] * DAYS), then.get(slot, [None] * DAYS), was.get(slot, [None] * DAYS)
                    for n in range(DAYS):
                        if new[n] != old[n]:
                            assert row[n] == new[n], "an undo went through though the day had changed since"
                            row[n] = old[n]
                elif then.get(slot) != was.get(slot):
                    assert now.get(slot) == then.get(slot)
                    now.pop(slot, None)
                    if slot in was:
                        now[slot] = was[slot]
        self.keep(made, state, touched)

    def keep(self, entry, state, touched):
        self.state = state
        self.kept.append((entry, copy.deepcopy(state), touched))

    def check(self):
        assert set(self.refusals) <= {("ledger.undone", True), ("ledger.undo_later", True)}
        for entry, state, _ in self.kept:
            for n in range(DAYS):
                rows = reading.as_of(self.subjects, on=day(n) if n < DAYS else OPEN_END, known_by=entry.known_at)
                for subject in self.subjects:
                    tokens = sorted(token_of(row) for row in rows if row.subject == subject)
                    assert tokens == state.seen(subject, n), (entry, day(n))
        now = reading.as_of(self.subjects, on=day(3))
        assert now == reading.as_of(self.subjects, on=day(3), known_by=self.kept[-1][0].known_at)


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_every_day_at_every_known_time(seed, book):
    history = History(seed, book)
    for _ in range(STEPS):
        history.step()
    history.check()
    assert verify().problems == []
