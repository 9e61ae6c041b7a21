"""大石桥市：优秀的比例在两端之间。"""

from jiceng.rules import Date, Ratio, Records, Rounding, not_applicable, ratio, rule, total, year
from jiceng.terms import Assessment, Result


@rule(clause="优秀", title="当年考核优秀")
def is_excellent(assessments: Records[Assessment], on: Date) -> bool:
    """当年登记为优秀。"""
    for a in assessments:
        if a.year == year(on) and a.result == Result.excellent:
            return True
    return False


@rule(clause="优秀", title="当年参加考核")
def is_assessed(assessments: Records[Assessment], on: Date) -> bool:
    """当年登记了考核结果。"""
    for a in assessments:
        if a.year == year(on):
            return True
    return False


@total(rule="is_excellent", to="county", clause="优秀", title="优秀人数", unit="人")
def excellent_total() -> int:
    """本地在册、当年考核优秀的人。"""


@total(rule="is_assessed", to="county", clause="优秀", title="参加考核人数", unit="人")
def assessed_total() -> int:
    """本地在册、当年登记了考核结果的人。"""


@rule(clause="优秀", title="优秀比例", of="place", unit="比")
def excellent_share(excellent_total: int, assessed_total: int, share_rounding: Rounding) -> Ratio:
    """优秀人数除以参加考核人数。"""
    if assessed_total == 0:
        return not_applicable("没有人参加考核")
    return ratio(excellent_total, assessed_total, share_rounding)


@rule(clause="优秀", title="优秀比例在两端之间", of="place", assumes="按全市计算；原文没有写按哪一级计算")
def excellent_share_within(excellent_share: Ratio, excellent_share_low: Ratio, excellent_share_cap: Ratio) -> bool:
    """不低于下端，不高于上限。"""
    return excellent_share_low <= excellent_share and excellent_share <= excellent_share_cap
