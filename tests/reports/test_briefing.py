"""The briefing's sentences: composed from what is held, so that other facts read right too."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from jiceng.base.rounded import claim_holds
from jiceng.desks.workforce.briefing import PROBLEMS
from jiceng.places import reading as places
from jiceng.reports.briefing import as_data, as_document, as_text, briefing
from jiceng.reports.prose import Figure, Mark, flat, named
from jiceng.runs.commit import Record, commit
from tests.runs.world import CITY, COMMUNITY, COUNTY, PLAIN_COMMUNITY, PLAIN_COUNTY, TODAY, Worker, at, book, population
from tests.web.conftest import site, today, world

pytestmark = [pytest.mark.database, pytest.mark.django_db]
__all__ = ["site", "today", "world"]


def said(code: int, *, on: date = TODAY, known_by: datetime | None = None) -> dict[str, list[str]]:
    """Sentences by section; the lead under 提要."""
    made = as_data(briefing(code, name=places.place(code, on=on).name, on=on, today=TODAY, known_by=known_by, listed=PROBLEMS))
    return {"提要": [made["lead"]]} | {one["title"][2:]: one["sentences"] for one in made["sections"]}  # type: ignore[dict-item, index, attr-defined]


def left(worker: Worker, day: date, cause: str) -> None:
    worker.record("departure", day, cause=cause)


def test_a_prefecture_of_which_one_county_has_not_told_says_so_everywhere(world):
    assert said(CITY) == {
        "提要": ["甘孜藏族自治州现有社区工作者3人，与上年末人数相同，缺额尚不能作答。"],
        "总体情况": [
            "截至2026年11月24日，甘孜藏族自治州在册社区工作者3人，其中计入配备的3人〔意见·3〕。",
            "九龙县城镇常住人口未填报，甘孜藏族自治州的应配和缺额不能作答〔意见·3〕。",
            "不含九龙县，应配140.4人〔意见·3〕（未取整），缺额139.4人〔意见·3〕，每万城镇常住人口配备0.13人〔意见·3〕。",
        ],
        "变动情况": [
            "与上月末（2026年10月31日）的3人相比，没有人员进出。",
            "与上年末（2025年12月31日）的3人相比，没有人员进出。",
        ],
        "各地情况": ["所辖有在册人员的县（区）2个，只有泸定县有城镇常住人口数，每万人配备和缺额不作比较。"],
        "主要问题": [
            "（一）城镇常住人口未填报的县（区）1个（九龙县），应配和缺额不能作答〔意见·3〕。",
            "（二）合同情况不明的3人〔意见·12〕，占在册的100.0%（台账里没有合同类型或到期日）。",
            "（三）培训已逾期的1人〔意见·8〕，占在册的33.3%（到期日已过而没有新的培训记录）。",
        ],
    }


def test_a_county_that_has_told_has_quota_rounding_gap_and_rate(world):
    found = said(PLAIN_COUNTY)
    assert found["提要"] == ["泸定县现有社区工作者1人，与上年末人数相同，按规定尚缺140人。"]
    assert found["总体情况"][1:] == [
        "应配140.4人〔意见·3〕（取整后141人〔意见·3〕），缺额139.4人〔意见·3〕（取整后140人〔意见·3〕），每万城镇常住人口配备0.13人〔意见·3〕。"
    ]
    assert found["各地情况"] == ["有在册人员的街道（乡镇）只有泸桥镇，不作比较。"]


def test_a_county_without_residents_misses_them_and_nothing_else(world):
    found = said(COUNTY)
    assert found["总体情况"][1:] == ["九龙县没有登记城镇常住人口，应配和缺额不能作答〔意见·3〕。"]
    assert found["主要问题"][0] == "（一）没有登记城镇常住人口，应配和缺额不能作答〔意见·3〕。"


def test_below_the_county_nobody_is_asked_for_residents(world):
    found = [one.split("〔")[0] for one in said(COMMUNITY)["主要问题"]]
    assert found == ["（一）合同情况不明的2人", "（二）培训已逾期的1人", "（三）60 天内培训到期的1人"]
    assert "各地情况" not in said(COMMUNITY)


def test_changes_name_direction_and_cause(world):
    new = Worker("泽仁", n=31)
    new.appoint(date(2026, 11, 3))
    early = Worker("卓玛", n=32)
    early.appoint(date(2026, 2, 1))
    left(early, date(2026, 9, 1), "resignation")
    old = Worker("扎西", n=33)
    old.appoint(date(2020, 1, 1))
    left(old, date(2026, 11, 10), "retirement")
    assert said(COUNTY)["变动情况"] == [
        "与上月末（2026年10月31日）的3人相同：进入1人，离任1人（退休1人）。",
        "与上年末（2025年12月31日）的3人相同：进入2人，离任2人（辞职1人、退休1人）。",
    ]


def test_without_departures_it_says_that_nobody_left(world):
    Worker("泽仁", n=31).appoint(date(2026, 11, 3))
    assert said(COUNTY)["变动情况"] == [
        "比上月末（2026年10月31日）的2人增加1人：进入1人，无人离任。",
        "比上年末（2025年12月31日）的2人增加1人：进入1人，无人离任。",
    ]
    assert said(COUNTY)["提要"] == ["九龙县现有社区工作者3人，比上年末增加1人，缺额尚不能作答。"]


def test_who_left_and_came_again_is_counted_in_visits(world):
    worker = Worker("泽仁", n=31)
    worker.appoint(date(2026, 1, 5), date(2026, 3, 1))
    worker.appoint(date(2026, 4, 1), date(2026, 5, 1))
    worker.appoint(date(2026, 6, 1))
    assert said(COUNTY)["变动情况"][1] == "比上年末（2025年12月31日）的2人增加1人：进入3人次，离任2人次（未登记原因2人次）。"


def test_who_moves_to_another_county_moves_out_of_one_and_into_the_other(world):
    worker = Worker("泽仁", n=31)
    worker.appoint(date(2020, 1, 1), date(2026, 11, 2))
    worker.community = PLAIN_COMMUNITY
    worker.appoint(date(2026, 11, 2))
    month = [said(code)["变动情况"][0] for code in (COUNTY, PLAIN_COUNTY, CITY)]
    assert month == [
        "比上月末（2026年10月31日）的3人减少1人：无人离任，调往其他地方1人。",
        "比上月末（2026年10月31日）的1人增加1人：从其他地方调入1人，无人离任。",
        "与上月末（2026年10月31日）的4人相比，没有人员进出。",
    ]


def test_places_are_compared_by_rate_and_gap(world):
    population(COUNTY, 500, on=date(2025, 1, 1))
    assert said(CITY)["各地情况"] == [
        "所辖有在册人员的县（区）2个，每万城镇常住人口配备最多的是九龙县（40人）〔意见·3〕，最少的是泸定县（0.13人）。",
        "缺额最大的是泸定县（139.4人）〔意见·3〕，超出应配最多的是九龙县（1.1人）。",
    ]
    assert said(COUNTY)["提要"] == ["九龙县现有社区工作者2人，与上年末人数相同，按规定超出1人。"]
    assert said(COUNTY)["总体情况"][1].split("，")[1] == "超出应配1.1人〔意见·3〕（取整后1人〔意见·3〕）"


def test_equal_places_are_not_told_apart(world):
    population(COUNTY, 156_000, on=date(2025, 1, 1))
    found = said(CITY)["各地情况"]
    assert found[0] == "所辖有在册人员的县（区）2个，每万城镇常住人口配备相同，均为0.13人〔意见·3〕。"


def test_a_place_without_workers(world):
    found = said(513325)
    assert found["提要"] == ["雅江县没有在册的社区工作者。"]
    assert found["总体情况"][0] == "截至2026年11月24日，雅江县没有在册的社区工作者。"
    assert "各地情况" not in found


def test_before_any_rule_there_is_no_quota_and_no_problem(world):
    assert said(COUNTY, on=date(2022, 6, 1)) == {
        "提要": ["九龙县现有社区工作者2人，与上年末人数相同。"],
        "总体情况": ["截至2022年6月1日，九龙县在册社区工作者2人。", "当日没有施行配备人数的规定，不计算应配和缺额。"],
        "变动情况": [
            "与上月末（2022年5月31日）的2人相比，没有人员进出。",
            "与上年末（2021年12月31日）的2人相比，没有人员进出。",
        ],
        "主要问题": ["当日没有施行的规定，没有可以核对的事项。"],
    }


def test_the_last_day_of_a_year_is_compared_with_the_year_before(world):
    assert [one[:16] for one in said(COUNTY, on=date(2022, 12, 31))["变动情况"]] == ["与上月末（2022年11月30日", "与上年末（2021年12月31日"]


def test_what_was_not_yet_known_is_not_said(world):
    Worker("泽仁", n=31).appoint(date(2026, 11, 3), on=date(2026, 11, 20))
    early = datetime(2026, 11, 10, tzinfo=UTC)
    assert said(COUNTY, known_by=early)["变动情况"][0] == "与上月末（2026年10月31日）的2人相比，没有人员进出。"
    assert said(COUNTY)["变动情况"][0] == "比上月末（2026年10月31日）的2人增加1人：进入1人，无人离任。"


def test_of_a_large_place_the_lead_uses_words_that_hold(world):
    home = book(COUNTY)
    workers = [Worker(f"示例{n}", n=100 + n) for n in range(130)]
    appointed = {"post": "staff", "class": "full_time_staff", "origin": "open_recruitment", "appointed_by": "county"}
    changes = [Record(one.subject, "appointment", date(2025, 1, 1), None, appointed, place=COMMUNITY) for one in workers]
    commit(home, changes, actor="测试员", basis="测试", why="测试", clock=at(date(2025, 1, 1)))
    lead = said(COUNTY)["提要"][0]
    assert lead == "九龙县现有社区工作者130余人，与上年末人数相同，缺额尚不能作答。"
    assert claim_holds("130余人", 132, unit="人") is True


def test_every_number_of_a_sentence_opens_and_every_conclusion_has_its_mark(world):
    population(COUNTY, 500, on=date(2025, 1, 1))
    Worker("泽仁", n=31).appoint(date(2026, 11, 3))
    made = briefing(CITY, name="甘孜州", on=TODAY, today=TODAY, known_by=None, listed=PROBLEMS)
    parts = [part for section in made.sections for sentence in section.sentences for part in sentence]
    kinds = {part.to.kind for part in parts if isinstance(part, Figure)}
    assert kinds == {"roster", "answer", "moves", "report"}
    answered = [at for at, part in enumerate(parts) if isinstance(part, Figure) and part.to.kind == "answer" and part.to.place == CITY]
    assert [parts[at + 1] for at in answered if not isinstance(parts[at + 1], Mark)] == []


def test_paper_says_what_the_data_says(world):
    made = briefing(CITY, name="甘孜州", on=TODAY, today=TODAY, known_by=None, listed=PROBLEMS)
    document = as_document(made, by="测试员", at=datetime(2026, 11, 24, 2, tzinfo=UTC))
    paragraphs = [block.text for block in document.blocks if hasattr(block, "text")]
    assert "\n".join([document.title, *paragraphs]).replace("\n", "") == as_text(made).replace("\n", "")
    assert document.foot == (
        "截至日：2026年11月24日　　知悉截至：2026年11月24日 10:00",
        "数据来源：本系统台账；《关于加强社区工作者队伍建设的意见》",
        "导出人：测试员　　导出时间：2026年11月24日 10:00",
    )
    grid = next(block for block in document.blocks if hasattr(block, "rows"))
    assert [row for row in grid.rows] == [("泸定县", 1, "1", "140.4", "139.4", "0.13"), ("九龙县", 2, "2", "缺事实", "缺事实", "缺事实")]


def test_a_table_leaves_out_what_no_place_has(world):
    made = briefing(COUNTY, name="九龙县", on=TODAY, today=TODAY, known_by=None, listed=PROBLEMS)
    assert [name for _, name in made.sections[2].figures] == ["计入配备"]


def test_names_are_shortened_past_six() -> None:
    assert named(["甲", "乙"]) == "甲、乙"
    assert named(list("一二三四五六七")) == "一、二、三、四、五、六等7个"
    assert flat(("甲", Mark("〔意见·3〕", "gap", 1))) == "甲〔意见·3〕"
