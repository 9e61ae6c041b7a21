"""福建省 2013 年：居委会成员三年一轮，其他人两年一次；课程和学时的最低数。"""

from jiceng.rules import Date, History, Recent, Records, add_years, not_applicable, rule
from jiceng.terms import Appointment, Post, Training


@rule(clause="周期", title="居委会成员", assumes="主任、副主任、委员算居委会成员；书记兼主任的也算")
def is_committee_member(appointments: Records[Appointment], on: Date) -> bool:
    """当日任居委会主任、副主任或委员。"""
    for a in appointments:
        if a.since <= on and on < a.until:
            head = a.post == Post.secretary_director or a.post == Post.director
            if head or a.post == Post.deputy_director or a.post == Post.committee:
                return True
    return False


@rule(clause="周期", title="轮训周期", unit="年")
def cover_years(is_committee_member: bool, committee_cover_years: int, staff_cover_years: int) -> int:
    """居委会成员三年，其他人两年。"""
    return committee_cover_years if is_committee_member else staff_cover_years


@rule(clause="周期", title="轮训到期日", assumes="从最近一次培训起满周期")
def cover_due(trainings: Recent[Training], on: Date, cover_years: int) -> Date:
    """下一次最晚的日期；从未培训的没有起点。"""
    if len(trainings) == 0:
        return not_applicable("从未参加过培训，起点没有见到")
    last = on
    for t in trainings:
        last = t.since
    return add_years(last, cover_years)


@rule(clause="学时", title="本周期培训学时", unit="学时", names={"hours": "已计学时"}, assumes="看到当日为止一个周期以内的培训")
def cycle_hours(trainings: History[Training], on: Date, cover_years: int) -> int:
    """一个周期以内登记的学时。"""
    hours = 0
    for t in trainings:
        if t.since <= on and on < add_years(t.since, cover_years):
            hours += t.hours
    return hours


@rule(clause="学时", title="学时达到")
def hours_met(cycle_hours: int, training_hours_minimum: int) -> bool:
    """合计不少于最少学时。"""
    return cycle_hours >= training_hours_minimum
