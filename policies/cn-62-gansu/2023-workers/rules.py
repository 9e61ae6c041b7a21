"""甘肃省：员额、小社区的最少人数、直接进入、岗位工资和长期服务奖励。"""

from jiceng.rules import (
    Bands,
    Date,
    Ratio,
    Records,
    Table,
    Yuan,
    add_years,
    band,
    needs_decision,
    not_applicable,
    ratio,
    rule,
)
from jiceng.terms import Appointment, BodyLevel, WorkerClass


@rule(clause="配备", title="社区应配人数（未取整）", of="place", unit="人", assumes="按一个社区问；人口按城镇常住人口")
def community_quota_exact(urban_residents: int, quota_exact: Ratio, small_community_residents: int, small_community_minimum: int) -> Ratio:
    """按万分之十八，小社区不少于九人。"""
    if urban_residents < small_community_residents:
        return max(quota_exact, ratio(small_community_minimum, 1))
    return quota_exact


@rule(clause="进入", title="可直接纳入管理", assumes="有几次招聘登记的，看现任职的一次")
def direct_entry(appointments: Records[Appointment], on: Date) -> bool:
    """“两委”专职成员和市、县统一招聘的直接纳入，其他人经街道推荐和考试分批进入。"""
    serving = False
    direct = False
    for a in appointments:
        if a.since <= on and on < a.until:
            serving = True
            if a.class_ == WorkerClass.committee_full_time or a.appointed_by == BodyLevel.city or a.appointed_by == BodyLevel.county:
                direct = True
    if not serving:
        return not_applicable("台账中没有现任职")
    if direct:
        return True
    return needs_decision("先由街道推荐，再经考试，分批进入")


@rule(clause="薪酬", title="岗位等级工资", unit="元")
def graded_pay(recorded_grade: int, grade_pay: Table[int, Yuan]) -> Yuan:
    """按等级查表。"""
    return grade_pay[recorded_grade]


@rule(clause="薪酬", title="工资标准", unit="元")
def monthly_pay(graded_pay: Yuan, certificate_pay: Yuan) -> Yuan:
    """岗位等级工资加证书补贴。"""
    return graded_pay + certificate_pay


@rule(clause="奖励", title="达到的长期服务年数", unit="年", assumes="“连续”按《意见》的连续社区工作年限；那以前的日子没有读法，不作答")
def long_service_reached(consecutive_years: int, long_service_milestones: Bands[int, int]) -> int:
    """连续满十年、二十年、三十年。"""
    return band(long_service_milestones, consecutive_years)


@rule(clause="奖励", title="达到长期服务奖励年数之日")
def long_service_day(consecutive_since: Date, long_service_reached: int) -> Date:
    """最近达到的一档从哪天达到。"""
    if long_service_reached == 0:
        return not_applicable("连续服务不满十年")
    return add_years(consecutive_since, long_service_reached)


@rule(clause="奖励", title="长期服务一次性奖励", unit="元", assumes="每一档发一次；这里是最近达到的一档")
def long_service_award(long_service_reached: int, long_service_awards: Table[int, Yuan]) -> Yuan:
    """没有达到的为零。"""
    if long_service_reached == 0:
        return 0
    return long_service_awards[long_service_reached]
