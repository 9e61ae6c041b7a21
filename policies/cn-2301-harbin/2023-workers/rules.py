"""哈尔滨市：六部分工资、按区县计算的优秀名额、九区与县（市）不同的奖励、随日期变的退休年龄。"""

from jiceng.rules import (
    Date,
    Ratio,
    Records,
    Rounding,
    Table,
    Yuan,
    add_years,
    ambiguous,
    county,
    not_applicable,
    ratio,
    rule,
    times,
    total,
    whole,
    year,
)
from jiceng.terms import Appointment, Assessment, Result, Sex


@rule(clause="配备", title="社区应配人数（固定加按户数，未取整）", of="place", unit="人", assumes="按一个社区问")
def fixed_and_household_exact(households: int, fixed_staff: int, households_per_worker: int) -> Ratio:
    """四名固定岗位加增配；增配的依据没有见到。"""
    return ratio(fixed_staff, 1) + ratio(households, households_per_worker)


@rule(clause="薪酬", title="岗位等级工资", unit="元")
def graded_pay(recorded_grade: int, grade_pay: Table[int, Yuan]) -> Yuan:
    """按等级查表。"""
    return grade_pay[recorded_grade]


@rule(clause="薪酬", title="工资标准", unit="元", assumes="专项表彰不按月发，不在内")
def monthly_pay(graded_pay: Yuan, seniority_reward: Yuan, certificate_pay: Yuan, education_pay: Yuan, post_performance: Yuan) -> Yuan:
    """等级工资、年功奖励、证书补贴、学历补贴、岗位绩效相加。"""
    return graded_pay + seniority_reward + certificate_pay + education_pay + post_performance


@rule(clause="考核", title="当年考核优秀")
def is_excellent(assessments: Records[Assessment], on: Date) -> bool:
    """当年登记为优秀。"""
    for a in assessments:
        if a.year == year(on) and a.result == Result.excellent:
            return True
    return False


@rule(clause="考核", title="当年参加考核")
def is_assessed(assessments: Records[Assessment], on: Date) -> bool:
    """当年登记了考核结果。"""
    for a in assessments:
        if a.year == year(on):
            return True
    return False


@total(rule="is_excellent", to="county", clause="考核", title="优秀人数", unit="人")
def excellent_total() -> int:
    """本地在册、当年考核优秀的人。"""


@total(rule="is_assessed", to="county", clause="考核", title="参加考核人数", unit="人")
def assessed_total() -> int:
    """本地在册、当年登记了考核结果的人。"""


@rule(clause="考核", title="优秀名额上限", of="place", unit="人")
def excellent_limit(assessed_total: int, excellent_share_cap: Ratio, excellent_rounding: Rounding) -> int:
    """参加考核人数的三成，小数舍去。"""
    return whole(times(ratio(assessed_total, 1), excellent_share_cap, excellent_rounding), excellent_rounding)


@rule(clause="考核", title="优秀人数在限额内", of="place")
def excellent_within(excellent_total: int, excellent_limit: int) -> bool:
    """不超过名额上限。"""
    return excellent_total <= excellent_limit


@rule(clause="考核", title="优秀的奖励", unit="元", assumes="按现任职所在的区、县（市）；同时任几处的按最后一处")
def excellent_reward(is_excellent: bool, appointments: Records[Appointment], on: Date, excellent_award: Table[int, Yuan]) -> Yuan:
    """当年优秀的一次性奖励；九区与县（市）数额不同。"""
    if not is_excellent:
        return 0
    amount = 0
    serving = False
    for a in appointments:
        if a.since <= on and on < a.until:
            serving = True
            amount = excellent_award[county(a.place)]
    if not serving:
        return not_applicable("台账中没有现任职")
    return amount


@rule(clause="退休", title="达到退休年龄之日", assumes="原文的年龄只用到国家退休年龄变动以前")
def retirement_day(birth_date: Date, sex: Sex, retirement_age: Table[Sex, int], retirement_change: Date) -> Date:
    """按办法写的年龄推算；推到变动以后的不作答。"""
    due = add_years(birth_date, retirement_age[sex])
    if due >= retirement_change:
        return ambiguous("国家退休年龄变动以后，办法里写的年龄是否还用，没有见到", due)
    return due
