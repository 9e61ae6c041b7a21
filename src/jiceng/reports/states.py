"""What is done with a return: drafted, submitted, sent back, locked, corrected. Each act asks who may, and is kept as a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import TextChoices

from jiceng.access.models import Account, Grant
from jiceng.access.roles import ROLES
from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.ledger.models import Entry, microseconds
from jiceng.ledger.reading import heads, pinned
from jiceng.places import tree
from jiceng.reports import frozen
from jiceng.reports.models import Return, Step
from jiceng.reports.returns import Period, Worked, worked_out
from jiceng.runs.law import installed_law
from jiceng.runs.law_sets import keep, law_of
from jiceng.runs.standing import PAGE_SECONDS

Clock = Callable[[], datetime]
State, Act = Return.State, Step.Act
_OPEN = (State.draft, State.submitted, State.returned)


@dataclass(frozen=True)
class By:
    """Who acts on which day: the account (None at the command line), the name kept, what it may do and where (None: everything)."""

    actor: str
    on: date
    account: Account | None = None
    scope: Scope | None = None

    @property
    def seconds(self) -> float | None:
        """How long the rows of a past day may take to be ready: at a page a little, then it is told to come again."""
        return None if self.scope is None else PAGE_SECONDS


def draft(form: str, place: int, period: Period, *, by: By, clock: Clock) -> Return:
    """A return somebody has begun: on the list, with nothing frozen.

    Errors  Denied; Refusal reports.there if the place has one for this period, reports.period
    """
    _require(by, "submit", place)
    _check_period(period, by.on)
    with transaction.atomic():
        row = _begun(form, place, period, clock)
        if row.pk:
            raise Refusal("reports.there", f"这一期的表已经有了（{row.get_state_display()}）", do="请打开那一张继续办理")
        row.save()
        noted(row, Act.draft, by, clock, "")
    return row


def submit(form: str, place: int, period: Period, *, by: By, clock: Clock, today: date, why: str = "") -> Return:
    """Freeze the figures as they are known now and send them up; again after having been sent back, or before anybody locked it.

    Errors  Denied; Refusal reports.state once locked, reports.period; runs.building if the rows of that day are not ready
    """
    _require(by, "submit", place)
    _check_period(period, by.on)
    worked, known_by = now_known(form, place, period, clock=clock, today=today, seconds=by.seconds)
    with transaction.atomic():
        row = _begun(form, place, period, clock)
        if row.state not in _OPEN:
            raise _wrong_state(row, "上报", "锁定以后的改动请用“订正”")
        _freeze(row, worked, known_by, clock)
        noted(row, Act.submit, by, clock, why)
    return row


def now_known(
    form: str, place: int, period: Period, *, clock: Clock, today: date, seconds: float | None = PAGE_SECONDS
) -> tuple[Worked, datetime]:
    """Figures as known at a moment that can be kept for good: nothing known by then is missing, nothing later is in them.

    The kept rows are taken; only where an entry came in meanwhile, or bears a later time, rows are built for that very moment.
    """
    before = heads()
    worked = worked_out(form, place, period=period, known_by=None, today=today, seconds=seconds)
    known_by = pinned(clock)
    if heads() != before or Entry.objects.filter(known__gt=microseconds(known_by)).exists():
        worked = worked_out(form, place, period=period, known_by=known_by, today=today, seconds=seconds)
    return worked, known_by


def send_back(row: Return, *, by: By, clock: Clock, why: str) -> Return:
    """Send a submitted return back with the reason.

    Errors  Denied; Refusal reports.state, reports.why
    """
    require_lock(row, by)
    if not why.strip():
        raise Refusal("reports.why", "退回要写明原因", do="请写一句话，让填表的人知道改什么")
    return _step(row, State.submitted, State.returned, Act.send_back, by, clock, why)


def lock(row: Return, *, by: By, clock: Clock, why: str = "") -> Return:
    """Lock a submitted return: from now on nothing in it changes. A correction that is locked stands in place of what it corrects.

    Errors  Denied; Refusal reports.state, reports.changed if what is kept is not what was submitted
    """
    require_lock(row, by)
    if not frozen.whole(row):
        where = f"第 {row.pk} 号报表"
        raise Refusal("reports.changed", "保存的数字与上报时的摘要对不上", where=where, do="请退回重报，并运行 jiceng verify")
    with transaction.atomic():
        locked = _step(row, State.submitted, State.locked, Act.lock, by, clock, why)
        if locked.corrects is not None:
            Return.objects.filter(pk=locked.corrects.pk, state=State.locked).update(state=State.corrected)
    return locked


def correct(row: Return, *, by: By, clock: Clock, today: date, why: str) -> Return:
    """A new version beside a locked return, from what is known now, under the law set of the locked one; to be locked in turn.

    Errors  Denied; Refusal reports.state, reports.why, reports.same if nothing would differ
    """
    _require(by, "submit", row.place)
    if row.state != State.locked:
        raise _wrong_state(row, "订正", "只有锁定的表才订正；还没有锁定的，重新上报即可")
    if not why.strip():
        raise Refusal("reports.why", "订正要写明原因", do="请写一句话")
    period = Period(row.since, row.on)
    worked, known_by = _under_its_law(row, period, clock=clock, today=today, seconds=by.seconds)
    if frozen.frozen(worked, algorithm=row.algorithm).hash == row.hash:
        raise Refusal("reports.same", "重新计算与锁定的数字完全相同，没有要订正的", do="请先在台账里更正事实")
    with transaction.atomic():
        current = Return.objects.select_for_update().get(pk=row.pk)
        if current.state != State.locked or Return.objects.filter(corrects=current).exists():
            raise _wrong_state(current, "订正", "它已经有一个订正版")
        fresh = _named(row.form, row.place, period, version=row.version + 1, corrects=current)
        _freeze(fresh, worked, known_by, clock)
        noted(fresh, Act.correct, by, clock, why)
    return fresh


def _under_its_law(row: Return, period: Period, *, clock: Clock, today: date, seconds: float | None) -> tuple[Worked, datetime]:
    if row.law_hash == installed_law().hash:
        return now_known(row.form, row.place, period, clock=clock, today=today, seconds=seconds)
    known_by = pinned(clock)
    return frozen.worked_by(row, known_by=known_by, law=law_of(row.law_hash)), known_by


def may_lock(row: Return, by: By) -> bool:
    """Whether this account may send back or lock: an officer of a place above; where no place above has one, another officer of
    the place itself than the one who submitted."""
    if by.scope is None:
        return True
    above = tree.parent_of(row.place)
    if above != row.place and by.scope.may("lock", above):
        return True
    if not by.scope.may("lock", row.place) or _held_above(row.place, by.on):
        return False
    last = row.steps.filter(act__in=(Act.submit, Act.correct)).order_by("-id").first()
    return last is None or by.account is None or last.account_id != by.account.pk


def require_lock(row: Return, by: By) -> None:
    """Nothing if `may_lock`; else the refusal, on record.

    Errors  Denied; Refusal reports.own if the account holds the permission, but this return is its own
    """
    if may_lock(row, by) or by.scope is None:
        return
    by.scope.require("lock", row.place)
    why = "锁定由上一级办理；上面没有主管的，由本级另一位主管办理"
    raise Refusal("reports.own", "本级上报的表不能由本级退回或锁定", why=why, do="请交上一级办理")


def _held_above(place: int, on: date) -> bool:
    able = [role for role, held in ROLES.items() if "lock" in held]
    above = [tree.NATION, *tree.ancestors(place)]
    return Grant.objects.filter(place__in=above, role__in=able, since__lte=on, until__gt=on).exists()


def _require(by: By, permission: str, place: int) -> None:
    if by.scope is not None:
        by.scope.require(permission, place)


def _check_period(period: Period, today: date) -> None:
    if period.since > period.on:
        raise Refusal("reports.period", "期间的第一天晚于最后一天", where=f"{period.since} 至 {period.on}", do="请核对期间")
    if period.on > today:
        raise Refusal("reports.period", f"{period.on} 还没有到", why="没有发生的不能上报", do="请改成今天或以前的日期")


def _named(form: str, place: int, period: Period, *, version: int = 1, corrects: Return | None = None) -> Return:
    return Return(
        form=form, place=place, place_key=tree.padded(place), level=tree.level_of(place), since=period.since, on=period.on,
        version=version, corrects=corrects,
    )  # fmt: skip


def _begun(form: str, place: int, period: Period, clock: Clock) -> Return:
    """The latest version for this period, or a new one that is not saved yet."""
    found = Return.objects.select_for_update().filter(form=form, place=place, since=period.since, on=period.on).order_by("-version").first()
    if found is None:
        found = _named(form, place, period)
        found.changed = clock()
    return found


def _freeze(row: Return, worked: Worked, known_by: datetime, clock: Clock) -> None:
    keep(law_of(worked.law_hash))
    frozen.keep(row, worked, known_by=known_by)
    row.heads = {str(book): [seq, seal] for book, (seq, seal) in heads().items()}
    row.state, row.changed = State.submitted, clock()
    row.save()


def _step(row: Return, wanted: State, becomes: State, act: Act, by: By, clock: Clock, why: str) -> Return:
    with transaction.atomic():
        current = Return.objects.select_for_update().get(pk=row.pk)
        if current.state != wanted:
            raise _wrong_state(current, act.label, f"只有“{wanted.label}”的表才能{act.label}")
        current.state, current.changed = becomes, clock()
        current.save(update_fields=["state", "changed"])
        noted(current, act, by, clock, why)
    return current


def noted(row: Any, act: TextChoices, by: By, clock: Clock, why: str) -> None:
    """Keep a step that was taken with a paper (its `steps` are kinds of `Taken`) as it stands now."""
    row.steps.create(at=clock(), account=by.account, actor=by.actor, act=act, why=why.strip()[:300], hash=row.hash)


def _wrong_state(row: Return, act: str, why: str) -> Refusal:
    return Refusal("reports.state", f"这张表现在是“{row.get_state_display()}”，不能{act}", why=why, do="请刷新后查看它的办理经过")
