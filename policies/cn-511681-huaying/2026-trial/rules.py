"""华蓥市：一份工资由两级定，省里一项，本市几项。"""

from jiceng.rules import Date, History, Records, Table, Yuan, not_applicable, rule, year
from jiceng.terms import Appointment, Assessment, Certificate, CertificateKind, Post, PostClass, Result


@rule(clause="构成", title="岗位类别", assumes="岗位怎样分类没有见到；按正职、副职、一般", names={"best": "最高的岗位"})
def post_class(appointments: Records[Appointment], on: Date) -> PostClass:
    """书记、主任为正职，副书记、副主任为副职，其余为一般；同时任几个岗位的，按最高的一个。"""
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


@rule(clause="构成", title="岗位职级补贴", unit="元")
def post_subsidy_amount(post_class: PostClass, post_subsidy: Table[PostClass, Yuan]) -> Yuan:
    """由本市定。"""
    return post_subsidy[post_class]


@rule(clause="构成", title="证书补贴", unit="元", assumes="有几个证书的，按最高的一个", names={"amount": "最高的一项"})
def certificate_pay(certificates: History[Certificate], certificate_allowance: Table[CertificateKind, Yuan]) -> Yuan:
    """定额。"""
    amount = 0
    for c in certificates:
        amount = max(amount, certificate_allowance[c.kind])
    return amount


@rule(clause="构成", title="工资标准", unit="元")
def monthly_pay(provincial_basic_subsidy: Yuan, post_subsidy_amount: Yuan, certificate_pay: Yuan) -> Yuan:
    """按月发的三项：省定基本补贴、岗位职级补贴、证书补贴。"""
    return provincial_basic_subsidy + post_subsidy_amount + certificate_pay


@rule(clause="构成", title="当年的年终绩效", unit="元")
def year_end_performance_amount(assessments: Records[Assessment], on: Date, year_end_performance: Table[Result, Yuan]) -> Yuan:
    """按当年考核结果。"""
    for a in assessments:
        if a.year == year(on):
            return year_end_performance[a.result]
    return not_applicable("当年考核结果还没有登记")


@rule(clause="构成", title="应得突出贡献奖", unit="元")
def contribution_award_amount(contribution_award: Yuan) -> Yuan:
    """有突出贡献的。"""
    return contribution_award
