"""解放街道：街道、同事、居民三方测评，居民测评会有人数和构成的要求。"""

from jiceng.rules import Date, Ratio, Records, Rounding, not_applicable, ratio, rule, times
from jiceng.terms import BodyLevel, Secondment


@rule(clause="权重", title="满意度测评总分", of="request", unit="分", assumes="三方得分都按百分制")
def satisfaction_score(
    street_score: Ratio,
    peer_score: Ratio,
    resident_score: Ratio,
    street_weight: Ratio,
    peer_weight: Ratio,
    resident_weight: Ratio,
    score_rounding: Rounding,
) -> Ratio:
    """三方得分各乘权重，相加。"""
    street = times(street_score, street_weight, score_rounding)
    peers = times(peer_score, peer_weight, score_rounding)
    return street + peers + times(resident_score, resident_weight, score_rounding)


@rule(clause="测评会", title="测评会人数和构成符合", of="request")
def meeting_valid(
    meeting_attendance: int, ordinary_residents: int, meeting_minimum: int, ordinary_share_minimum: Ratio, score_rounding: Rounding
) -> bool:
    """到会人数够，其中普通居民的占比够。"""
    least = times(ratio(meeting_attendance, 1), ordinary_share_minimum, score_rounding)
    return meeting_attendance >= meeting_minimum and ratio(ordinary_residents, 1) >= least


@rule(clause="范围", title="借到街道仍参加测评")
def lent_still_assessed(secondments: Records[Secondment], on: Date) -> bool:
    """借到街道工作的，在原社区一同测评。"""
    for s in secondments:
        if s.since <= on and on < s.until and s.to_level == BodyLevel.street:
            return True
    return not_applicable("当日没有借到街道")
