"""某市：岗位工资、级别工资、职称工资各算各的，再加绩效。"""

from jiceng.rules import Date, History, Records, Table, Yuan, add_years, not_applicable, rule, year
from jiceng.terms import Appointment, Assessment, Certificate, CertificateKind, Post, PostClass, Result


@rule(clause="岗位", title="岗位类别", assumes="同时任几个岗位的，按最高的一个", names={"best": "最高的岗位"})
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


@rule(clause="岗位", title="书记主任一肩挑的加额", unit="元")
def combined_post_pay(appointments: Records[Appointment], on: Date, combined_post_addition: Yuan) -> Yuan:
    """书记、主任由一人担任的，在正职岗位工资上加发。"""
    for a in appointments:
        if a.since <= on and on < a.until and a.post == Post.secretary_director:
            return combined_post_addition
    return 0


@rule(clause="级别", title="社区工作级别", unit="级", assumes="年数从从事社区工作之日起算，满几年的当天仍在这一级")
def service_level(community_start: Date, on: Date, level_years: Table[int, int], level_max: int) -> int:
    """三年以内为一级；以后各级的年数没有见到。"""
    for level in range(1, 12):
        if on <= add_years(community_start, level_years[level]):
            return level
    return level_max


@rule(clause="级别", title="级别工资", unit="元")
def service_level_pay(service_level: int, level_pay: Table[int, Yuan]) -> Yuan:
    """按级别查表。"""
    return level_pay[service_level]


@rule(
    clause="职称",
    title="职称工资",
    unit="元",
    assumes=("有几个证书的，按最高的一个", "职称的三等即社会工作者职业资格的三等"),
    names={"amount": "最高的一项"},
)
def title_pay(certificates: History[Certificate], title_pay_standard: Table[CertificateKind, Yuan]) -> Yuan:
    """没有职称的为零。"""
    amount = 0
    for c in certificates:
        amount = max(amount, title_pay_standard[c.kind])
    return amount


@rule(clause="绩效", title="工资标准", unit="元")
def monthly_pay(
    post_class: PostClass,
    post_pay: Table[PostClass, Yuan],
    combined_post_pay: Yuan,
    service_level_pay: Yuan,
    title_pay: Yuan,
    basic_performance: Yuan,
) -> Yuan:
    """按月发的各项相加；奖励绩效一年一次，不在内。"""
    return post_pay[post_class] + combined_post_pay + service_level_pay + title_pay + basic_performance


@rule(clause="绩效", title="年度奖励绩效", unit="元")
def reward_performance(assessments: Records[Assessment], on: Date, reward_amounts: Table[Result, Yuan]) -> Yuan:
    """按当年考核结果；不合格的没有。"""
    for a in assessments:
        if a.year == year(on):
            return reward_amounts[a.result]
    return not_applicable("当年考核结果还没有登记")
