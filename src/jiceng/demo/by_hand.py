"""What the dice must not decide: the people and places that journeys and pictures ask for, and population figures."""

from __future__ import annotations

from datetime import date, timedelta

from jiceng.demo.hires import contract, first_facts, newcomer, train
from jiceng.demo.story import OPENING, Amend, Begin, Life, Story

KANGDING = 513301
COHORT_COMMUNITY = 513301001004
"""The community of the four people whose training duty shows every reading: 光明社区."""

WITHOUT_POPULATION = 513336
"""The one county that has not reported its residents: it stands in the list of places to ask."""

RESIDENTS = {
    513301: 256_000, 513322: 78_000, 513323: 41_000, 513324: 43_000, 513325: 22_000, 513326: 30_000,
    513327: 44_000, 513328: 46_000, 513329: 12_000, 513330: 33_000, 513331: 24_000, 513332: 38_000,
    513333: 40_000, 513334: 62_000, 513335: 14_000, 513337: 36_000, 513338: 32_000,
}  # fmt: skip
_HOUSEHOLDS_OF = (513301, 513322, 513323, 513334)


def tell_by_hand(story: Story) -> None:
    """Population of the county, and in 康定 the cohort, secondments, people outside the quota and a corrected record."""
    _count_residents(story)
    if story.county == KANGDING:
        _cohort(story)
        _beside_the_quota(story)
        _second(story)
        _amend(story)


def _count_residents(story: Story) -> None:
    residents = RESIDENTS.get(story.county)
    if residents is None:
        return
    for year in range(2021, story.on.year + 1):
        count = residents - max(0, story.on.year - 1 - year) * (residents // 200)
        fields = {"urban_residents": count, "source": "示例：年度人口统计", "year": year - 1}
        lines = [Begin(0, "population", date(year, 1, 1), fields, story.county)]
        if story.county in _HOUSEHOLDS_OF:
            fields = {"households": count * 10 // 27, "source": "示例：年度人口统计", "year": year - 1}
            lines.append(Begin(0, "households", date(year, 1, 1), fields, story.county))
        story.note(date(year, 4, 10), f"示例：{year - 1}年末人口统计", *lines)


def _cohort(story: Story) -> None:
    head = next(life for life in story.serving(COHORT_COMMUNITY) if life.head)
    head.settled = True
    for year in range(2016, 2024):
        train(story, head, day=date(year, 3, 12), level="city")
    train(story, head, day=date(2024, 3, 10), level="city")
    train(story, head, day=date(2025, 11, 2), level="city")
    _settled(story, date(2021, 5, 1), whole=True)
    _settled(story, date(2012, 6, 1), whole=False)
    leap = _settled(story, date(2019, 8, 1), whole=True)
    train(story, leap, day=date(2024, 2, 29), level="county")


def _settled(story: Story, started: date, *, whole: bool, worker_class: str = "full_time_staff", origin: str = "open_recruitment") -> Life:
    life = newcomer(
        story, community=COHORT_COMMUNITY, post="staff", worker_class=worker_class, origin=origin, since=started, started=started
    )
    life.settled = True
    lines = [*first_facts(story, life, whole=whole), contract(story, life, signed=max(started, date(story.on.year - 2, 2, 1)))]
    first = max(started, OPENING) + timedelta(days=6)
    story.note(first, "示例：花名册补录", *lines[:-1])
    story.note(max(first, date(story.on.year - 2, 2, 10)), "示例：劳动合同签订", lines[-1])
    return life


def _beside_the_quota(story: Story) -> None:
    """A sent cadre and a retired worker: counted beside the staffing standard, not inside it."""
    _settled(story, date(2024, 7, 1), whole=True, worker_class="sent_cadre", origin="sent")
    _settled(story, date(2023, 3, 1), whole=True, worker_class="retired", origin="other")


def _second(story: Story) -> None:
    """Three secondments: one with the county's approval, one of a street without, one by a county bureau, which is not allowed."""
    staff = [life for life in story.serving() if life.post == "staff" and not life.settled][:3]
    bodies = (("示例街道办事处", "street", True), ("示例镇人民政府", "street", False), ("示例县级部门", "county", False))
    for life, (body, level, approved), month in zip(staff, bodies, (3, 5, 7), strict=True):
        life.settled = True
        since = date(story.on.year - 1, month, 1)
        fields = {"to_body": body, "to_level": level, "approved": approved}
        if approved:
            fields["approved_by"] = "县级党委社会工作部门（示例）"
        story.note(since + timedelta(days=3), "示例：借调登记", Begin(life.number, "secondment", since, fields))


def _amend(story: Story) -> None:
    """An assessment made known wrongly and corrected four months later, so that “known on” can be seen to matter."""
    life = next(life for life in story.serving(COHORT_COMMUNITY) if life.head)
    year = story.on.year - 2
    wrong, right = {"year": year, "result": "pass"}, {"year": year, "result": "excellent"}
    story.note(date(year + 1, 6, 24), f"示例：{year}年度考核结果更正通知", Amend(life.number, "assessment", wrong, right))
