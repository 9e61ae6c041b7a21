"""One worker or one entry, asked for by number, inside a scope. Page and API find them here.

A number that does not exist and one outside the scope get the same refusal after the same statements, and both are
written into the log: nobody counts workers or entries of other places by trying numbers.
"""

from __future__ import annotations

from datetime import date, datetime

from jiceng.access.scope import Scope
from jiceng.base.dates import chinese_date
from jiceng.base.refusals import Refusal
from jiceng.ledger import reading
from jiceng.ledger.ids import DOCUMENT, PLACE, book_of_entry, entry_name, first_fact
from jiceng.ledger.reading import FactRow
from jiceng.ledger.tables import rows
from jiceng.places import tree
from jiceng.runs import reading as kept
from jiceng.runs.bulk_acts import places_of_batch
from jiceng.runs.commit import act_of_two_books
from jiceng.runs.law import installed_law
from jiceng.runs.models import TODAY, Standing
from jiceng.runs.reading import Act
from jiceng.runs.standing import is_fresh, row, row_on


def worker_seen(
    scope: Scope, subject: int, *, on: date, known_by: datetime | None, today: date, permission: str = "see"
) -> Standing:  # fmt: skip
    """The worker's row at a moment, where the account may see the place where he stands then.

    Errors  Concealed for a worker that is not there or stands outside; worker.unknown for one of the account's own on a day
            on which he was not on the roster; Denied where he may be seen but `permission` does not hold
    """
    what, now = f"查看编号 {subject} 的人员", (on, known_by) == (today, None)
    # Before a row is worked out, which takes statements that a number without a worker would not take.
    kept_row = row(subject, moment=TODAY) if now else None
    ever = _places_ever(subject) if not now else {kept_row.place} if kept_row is not None else set()
    if not any(scope.may("see", place) for place in ever):
        raise scope.conceal("see", what=what, place=min(ever, default=None))
    fresh = kept_row is not None and is_fresh(kept_row, on=on)
    found = kept_row if fresh else row_on(subject, on=on, known_by=known_by, today=today)
    if found is None and not now:
        raise Refusal(
            "worker.unknown", f"{chinese_date(on)}的名册上没有这个人", why="当时还没有他的任职记录", do="请换一个日期，或从名册里查找"
        )
    if found is None or not scope.may("see", found.place):
        raise scope.conceal("see", what=what, place=found.place if found is not None else None)
    scope.require(permission, found.place, what=f"办理编号 {subject} 的人员")
    return found


def _places_ever(subject: int) -> set[int]:
    return {told.place for told in reading.history([subject], on=date.max, kinds=("appointment",)) if told.place is not None}


def entry_seen(scope: Scope, number: int, permission: str = "see") -> tuple[Act, set[int]]:
    """An entry all of whose places the account may see, and those places.

    Errors  Concealed for an entry that is not there or speaks of a place outside; Denied where it may be seen but
            `permission` does not hold at one of its places; to undo a move, at one of both ends
    """
    spoken = places_spoken_of(number)
    outside = next((place for place in sorted(spoken) if not scope.may("see", place)), None)
    found = kept.act(number, terms=installed_law().terms) if outside is None else None
    if found is None:
        raise scope.conceal("see", what=f"查看{entry_name(number)}", place=outside)
    together = act_of_two_books(number) if permission == "undo" else None
    for place in sorted(spoken | (places_of_batch(together) if together is not None else set())):
        scope.require(permission, place, what=found.name)
    return found, spoken


def places_spoken_of(number: int) -> set[int]:
    """Places an entry speaks about: of the facts it wrote or ended that have one, of place subjects, of its workers.

    Shape   the same three statements whether the entry is there or not
    Empty   an entry without any place speaks about the place of its book
    """
    told = "SELECT DISTINCT f.subject, f.place FROM ledger_fact f WHERE f.id >= %s AND f.id < %s"
    ended = "SELECT f.subject, f.place FROM ledger_ending e JOIN ledger_fact f ON f.id = e.fact WHERE e.entry = %s"
    # The first fact of an entry: what would run out of 64 bits is no entry's number.
    bounds = [first_fact(number), first_fact(number + 1), number] if number < 1 << 43 else [0, 0, 0]
    found = rows(f"{told} UNION {ended}", bounds)
    spoken = {place for _, place in found if place is not None}
    spoken |= {tree.code_of(subject) for subject, _ in found if subject >= PLACE}
    placed = {subject for subject, place in found if place is not None}
    # Without a placed fact the worker's own places tell where the entry belongs.
    workers = sorted({subject for subject, _ in found if subject < DOCUMENT} - placed)[:500]
    spoken |= {row.place for row in reading.history(workers, on=date.max, kinds=("appointment",)) if row.place is not None}
    book = kept.place_of_book(book_of_entry(number))
    return spoken or {book}


def fact_seen(fact: int, subject: int) -> FactRow:
    """A fact of this subject that is believed now.

    Errors  Refusal fact.unknown
    """
    found = next((told for told in reading.everything(subject) if told.fact.id == fact), None)
    if found is None or found.ended_by is not None:
        raise Refusal("fact.unknown", "这条事实已不采信，不能更正", why="可能刚被更正或撤销", do="请回到人员页，看现在的事实")
    return found.fact
