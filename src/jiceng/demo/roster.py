"""The roster a county would send today: what the story says of everybody in service, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jiceng.demo.story import Life, Story

COLUMNS = (
    "姓名", "性别", "身份证号", "出生年月", "民族", "政治面貌", "学历(全日制)", "学历(在职)", "专业", "社工证等级", "证书登记日期",
    "区县", "街道(乡镇)", "社区", "人员类别", "岗位", "任现岗时间", "从事社区工作时间", "合同类型", "合同到期日", "最近一次培训",
    "最近年度考核", "手机号", "备注",
)  # fmt: skip

_POSTS = {
    "secretary_director": ("书记、主任一肩挑", "书记（主任）", "书记兼主任"),
    "secretary": ("社区党组织书记", "书记", "党支部书记"),
    "director": ("社区居委会主任", "主任", "居委会主任"),
    "deputy_secretary": ("社区党组织副书记", "副书记"),
    "deputy_director": ("社区居委会副主任", "副主任"),
    "committee": ("社区“两委”委员", "委员", "两委委员"),
    "staff": ("社区专职工作人员", "专职工作人员", "专干"),
    "grid": ("专职网格员", "网格员"),
}
_CLASSES = {
    "committee_full_time": ("社区“两委”专职成员", "两委专职"),
    "full_time_staff": ("社区专职工作人员", "专职"),
    "committee_part_time": ("社区“两委”兼职成员", "兼职"),
    "sent_cadre": ("下派干部",),
    "dispatched": ("劳务派遣人员", "派遣"),
    "retired": ("退休返聘人员",),
}
_EDUCATION = {
    "junior_middle": ("初中",),
    "senior_middle": ("高中",),
    "secondary": ("中专",),
    "college": ("大专", "大学专科"),
    "bachelor": ("本科", "大学本科"),
    "master": ("硕士研究生",),
}
_POLITICAL = {"party": ("中共党员", "党员"), "league": ("共青团员", "团员"), "masses": ("群众",)}
_CERTIFICATES = {"assistant": ("助理社会工作师", "初级"), "social_worker": ("社会工作师", "中级")}
_CONTRACTS = {
    "street": ("街道（乡镇）劳动合同", "劳动合同"),
    "dispatch": ("劳务派遣",),
    "elected_office": ("选任职务",),
    "establishment": ("公务员或事业单位身份",),
}
_RESULTS = {"excellent": ("优秀",), "pass": ("合格",), "basic": ("基本合格",), "fail": ("不合格",)}


@dataclass(frozen=True)
class Row:
    """One worker's line: what stands under each column, dates as dates."""

    number: int
    cells: dict[str, str | date]


def rows(story: Story, *, county_name: str, streets: Mapping[int, str]) -> list[Row]:
    """Everybody in service, sorted by community then post. `streets` gives the street's name for each community code.

    Empty   a cell nobody would have filled is the empty text; "无" is written where the office knows that there is none
    """
    serving = sorted(story.serving(), key=lambda life: (life.community, not life.head, life.started, life.number))
    return [Row(life.number, _cells(story, life, county_name, streets[life.community], index)) for index, life in enumerate(serving)]


def _cells(story: Story, life: Life, county_name: str, street: str, index: int) -> dict[str, str | date]:
    who = life.person

    def word(table: Mapping[str, tuple[str, ...]], key: str) -> str:
        spellings = table.get(key, ("",))
        return spellings[index % len(spellings)]

    return {
        "姓名": who.name,
        "性别": who.sex,
        "身份证号": who.id_number,
        "出生年月": who.birth,
        "民族": who.nation if index % 3 else who.nation.removesuffix("族"),
        "政治面貌": word(_POLITICAL, life.political),
        "学历(全日制)": word(_EDUCATION, life.education),
        "学历(在职)": word(_EDUCATION, life.in_service_education) if life.in_service_education else "",
        "专业": "",
        "社工证等级": word(_CERTIFICATES, life.certificate) if life.certificate else "",
        "证书登记日期": life.certificate_registered or "",
        "区县": county_name,
        "街道(乡镇)": street,
        "社区": community_name(story.communities[life.community], index),
        "人员类别": word(_CLASSES, life.worker_class),
        "岗位": word(_POSTS, life.post),
        "任现岗时间": life.since,
        "从事社区工作时间": life.started,
        "合同类型": word(_CONTRACTS, life.contract_kind),
        "合同到期日": life.contract_ends or "",
        "最近一次培训": life.trained or ("无" if life.only_in_workbook else ""),
        "最近年度考核": f"{life.assessed[0]}年{word(_RESULTS, life.assessed[1])}" if life.assessed else "",
        "手机号": who.phone if life.number % 13 else f"{who.phone[:3]}{(int(who.phone[3:]) + 1234567) % 100_000_000:08d}",
        "备注": "示例：新聘" if life.only_in_workbook else "",
    }


def community_name(full: str, index: int) -> str:
    """The official name, or now and then the short one people write."""
    return full.removesuffix("居民委员会") if index % 4 else full
