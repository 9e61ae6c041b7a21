"""宁波市：三类人员的平均年收入不低于当地平均工资的若干倍；按户数配备。"""

from jiceng.rules import Date, Ratio, Records, Rounding, Table, Yuan, divide, not_applicable, ratio, rule, times, total
from jiceng.terms import Appointment, Post, PostClass


@rule(clause="薪酬", title="岗位类别", assumes="同时任几个岗位的，按最高的一个")
def post_class(appointments: Records[Appointment], on: Date) -> PostClass:
    """书记、主任为正职，副书记、副主任为副职，其余为一般。"""
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


@rule(clause="薪酬", title="年收入", unit="元")
def yearly_income(monthly_pay: Yuan, income_months: int) -> Yuan:
    """工资标准乘月数。"""
    return monthly_pay * income_months


@rule(clause="薪酬", title="正职年收入", unit="元", assumes="年收入不详的人不计入人数，也不计入合计")
def chief_income(post_class: PostClass, yearly_income: Yuan) -> Yuan:
    """不是这一类的不计。"""
    if post_class != PostClass.chief:
        return not_applicable("不是这一类人员")
    return yearly_income


@rule(clause="薪酬", title="计入正职平均收入", assumes="年收入不详的人不计入人数，也不计入合计")
def chief_counted(chief_income: Yuan) -> bool:
    """这一类里年收入算得出的人。"""
    return chief_income >= 0


@total(rule="chief_income", clause="薪酬", title="正职年收入合计", unit="元")
def chief_income_total() -> Yuan:
    """本地在册的这一类人员。"""


@total(rule="chief_counted", clause="薪酬", title="正职计入人数", unit="人")
def chief_counted_total() -> int:
    """本地在册的这一类人员。"""


@rule(clause="薪酬", title="正职平均年收入", of="place", unit="元")
def chief_income_average(chief_income_total: Yuan, chief_counted_total: int, average_rounding: Rounding) -> Yuan:
    """合计除以人数。"""
    if chief_counted_total == 0:
        return not_applicable("没有这一类人员")
    return divide(chief_income_total, chief_counted_total, average_rounding)


@rule(clause="薪酬", title="正职平均年收入达到", of="place")
def chief_average_met(
    chief_income_total: Yuan,
    chief_counted_total: int,
    local_average_wage: Yuan,
    group_average_multiple: Table[PostClass, Ratio],
    average_rounding: Rounding,
) -> bool:
    """合计不少于人数乘当地平均工资的倍数；看全组，不看个人。"""
    if chief_counted_total == 0:
        return not_applicable("没有这一类人员")
    least = times(local_average_wage, group_average_multiple[PostClass.chief], average_rounding)
    return chief_income_total >= least * chief_counted_total


@rule(clause="薪酬", title="副职年收入", unit="元", assumes="年收入不详的人不计入人数，也不计入合计")
def deputy_income(post_class: PostClass, yearly_income: Yuan) -> Yuan:
    """不是这一类的不计。"""
    if post_class != PostClass.deputy:
        return not_applicable("不是这一类人员")
    return yearly_income


@rule(clause="薪酬", title="计入副职平均收入", assumes="年收入不详的人不计入人数，也不计入合计")
def deputy_counted(deputy_income: Yuan) -> bool:
    """这一类里年收入算得出的人。"""
    return deputy_income >= 0


@total(rule="deputy_income", clause="薪酬", title="副职年收入合计", unit="元")
def deputy_income_total() -> Yuan:
    """本地在册的这一类人员。"""


@total(rule="deputy_counted", clause="薪酬", title="副职计入人数", unit="人")
def deputy_counted_total() -> int:
    """本地在册的这一类人员。"""


@rule(clause="薪酬", title="副职平均年收入", of="place", unit="元")
def deputy_income_average(deputy_income_total: Yuan, deputy_counted_total: int, average_rounding: Rounding) -> Yuan:
    """合计除以人数。"""
    if deputy_counted_total == 0:
        return not_applicable("没有这一类人员")
    return divide(deputy_income_total, deputy_counted_total, average_rounding)


@rule(clause="薪酬", title="副职平均年收入达到", of="place")
def deputy_average_met(
    deputy_income_total: Yuan,
    deputy_counted_total: int,
    local_average_wage: Yuan,
    group_average_multiple: Table[PostClass, Ratio],
    average_rounding: Rounding,
) -> bool:
    """合计不少于人数乘当地平均工资的倍数；看全组，不看个人。"""
    if deputy_counted_total == 0:
        return not_applicable("没有这一类人员")
    least = times(local_average_wage, group_average_multiple[PostClass.deputy], average_rounding)
    return deputy_income_total >= least * deputy_counted_total


@rule(clause="薪酬", title="一般人员年收入", unit="元", assumes="年收入不详的人不计入人数，也不计入合计")
def general_income(post_class: PostClass, yearly_income: Yuan) -> Yuan:
    """不是这一类的不计。"""
    if post_class != PostClass.general:
        return not_applicable("不是这一类人员")
    return yearly_income


@rule(clause="薪酬", title="计入一般人员平均收入", assumes="年收入不详的人不计入人数，也不计入合计")
def general_counted(general_income: Yuan) -> bool:
    """这一类里年收入算得出的人。"""
    return general_income >= 0


@total(rule="general_income", clause="薪酬", title="一般人员年收入合计", unit="元")
def general_income_total() -> Yuan:
    """本地在册的这一类人员。"""


@total(rule="general_counted", clause="薪酬", title="一般人员计入人数", unit="人")
def general_counted_total() -> int:
    """本地在册的这一类人员。"""


@rule(clause="薪酬", title="一般人员平均年收入", of="place", unit="元")
def general_income_average(general_income_total: Yuan, general_counted_total: int, average_rounding: Rounding) -> Yuan:
    """合计除以人数。"""
    if general_counted_total == 0:
        return not_applicable("没有这一类人员")
    return divide(general_income_total, general_counted_total, average_rounding)


@rule(clause="薪酬", title="一般人员平均年收入达到", of="place")
def general_average_met(
    general_income_total: Yuan,
    general_counted_total: int,
    local_average_wage: Yuan,
    group_average_multiple: Table[PostClass, Ratio],
    average_rounding: Rounding,
) -> bool:
    """合计不少于人数乘当地平均工资的倍数；看全组，不看个人。"""
    if general_counted_total == 0:
        return not_applicable("没有这一类人员")
    least = times(local_average_wage, group_average_multiple[PostClass.general], average_rounding)
    return general_income_total >= least * general_counted_total


@rule(clause="配备", title="社区应配人数（按户数，未取整）", of="place", unit="人")
def household_staff_exact(households: int, households_per_worker: int) -> Ratio:
    """户数除以每名对应的户数；除不尽的要等取整办法。"""
    return ratio(households, households_per_worker)


@rule(clause="配备", title="社区应配人数（按户数）", of="place", unit="人")
def household_staff(households: int, households_per_worker: int, staffing_rounding: Rounding) -> int:
    """取整后的按户数配备。"""
    return divide(households, households_per_worker, staffing_rounding)


@rule(clause="配备", title="住在本社区的社区工作者", assumes="以登记的居住情况为准；没有登记的不作答")
def resident_worker(in_service: bool, lives_in_community: bool) -> bool:
    """在册而且住在任职的社区。"""
    return in_service and lives_in_community


@total(rule="resident_worker", to="community", clause="配备", title="住在本社区的人数", unit="人")
def resident_workers_total() -> int:
    """本地在册、登记为住在任职社区的人。"""


@rule(clause="配备", title="住在本社区的人数达到", of="place")
def resident_minimum_met(resident_workers_total: int, local_resident_minimum: int) -> bool:
    """每个社区至少一名社区工作者住在本社区。"""
    return resident_workers_total >= local_resident_minimum
