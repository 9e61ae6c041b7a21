"""厦门市 2009 年的十二档基本工资。"""

from jiceng.rules import Date, History, Records, Rounding, Table, Yuan, ambiguous, divide, full_years, not_applicable, rule
from jiceng.terms import Appointment, Assessment, Post, PostClass, Result


@rule(clause="档次", title="计档年数", unit="年", assumes="从起算日和从事社区工作之日中较晚的一天起，满整年计")
def step_years(community_start: Date, step_clock_start: Date, on: Date) -> int:
    """在社区的整年数。"""
    return max(0, full_years(max(community_start, step_clock_start), on))


@rule(clause="档次", title="基本工资档次", unit="档")
def step(
    step_years: int,
    assessments: History[Assessment],
    years_per_step: int,
    step_rounding: Rounding,
    step_max: int,
) -> int:
    """每满两年且各年考核合格以上升一档，至多十二档。"""
    for a in assessments:
        if a.result == Result.fail or a.result == Result.basic or a.result == Result.undetermined:
            return ambiguous("有年度考核不在合格以上，之后从何时重新起算，没有见到")
    return min(step_max, 1 + divide(step_years, years_per_step, step_rounding))


@rule(clause="档次", title="基本工资", unit="元")
def basic_pay(step: int, step_pay: Table[int, Yuan]) -> Yuan:
    """所在档次的月标准。"""
    return step_pay[step]


@rule(clause="档次", title="台账所记档次的基本工资", unit="元")
def recorded_basic_pay(recorded_grade: int, step_pay: Table[int, Yuan]) -> Yuan:
    """起算日没有见到时，按台账登记的档次查表。"""
    return step_pay[recorded_grade]


@rule(clause="岗位", title="岗位类别", assumes="同时任几个岗位的，以最后开始的一个为准", names={"found": "现任岗位"})
def post_class(appointments: Records[Appointment], on: Date) -> PostClass:
    """书记主任、副职、委员、其他专职人员、工作站人员五类。"""
    serving = False
    found = PostClass.general
    for a in appointments:
        if a.since <= on and on < a.until:
            serving = True
            if a.post == Post.secretary_director or a.post == Post.secretary or a.post == Post.director:
                found = PostClass.chief
            elif a.post == Post.deputy_secretary or a.post == Post.deputy_director:
                found = PostClass.deputy
            elif a.post == Post.committee:
                found = PostClass.committee
            elif a.post == Post.station or a.post == Post.station_head or a.post == Post.station_deputy:
                found = PostClass.station
            else:
                found = PostClass.general
    if not serving:
        return not_applicable("台账中没有现任职")
    return found


@rule(clause="岗位", title="应发岗位工资", unit="元")
def post_pay_due(post_class: PostClass, post_pay: Table[PostClass, Yuan]) -> Yuan:
    """按岗位类别查表；数额没有见到。"""
    return post_pay[post_class]


@rule(clause="奖金", title="月奖金", unit="元")
def monthly_bonus(district_bonus: Yuan) -> Yuan:
    """由各区规定。"""
    return district_bonus
