"""杭州市早年：证书补贴，服务津贴在一个范围内，连续二十年一次性奖励。"""

from jiceng.rules import Date, History, Table, Yuan, add_years, rule
from jiceng.terms import Certificate, CertificateKind


@rule(clause="补贴", title="证书补贴", unit="元", assumes="有几个证书的，按最高的一个", names={"amount": "最高的一项"})
def certificate_pay(certificates: History[Certificate], certificate_allowance: Table[CertificateKind, Yuan]) -> Yuan:
    """按证书等级。"""
    amount = 0
    for c in certificates:
        amount = max(amount, certificate_allowance[c.kind])
    return amount


@rule(clause="补贴", title="应发服务津贴", unit="元")
def service_allowance_amount(service_allowance: Yuan) -> Yuan:
    """在三百至六百元之间，怎样分档没有见到。"""
    return service_allowance


@rule(clause="奖励", title="达到长期服务奖励年数之日", assumes="“连续”按《意见》的连续社区工作起始日；那以前的日子没有读法，不作答")
def long_service_day(consecutive_since: Date, long_service_years: int) -> Date:
    """连续满二十年的那一天。"""
    return add_years(consecutive_since, long_service_years)


@rule(clause="奖励", title="长期服务一次性奖励", unit="元")
def long_service_award(long_service_day: Date, on: Date, long_service_years: int, long_service_awards: Table[int, Yuan]) -> Yuan:
    """达到年数的发一次；没有达到的为零。"""
    if on < long_service_day:
        return 0
    return long_service_awards[long_service_years]
