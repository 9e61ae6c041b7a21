"""Random subjects for a law: every fact, record, field and history state there and not there, so that every kind is reached."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from jiceng.answers.subject import History, Known, Record, Subject, Total
from jiceng.base.dates import OPEN_END, day_number
from jiceng.law.layers import Law
from jiceng.terms.registry import Name

FIRST = date(2000, 1, 1)
SPAN = 10_000


def some_day(dice: random.Random) -> date:
    return FIRST + timedelta(days=dice.randrange(SPAN))


def some_value(dice: random.Random, type: str, law: Law) -> int:
    if type in law.terms.codes:
        return dice.choice(law.terms.codes[type].items).number
    if type == "Date":
        return day_number(some_day(dice))
    if type == "bool":
        return dice.randrange(2)
    if type == "Yuan":
        return dice.choice([0, 1, 340_000, 555_555, -100])
    if type == "Ratio":
        return dice.choice([0, 1_000_000, 1_200_000, 1_390_625, 333_333])
    return dice.choice([0, 1, 2, 3, 7, 10, 2_019, 2_023, 25_600, 2**62])


def some_history(dice: random.Random, name: Name, law: Law, places: Sequence[int]) -> History:
    kind = law.terms.kinds[name.history]
    records = []
    for _turn in range(dice.choice([0, 0, 1, 2, 3, 5])):
        since = some_day(dice)
        until = OPEN_END if dice.random() < 0.4 else since + timedelta(days=dice.randrange(1, 2_000))
        values = {f: some_value(dice, e.type, law) for f, e in kind.fields.items() if e.type != "text" and dice.random() < 0.85}
        if "year" in values:
            values["year"] = since.year
        records.append(Record(since, until, dice.choice([0, *places]), values))
    records.sort(key=lambda record: record.since)
    return History(tuple(records), dice.choice([None, FIRST, some_day(dice)]), dice.random() < 0.6)


def people(law: Law, count: int, *, of: str, places: Sequence[int], seed: int) -> list[Subject]:
    """`count` subjects of one kind at these places."""
    dice = random.Random(f"{seed} {of}")
    around = people(law, 12, of="place", places=places, seed=seed) if of != "place" else [None]
    names = [name for name in law.terms.names.values() if name.of == of]
    rules = sorted({rule.total for document in law.documents for rule in document.rules if rule.total})
    made = []
    for number in range(count):
        facts = {n.id: Known(some_value(dice, n.type, law)) for n in names if not n.is_value and not n.history and dice.random() < 0.8}
        histories = {n.id: some_history(dice, n, law, places) for n in names if n.history and dice.random() < 0.9}
        totals = {r: Total(dice.randrange(50), 60, {1: dice.randrange(3)}) for r in rules if dice.random() < 0.8} if of == "place" else {}
        beside = None if of == "place" or dice.random() < 0.1 else dice.choice(around)
        made.append(Subject(number + 1, of, dice.choice(places), facts, histories, beside, totals))
    return made
