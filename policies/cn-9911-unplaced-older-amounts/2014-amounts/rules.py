"""早年数额：三类岗位的基本工资和年限补贴，证书补贴从登记完成的当月起。"""

from jiceng.rules import Date, History, Records, Rounding, Table, Yuan, divide, known, month_start, not_applicable, rule
from jiceng.terms import Appointment, Certificate, CertificateKind, Post, PostClass


@rule(clause="数额", title="岗位类别", assumes="站长为正职，同北京 2015 年的办法", names={"best": "最高的岗位"})
def post_class(appointments: Records[Appointment], on: Date) -> PostClass:
    """书记、主任、站长为正职，副书记、副主任、副站长为副职，其余为一般；同时任几个岗位的，按最高的一个。"""
    serving = False
    best = PostClass.general
    for a in appointments:
        if a.since <= on and on < a.until:
            serving = True
            head = a.post == Post.secretary_director or a.post == Post.secretary or a.post == Post.director
            if head or a.post == Post.station_head:
                best = PostClass.chief
            deputy = a.post == Post.deputy_secretary or a.post == Post.deputy_director or a.post == Post.station_deputy
            if deputy and best != PostClass.chief:
                best = PostClass.deputy
    if not serving:
        return not_applicable("台账中没有现任职")
    return best


@rule(clause="数额", title="应发岗位基本工资", unit="元")
def base_pay_amount(post_class: PostClass, post_base_pay: Table[PostClass, Yuan]) -> Yuan:
    """按岗位查表。"""
    return post_base_pay[post_class]


@rule(clause="数额", title="应发任职年限补贴", unit="元", assumes="原文没有说随年限怎样变，只有三个岗位三个数")
def tenure_amount(post_class: PostClass, tenure_allowance: Table[PostClass, Yuan]) -> Yuan:
    """按岗位查表。"""
    return tenure_allowance[post_class]


@rule(clause="数额", title="人均月奖金", unit="元", assumes="人均年奖金总额平摊到月；各人实发由考核定")
def bonus_per_month(bonus_pool: Yuan, bonus_months: int, pay_rounding: Rounding) -> Yuan:
    """人均年奖金总额除以十二。"""
    return divide(bonus_pool, bonus_months, pay_rounding)


@rule(clause="证书", title="证书补贴", unit="元", assumes="有几个证书的，按最高的一个", names={"amount": "最高的一项"})
def certificate_pay(certificates: History[Certificate], certificate_allowance: Table[CertificateKind, Yuan], on: Date) -> Yuan:
    """从登记完成的当月起，不论当月哪一天登记。"""
    amount = 0
    for c in certificates:
        if known(c.registered) and month_start(c.registered) <= on:
            amount = max(amount, certificate_allowance[c.kind])
    return amount
