"""What a change would bring about, worked out before it is made: answers before and after, of the workers and places touched.

Everything is computed by the same functions as the answers themselves, over the facts of the ledger with the trial's facts in
place of those it would end. Nothing is written and no lock is taken; what the ledger would refuse is refused here already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jiceng.answers.printing import number_text
from jiceng.base.dates import OPEN_END
from jiceng.base.kinds import KIND_NAMES, AnswerKind, kind_of, mark
from jiceng.law.bounds import cite
from jiceng.law.load import Law
from jiceng.ledger import reading
from jiceng.ledger.changes import Change
from jiceng.ledger.ids import DOCUMENT, PLACE
from jiceng.ledger.models import Book
from jiceng.ledger.reading import FactRow
from jiceng.ledger.trying import Tried, tried
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs import binding, moments, staffing
from jiceng.runs.law import installed_law
from jiceng.runs.models import TODAY, State
from jiceng.runs.reading import FactShown, fact_shown
from jiceng.runs.rows import rows_from
from jiceng.runs.writing import StandingRow
from jiceng.terms.registry import Terms

STAFFING, DUE, PAY, YEARS, ROSTER, OTHER = "配备", "到期与日期", "工资", "年限", "名册", "其他"
TOPICS = (ROSTER, STAFFING, DUE, PAY, YEARS, OTHER)
LATER_DAYS = 3
"""So many days on which the change begins or ends later are worked out besides today."""
_NOTHING = mark(AnswerKind.no_rule)


@dataclass(frozen=True)
class Difference:
    """An answer, or a column of the roster, that comes out otherwise. Without a rule in force before or after: —."""

    rule: str
    title: str
    mark: str
    topic: str
    before: str
    after: str


@dataclass(frozen=True)
class About:
    """The differences of one worker (its subject) or one place (its code)."""

    number: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Summed:
    """One answer over many workers: how many come out how before, and how after."""

    rule: str
    title: str
    mark: str
    topic: str
    changes: tuple[tuple[str, str, int], ...]

    @property
    def workers(self) -> int:
        return sum(number for _, _, number in self.changes)


@dataclass(frozen=True)
class Day:
    """What differs on one day. Places are worked out for today and later days, the lowest last; on later days those not
    touched count as they stand today."""

    on: date
    workers: tuple[About, ...]
    places: tuple[About, ...]

    @property
    def nothing(self) -> bool:
        return not self.workers and not self.places

    @property
    def summed(self) -> tuple[Summed, ...]:
        """The differences of all workers, by answer, in the order of their topics."""
        found: dict[tuple[str, str, str, str], Counter[tuple[str, str]]] = {}
        for one in self.workers:
            for it in one.differences:
                found.setdefault((it.rule, it.title, it.mark, it.topic), Counter())[it.before, it.after] += 1
        rows = [Summed(*key, tuple((*pair, number) for pair, number in count.most_common())) for key, count in found.items()]
        return tuple(sorted(rows, key=lambda row: TOPICS.index(row.topic)))


@dataclass(frozen=True)
class Impact:
    """What a change brings about, day by day: the day looked at, today, and the days on which it begins or ends later."""

    days: tuple[Day, ...]
    places: Mapping[int, str]
    """Names of the places met, without what lies above all of them."""
    ended: tuple[FactShown, ...] = ()
    """What is believed now and would no longer be, or only for a part of its time."""

    @property
    def nothing(self) -> bool:
        """No answer on any of these days comes out otherwise."""
        return all(day.nothing for day in self.days)

    def on(self, day: date) -> Day:
        """The differences on one of the days."""
        return next(one for one in self.days if one.on == day)


def impact(
    changes: Sequence[Change], *, book: Book | int, on: date, today: date, clock: Callable[[], datetime], within: Sequence[int]
) -> Impact:  # fmt: skip
    """The answers that these changes would make come out otherwise; nothing is kept.

    Shape   `within`: the places whose figures the asker may see; figures of the places touched are worked out up to there
    Time    the day `on`, today, and the first days after today on which what is changed begins or ends
    Errors  the refusals of the ledger, exactly those the real act would give; runs.catching_up
    """
    law = installed_law()
    what = tried(book, changes, known=clock(), terms=law.terms)
    workers = _workers(what)
    told = reading.history([*workers, *(subject for subject in what.subjects if subject >= PLACE)], on=OPEN_END, terms=law.terms)
    days = _days(what, told, on=on, today=today)
    both = {day: _both(workers, told, what, on=day, law=law) for day in days}
    codes = staffing.touched(both[today], what, within=within)
    later = [day for day in days if day >= today]
    figures = staffing.figures(codes, both[today][0], days=later, today=today, law=law) if codes else None
    names = _names({row.place for rows in both.values() for side in rows for row in side.values()} | set(codes), on=today)
    found = []
    for day, rows in both.items():
        compared = figures.compared(rows, what, on=day, law=law) if figures and day >= today else []
        found.append(Day(day, _of_workers(workers, rows, names, on=day, law=law), _of_places(compared, on=day, law=law)))
    ended = [fact_shown(row, law.terms, believed=True) for row in told if row.id in what.ended]
    return Impact(tuple(found), names, tuple(ended))


def _names(codes: Iterable[int], *, on: date) -> dict[int, str]:
    """Names of places, without the part that the place right above the widest of them contributes to all."""
    wanted = {code for code in codes if code}
    above = tree.parent_of(min(wanted, key=tree.level_of)) if wanted else tree.NATION
    return places.full_names(wanted, on=on, above=above if all(tree.contains(above, code) for code in wanted) else tree.NATION)


def _workers(what: Tried) -> list[int]:
    """The workers among the subjects, and those who stand at the places among them: their rules may ask for its facts."""
    codes = [tree.code_of(subject) for subject in what.subjects if subject >= PLACE]
    return [*(subject for subject in what.subjects if subject < DOCUMENT), *(moments.standing_at(TODAY, codes) if codes else ())]


def _days(what: Tried, told: Iterable[FactRow], *, on: date, today: date) -> list[date]:
    facts = [*what.facts, *(row for row in told if row.id in what.ended)]
    later = sorted({day for fact in facts for day in (fact.since, fact.until) if today < day < OPEN_END})
    return sorted({on, today, *later[:LATER_DAYS]})


def _both(workers: Sequence[int], told: list[FactRow], what: Tried, *, on: date, law: Law) -> staffing.Both:
    """Rows of the workers as they stand on a day, and as they would."""
    around = binding.Surroundings(on=on, known_by=None, terms=law.terms)
    before = rows_from(workers, told, moment=TODAY, on=on, law=law, around=around, named=False)
    codes = [tree.code_of(subject) for subject in what.subjects if subject >= PLACE]
    changed = what.over(told, about=what.subjects)
    otherwise = binding.Surroundings(on=on, known_by=None, terms=law.terms)
    anew = binding.PlaceHistories(codes, known_by=None, terms=law.terms, rows=[row for row in changed if row.subject >= PLACE])
    otherwise.kept = {**around.kept, **{code: anew.on(code, on) for code in codes}}
    after = rows_from(workers, changed, moment=TODAY, on=on, law=law, around=otherwise, named=False)
    return {row.subject: row for row in before}, {row.subject: row for row in after}


def _of_workers(workers: Sequence[int], rows: staffing.Both, names: Mapping[int, str], *, on: date, law: Law) -> tuple[About, ...]:
    found = []
    for subject in workers:
        old, new = rows[0].get(subject), rows[1].get(subject)
        differing = _columns(old, new, names, law.terms) + _answers(
            old.answers if old else {}, new.answers if new else {}, [row.place for row in (new, old) if row], on=on, law=law
        )
        if differing:
            found.append(About(subject, tuple(sorted(differing, key=lambda one: TOPICS.index(one.topic)))))
    return tuple(found)


def _of_places(compared: Iterable[tuple[int, Mapping[str, int], Mapping[str, int]]], *, on: date, law: Law) -> tuple[About, ...]:
    found = ((code, _answers(old, new, [code], on=on, law=law, topic=STAFFING)) for code, old, new in compared)
    return tuple(About(code, tuple(differing)) for code, differing in found if differing)


def _answers(
    old: Mapping[str, int], new: Mapping[str, int], at: Sequence[int], *, on: date, law: Law, topic: str = ""
) -> list[Difference]:  # fmt: skip
    """Rules whose answers differ, in the order in which rules ask each other."""
    regimes = [law.regime(place, on) for place in at]
    found = []
    for name in dict.fromkeys([*new, *old]):
        before, after = old.get(name, _NOTHING), new.get(name, _NOTHING)
        if before != after:
            definition = next((one for regime in regimes if (one := regime.definitions.get(name))), None)
            clause = cite(definition.document, definition.clause) if definition else ""
            said = [_said(name, answer, law) for answer in (before, after)]
            found.append(Difference(name, law.titles[name], clause, topic or _topic(name, law), *said))
    return found


def _topic(name: str, law: Law) -> str:
    """By what a rule gives: a date, money, years."""
    given = law.types[name].name
    return DUE if given == "Date" else PAY if given == "Yuan" else YEARS if law.units.get(name) == "年" else OTHER


def _said(name: str, answer: int, law: Law) -> str:
    kind = kind_of(answer)
    if kind == AnswerKind.no_rule:
        return "—"
    return number_text(answer, law.types[name], law.units.get(name, ""), law.terms) if kind == AnswerKind.value else KIND_NAMES[kind]


_CODES = (("post", "岗位", "Post"), ("worker_class", "人员类别", "WorkerClass"), ("education", "最高学历", "EducationLevel"))
_MORE_CODES = (("certificate", "职业资格", "CertificateKind"), ("sex", "性别", "Sex"), ("political", "政治面貌", "PoliticalStatus"))


def _columns(old: StandingRow | None, new: StandingRow | None, names: Mapping[int, str], terms: Terms) -> list[Difference]:
    """Columns of the roster that differ, and the next day on which an answer may change by itself."""

    def column(name: str, title: str, say: Callable[[Any], str], topic: str = ROSTER) -> Difference | None:
        before, after = (getattr(row, name) if row else None for row in (old, new))
        if before == after:
            return None
        return Difference(name, title, "", topic, *("—" if value is None else say(value) for value in (before, after)))

    found = [
        column("state", "状态", lambda state: str(State(state).label)),
        column("place", "所在地方", lambda place: names.get(place, str(place))),
        *(
            column(name, title, lambda number, codes=terms.codes[listed].by_number: codes[number].name if number else "无")  # type: ignore[misc]
            for name, title, listed in (*_CODES, *_MORE_CODES)
        ),
        column("post_since", "任现岗时间", date.isoformat),
        column("birth", "出生日期", date.isoformat),
        column("grade", "等级", str),
        column("next_change", "没有新记载时，下一次有变化的日子", lambda day: "—" if day == OPEN_END else day.isoformat(), DUE),
    ]
    return [one for one in found if one]
