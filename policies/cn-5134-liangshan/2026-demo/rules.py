"""示例：凉山州（调动演示的另一方）的岗位、等级、工资、升级、年限、调入和证书补贴。"""

from jiceng.rules import (
    Date,
    History,
    Ratio,
    Records,
    Rounding,
    Table,
    Yuan,
    city,
    divide,
    full_years,
    known,
    month_start,
    not_applicable,
    rule,
    times,
    year,
)
from jiceng.terms import Appointment, Assessment, Certificate, CertificateKind, Post, PostClass, Result


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
def monthly_pay(post_class: PostClass, recorded_grade: int, post_pay: Table[PostClass, Yuan], grade_pay: Table[int, Yuan]) -> Yuan:
    """岗位工资加等级工资。"""
    return post_pay[post_class] + grade_pay[recorded_grade]


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
def performance(performance_standard: Yuan, assessment_failed: bool, fail_performance_share: Ratio, pay_rounding: Rounding) -> Yuan:
    """当年考核不合格的发一半。"""
    if assessment_failed:
        return times(performance_standard, fail_performance_share, pay_rounding)
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
    """岗位最低级加每满两年升的级；调入的从调入时的等级加调入以后升的级。"""
    if known(carried_as_of):
        since_arrival = full_years(carried_as_of, on)
        return min(grade_cap[post_class], carried_grade_here + divide(since_arrival, years_per_grade, grade_rise_rounding))
    return min(grade_cap[post_class], grade_floor[post_class] + divide(worked_years, years_per_grade, grade_rise_rounding))


@rule(clause="4", title="年限起算日", assumes="考核不合格的年度照计；从别处调入的，按原地算出的起算日接着算")
def years_since(hired: Date, carried_as_of: Date = None, carried_years_since: Date = None) -> Date:
    """从这一天起满整年计年限；调入而没有带入起算日的，缺事实。"""
    if known(carried_as_of):
        return carried_years_since
    return hired


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


@rule(clause="6", title="证书补贴", unit="元", assumes="有几个证书的，按最高的一个", names={"amount": "最高的一项"})
def certificate_pay(certificates: History[Certificate], certificate_allowance: Table[CertificateKind, Yuan], on: Date) -> Yuan:
    """从登记的当月起，不论当月哪一天登记。"""
    amount = 0
    for c in certificates:
        if known(c.registered) and month_start(c.registered) <= on:
            amount = max(amount, certificate_allowance[c.kind])
    return amount
