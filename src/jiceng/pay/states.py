"""What is done with a sheet: calculated, checked, approved, locked, sent back. Each act asks who may, and is kept as a step."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.metadata import version

from django.db import IntegrityError, transaction

from jiceng.base.refusals import Refusal
from jiceng.law.load import Law
from jiceng.ledger.reading import heads, pinned
from jiceng.pay import frozen, settling
from jiceng.pay.models import PaySheet, PayStep
from jiceng.pay.shapes import Sheet
from jiceng.pay.sheets import worked_out
from jiceng.pay.stays import month_end, month_name, month_of
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.reports.states import By, Clock, noted
from jiceng.runs import kept
from jiceng.runs.law import installed_law
from jiceng.runs.law_sets import keep as keep_law
from jiceng.runs.law_sets import law_of

State, Act = PaySheet.State, PayStep.Act
_OPEN = (State.calculated, State.returned)
_UNDER_WAY = (State.calculated, State.checked, State.approved)


def calculate(
    place: int, month: date, *, by: By, clock: Clock, why: str = "", left_out: Mapping[int, str] | None = None,
    seconds: float | None = None,
) -> PaySheet:  # fmt: skip
    """Work a month out as known now and freeze it; again as often as wanted until somebody has checked it.

    `left_out` person → the reason they are not paid this month; None: those left out before stay so
    Errors  Denied; Refusal pay.state, pay.early before the month's last day, pay.overlap if a wider place or one inside has its
            own sheet, pay.why for a reason that is blank; and those of `worked_out`
    """
    month = month_of(month)
    _require(by, "pay", place)
    if by.on < month_end(month):
        why_not = "每人按当月最后一个在岗日计算"
        raise Refusal("pay.early", f"{month_name(month)}还没有过完", why=why_not, do=f"请在 {month_end(month):%Y-%m-%d} 或以后办理")
    row = PaySheet.objects.filter(place=place, month=month).first()
    _check_open(row)
    reasons = _reasons(left_out if left_out is not None else {int(key): text for key, text in (row.left_out if row else {}).items()})
    law, known_by = installed_law(), pinned(clock).astimezone(UTC)
    sheet = worked_out(place, month, known_by=known_by, law=law, left_out=reasons, seconds=seconds)
    with transaction.atomic():
        row = PaySheet.objects.select_for_update().filter(place=place, month=month).first()
        _check_open(row)
        _check_overlap(place, month)
        row = row or PaySheet(place=place, place_key=tree.padded(place), level=tree.level_of(place), month=month)
        try:
            with transaction.atomic():
                _freeze(row, sheet, law, known_by, reasons, clock)
        except IntegrityError as error:
            raise Refusal("pay.state", "别人刚刚计算过这张工资表", why="两个人同时在办", do="请刷新后查看") from error
        noted(row, Act.calculate, by, clock, why)
    return row


def leave_out(row: PaySheet, subject: int, *, by: By, clock: Clock, why: str) -> PaySheet:
    """Leave somebody out of this month, with the reason, and calculate again.

    Errors  Denied; Refusal pay.state, pay.why, pay.no_row if the person is not on the sheet
    """
    if frozen.thawed(row).row(subject) is None:
        raise Refusal("pay.no_row", f"{month_name(row.month)}的工资表里没有人员 {subject}", do="请从工资表里选")
    return _other_reasons(row, {**_kept_reasons(row), subject: why}, Act.leave_out, by=by, clock=clock, why=why)


def take_in(row: PaySheet, subject: int, *, by: By, clock: Clock) -> PaySheet:
    """Take somebody who was left out in again, and calculate again.

    Errors  Denied; Refusal pay.state, pay.no_row
    """
    reasons = _kept_reasons(row)
    if subject not in reasons:
        raise Refusal("pay.no_row", f"人员 {subject} 没有被列为不发", do="请刷新后查看")
    del reasons[subject]
    return _other_reasons(row, reasons, Act.take_in, by=by, clock=clock, why="")


def check(row: PaySheet, *, by: By, clock: Clock, why: str = "") -> PaySheet:
    """Say that somebody else than who calculated it went through it.

    Errors  Denied; Refusal pay.state, pay.own
    """
    _require(by, "pay", row.place)
    _not_own(row, by, "复核", Act.calculate)
    return _step(row, State.calculated, State.checked, Act.check, by, clock, why)


def approve(row: PaySheet, *, by: By, clock: Clock, why: str = "") -> PaySheet:
    """Approve a checked sheet; nobody approves what they calculated.

    Errors  Denied; Refusal pay.state, pay.own, pay.refused as `lock`
    """
    _require(by, "lock_pay", row.place)
    _not_own(row, by, "审批", Act.calculate)
    _check_lockable(row)
    return _step(row, State.checked, State.approved, Act.approve, by, clock, why)


def send_back(row: PaySheet, *, by: By, clock: Clock, why: str) -> PaySheet:
    """Send a sheet back to be calculated anew, with the reason: whoever may check it, or approve it once it is checked.

    Errors  Denied; Refusal pay.state, pay.why
    """
    _require(by, "pay" if row.state == State.calculated else "lock_pay", row.place)
    if not why.strip():
        raise Refusal("pay.why", "退回要写明原因", do="请写一句话，让编制的人知道改什么")
    with transaction.atomic():
        current = PaySheet.objects.select_for_update().get(pk=row.pk)
        if current.state not in _UNDER_WAY:
            raise _wrong_state(current, "退回", "锁定以后不再改动；以后的更正在下个月补发补扣")
        current.state, current.changed = State.returned, clock()
        current.save(update_fields=["state", "changed"])
        noted(current, Act.send_back, by, clock, why)
    return current


def lock(row: PaySheet, *, by: By, clock: Clock, why: str = "") -> PaySheet:
    """Lock an approved sheet: from now on nothing in it changes, and its rows are a kept run.

    Errors  Denied; Refusal pay.state, pay.own; pay.refused naming what keeps it from being locked; pay.stale if another month was
            locked since it was calculated; pay.changed if what is kept is not what was calculated
    """
    _require(by, "lock_pay", row.place)
    _not_own(row, by, "锁定", Act.calculate)
    _check_lockable(row)
    sheet = frozen.thawed(row)
    since = {one.pk: one.hash for one in settling.related(row.place, row.month)}
    if since != {one.sheet: one.hash for one in sheet.settled}:
        why_not = "计算以后，别的月份锁定过，补发补扣可能不同了"
        raise Refusal("pay.stale", "这张表要重新计算才能锁定", why=why_not, do="请退回，重新计算后再办")
    law = law_of(row.law_hash)
    identity = identity_of(row, sheet)
    with transaction.atomic():
        locked = _step(row, State.approved, State.locked, Act.lock, by, clock, why)
        place = places.full_names([row.place], on=sheet.on, above=tree.parent_of(row.place)).get(row.place, f"区划 {row.place}")
        name = f"{place}{month_name(row.month)}工资"
        locked.run = kept.keep(frozen.rows_of(sheet), identity, name=name, actor=by.actor, clock=clock, law=law, said=frozen.said_of(sheet))
        locked.save(update_fields=["run"])
    return locked


def identity_of(row: PaySheet, sheet: Sheet) -> kept.Identity:
    """What the kept run of a locked sheet follows from."""
    names = tuple(frozen.said_of(sheet))
    return kept.Identity("pay", row.place, sheet.on, row.known_by, row.law_hash, names)


def again(row: PaySheet) -> Sheet:
    """A kept sheet worked out again from the ledger alone: by its knowledge, its law set, and the sheets it was compared with.

    Errors  Refusal runs.law_set if its law set is not kept here; pay.unreadable
    """
    sheet = frozen.thawed(row)
    earlier = list(PaySheet.objects.filter(pk__in=[one.sheet for one in sheet.settled]))
    earlier.sort(key=lambda one: (one.month, one.place_key, one.pk))
    return worked_out(
        row.place, row.month, known_by=row.known_by, law=law_of(row.law_hash), left_out=_kept_reasons(row), earlier=earlier
    )  # fmt: skip


def reproduced(row: PaySheet) -> bool:
    """Whether a kept sheet comes out again, byte for byte, from the ledger and its law set; and its kept run with it."""
    sheet = again(row)
    if frozen.digest(frozen.written(sheet), row.algorithm)[1] != row.hash:
        return False
    return row.run is None or kept.reproduced(row.run, again=lambda: frozen.rows_of(sheet))


def sheet_of(row: PaySheet) -> Sheet:
    """The sheet as it was calculated.

    Errors  Refusal pay.unreadable, pay.changed
    """
    return frozen.thawed(row)


def refusals(row: PaySheet) -> list[str]:
    """What keeps a sheet from being locked, in words."""
    return [f"{one.words}。{one.do}" for one in frozen.thawed(row).refusals]


def _check_lockable(row: PaySheet) -> None:
    if not frozen.whole(row):
        where, do = f"第 {row.pk} 号工资表", "请退回重新计算，并运行 jiceng verify"
        raise Refusal("pay.changed", "保存的工资表与计算时的摘要对不上", where=where, do=do)
    found = frozen.thawed(row).refusals
    if found:
        words = "；".join(one.words for one in found)
        do = "；".join(dict.fromkeys(one.do for one in found))
        raise Refusal("pay.refused", f"有 {len(found)} 处问题，不能审批锁定", why=words, do=do)


def _other_reasons(row: PaySheet, reasons: Mapping[int, str], act: PayStep.Act, *, by: By, clock: Clock, why: str) -> PaySheet:
    fresh = calculate(row.place, row.month, by=by, clock=clock, left_out=reasons, why=why)
    noted(fresh, act, by, clock, why)
    return fresh


def _kept_reasons(row: PaySheet) -> dict[int, str]:
    return {int(key): text for key, text in row.left_out.items()}


def _reasons(told: Mapping[int, str]) -> dict[int, str]:
    if any(not text.strip() for text in told.values()):
        raise Refusal("pay.why", "不列入要写明原因", do="请写一句话，表上会印出来")
    return {subject: " ".join(text.split())[:120] for subject, text in sorted(told.items())}


def _freeze(row: PaySheet, sheet: Sheet, law: Law, known_by: datetime, reasons: Mapping[int, str], clock: Clock) -> None:
    keep_law(law)
    content = frozen.written(sheet)
    row.algorithm, row.hash = frozen.digest(content)
    row.content, row.known_by, row.law_hash, row.software = zlib.compress(content, 6), known_by, law.hash, version("jiceng")
    row.heads = {str(book): [seq, seal] for book, (seq, seal) in heads().items()}
    row.documents = settling.documents_at(law, row.place)
    row.left_out = {str(subject): text for subject, text in reasons.items()}
    row.people, row.net, row.employer = sheet.totals.people, sheet.totals.net, sheet.totals.employer
    row.state, row.changed = State.calculated, clock()
    row.save()


def _step(row: PaySheet, wanted: State, becomes: State, act: PayStep.Act, by: By, clock: Clock, why: str) -> PaySheet:
    with transaction.atomic():
        current = PaySheet.objects.select_for_update().get(pk=row.pk)
        if current.state != wanted or current.hash != row.hash:
            raise _wrong_state(current, act.label, f"只有“{wanted.label}”的表才能{act.label}")
        current.state, current.changed = becomes, clock()
        current.save(update_fields=["state", "changed"])
        noted(current, act, by, clock, why)
    return current


def _check_open(row: PaySheet | None) -> None:
    if row is not None and row.state not in _OPEN:
        raise _wrong_state(row, "重新计算", "已经复核的要先退回；锁定以后的更正在下个月补发补扣")


def _check_overlap(place: int, month: date) -> None:
    low, high = tree.span(place)
    others = PaySheet.objects.filter(month=month).exclude(place=place)
    wider = others.filter(place__in=tree.ancestors(place)).first()
    inner = others.filter(place_key__gte=low, place_key__lte=high, level__gt=tree.level_of(place)).first()
    other = wider or inner
    if other is not None:
        what = "上级地方" if wider else "里面的地方"
        why = f"区划 {other.place} 的表{other.get_state_display()}，同一个人会在两张表上"
        raise Refusal("pay.overlap", f"{month_name(month)}{what}已经有一张工资表", why=why, do="请在那一张上办理")


def _not_own(row: PaySheet, by: By, word: str, act: PayStep.Act) -> None:
    """Nothing if somebody else calculated it."""
    last = row.steps.filter(act=act).order_by("-id").first()
    if by.scope is None or last is None or by.account is None or last.account_id != by.account.pk:
        return
    raise Refusal("pay.own", f"不能{word}自己计算的工资表", why="编制和审批要分开", do="请交另一位办理")


def _require(by: By, permission: str, place: int) -> None:
    if by.scope is not None:
        by.scope.require(permission, place)


def _wrong_state(row: PaySheet, act: str, why: str) -> Refusal:
    return Refusal("pay.state", f"这张工资表现在是“{row.get_state_display()}”，不能{act}", why=why, do="请刷新后查看它的办理经过")
