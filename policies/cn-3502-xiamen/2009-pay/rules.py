"""厦门市 2009 年的十二档基本工资。"""

from jiceng.rules import Date, History, Rounding, Table, Yuan, ambiguous, divide, full_years, rule
from jiceng.terms import Assessment, Result


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


@rule(clause="奖金", title="月奖金", unit="元")
def monthly_bonus(district_bonus: Yuan) -> Yuan:
    """由各区规定。"""
    return district_bonus
