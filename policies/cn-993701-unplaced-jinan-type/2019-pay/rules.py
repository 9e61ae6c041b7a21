"""济南类型：学历学位都有的提高等级，只有一样的多计年数。"""

from jiceng.rules import (
    Date,
    History,
    Ratio,
    Records,
    Rounding,
    Table,
    Yuan,
    ambiguous,
    full_years,
    known,
    needs_decision,
    not_applicable,
    rule,
    times,
)
from jiceng.terms import Appointment, BodyLevel, Certificate, CertificateKind, Degree, Education, EducationLevel, Post, PostClass


@rule(clause="等级", title="岗位类别", assumes="同时任几个岗位的，按最高的一个", names={"best": "最高的岗位"})
def post_class(appointments: Records[Appointment], on: Date) -> PostClass:
    """书记、主任为正职，副书记、副主任为副职，其余为工作人员。"""
    serving = False
    best = PostClass.general
    for a in appointments:
        if a.since <= on and on < a.until:
            serving = True
            if a.post == Post.secretary_director or a.post == Post.secretary or a.post == Post.director:
                best = PostClass.chief
            elif best != PostClass.chief and (a.post == Post.deputy_secretary or a.post == Post.deputy_director):
                best = PostClass.deputy
    if not serving:
        return not_applicable("台账中没有现任职")
    return best


@rule(clause="等级", title="等级在岗位范围内")
def grade_allowed(post_class: PostClass, recorded_grade: int, grade_floor: Table[PostClass, int], grade_cap: Table[PostClass, int]) -> bool:
    """台账等级不低于本类岗位的最低级，不高于最高级。"""
    return grade_floor[post_class] <= recorded_grade and recorded_grade <= grade_cap[post_class]


@rule(clause="等级", title="适用的等级系数", unit="倍", assumes="台账登记了工资系数的，按台账")
def scheme_coefficient(grade_coefficient: Table[int, Ratio], coefficient: Ratio = None, recorded_grade: int = None) -> Ratio:
    """系数表没有见到时，取台账登记的系数。"""
    if known(coefficient):
        return coefficient
    return grade_coefficient[recorded_grade]


@rule(clause="基数", title="工资标准", unit="元")
def monthly_pay(pay_base: Yuan, base_multiplier: Ratio, scheme_coefficient: Ratio, pay_rounding: Rounding) -> Yuan:
    """基数乘倍数，再乘等级系数。"""
    return times(times(pay_base, base_multiplier, pay_rounding), scheme_coefficient, pay_rounding)


@rule(clause="构成", title="绩效工资标准", unit="元")
def performance_standard(monthly_pay: Yuan, performance_share: Ratio, pay_rounding: Rounding) -> Yuan:
    """工资标准的三成。"""
    return times(monthly_pay, performance_share, pay_rounding)


@rule(clause="构成", title="基本工资", unit="元")
def basic_pay(monthly_pay: Yuan, performance_standard: Yuan) -> Yuan:
    """工资标准减去绩效部分，按月发。"""
    return monthly_pay - performance_standard


@rule(clause="学历", title="学历学位都达到的档", unit="档", names={"diploma": "学历的档", "degree": "学位的档"})
def education_both(educations: History[Education], education_rank: Table[EducationLevel, int], degree_rank: Table[Degree, int]) -> int:
    """最高学历和最高学位里较低的一档。"""
    diploma, degree = 0, 0
    for e in educations:
        diploma = max(diploma, education_rank[e.level])
        if known(e.degree):
            degree = max(degree, degree_rank[e.degree])
    return min(diploma, degree)


@rule(clause="学历", title="学历学位里较高的档", unit="档", names={"best": "较高的档"})
def education_either(educations: History[Education], education_rank: Table[EducationLevel, int], degree_rank: Table[Degree, int]) -> int:
    """最高学历和最高学位里较高的一档。"""
    best = 0
    for e in educations:
        best = max(best, education_rank[e.level])
        if known(e.degree):
            best = max(best, degree_rank[e.degree])
    return best


@rule(clause="学历", title="因学历提高的等级", unit="级")
def education_grades(education_both: int, education_either: int, education_grade_steps: Table[int, int]) -> int:
    """学历学位都有的，按档提高等级。"""
    if education_both > 0 and education_either > education_both:
        return ambiguous("低一档学历学位都有、高一档只有一样的，取哪一种没有见到")
    return education_grade_steps[education_both]


@rule(clause="学历", title="因学历多计的年数", unit="年")
def education_years(education_both: int, education_either: int, education_year_steps: Table[int, int]) -> int:
    """只有学历或者只有学位的，按档多计年数，不提高等级。"""
    if education_both > 0 and education_either > education_both:
        return ambiguous("低一档学历学位都有、高一档只有一样的，取哪一种没有见到")
    if education_both > 0:
        return 0
    return education_year_steps[education_either]


@rule(clause="学历", title="从事社区工作的整年数", unit="年")
def community_years(community_start: Date, on: Date) -> int:
    """从开始从事社区工作之日起满整年计。"""
    return max(0, full_years(community_start, on))


@rule(clause="学历", title="折算后的年数", unit="年")
def deemed_years(community_years: int, education_years: int) -> int:
    """实际年数加上因学历多计的年数。"""
    return community_years + education_years


@rule(clause="学历", title="起点等级", unit="级")
def entry_grade(post_class: PostClass, education_grades: int, grade_floor: Table[PostClass, int], grade_cap: Table[PostClass, int]) -> int:
    """岗位最低级加上因学历提高的等级，不超过岗位最高级。"""
    return min(grade_cap[post_class], grade_floor[post_class] + education_grades)


@rule(clause="学历", title="应定等级", unit="级")
def grade_due(
    post_class: PostClass, entry_grade: int, deemed_years: int, years_grades: Table[int, int], grade_cap: Table[PostClass, int]
) -> int:
    """起点等级加上按年数提高的等级，不超过岗位最高级。"""
    return min(grade_cap[post_class], entry_grade + years_grades[deemed_years])


@rule(clause="证书", title="证书补贴", unit="元", assumes="有几个证书的，按最高的一个", names={"amount": "最高的一项"})
def certificate_pay(certificates: History[Certificate], certificate_allowance: Table[CertificateKind, Yuan], on: Date) -> Yuan:
    """只认已登记的证书。"""
    amount = 0
    for c in certificates:
        if known(c.registered) and c.registered <= on:
            amount = max(amount, certificate_allowance[c.kind])
    return amount


@rule(clause="吸纳", title="可吸纳为社区工作者", assumes="“合乎招聘条件”由街道推荐时审查，不在这里判断")
def absorbable(appointments: Records[Appointment], on: Date) -> bool:
    """街道或部门自行招用的，经街道推荐、区里考试后可以吸纳。"""
    for a in appointments:
        here = a.since <= on and on < a.until
        if here and (a.appointed_by == BodyLevel.street or a.appointed_by == BodyLevel.department):
            return needs_decision("先由街道推荐，再看区里考试的结果")
    return False
