"""Layers: a lower name in place of an upper one, bounds, delegation, dates, documents that follow one another."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.base.refusals import Refusal
from jiceng.law.load import find_folders, load_law
from tests.law.folders import CITY, COUNTY, OTHER, findings, heading, law_of, messages, notices, rules, write

NATION = "cn/2024-law"
SHARE = "share: {{title: 占比, clause: 工资, unit: 比{kind}, {day}: {value}}}\n"


def share(value: str, *, kind: str = "", day: str = "2022-01-01") -> str:
    return SHARE.format(value=value, day=day, kind=f", kind: {kind}" if kind else "")


def test_lower_value_replaces_the_upper_one_from_its_day(tmp_path):
    city = write(tmp_path, CITY, values=share("20%"))
    county = write(tmp_path, COUNTY, values=share("10%", day="2023-01-01"), document=heading("210504", in_force="2023-01-01"))
    law = law_of(city, county)
    before = law.regime(210504, date(2022, 12, 31)).definitions["share"]
    after = law.regime(210504001, date(2023, 1, 1)).definitions["share"]
    beside = law.regime(210505, date(2023, 1, 1)).definitions["share"]
    assert [before.at.parsed, after.at.parsed, beside.at.parsed] == [200_000, 100_000, 200_000]
    assert [one.document.id for one in after.replaced] == [CITY]
    assert before.replaced == ()


def test_trap_27_place_without_any_document_has_only_the_nation(tmp_path):
    nation = write(tmp_path, NATION, values=share("20%"), document=heading("0"))
    city = write(tmp_path, CITY, values=share("30%"))
    law = law_of(nation, city)
    assert [d.document.id for d in law.regime(3502, date(2024, 1, 1)).definitions.values()] == [NATION]
    assert [d.document.id for d in law.regime(0, date(2024, 1, 1)).definitions.values()] == [NATION]


def test_trap_27_place_without_any_document_at_all_has_an_empty_regime(tmp_path):
    law = law_of(write(tmp_path, CITY, values=share("30%")))
    assert law.regime(3502, date(2024, 1, 1)).definitions == {}
    assert law.regime(3502, date(2024, 1, 1)).rules("worker") == []
    assert law.boundaries(3502) == ()


def test_boundaries_are_every_day_on_which_the_law_of_a_place_changes(tmp_path):
    values = "share: {title: 占比, clause: 工资, unit: 比, 2022-01-01: 20%, 2022-07-01: 30%, 2021-01-01: 5%, 2025-01-01: 40%}\n"
    city = write(tmp_path, CITY, values=values, document=heading("2105", until="2024-01-01"))
    county = write(tmp_path, COUNTY, values=share("10%", day="2023-06-01"), document=heading("210504", in_force="2023-01-01"))
    law = law_of(city, county)
    assert law.boundaries(2105) == (date(2022, 1, 1), date(2022, 7, 1), date(2024, 1, 1))
    assert law.boundaries(210504) == (date(2022, 1, 1), date(2022, 7, 1), date(2023, 1, 1), date(2023, 6, 1), date(2024, 1, 1))
    assert law.regime(2105, date(2022, 1, 1)).definitions["share"].at.parsed == 200_000
    assert law.regime(2105, date(2023, 12, 31)).definitions["share"].at.parsed == 300_000
    assert law.regime(2105, date(2024, 1, 1)).definitions == {}


def test_places_with_the_same_documents_share_one_regime(tmp_path):
    law = law_of(write(tmp_path, CITY, values=share("20%")))
    assert law.regime(210504, date(2023, 1, 1)) is law.regime(210505001, date(2024, 5, 5))


def test_value_that_ends_leaves_the_upper_one_in_force(tmp_path):
    nation = write(tmp_path, NATION, values=share("20%"), document=heading("0"))
    values = "share: {title: 占比, clause: 工资, unit: 比, 2022-01-01: 10%, 2023-01-01: 废止}\n"
    law = law_of(nation, write(tmp_path, CITY, values=values))
    assert law.regime(2105, date(2022, 12, 31)).definitions["share"].at.parsed == 100_000
    assert law.regime(2105, date(2023, 1, 1)).definitions["share"].at.parsed == 200_000


@pytest.mark.parametrize(
    ("kind", "upper", "lower", "bound"),
    [
        ("range", "[0.8, 1.2]", "130%", "0.8 至 1.2 比"),
        ("range", "[0.8, 1.2]", "70%", "0.8 至 1.2 比"),
        ("floor", "0.8", "70%", "不低于 0.8 比"),
        ("cap", "0.8", "90%", "不高于 0.8 比"),
    ],
)
def test_trap_24_value_outside_an_upper_bound_is_refused_citing_the_clause(tmp_path, kind, upper, lower, bound):
    nation = write(tmp_path, NATION, values=share(upper, kind=kind), document=heading("0", short="国"))
    city = write(tmp_path, CITY, values="\n" + share(lower, day="2023-01-01"))
    text = f"{CITY}/values.yaml 第 2 行：“占比”自 2023-01-01 起是 {lower}，超出〔国·工资〕规定的“{bound}”"
    assert messages(nation, city) == [text]


@pytest.mark.parametrize(("kind", "upper"), [("range", "[0.8, 1.2]"), ("floor", "1"), ("cap", "1")])
def test_trap_24_value_on_the_edge_of_a_bound_stands(tmp_path, kind, upper):
    nation = write(tmp_path, NATION, values=share(upper, kind=kind), document=heading("0"))
    edge = {"range": "1.2", "floor": "1", "cap": "100%"}[kind]
    law = law_of(nation, write(tmp_path, CITY, values=share(edge)))
    assert law.regime(2105, date(2023, 1, 1)).definitions["share"].document.id == CITY


def test_trap_24_bound_that_comes_later_meets_a_value_that_was_there(tmp_path):
    values = "share: {title: 占比, clause: 工资, unit: 比, kind: cap, 2022-01-01: 50%, 2024-01-01: 30%, 2025-01-01: 10%}\n"
    nation = write(tmp_path, NATION, values=values, document=heading("0", short="国"))
    city = write(tmp_path, CITY, values=share("30%"))
    text = f"{CITY}/values.yaml 第 1 行：“占比”自 2025-01-01 起是 30%，超出〔国·工资〕规定的“不高于 10% 比”"
    assert messages(nation, city) == [text]


def test_trap_24_value_that_changes_meets_a_bound_that_was_there(tmp_path):
    nation = write(tmp_path, NATION, values=share("50%", kind="cap"), document=heading("0", short="国"))
    values = "share: {title: 占比, clause: 工资, unit: 比, 2022-01-01: 30%, 2024-01-01: 60%, 2025-01-01: 40%}\n"
    city = write(tmp_path, CITY, values=values)
    text = f"{CITY}/values.yaml 第 1 行：“占比”自 2024-01-01 起是 60%，超出〔国·工资〕规定的“不高于 50% 比”"
    assert messages(nation, city) == [text]


def test_trap_24_bound_no_longer_in_force_binds_nobody(tmp_path):
    nation = write(tmp_path, NATION, values=share("50%", kind="cap"), document=heading("0", until="2023-01-01"))
    city = write(tmp_path, CITY, values=share("60%", day="2023-01-01"), document=heading("2105", in_force="2023-01-01"))
    assert len(load_law([nation, city]).documents) == 2


def test_bound_binds_the_level_below_the_level_below_too(tmp_path):
    nation = write(tmp_path, NATION, values=share("[0.1, 0.3]", kind="range"), document=heading("0"))
    city = write(tmp_path, CITY, values=share("20%"))
    county = write(tmp_path, COUNTY, values=share("40%"), document=heading("210504"))
    assert findings(nation, city, county) == [("law.outside", f"{COUNTY}/values.yaml", 1)]


def test_narrower_range_below_a_range_must_lie_inside(tmp_path):
    nation = write(tmp_path, NATION, values=share("[0.1, 0.3]", kind="range"), document=heading("0"))
    inside = write(tmp_path, CITY, values=share("[0.1, 0.2]", kind="range"))
    outside = write(tmp_path, "cn-2106-other/2022-pay", values=share("[0.2, 0.4]", kind="range"))
    assert findings(nation, inside, outside) == [("law.outside", "cn-2106-other/2022-pay/values.yaml", 1)]


def test_table_is_held_cell_by_cell(tmp_path):
    line = "grade: {{title: 等级, clause: 附件, unit: 级, axes: Post{kind}, 2022-01-01: {{书记: {0}, 委员: {1}}}}}\n"
    nation = write(tmp_path, NATION, values=line.format(7, 4, kind=", kind: floor"), document=heading("0"))
    good = write(tmp_path, CITY, values=line.format(7, 5, kind=""))
    bad = write(tmp_path, "cn-2106-other/2022-pay", values=line.format(8, 3, kind=""))
    assert findings(nation, good, bad) == [("law.outside", "cn-2106-other/2022-pay/values.yaml", 1)]


def test_forbidden_name_may_not_be_set_below(tmp_path):
    body = '@rule(clause="一", title="占比")\ndef share(households: int) -> Ratio:\n    """它。"""\n    return ratio(1, households)\n'
    nation = write(
        tmp_path, NATION, values="share: {title: 占比, clause: 工资, unit: 比, kind: forbid}\n", document=heading("0", short="国")
    )
    by_value = write(tmp_path, CITY, values=share("20%"))
    by_rule = write(tmp_path, "cn-2106-other/2022-pay", rules=rules(body))
    text = "“占比”不得由下级另行规定，见〔国·工资〕"
    assert messages(nation, by_value, by_rule) == [
        f"{CITY}/values.yaml 第 1 行：{text}",
        f"cn-2106-other/2022-pay/rules.py 第 4 行：{text}",
    ]


def test_forbidden_value_is_the_one_in_force(tmp_path):
    law = law_of(write(tmp_path, NATION, values=share("20%", kind="forbid"), document=heading("0")))
    assert law.regime(2105, date(2022, 1, 1)).definitions["share"].at.parsed == 200_000


def test_trap_24_departing_from_about_is_a_notice(tmp_path):
    nation = write(tmp_path, NATION, values=share("20%", kind="about"), document=heading("0", short="国"))
    city = write(tmp_path, CITY, values=share("10%"))
    law = law_of(nation, city)
    text = f"{CITY}/values.yaml 第 1 行：“占比”自 2022-01-01 起是 10%，〔国·工资〕定的是“约 20%”"
    assert notices(law) == [("law.about", text)]
    assert law.regime(2106, date(2022, 1, 1)).definitions["share"].at.parsed == 200_000


def test_keeping_to_about_says_nothing(tmp_path):
    nation = write(tmp_path, NATION, values=share("20%", kind="about"), document=heading("0"))
    assert notices(law_of(nation, write(tmp_path, CITY, values=share("0.2")))) == []


def test_rule_below_a_bound_is_a_notice(tmp_path):
    body = '@rule(clause="一", title="占比")\ndef share(households: int) -> Ratio:\n    """它。"""\n    return ratio(1, households)\n'
    nation = write(tmp_path, NATION, values=share("20%", kind="cap"), document=heading("0", short="国"))
    law = law_of(nation, write(tmp_path, CITY, rules=rules(body)))
    assert [id for id, _ in notices(law)] == ["law.unbounded"]


def test_bound_below_a_value_leaves_the_value_in_force(tmp_path):
    nation = write(tmp_path, NATION, values=share("20%"), document=heading("0"))
    city = write(tmp_path, CITY, values=share("[0.1, 0.3]", kind="range"))
    assert law_of(nation, city).regime(2105, date(2022, 1, 1)).definitions["share"].document.id == NATION


def test_delegated_value_is_open_until_a_lower_level_sets_it(tmp_path):
    line = "r: {title: 取整, clause: '3', unit: Rounding, kind: delegate}\n"
    nation = write(tmp_path, NATION, values=line, document=heading("0"))
    city = write(tmp_path, CITY, values="r: {title: 取整, clause: 一, unit: Rounding, 2023-01-01: 进一}\n")
    law = law_of(nation, city)
    unset, still, set_ = (
        law.regime(p, d).definitions["r"] for p, d in ((2106, date(2024, 1, 1)), (2105, date(2022, 6, 1)), (2105, date(2023, 1, 1)))
    )
    assert [unset.delegated, still.delegated, set_.delegated] == [True, True, False]
    assert set_.at.parsed == law.terms.codes["Rounding"].by_id["up"].number
    assert [one.document.id for one in set_.replaced] == [NATION]


def test_reading_of_a_delegated_value_is_in_force_and_says_that_it_is_assumed(tmp_path):
    line = "reading: {title: 读法, clause: '8', unit: TrainingReading, kind: delegate, reading: 周年}\n"
    found = law_of(write(tmp_path, NATION, values=line, document=heading("0"))).regime(2105, date(2022, 1, 1)).definitions["reading"]
    assert (found.delegated, found.assumed, found.at.parsed) == (False, True, 1)


def test_bound_below_a_reading_leaves_the_reading_in_force(tmp_path):
    nation = write(
        tmp_path, NATION, values="share: {title: 占比, clause: 工资, unit: 比, kind: delegate, reading: 20%}\n", document=heading("0")
    )
    city = write(tmp_path, CITY, values=share("[0.1, 0.3]", kind="range"))
    county = write(tmp_path, COUNTY, values="share: {clause: 一, unit: 比, kind: delegate, reading: 15%}\n", document=heading("210504"))
    law = law_of(nation, city, county)
    found = [law.regime(place, date(2023, 1, 1)).definitions["share"] for place in (21, 2105, 210504)]
    assert [(one.document.id, one.assumed, one.at.parsed) for one in found] == [
        (NATION, True, 200_000),
        (NATION, True, 200_000),
        (COUNTY, True, 150_000),
    ]


def test_later_document_of_one_place_stands_over_the_earlier_with_a_notice(tmp_path):
    old = write(tmp_path, CITY, values=share("20%"), document=heading("2105"))
    new = write(tmp_path, "cn-2105-city/2024-pay", values=share("30%", day="2024-01-01"), document=heading("2105", in_force="2024-01-01"))
    law = law_of(new, old)
    assert law.regime(2105, date(2023, 12, 31)).definitions["share"].at.parsed == 200_000
    assert law.regime(2105, date(2024, 1, 1)).definitions["share"].at.parsed == 300_000
    assert [id for id, _ in notices(law)] == ["law.succeeds"]


def test_two_documents_of_one_place_and_day_may_not_say_one_name(tmp_path):
    one = write(tmp_path, CITY, values=share("20%"))
    two = write(tmp_path, "cn-2105-city/2022-two", values=share("30%"))
    assert findings(one, two) == [("law.same_name", "cn-2105-city/2022-two", 1)]


def test_rules_come_after_the_rules_they_ask(tmp_path):
    text = '@rule(clause="一", title="{0}")\ndef {0}({1}: int) -> int:\n    """它。"""\n    return {1}\n\n\n'
    folder = write(
        tmp_path, CITY, rules=rules(text.format("last", "middle") + text.format("middle", "first") + text.format("first", "recorded_grade"))
    )
    assert [d.name for d in law_of(folder).regime(2105, date(2023, 1, 1)).rules("worker")] == ["first", "middle", "last"]


def test_trust_and_adoption(tmp_path):
    marks = {"A": "official", "B": "reprint", "C": "reprint", "D": "unverified"}
    folders = [write(tmp_path, f"cn-21-x/{i}", document=heading("21", trust=mark)) for i, mark in enumerate(marks)]
    law = law_of(*folders, adoptions={"cn-21-x/3": "某区委社会工作部", "cn-21-x/0": "某区委社会工作部"})
    assert [d.trust for d in law.documents] == ["official", "reprint", "reprint", "adopted"]
    assert [d.adopted_by for d in law.documents] == ["某区委社会工作部", "", "", "某区委社会工作部"]
    assert [d.trust for d in law_of(*folders).documents] == list(marks.values())


def test_hash_of_a_law_set_follows_content_and_adoption_not_order(tmp_path):
    one, two = write(tmp_path, CITY, values=share("20%")), write(tmp_path, NATION, document=heading("0"))
    law = law_of(one, two)
    assert law.hash == law_of(two, one).hash
    assert law.hash != law_of(one, two, adoptions={CITY: "某局"}).hash
    write(tmp_path, CITY, values=share("20%") + "# 注\n")
    assert law.hash != law_of(one, two).hash


def test_site_folder_wins_only_with_a_higher_version(tmp_path):
    shipped, site = tmp_path / "shipped", tmp_path / "site"
    write(shipped, CITY, document=heading("2105", version="2"))
    write(site, CITY, document=heading("2105", version="2"))
    assert find_folders(shipped, site) == [shipped / CITY]
    write(site, CITY, document=heading("2105", version="3"))
    write(site, COUNTY, document=heading("210504"))
    write(site, ".old/x", document=heading("210504"))
    assert find_folders(shipped, site, tmp_path / "none") == [site / CITY, site / COUNTY]


def test_document_by_id_and_unknown_id(tmp_path):
    law = law_of(write(tmp_path, CITY, values=share("20%")))
    assert law.document(CITY).title == "示例办法2105"
    with pytest.raises(Refusal) as refused:
        law.document("cn/none")
    assert refused.value.id == "law.no_document"


def test_a_reading_below_a_value_leaves_the_value_in_force(tmp_path):
    city = write(tmp_path, CITY, values=share("20%"))
    county = write(tmp_path, COUNTY, values="share: {clause: 一, unit: 比, kind: delegate, reading: 15%}\n", document=heading("210504"))
    found = law_of(city, county).regime(210504, date(2023, 1, 1)).definitions["share"]
    assert (found.document.id, found.assumed, found.at.parsed) == (CITY, False, 200_000)


@pytest.mark.parametrize(("earlier", "later"), [("a", "b"), ("b", "a")])
def test_at_one_level_the_later_document_stands_whatever_its_folder_is_called(tmp_path, earlier, later):
    old = write(tmp_path, f"cn-2105-city/{earlier}", values=share("20%"), document=heading("2105", in_force="2022-01-01"))
    new = write(tmp_path, f"cn-2105-city/{later}", values=share("10%"), document=heading("2105", in_force="2023-01-01", short="新"))
    law = law_of(old, new)
    found = [law.regime(2105, day).definitions["share"].at.parsed for day in (date(2022, 6, 1), date(2023, 1, 1))]
    assert found == [200_000, 100_000]


def test_documents_touching_a_place_lie_above_or_inside_it(tmp_path):
    law = law_of(*(write(tmp_path, id) for id in (NATION, CITY, COUNTY, OTHER)))
    assert [[d.id for d in law.touching(places)] for places in ((), (210504,), (21,), (210504, 2106), (3502,), (0,))] == [
        [NATION],
        [NATION, CITY, COUNTY],
        [NATION, CITY, COUNTY, OTHER],
        [NATION, CITY, COUNTY, OTHER],
        [NATION],
        [NATION, CITY, COUNTY, OTHER],
    ]
