"""Three months of pay in 康定: two locked by different people, the present one open, with a fact missing and a leave told late."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from jiceng.access.models import Account
from jiceng.base.refusals import Refusal
from jiceng.demo.story import Begin, Life, Story
from jiceng.ledger import reading
from jiceng.pay import states
from jiceng.pay.months import usual_month
from jiceng.pay.sheets import form_of
from jiceng.pay.stays import month_before, month_end
from jiceng.places import reading as places
from jiceng.places.tree import Level, ranges
from jiceng.reports.states import By
from jiceng.runs.law import installed_law

GRADED = date(2026, 2, 1)
_CHECKER = "康定市委社会工作部复核岗（示例）"
_SENT_BACK = "示例：请先核对本月离任人员的最后在岗日，再重新计算"
_REASON = "示例：按当月在岗人员编制"


def tell_for_pay(story: Story) -> None:
    """What a county needs to pay its people: everybody graded, one of them only for a time; a leave told after its month was paid."""
    month = usual_month(story.on)
    before, first = month_before(month), month_before(month_before(month))
    if first <= GRADED:
        return
    graded = {line.worker for lines in story.written.values() for line in lines if isinstance(line, Begin) and line.kind == "grading"}
    last = _last(story, first)
    for life in story.lives:
        if life.number not in graded and (life.left is None or life.left > first):
            _grade(story, life, until=month if life is last else None)
    told = next((life for life in _plain(story) if life.started < GRADED), None)
    if told is not None:
        day = before + timedelta(days=16)
        leave = {"kind": "personal", "from": day.isoformat(), "to": day.isoformat(), "days": 1}
        story.note(month + timedelta(days=19), "示例：社区补报的上月请假单", Begin(told.number, "leave", day, leave))


def _plain(story: Story) -> list[Life]:
    """Staff and grid workers of the first community, in which the month's odd cases are."""
    held = [life for life in story.serving(min(story.communities)) if life.worker_class == "full_time_staff" and not life.settled]
    return sorted(held, key=lambda life: (life.started, life.number))


def _last(story: Story, first: date) -> Life | None:
    """Who came last before the months that are locked: graded for a time only."""
    return max((life for life in _plain(story) if life.started < first), key=lambda life: (life.started, life.number), default=None)


def _grade(story: Story, life: Life, *, until: date | None) -> None:
    """First grading of those whom the prefecture's round left out or who came later."""
    since = max(GRADED, life.started)
    lowest = 5 if life.head else 3 if life.post.startswith("deputy") else 1
    basis = "示例：到任定级" if until is None else "示例：到任临时定级，期满另定"
    story.note(since + timedelta(days=12), basis, Begin(life.number, "grading", since, {"grade": lowest}, until=until))


def pay_months(county: int, *, clerk: str, officer: str, now: datetime) -> int:
    """The sheets of the county's sub-districts; gives how many. None where no folder says how pay is made up there then."""
    month = usual_month(now.date())
    try:
        form_of(county, month_before(month_before(month)), law=installed_law())
    except Refusal:
        return 0
    streets = [one.code for one in places.within(county, on=now.date(), level=Level.street)]
    made = 0
    for at, one in enumerate((month_before(month_before(month)), month_before(month), month)):
        for n, street in enumerate(streets):
            made += _sheet(street, one, n, last=at == 2, clerk=clerk, officer=officer, now=now)
    return made


def _sheet(street: int, month: date, n: int, *, last: bool, clerk: str, officer: str, now: datetime) -> int:
    """One sheet on its way: of past months locked; of the last one calculated, checked, sent back, or not begun, in turn."""
    day = datetime.combine(month_end(month) + timedelta(days=2), time(9, 30), tzinfo=now.tzinfo)
    if day >= now or (last and n % 4 == 3):
        return 0
    by = [_by(clerk, day.date()), By(_CHECKER, day.date()), _by(officer, day.date())]
    if not reading.placed_in(ranges(street), on=month_end(month), known_by=day):
        return 0
    row = states.calculate(street, month, by=by[0], clock=lambda: day, why=_REASON)
    if last and n % 4 == 0:
        return 1
    if last and n % 4 == 2:
        states.send_back(row, by=by[1], clock=lambda: day + timedelta(hours=3), why=_SENT_BACK)
        return 1
    if states.refusals(row):
        return 1
    row = states.check(row, by=by[1], clock=lambda: day + timedelta(hours=2))
    if last:
        return 1
    row = states.approve(row, by=by[2], clock=lambda: day + timedelta(hours=5))
    states.lock(row, by=by[2], clock=lambda: day + timedelta(hours=6))
    return 1


def _by(username: str, on: date) -> By:
    return By(username, on, Account.objects.filter(username=username).first())
