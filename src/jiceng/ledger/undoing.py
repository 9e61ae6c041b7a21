"""Undo: an entry that ends what another wrote and states again what it ended. Nothing is taken out of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from jiceng.base.refusals import Refusal
from jiceng.ledger.appending import Clock, Header, append, next_entry, ready_to_write
from jiceng.ledger.books import lock_books, lock_for
from jiceng.ledger.identity import PERSON, refresh_lookups
from jiceng.ledger.ids import entry_name, entry_of, first_fact
from jiceng.ledger.kinds import shapes_of
from jiceng.ledger.models import Ending, Entry
from jiceng.ledger.planning import Line, Plan
from jiceng.ledger.tables import LINE_SQL, believed_lines, enders, facts_by_id, no_collector, rows
from jiceng.terms.registry import Terms, base_terms


def undo(
    entry_id: int, *, actor: str, why: str, clock: Clock, batch: int | None = None, loaded: bool = False, terms: Terms | None = None
) -> Entry:
    """Undo one entry, in a new entry of the same book.

    Errors  Refusal ledger.no_entry, ledger.undone (also for a second undo), ledger.undo_later naming the later entries,
            ledger.erase_final
    """
    terms = terms or base_terms()
    with transaction.atomic():
        ready_to_write()
        old = Entry.objects.filter(id=entry_id).first()
        if old is None:
            raise Refusal("ledger.no_entry", f"没有编号 {entry_id} 的分录", do="请核对编号")
        if old.act == "erase":
            raise Refusal(
                "ledger.erase_final", "删除身份信息不能撤销", where=entry_name(entry_id), why="钥匙已销毁", do="如需继续使用，请新建一人"
            )
        written = _written(entry_id)
        restated = _ended_by(entry_id)
        lock_for(old.book, {line.subject for line in (*written, *restated)})
        _refuse_undone(entry_id)
        present = _present([line.id for line in written], entry_id)
        if restated:
            _refuse_filled(restated, present, entry_id, terms)
        header = Header(actor, "undo", old.basis, why, batch, entry_id, loaded)
        entry = append(old.book, header, [line._replace(id=0) for line in restated], present, clock=clock)
        people = {line.subject for line in (*written, *restated) if line.kind == PERSON}
        if people:
            refresh_lookups(people)
    return entry


def undo_batch(batch: int, *, actor: str, why: str, clock: Clock, loaded: bool = False, terms: Terms | None = None) -> list[Entry]:
    """Undo every entry of a batch that is not undone yet, the latest first; all or none. The undos form a batch of their own.

    Errors  Refusal ledger.no_batch, and those of `undo`
    """
    with transaction.atomic(), no_collector():
        entries = list(Entry.objects.filter(batch=batch).order_by("-known", "-id").values_list("id", "book"))
        if not entries:
            raise Refusal("ledger.no_batch", f"没有编号 {batch} 的批次", do="请核对编号")
        undone = set(Entry.objects.filter(undoes__in=Entry.objects.filter(batch=batch).values("id")).values_list("undoes", flat=True))
        open_entries = [(number, book) for number, book in entries if number not in undone]
        if not open_entries:
            _refuse_undone(entries[0][0])
        lock_books({book for _, book in open_entries})
        own_batch = next_entry(open_entries[0][1])
        return [undo(number, actor=actor, why=why, clock=clock, batch=own_batch, loaded=loaded, terms=terms) for number, _ in open_entries]


def _written(entry: int) -> list[Line]:
    sql = f"SELECT {LINE_SQL} FROM ledger_fact f WHERE f.id >= %s AND f.id < %s ORDER BY f.id"
    return [Line._make(row) for row in rows(sql, [first_fact(entry), first_fact(entry + 1)])]


def _ended_by(entry: int) -> list[Line]:
    sql = f"SELECT {LINE_SQL} FROM ledger_ending d JOIN ledger_fact f ON f.id = d.fact WHERE d.entry = %s ORDER BY f.id"
    return [Line._make(row) for row in rows(sql, [entry])]


def _refuse_undone(entry: int) -> None:
    by = Entry.objects.filter(undoes=entry).values_list("id", flat=True).first()
    if by is not None:
        raise Refusal(
            "ledger.undone",
            "这条分录已经撤销过",
            where=entry_name(entry),
            why=f"撤销它的是{entry_name(by)}",
            do=f"如要恢复，请撤销{entry_name(by)}",
        )


def _present(facts: Sequence[int], undoing: int) -> list[int]:
    """The facts as they stand now: one that was ended by an entry undone since stands again under a new id.

    An undo states the facts its entry ended in their order, one line each; that is how the new id is found.
    """
    now = list(facts)
    while ended := enders(now):
        undos = dict(Entry.objects.filter(undoes__in=set(ended.values())).values_list("undoes", "id"))
        later = sorted({by for by in ended.values() if by not in undos})
        if later:
            raise _later(undoing, later)
        orders = {by: list(Ending.objects.filter(entry=by).order_by("fact").values_list("fact", flat=True)) for by in undos}
        places = {by: {fact: at for at, fact in enumerate(order)} for by, order in orders.items()}
        now = [first_fact(undos[ended[fact]]) + places[ended[fact]][fact] if fact in ended else fact for fact in now]
    return now


def _refuse_filled(restated: Sequence[Line], present: Iterable[int], undoing: int, terms: Terms) -> None:
    held = believed_lines({line.subject for line in restated}, {line.kind for line in restated})
    plan = Plan(held, events=shapes_of(terms).events)
    leaving = facts_by_id(present)
    for line in leaving.values():
        plan.end(line)
    clashes = {entry_of(there.id) for line in restated if (there := plan.clash(line)) is not None}
    if clashes:
        raise _later(undoing, sorted(clashes))


def _later(undoing: int, later: Sequence[int]) -> Refusal:
    names = "、".join(entry_name(entry) for entry in later)
    return Refusal(
        "ledger.undo_later",
        "后来的分录已用到它，不能单独撤销",
        where=entry_name(undoing),
        why=f"后来的分录：{names}",
        do="请先撤销后来的分录，或改用更正",
    )
