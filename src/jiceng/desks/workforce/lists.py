"""The lists of the workbench: each is a question about one rule's answer, so that a figure and its list cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jiceng.base.kinds import AnswerKind
from jiceng.runs.overview import ENDING_SOON_DAYS
from jiceng.runs.roster import AnswerFilter


@dataclass(frozen=True)
class DueList:
    """A list by what a rule answers: a kind of answer, a value, or a date within ENDING_SOON_DAYS."""

    title: str
    rule: str
    meaning: str
    kind: AnswerKind = AnswerKind.value
    equals: int | None = None
    soon: bool = False
    urgent: bool = False


LISTS = {
    "training_overdue": DueList("培训已逾期", "training_overdue", "到期日已过而没有新的培训记录", equals=1, urgent=True),
    "training_soon": DueList("60 天内培训到期", "training_due", "培训到期日在今后 60 天以内", soon=True),
    "training_unchecked": DueList(
        "培训需核实", "training_due", "不知道培训记录是否齐全，既不算到期也不算未到期", kind=AnswerKind.unchecked
    ),
    "contract_soon": DueList("60 天内合同到期", "contract_due", "劳动合同到期日在今后 60 天以内", soon=True),
    "contract_missing": DueList("合同情况不明", "contract_due", "台账里没有合同类型或到期日", kind=AnswerKind.missing),
    "probation_soon": DueList("60 天内试用期满", "probation_due", "试用期满待定的日期在今后 60 天以内", soon=True),
    "term_soon": DueList("60 天内任期届满", "term_due", "任期届满日在今后 60 天以内", soon=True),
    "career": DueList("符合职业发展条件", "career_conditions", "连续年限和任满届数都具备的社区党组织书记", equals=1),
    "career_unchecked": DueList(
        "职业发展需核实", "career_conditions", "履历是否完整没有人确认过，不能说符合或不符合", kind=AnswerKind.unchecked
    ),
    "recruitment": DueList("招聘层级不符", "recruitment_proper", "不是由市地级或县级统一招聘的专职工作人员", equals=0, urgent=True),
    "filing": DueList("书记未备案", "secretary_filed", "现任社区党组织书记没有备案登记", equals=0, urgent=True),
    "vetting": DueList("进入时没有政治审查", "vetting_present", "意见施行以后进入而没有合格的政治审查登记", equals=0, urgent=True),
}


def list_filters(key: str, *, on: date, days: int = ENDING_SOON_DAYS) -> tuple[AnswerFilter, ...]:
    """A list as the roster's filter; no key, no filter. `days`: how many from the day on a date may lie in."""
    wanted = LISTS.get(key)
    if wanted is None:
        return ()
    return (
        AnswerFilter(
            wanted.rule,
            kind=wanted.kind,
            equals=wanted.equals,
            from_day=on if wanted.soon else None,
            days=days if wanted.soon else None,
        ),
    )


def counted() -> list[tuple[str, str]]:
    """The lists as the overview counts them, in their order: (kind of count, rule)."""
    return [(_counted_as(entry), entry.rule) for entry in LISTS.values()]


def _counted_as(entry: DueList) -> str:
    if entry.soon:
        return "soon"
    if entry.kind != AnswerKind.value:
        return entry.kind.name
    return "true" if entry.equals else "false"
