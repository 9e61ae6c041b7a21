"""What a kept run follows from, and its rows worked out from the ledger and a kept law set alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from jiceng.answers.population import CHUNK, WORTH_COMPILING, answer_many
from jiceng.answers.subject import Subject
from jiceng.base.dates import OPEN_END, day_number
from jiceng.base.refusals import Refusal
from jiceng.law.load import Law
from jiceng.ledger import reading
from jiceng.ledger.reading import FactRow
from jiceng.ledger.tables import no_collector
from jiceng.places import tree
from jiceng.runs import binding, law_sets
from jiceng.runs.kept_rows import Array, Rows, in_order

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Identity:
    """Everything a calculation follows from: with the ledger and the law set of this hash, its rows come out again.

    `kind`     answers, pay or simulated
    `known_by` a pinned moment (`reading.pinned`): every entry known by then was there
    `law_hash` of a simulated run that of the law with the scenario in it, kept whole; `scenario` says what it was, canonical JSON
    """

    kind: str
    place: int
    on: date
    known_by: datetime
    law_hash: str
    names: tuple[str, ...]
    scenario: str = ""


def identified(
    names: Sequence[str],
    *,
    place: int,
    on: date,
    known_by: datetime | None,
    clock: Clock,
    law: Law,
    kind: str = "answers",
    scenario: str = "",
) -> Identity:  # fmt: skip
    """The identity of a calculation made now; `known_by` None, or in the future, becomes the pinned moment of now."""
    now = reading.pinned(clock)
    return Identity(kind, place, on, now if known_by is None else min(known_by, now), law.hash, tuple(names), scenario)


def asked(law: Law, names: Sequence[str]) -> tuple[str, ...]:
    """Rule names or Chinese titles as the names of worker rules, each once, in the order asked.

    Errors  Refusal law.no_name, runs.two_names, runs.not_worker, runs.no_names
    """
    found: list[str] = []
    for text in names:
        same = law.named(text)
        if len(same) > 1:
            raise Refusal("runs.two_names", f"有 {len(same)} 条规则都叫“{text}”", do=f"请写规则名：{'、'.join(same)}")
        name = same[0] if same else text
        if name in law.titles and law.of.get(name) != "worker":
            do = "请只选对工作者作答的规则；地方的答案在“地方与人口”里看"
            raise Refusal("runs.not_worker", f"“{law.titles[name]}”不是对工作者作答的", do=do)
        found.append(name)
    if not found:
        raise Refusal("runs.no_names", "没有写要计算的规则", do="请至少写一条规则")
    answer_many(law, [], on=date.min, names=found)  # refuses names that do not exist or are no number
    return tuple(dict.fromkeys(found))


def serving_in(place: int, *, on: date, known_by: datetime | None, law: Law) -> Iterator[list[Subject]]:
    """The workers in service inside a place, bound to their facts, some thousand at a time; from the ledger alone.

    Time    state at the end of `on`, as known by `known_by`
    """
    yield from _bound(placed(place, on=on, known_by=known_by, law=law), place, on=on, known_by=known_by, law=law)


def placed(place: int, *, on: date, known_by: datetime | None, law: Law) -> list[int]:
    """Workers with an appointment inside a place on a day; whether they serve in it is seen once they are bound."""
    return reading.placed_in(tree.ranges(place), on=on, known_by=known_by, terms=law.terms)


def _bound(ids: Sequence[int], place: int, *, on: date, known_by: datetime | None, law: Law) -> Iterator[list[Subject]]:
    around = binding.Surroundings(on=on, known_by=known_by, terms=law.terms)
    for start in range(0, len(ids), CHUNK):
        facts: dict[int, list[FactRow]] = defaultdict(list)
        with no_collector():
            for row in reading.history(ids[start : start + CHUNK], on=OPEN_END, known_by=known_by, terms=law.terms):
                facts[row.subject].append(row)
            around.read({row.place for told in facts.values() for row in told if row.kind == "appointment" and row.place})
            serving = [id for id, told in facts.items() if _serves(told, on)]
            bound = [binding.bind(id, facts[id], on=on, terms=law.terms, surroundings=around, sources=False) for id in serving]
        yield [subject for subject in bound if tree.contains(place, subject.place)]


def _serves(told: Sequence[FactRow], on: date) -> bool:
    appointments = [row for row in told if row.kind == "appointment" and row.since <= on < row.until]
    return binding.serving(appointments, (row for row in told if row.kind == "departure" and row.until > on), on) is not None


def calculated(identity: Identity) -> Rows:
    """The rows of a run of kind answers or simulated, from the ledger and the law set of its hash alone.

    Time    state at the end of `on`, as known by `known_by`
    Empty   a place without workers gives no rows
    Errors  Refusal runs.law_set if the law set is not kept here; law.no_name
    """
    law = law_sets.law_of(identity.law_hash)
    ids = placed(identity.place, on=identity.on, known_by=identity.known_by, law=law)
    compiled = True if len(ids) > WORTH_COMPILING else None  # a piece alone is too small for its loops to be made
    subjects: list[int] = []
    places: list[int] = []
    parts: dict[str, list[Array]] = {name: [] for name in identity.names}
    for some in _bound(ids, identity.place, on=identity.on, known_by=identity.known_by, law=law):
        answers = answer_many(law, some, on=identity.on, names=identity.names, compiled=compiled)
        subjects += [subject.id for subject in some]
        places += [subject.place for subject in some]
        for name, told in answers.items():
            parts[name].append(told)
    found = {name: np.concatenate(told) if told else np.zeros(0, np.int64) for name, told in parts.items()}
    days = np.full(len(subjects), day_number(identity.on), np.int32)
    return in_order(np.array(subjects, np.int64), np.array(places, np.int64), days, found)
