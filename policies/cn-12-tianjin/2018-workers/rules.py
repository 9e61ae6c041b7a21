"""天津市：四名固定岗位加按户数配备；最高档以上的待遇要有区委组织部门的批准。"""

from jiceng.rules import Date, History, Ratio, Records, Rounding, Yuan, divide, needs_decision, not_applicable, ratio, rule
from jiceng.terms import Appointment, Approval, ApprovalMatter, BodyLevel, Post, PostClass, Term


@rule(clause="配备", title="社区应配人数（固定加按户数，未取整）", of="place", unit="人", assumes="按一个社区问")
def fixed_and_household_exact(households: int, fixed_staff: int, households_per_worker: int) -> Ratio:
    """固定岗位加户数除以每名对应的户数；除不尽的要等取整办法。"""
    return ratio(fixed_staff, 1) + ratio(households, households_per_worker)


@rule(clause="配备", title="社区应配人数（固定加按户数）", of="place", unit="人", assumes="按一个社区问")
def fixed_and_household_staff(households: int, fixed_staff: int, households_per_worker: int, staffing_rounding: Rounding) -> int:
    """固定岗位加取整后的按户数配备。"""
    return fixed_staff + divide(households, households_per_worker, staffing_rounding)


@rule(clause="薪酬", title="岗位类别", assumes="同时任几个岗位的，按最高的一个")
def post_class(appointments: Records[Appointment], on: Date) -> PostClass:
    """书记（兼主任）为正职，专职副书记、副主任为副职，其余为一般。"""
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


@rule(
    clause="薪酬",
    title="经批准享受最高档以上待遇",
    assumes=("只认登记为县级（区委组织部门）作出的批准；没有登记的就是没有批准", "任职长、实绩好由批准时审查"),
)
def top_pay_approved(post_class: PostClass, approvals: Records[Approval], on: Date) -> bool:
    """只对正职；看当日有效的批准决定。"""
    if post_class != PostClass.chief:
        return not_applicable("只对社区正职")
    approved = False
    for one in approvals:
        if one.matter == ApprovalMatter.top_pay and one.since <= on and on < one.until:
            approved = one.granted and one.level == BodyLevel.county
    return approved


@rule(clause="薪酬", title="待遇的上限", unit="元")
def pay_ceiling(top_reference: Yuan, exception_reference: Yuan, top_pay_approved: bool = False) -> Yuan:
    """一级主任科员的水平；经批准的按四级调研员的水平。"""
    return exception_reference if top_pay_approved else top_reference


@rule(clause="薪酬", title="待遇的起点", unit="元")
def pay_floor_reference(entry_reference: Yuan) -> Yuan:
    """新录用公务员的水平。"""
    return entry_reference


@rule(clause="职业发展", title="书记连任的届数", unit="届", names={"served": "连任"}, assumes="前一届任期止与后一届任期起相接才算连任")
def consecutive_secretary_terms(terms: History[Term], on: Date) -> int:
    """到当日为止任满的、前后相接的届数。"""
    served = 0
    end = on
    for t in terms:
        if (t.post == Post.secretary or t.post == Post.secretary_director) and t.since <= t.from_ and t.to <= on and t.to <= t.until:
            served = served + 1 if served == 0 or t.from_ <= end else 1
            end = t.to
    return served


@rule(clause="职业发展", title="可进入书记培养渠道")
def secretary_route(consecutive_secretary_terms: int, route_terms: int) -> bool:
    """连任届数达到的，还要看实绩。"""
    if consecutive_secretary_terms < route_terms:
        return False
    return needs_decision("连任两届已经具备；实绩好由谁认定，没有见到")
