"""The story into the ledger: every act an entry, in time order, with the clock at the day on which it was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from jiceng.base.dates import OPEN_END
from jiceng.demo.story import Act, Amend, Begin, End, Story
from jiceng.ledger import reading
from jiceng.ledger.books import ensure_book
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.runs.commit import Change, Correct, Record, commit, new_subjects
from jiceng.terms.registry import base_terms

_ZONE = ZoneInfo("Asia/Shanghai")
_TEN = time(10, 0, tzinfo=_ZONE)


def replay(story: Story, *, county_name: str) -> tuple[dict[int, int], int]:
    """Writes a county's story into its book, all of it or nothing.

    Shape   (number in the story → subject in the ledger, how many entries)
    Time    an entry is known at ten in the morning of the day on which the act was recorded; entries are marked as loaded
    """
    with transaction.atomic():
        book = ensure_book(story.county, f"{county_name}社区工作者账簿")
        known = [life.number for life in story.lives if not life.only_in_workbook]
        subjects = dict(zip(known, new_subjects(book, len(known)), strict=True))
        written = 0
        for act in story.acts():
            changes = _changes(act, subjects)
            if changes:
                commit(
                    book, changes, actor=f"{county_name}委社会工作部（示例）", basis=act.basis, why="演示数据按时间回放",
                    clock=lambda day=act.day: _at(day), loaded=True,
                )  # fmt: skip
                written += 1
    return subjects, written


def _at(day: date) -> datetime:
    return datetime.combine(day, _TEN).astimezone(UTC)


def _changes(act: Act, subjects: Mapping[int, int]) -> list[Change]:
    touched = {subjects[line.worker] for line in act.lines if isinstance(line, End | Amend) and line.worker in subjects}
    believed = reading.history(touched, on=OPEN_END) if touched else []
    changes: list[Change] = []
    for line in act.lines:
        if line.worker and line.worker not in subjects:
            continue
        if isinstance(line, Begin):
            changes.append(_record(line, subjects))
        elif isinstance(line, End):
            changes.extend(_ended(row, line.day) for row in _holding(line, subjects[line.worker], believed))
        else:
            changes.extend(_amended(row, line) for row in _meant(line, subjects[line.worker], believed))
    return changes


def _record(line: Begin, subjects: Mapping[int, int]) -> Record:
    kind = base_terms().kinds[line.kind]
    fields = {name: _stored(kind.fields[name].type, value) for name, value in line.fields.items()}
    sealed = {name: fields.pop(name) for name in kind.seal if name in fields} or None
    if not line.worker:
        subject = tree.subject_of(line.place, tree.level_of(line.place))
        return Record(subject, line.kind, line.since, line.until, fields, sealed)
    return Record(subjects[line.worker], line.kind, line.since, line.until, fields, sealed, line.place or None)


def _stored(type: str, value: object) -> object:
    """Code names to ids; everything else stands as it is."""
    codes = base_terms().codes.get(type)
    return codes.by_text[str(value)].id if codes else value


def _holding(line: End, subject: int, believed: Iterable[FactRow]) -> list[FactRow]:
    return [
        row
        for row in believed
        if row.subject == subject and row.kind == line.kind and row.until > line.day and (not line.place or row.place == line.place)
    ]


def _ended(row: FactRow, day: date) -> Correct:
    """The fact cut off at `day`; one that would only have begun then never was."""
    if row.since >= day:
        return Correct(row.id, None, None, None)
    return Correct(row.id, row.since, day, row.data)


def _meant(line: Amend, subject: int, believed: Iterable[FactRow]) -> list[FactRow]:
    return [
        row
        for row in believed
        if row.subject == subject and row.kind == line.kind and all(row.data.get(name) == value for name, value in line.was.items())
    ]


def _amended(row: FactRow, line: Amend) -> Correct:
    return Correct(row.id, row.since, None if row.until == OPEN_END else row.until, {**row.data, **line.fields})
