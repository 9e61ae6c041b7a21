"""Dated changes of the tree: a new name, new codes, a merger, a split, a new place.

A change closes rows at a day and opens others; it never rewrites what held before. Facts that are placed at an old code
from that day on must be restated by the ledger: each change says which (`Restated`); `runs` does it, in one entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from jiceng.base.dates import OPEN_END, chinese_date
from jiceng.base.refusals import Refusal
from jiceng.places import tree
from jiceng.places.load import kind_of
from jiceng.places.models import Basis, Place, Succession
from jiceng.places.reading import children, on_day, place
from jiceng.places.tree import Level

_SHOWN = 5


@dataclass(frozen=True)
class Move:
    """`old` becomes `new`. A blank name keeps the old one; it is ignored where `new` already stands."""

    old: int
    new: int
    name: str = ""


@dataclass(frozen=True)
class Restated:
    """What the ledger must restate: facts placed at `old` from `day` on, at `new`. Natural codes.

    `assign` is not empty after a split: workers moved to the wider place must then be given one of these by hand.
    """

    day: date
    basis: str
    moves: tuple[tuple[int, int], ...]
    assign: tuple[int, ...] = ()


@transaction.atomic
def rename(code: int, name: str, *, day: date, basis: str) -> Place:
    """The place under its new name from `day` on; its code stays, so no fact moves.

    Errors  Refusal place.unknown, place.same_name, place.change_order
    """
    old = _open(code, day=day)
    if old.name == name.strip():
        raise Refusal("place.same_name", f"“{old.name}”的名称没有变", do="请核对新名称")
    _close(old, day=day)
    return _opened(code, name.strip(), day=day, basis=_basis(basis))


@transaction.atomic
def recode(moves: Sequence[Move], *, day: date, basis: str) -> Restated:
    """New codes or a merger: every `old` ends at `day`; `new` is opened, or takes it in where it already stands.

    Places under an `old` must be among the moves (`with_subtree` lists them), else they would hang in the air.

    Errors  Refusal place.unknown, place.same_code, place.change_level, place.change_children, place.change_order,
            place.no_parent
    """
    for move in moves:
        if move.old == move.new:
            raise Refusal("place.same_code", f"{move.old} 的代码没有变", do="只改名称请用“更名”")
    olds = [_open(move.old, day=day) for move in moves]
    _check_moves(moves, day=day)
    on = _basis(basis)
    for old in olds:
        _close(old, day=day)
    for move, old in sorted(zip(moves, olds, strict=True), key=lambda pair: pair[0].new):
        if not on_day(day).filter(code=move.new).exists():
            _under_a_parent(move.new, day=day)
            _opened(move.new, move.name or old.name, day=day, basis=on)
        Succession.objects.create(old=move.old, new=move.new, day=day, basis=on)
    return Restated(day, basis, tuple((move.old, move.new) for move in moves))


def with_subtree(move: Move, *, day: date) -> tuple[Move, ...]:
    """The move and one for every place under it, with the same last digits; to be looked through before `recode`."""
    level = tree.level_of(move.old)
    found = [move]
    for below in (Level(number) for number in range(level + 1, Level.community + 1)):
        shift = tree.start(move.new, below) - tree.start(move.old, below)
        codes = on_day(day).filter(code__range=(tree.start(move.old, below), tree.upto(move.old, below))).order_by("code")
        found.extend(Move(code, code + shift) for code in codes.values_list("code", flat=True))
    return tuple(found)


@transaction.atomic
def split(code: int, into: Sequence[tuple[int, str]], *, day: date, basis: str) -> Restated:
    """Parts in place of one: (code, name) for each; the old code may go on as one of them.

    Who belongs to which part no rule can say: facts placed at `code` go to the place above, to be assigned by hand.

    Errors  Refusal place.unknown, place.split_parts, place.change_children, place.change_level, place.change_order
    """
    old = _open(code, day=day)
    if len({part for part, _ in into}) < 2:
        raise Refusal("place.split_parts", f"“{old.name}”拆分后至少有两个地方", do="请写出每个部分的代码和名称；只换代码请用“更换代码”")
    _check_moves([Move(code, part) for part, _ in into], day=day)
    on = _basis(basis)
    _close(old, day=day)
    for part, name in into:
        if on_day(day).filter(code=part).exists():
            raise Refusal("place.code_taken", f"代码 {part} 在{chinese_date(day)}已有地方", do="请核对代码")
        _under_a_parent(part, day=day)
        _opened(part, name, day=day, basis=on)
        Succession.objects.create(old=code, new=part, day=day, split=True, basis=on)
    return Restated(day, basis, ((code, tree.parent_of(code)),), tuple(part for part, _ in into))


@transaction.atomic
def establish(code: int, name: str, *, day: date, basis: str) -> Place:
    """A new place from `day` on.

    Errors  Refusal place.code, place.code_taken, place.no_parent
    """
    tree.level_of(code)
    if Place.objects.filter(code=code, until__gt=day).exists():
        raise Refusal("place.code_taken", f"代码 {code} 在{chinese_date(day)}或其后已有地方", do="请核对代码")
    _under_a_parent(code, day=day)
    return _opened(code, name.strip(), day=day, basis=_basis(basis))


def successors(code: int, *, on: date) -> tuple[int, ...]:
    """Codes that stand on a day where `code` once stood, followed through every change; itself if nothing changed."""
    current, rows = {code}, Succession.objects.filter(day__lte=on).order_by("day", "id")
    reached: list[tuple[int, int, date]] = list(rows.values_list("old", "new", "day"))
    for day in sorted({day for _, _, day in reached}):
        step = [(old, new) for old, new, when in reached if when == day]
        gone = {old for old, _ in step}
        current = {new for old, new in step if old in current} | (current - gone)
    return tuple(sorted(current))


def _open(code: int, *, day: date) -> Place:
    """The row that the change ends, locked. Later rows of the code would be contradicted by it."""
    row = Place.objects.select_for_update().filter(code=code, since__lt=day, until__gt=day).first()
    if row is None:
        held = place(code, on=day)
        raise _out_of_order(f"“{held.name}”自{chinese_date(day)}起才是如此", "同一天不能变更两次")
    if row.until != OPEN_END:
        raise _out_of_order(f"“{row.name}”在{chinese_date(row.until)}已有变更", "不能在已登记的变更之前插入变更")
    return row


def _out_of_order(what: str, why: str) -> Refusal:
    return Refusal("place.change_order", what, why=why, do="请核对变更日期")


def _close(row: Place, *, day: date) -> None:
    row.until = day
    row.save(update_fields=["until"])


def _opened(code: int, name: str, *, day: date, basis: Basis) -> Place:
    return Place.objects.create(code=code, level=tree.level_of(code), name=name, kind=kind_of(code), since=day, until=OPEN_END, basis=basis)


def _basis(title: str) -> Basis:
    if not title.strip():
        raise Refusal("place.no_basis", "没有写变更依据", do="请写明批准文件的名称和文号")
    basis, _ = Basis.objects.get_or_create(title=title.strip())
    return basis


def _under_a_parent(code: int, *, day: date) -> None:
    parent = tree.parent_of(code)
    if parent != tree.NATION and not on_day(day).filter(code=parent).exists():
        raise Refusal("place.no_parent", f"代码 {code} 的上级 {parent} 在{chinese_date(day)}没有", do="请先登记上级，或核对代码")


def _check_moves(moves: Sequence[Move], *, day: date) -> None:
    moved = {move.old for move in moves}
    for move in moves:
        if tree.level_of(move.old) is not tree.level_of(move.new):
            raise Refusal("place.change_level", f"{move.old} 与 {move.new} 层级不同", do="请核对代码：变更前后应是同一层级")
        left = [child for child in children(move.old, on=day) if child.code not in moved]
        if left and not _goes_on(move.old, moves):
            names = "、".join(child.name for child in left[:_SHOWN])
            raise Refusal(
                "place.change_children",
                f"{move.old} 下面还有 {len(left)} 个地方没有写明去向",
                why=f"其中有{names}",
                do="请把下级的新代码一并写明",
            )


def _goes_on(code: int, moves: Sequence[Move]) -> bool:
    """Whether the code is still there after the change, as one of its own parts."""
    return any(move.new == code for move in moves)
