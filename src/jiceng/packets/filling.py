"""Fill once: another department's form kept, matched with what is held, filled for those it lists; its share is remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from jiceng.access.models import Account
from jiceng.access.reveals import note_reveals
from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.intake import uploads
from jiceng.intake.headings import key
from jiceng.intake.held_cells import SEALED, HeldRow, serving
from jiceng.intake.identity import Identity, read_identities
from jiceng.intake.roster import Column
from jiceng.intake.texts import cell_text, folded
from jiceng.packets.asked import held_of
from jiceng.packets.forms import Asked, Form, declaration, read_form
from jiceng.packets.models import Filling, FormHeading
from jiceng.runs.law import installed_law

if TYPE_CHECKING:
    from jiceng.packets.form_writing import Filled

Clock = Callable[[], datetime]
MOST: Final = 5_000
"""Persons of a place beyond which a form is to be filled county by county."""


def keep_form(content: bytes, *, name: str, department: str, place: int, on: date, account: Account | None, clock: Clock) -> Filling:
    """A form sent up and understood; how many of its columns are held is kept for the report on burden.

    Errors  those of `read_form`; Refusal packets.place_wide
    """
    form = read_form(content, columns=_columns(place, on), remembered=remembered(place))
    return Filling.objects.create(
        name=name[:200], department=department, place=place, account=account, at=clock(), on=on, hash=uploads.store(content),
        columns=_kept(form), asked=len(form.asked), held=form.held,
    )  # fmt: skip


def form_of(filling: Filling) -> Form:
    """The form as it is understood now, with what was corrected since.

    Errors  Refusal intake.file_gone once the file has been discarded
    """
    return read_form(content_of(filling), columns=_columns(filling.place, filling.on), remembered=remembered(filling.place))


def content_of(filling: Filling) -> bytes:
    """The form's file.

    Errors  Refusal intake.file_gone
    """
    path = uploads.stored(filling.hash)
    if not path.exists():
        raise Refusal("intake.file_gone", f"“{filling.name}”的原文件已清除", do="请重新上传")
    return path.read_bytes()


def correct(filling: Filling, heading: str, name: str, *, account: Account | None, clock: Clock) -> None:
    """From now on this office's heading of a form means what is held under this name; "" that it is not held.

    Errors  Refusal filling.column
    """
    known = {one.name: one.id for one in reversed(_columns(filling.place, filling.on))}
    if name and name not in known:
        raise Refusal("filling.column", f"台账里没有“{name[:40]}”这一项", do="请从列出的项目里选；没有合适的就清空")
    FormHeading.objects.update_or_create(
        place=filling.place, heading=key(heading)[:120], defaults={"column": known.get(name, ""), "account": account, "at": clock()}
    )


def recount(filling: Filling) -> Form:
    """The form understood once more, with its share kept."""
    form = form_of(filling)
    filling.columns, filling.asked, filling.held = _kept(form), len(form.asked), form.held
    filling.save(update_fields=["columns", "asked", "held"])
    return form


def remembered(place: int) -> dict[str, str]:
    """Headings that this office matched by hand."""
    return dict(FormHeading.objects.filter(place=place).values_list("heading", "column"))


def choices(filling: Filling) -> list[str]:
    """Names of everything a heading may be matched with."""
    return list(dict.fromkeys(column.name for column in _columns(filling.place, filling.on)))


def fill(filling: Filling, form: Form, *, scope: Scope, who: str = "", reason: str = "", clock: Clock) -> Filled:
    """The form filled for the persons it lists, for one named by number or name, or for everybody in the place if it lists nobody.

    Shape   blank cells only; what was written in the form stays. What is not held is coloured and listed in a second sheet,
            beside the source of every cell filled
    Units   sealed columns in plain only with a reason and where the account may reveal them, each noted; else masked
    Time    state of the form's day as known now
    Errors  Refusal filling.rows, filling.who, packets.place_wide; Denied
    """
    scope.require("see_names", filling.place, what=f"填表 {filling.pk}")
    if reason:
        scope.require("reveal", filling.place, what=f"填表 {filling.pk} 填入完整号码")
    terms = installed_law().terms
    people = serving(filling.place, on=filling.on, known_by=None, terms=terms)
    if len(people) > MOST:
        raise Refusal("packets.place_wide", f"这里有 {len(people)} 人，一次填不下", do="请按县（市、区）分别填")
    lines, unknown = _lines(form, people, who)
    wanted = [one.column for one in form.asked if one.held]
    sealed = [column for column in wanted if column in SEALED]
    if reason and sealed and lines:
        names = {column.id: column.name for column in _columns(filling.place, filling.on)}
        note_reveals(scope, {row.subject: row.place for _, row in lines}, fields=[names[one] for one in sealed], reason=reason)
    held = held_of([row for _, row in lines], wanted, on=filling.on, plain=bool(reason))
    from jiceng.packets.form_writing import written  # openpyxl: 8 MB of every process at rest, for a form now and then

    made = written(content_of(filling), form, lines, held, unknown, filling)
    filling.people, filling.cells, filling.filled = made.people, made.cells, clock()
    filling.save(update_fields=["people", "cells", "filled"])
    return made


def _columns(place: int, on: date) -> tuple[Column, ...]:
    return declaration(installed_law(), place=place, on=on)


def _kept(form: Form) -> list[dict[str, str]]:
    return [{"letter": one.letter, "heading": one.heading, "column": one.column, "name": one.name} for one in form.asked]


def _lines(form: Form, people: Sequence[HeldRow], who: str) -> tuple[list[tuple[int, HeldRow]], list[tuple[int, str]]]:
    """Row of the form → the person that belongs in it; rows whose person is not known here, with the reason."""
    if form.single:
        return [(0, _one(people, who))], []
    if form.rows:
        return _listed(form, people)
    room = form.free
    if len(people) > len(room) and not form.open:
        raise Refusal(
            "filling.rows", f"表里只有 {len(room)} 行空行，这里有 {len(people)} 人", why="空行下面还有别的内容，程序不替您插行",
            do="请在 Excel 里先插够空行，再上传",
        )  # fmt: skip
    return [(form.first + at, row) for at, row in enumerate(people)], []


def _one(people: Sequence[HeldRow], who: str) -> HeldRow:
    text = folded(who).upper()
    found = [row for row in people if text and text in (folded(row.text("name")).upper(), row.text("id_number"))]
    if len(found) != 1:
        why = "没有写是谁" if not text else "有同名的人" if found else "这里没有这个人"
        raise Refusal("filling.who", "这张表是给一个人填的，不知道填谁", why=why, do="请写姓名；有同名的写完整身份证号")
    return found[0]


def _listed(form: Form, people: Sequence[HeldRow]) -> tuple[list[tuple[int, HeldRow]], list[tuple[int, str]]]:
    assert form.layout is not None
    layout, taken = form.layout, form.layout.by_id()
    by_number = {row.text("id_number"): row for row in people}
    by_name: dict[str, list[HeldRow]] = {}
    for row in people:
        by_name.setdefault(folded(row.text("name")), []).append(row)

    def text(column: str, row: int) -> str:
        return cell_text(layout.sheet.columns[taken[column].index][row]) if column in taken else ""

    lines, unknown = [], []
    for row in form.rows:
        number = read_identities([text("id_number", row)])[0]
        if isinstance(number, Identity):
            found = [by_number[number.number]] if number.number in by_number else []
        else:
            found = by_name.get(folded(text("name", row)), [])
            if len(found) > 1:
                found = [one for one in found if _at(one, text("community", row), text("street", row))] or found
        if len(found) == 1:
            lines.append((row, found[0]))
        else:
            unknown.append((row, "有同名的人，请补填身份证号或社区" if found else "这里的在册人员里没有"))
    return lines, unknown


def _at(row: HeldRow, community: str, street: str) -> bool:
    """Whether somebody serves where the form says."""
    written, own = folded(community), folded(row.text("community"))
    near = bool(written) and (written in own or own in written)
    return near and (not street or folded(street) == folded(row.text("street")))


def fillings(scope: Scope, *, size: int = 50) -> list[Filling]:
    """Forms filled where the account may see names, newest first."""
    found = Filling.objects.select_related("account").filter(scope.holding("place", permission="see_names"))
    return list(found[:size])


def filling_for(scope: Scope, number: int) -> Filling:
    """One filling.

    Errors  Concealed for one that is not there or is about a place outside
    """
    found = Filling.objects.select_related("account").filter(pk=number).first()
    if found is None or not scope.may("see_names", found.place):
        raise scope.conceal("see_names", what=f"查看填表 {number}", place=found.place if found is not None else None)
    return found


def discard(*, older_than: int, clock: Clock) -> int:
    """Deletes the kept forms of fillings older than so many days; their records stay. Gives how many files went.

    Units   `older_than` in days
    """
    since = clock() - timedelta(days=older_than)
    kept = set(Filling.objects.filter(at__gt=since).values_list("hash", flat=True))
    gone = [digest for digest in set(Filling.objects.values_list("hash", flat=True)) - kept if uploads.stored(digest).exists()]
    for digest in gone:
        uploads.forget(digest)
    return len(gone)


def unheld(form: Form) -> list[Asked]:
    """What is left to be asked for."""
    return [one for one in form.asked if not one.held]
