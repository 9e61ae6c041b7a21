"""示例：阿坝州（调动演示的一方）的岗位、等级、工资、升级、年限和调入。"""

from jiceng.rules import (
    ByDate,
    Date,
    History,
    Ratio,
    Records,
    Rounding,
    Table,
    Yuan,
    add_years,
    at,
    city,
    divide,
    full_years,
    known,
    not_applicable,
    rule,
    times,
    year,
)
from jiceng.terms import Appointment, Assessment, Post, PostClass, Result


@rule(clause="1", title="岗位类别")
def post_class(main_post: Post) -> PostClass:
    """书记、主任为正职，副书记、副主任为副职，其余为一般。"""
    if main_post == Post.secretary_director or main_post == Post.secretary or main_post == Post.director:
        return PostClass.chief
    if main_post == Post.deputy_secretary or main_post == Post.deputy_director:
        return PostClass.deputy
    return PostClass.general


@rule(clause="1", title="等级在岗位范围内")
def grade_allowed(post_class: PostClass, recorded_grade: int, grade_floor: Table[PostClass, int], grade_cap: Table[PostClass, int]) -> bool:
    """台账等级不低于本类岗位的最低级，不高于最高级。"""
    return grade_floor[post_class] <= recorded_grade and recorded_grade <= grade_cap[post_class]


@rule(clause="2", title="工资标准", unit="元")
def monthly_pay(recorded_grade: int, grade_pay: Table[int, Yuan]) -> Yuan:
    """等级工资表里的数，不分岗位。"""
    return grade_pay[recorded_grade]


@rule(clause="2", title="绩效工资标准", unit="元")
def performance_standard(monthly_pay: Yuan, performance_share: Ratio, pay_rounding: Rounding) -> Yuan:
    """工资标准里归绩效的部分。"""
    return times(monthly_pay, performance_share, pay_rounding)


@rule(clause="2", title="当年考核不合格", assumes="当年考核结果还没有登记的，先按没有不合格计")
def assessment_failed(assessments: Records[Assessment], on: Date) -> bool:
    """当年有登记为不合格的考核。"""
    failed = False
    for a in assessments:
        if a.year == year(on) and a.result == Result.fail:
            failed = True
    return failed


@rule(clause="2", title="绩效工资", unit="元")
def performance(performance_standard: Yuan, assessment_failed: bool) -> Yuan:
    """当年考核不合格的没有绩效工资。"""
    if assessment_failed:
        return 0
    return performance_standard


@rule(clause="3", title="应定等级", unit="级")
def grade_due(
    post_class: PostClass,
    worked_years: int,
    on: Date,
    grade_floor: Table[PostClass, int],
    grade_cap: Table[PostClass, int],
    years_per_grade: int,
    grade_rise_rounding: Rounding,
    carried_grade_here: int = None,
    carried_as_of: Date = None,
) -> int:
    """岗位最低级加每满三年升的级；调入的从调入时的等级加调入以后升的级。"""
    if known(carried_as_of):
        since_arrival = full_years(carried_as_of, on)
        return min(grade_cap[post_class], carried_grade_here + divide(since_arrival, years_per_grade, grade_rise_rounding))
    return min(grade_cap[post_class], grade_floor[post_class] + divide(worked_years, years_per_grade, grade_rise_rounding))


@rule(
    clause="4",
    title="年限起算日",
    names={"excluded": "不计的年数"},
    assumes=("不合格的年度不计，起算日推后一年", "调入以前的年度已按原地的算法算过，不再扣"),
)
def years_since(
    hired: Date,
    assessments: History[Assessment],
    on: Date,
    fail_excluded: ByDate[bool],
    carried_years_since: Date = None,
    carried_as_of: Date = None,
) -> Date:
    """从这一天起满整年计年限；调入而没有带入起算日的，缺事实。"""
    start = hired
    after = hired
    if known(carried_as_of):
        start = carried_years_since
        after = carried_as_of
    excluded = 0
    for a in assessments:
        if a.since > after and a.year <= year(on) and a.result == Result.fail and at(fail_excluded, a, False):
            excluded += 1
    return add_years(start, excluded)


@rule(clause="4", title="工作年限", unit="年")
def worked_years(years_since: Date, on: Date) -> int:
    """从年限起算日到当日的整年数。"""
    return max(0, full_years(years_since, on))


@rule(clause="5", title="调入时对应的等级", unit="级")
def grade_on_transfer(
    appointments: Records[Appointment], on: Date, grade_map: Table[int, int, int, int], carried_from: int = None, carried_grade: int = None
) -> int:
    """省里的对应表：调出地所在市（州）、调入地所在市（州）、原等级。"""
    if not known(carried_from):
        return not_applicable("不是从别处调入")
    here = 0
    for a in appointments:
        if a.since <= on and on < a.until:
            here = city(a.place)
    return grade_map[city(carried_from), here, carried_grade]


@rule(
    clause="5",
    title="保留工资",
    unit="元",
    names={"rise": "调入后提高"},
    assumes="调入后的提高按当日工资标准与调入时的工资标准之差；降下来的不另补",
)
def retained_pay(monthly_pay: Yuan, carried_as_of: Date = None, carried_pay: Yuan = None, carried_pay_here: Yuan = None) -> Yuan:
    """调入时的差额，减去调入后工资标准的提高，不低于零；不是调入的没有；没有带入原工资的，缺事实。"""
    if not known(carried_as_of):
        return 0
    rise = max(0, monthly_pay - carried_pay_here)
    return max(0, carried_pay - carried_pay_here - rise)


@rule(clause="5", title="工资标准加保留工资", unit="元")
def pay_with_retained(monthly_pay: Yuan, retained_pay: Yuan) -> Yuan:
    """没有保留工资的就是工资标准。"""
    return monthly_pay + retained_pay


@rule(clause="5", title="调动时受保护的工资", unit="元")
def protected_pay(pay_with_retained: Yuan) -> Yuan:
    """调往别处时带去、受保护的数额。"""
    return pay_with_retained
