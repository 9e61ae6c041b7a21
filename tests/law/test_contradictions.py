"""Contradictions between layers and documents, one small law each: what is found, between whom, and nothing where they agree."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jiceng.base.refusals import Problems
from jiceng.law.contradictions import concerns, contradictions, of_refused
from jiceng.law.findings import KINDS, SEVERITIES
from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.law.unset import unset_at
from tests.law.folders import CITY, COUNTY, OTHER, heading, law_of, rules, write

NATION = "cn/2020-rules"
QUIET = {"undigested", "no_case", "unasked"}
"""What every small folder of these tests has."""


def found(*folders, without=QUIET):
    return [one for one in contradictions(law_of(*folders)) if one.kind not in without]


def told(*folders, without=QUIET):
    return [(one.kind, one.documents, one.name) for one in found(*folders, without=without)]


def value(name, text, *, more="", day="2022-01-01", unit="元"):
    return f"{name}: {{title: 名称{name}, clause: '3', unit: {unit}, {more}{day}: {text}}}\n"


def asks(name, *arguments, of="", result="int", body="return 0"):
    mark = f', of="{of}"' if of else ""
    return (
        f'@rule(clause="3", title="规则{name}"{mark})\ndef {name}({", ".join(arguments)}) -> {result}:\n    """说明。"""\n    {body}\n\n\n'
    )


# ---- between layers ----


def test_about_departed_from_tells_both_sides(tmp_path):
    upper = write(tmp_path, CITY, values=value("share", "20%", more="kind: about, ", unit="比"))
    lower = write(
        tmp_path, COUNTY, values=value("share", "10%", day="2023-01-01", unit="比"), document=heading("210504", in_force="2023-01-01")
    )
    (one,) = found(upper, lower)
    assert (one.kind, one.documents, one.clauses) == ("about", (CITY, COUNTY), ((CITY, "3"), (COUNTY, "3")))
    assert (one.place, one.places, one.before, one.after, one.since) == (210504, (210504, 2105), "约 20%", "10%", date(2023, 1, 1))
    assert one.words == (
        "“名称share”自 2023-01-01 起是 10%，〔示例2105·3〕定的是“约 20%”。上级写的是“约”，下级可以有出入，答案照下级的算。"
        "与上级核对是否认可，认可的注明依据。"
    )


@pytest.mark.parametrize(
    ("kind", "bound", "lower", "expected"),
    [
        ("range", "[10, 20]", "21", "outside"),
        ("floor", "10", "9", "outside"),
        ("cap", "10", "11", "outside"),
        ("forbid", "", "1", "forbidden"),
    ],
)
def test_what_may_not_stand_refuses_the_folders_and_is_a_finding(tmp_path, kind, bound, lower, expected):
    upper = f"a: {{title: 名称a, clause: '3', unit: 元, kind: {kind}{f', 2022-01-01: {bound}' if bound else ''}}}\n"
    with pytest.raises(Problems) as refused:
        law_of(write(tmp_path, CITY, values=upper), write(tmp_path, COUNTY, values=value("a", lower)))
    (one,) = of_refused(refused.value)
    assert (one.kind, one.severity, one.documents, one.line) == (expected, "refused", (COUNTY,), 1)


def test_a_rule_under_a_bound_cannot_be_checked(tmp_path):
    upper = write(tmp_path, CITY, values=value("a", "10", more="kind: cap, ", unit="人"))
    lower = write(tmp_path, COUNTY, rules=rules(asks("a").replace("规则a", "名称a").replace('title="名称a"', 'title="名称a", unit="人"')))
    assert told(upper, lower) == [("unbounded", (CITY, COUNTY), "a")]


def test_a_lower_document_that_says_otherwise_where_nothing_was_left_open(tmp_path):
    upper = write(tmp_path, CITY, values=value("a", "10") + value("b", "10"), rules=rules(asks("c") + asks("d")))
    same = asks("c").replace("说明", "另一种说法")
    lower = write(tmp_path, COUNTY, values=value("a", "11") + value("b", "10"), rules=rules(same + asks("d", body="return 1")))
    assert told(upper, lower) == [("overrides", (CITY, COUNTY), "a"), ("overrides", (CITY, COUNTY), "d")]
    one = found(upper, lower)[0]
    assert (one.before, one.after) == ("10 元", "11 元")


def test_what_was_left_to_lower_levels_is_no_contradiction(tmp_path):
    left = "a: {title: 名称a, clause: '3', unit: 元, kind: delegate}\n"
    assert told(write(tmp_path, CITY, values=left), write(tmp_path, COUNTY, values=value("a", "11"))) == []


def test_an_upper_document_that_ended_leaves_a_lower_one_without_ground(tmp_path):
    upper = write(tmp_path, CITY, values=value("a", "10", unit="人"), document=heading("2105", until="2024-01-01"))
    lower = write(tmp_path, COUNTY, rules=rules(asks("r", "a: int")))
    (one,) = found(upper, lower)
    assert (one.kind, one.documents, one.name, one.since) == ("upper_ended", (CITY, COUNTY), "a", date(2024, 1, 1))
    heir = write(
        tmp_path,
        "cn-2105-city/2024-pay",
        values=value("a", "12", unit="人", day="2024-01-01"),
        document=heading("2105", in_force="2024-01-01"),
    )
    assert told(upper, lower, heir) == []


# ---- of one level ----


def test_two_documents_of_one_place(tmp_path):
    earlier = write(tmp_path, CITY, values=value("a", "10"))
    later = write(
        tmp_path, "cn-2105-city/2023-pay", values=value("a", "11", day="2023-01-01"), document=heading("2105", in_force="2023-01-01")
    )
    assert told(earlier, later) == [("succeeds", (CITY, "cn-2105-city/2023-pay"), "a")]
    with pytest.raises(Problems) as refused:
        law_of(earlier, write(tmp_path / "other", "cn-2105-city/2023-other", values=value("a", "11"), document=heading("2105")))
    assert [one.kind for one in of_refused(refused.value)] == ["same_name"]


TABLE = "{1: 3200, 4: 3480, 7: 3800, 12: 4450}"


def test_the_same_table_under_two_places(tmp_path):
    one = write(tmp_path, CITY, values=value("t", TABLE, more="axes: int, "))
    other = write(tmp_path, OTHER, values=value("t", TABLE, more="axes: int, "))
    (copy,) = found(one, other)
    assert (copy.kind, copy.documents, copy.name, copy.places) == ("copied", (CITY, OTHER), "t", (2106, 2105))
    assert copy.before == copy.after == "名称t：1 3200、4 3480、7 3800、12 4450 元"
    near = write(tmp_path, OTHER, values=value("t", TABLE.replace("}", ", 18: 1}"), more="axes: int, "))
    assert told(write(tmp_path, CITY, values=value("t", TABLE.replace("}", ", 18: 2}"), more="axes: int, ")), near) == [
        ("copied", (CITY, OTHER), "t")
    ]


def test_amounts_that_differ_or_are_few_or_of_a_place_inside_are_no_copy(tmp_path):
    one = write(tmp_path, CITY, values=value("t", TABLE, more="axes: int, "))
    differ = write(tmp_path, OTHER, values=value("t", "{1: 3200, 4: 3480, 7: 3801, 12: 4451}", more="axes: int, "))
    assert told(one, differ) == []
    few = [write(tmp_path, id, values=value("t", "{1: 3200, 4: 3480, 7: 3800}", more="axes: int, ")) for id in (CITY, OTHER)]
    assert told(*few) == []
    inside = [write(tmp_path, id, values=value("t", TABLE, more="axes: int, ")) for id in (CITY, COUNTY)]
    assert told(*inside) == []


# ---- in one document ----


def test_bands_that_overlap_or_leave_a_gap(tmp_path):
    bands = "b: {title: 分档, clause: '3', unit: 人, kind: bands, 2022-01-01: [[1, 5, 1], [5, 9, 2], [12, 以上, 3]]}\n"
    assert [(one.kind, one.after) for one in found(write(tmp_path, CITY, values=bands))] == [
        ("bands_overlap", "恰为 5"),
        ("bands_gap", "10—11"),
    ]


GRADES = """
lows: {title: 最低级, clause: '3', unit: 级, axes: Sex, 2022-01-01: {男: 1, 女: 3}}
highs: {title: 最高级, clause: '3', unit: 级, axes: Sex, 2022-01-01: {男: 4, 女: 6}}
"""
ALLOWED = asks(
    "allowed", "sex: Sex", "grade: int", "lows: Table[Sex, int]", "highs: Table[Sex, int]",
    result="bool", body="return lows[sex] <= grade and grade <= highs[sex]",
)  # fmt: skip
TERMS = "names: {grade: {name: 等级, type: int}}\n"


def graded(tmp_path, pay, rule):
    text = rules(ALLOWED + rule).replace("import Appointment", "import Sex, Appointment")
    return write(tmp_path, CITY, terms=TERMS, values=GRADES + pay, rules=text)


def test_a_hole_in_a_table_within_what_the_rules_allow(tmp_path):
    """Grades run from 1 to 6 by the other tables; the pay of 3 and 6 is nowhere."""
    one_axis = asks("pay", "grade: int", "t: Table[int, Yuan]", result="Yuan", body="return t[grade]")
    (hole,) = found(graded(tmp_path, value("t", "{1: 10, 2: 20, 4: 40, 5: 50}", more="axes: int, "), one_axis))
    assert (hole.kind, hole.name, hole.after) == ("hole", "t", "3、6")
    full = "{1: 10, 2: 20, 3: 30, 4: 40, 5: 50, 6: 60}"
    assert told(graded(tmp_path, value("t", full, more="axes: int, "), one_axis)) == []


def test_a_hole_is_looked_for_row_by_row(tmp_path):
    """Men's grades are 1 to 4, women's 3 to 6: a table by both needs no more."""
    two_axes = asks("pay", "sex: Sex", "grade: int", "t: Table[Sex, int, Yuan]", result="Yuan", body="return t[sex, grade]")
    cells = "{男: {1: 1, 2: 2, 4: 4}, 女: {3: 3, 4: 4, 5: 5, 6: 6}}"
    (hole,) = found(graded(tmp_path, value("t", cells, more="axes: [Sex, int], "), two_axes))
    assert (hole.kind, hole.after) == ("hole", "男 3")


def test_cells_named_and_not_printed_and_awards_of_some_years(tmp_path):
    """未见 is a hole; 10, 20, 30 years without a bound are not 28 holes."""
    named = write(tmp_path, CITY, values=value("t", "{男: 10, 女: 未见}", more="axes: Sex, "))
    assert [(one.kind, one.after) for one in found(named)] == [("hole", "女")]
    assert told(write(tmp_path, CITY, values=value("t", "{10: 1, 20: 2, 30: 3}", more="axes: int, "))) == []
    assert [one.after for one in found(write(tmp_path, CITY, values=value("t", "{1: 未见}", more="axes: int, ")))] == ["任何一格"]


def test_dates_out_of_order(tmp_path):
    late = write(
        tmp_path, CITY, document=heading("2105", dated="2022-03-01", published="2022-02-01"), values=value("a", "1", day="2021-06-01")
    )
    assert [(one.kind, one.after) for one in found(late)] == [
        ("dates", "成文 2022-03-01，公布 2022-02-01"), ("dates", "公布 2022-02-01，施行 2022-01-01"), ("dates", "自 2021-06-01")
    ]  # fmt: skip
    fine = write(tmp_path, CITY, document=heading("2105", dated="2021-12-01", published="2021-12-05"), values=value("a", "1"))
    assert told(fine) == []


def test_sources_in_conflict_stand_beside_the_copy(tmp_path):
    one = write(tmp_path, CITY, values=value("t", TABLE, more="axes: int, "))
    other = write(
        tmp_path, OTHER, values=value("t", TABLE, more="axes: int, "), rules=rules(asks("pay", body='return conflict("两说不一")'))
    )
    assert told(one, other) == [("copied", (CITY, OTHER), "t"), ("conflict", (CITY, OTHER), "pay")]


def test_no_case_no_sentence_no_point_nobody_asks(tmp_path):
    clauses = """
- number: "3"
  sentences:
    - {digest: 甲, disposition: rule, points: [r]}
    - {digest: 乙, disposition: duty, points: [nothing_there], reason: 县级；每年一次。}
"""
    folder = write(tmp_path, CITY, values=value("a", "1"), rules=rules(asks("r") + asks("s")), clauses=clauses)
    assert sorted(told(folder, without=())) == [
        ("no_case", (CITY,), "r"), ("no_case", (CITY,), "s"), ("no_point", (CITY,), "nothing_there"), ("no_sentence", (CITY,), "a"),
        ("no_sentence", (CITY,), "s"), ("unasked", (CITY,), "a"),
    ]  # fmt: skip
    assert told(write(tmp_path, OTHER, values=value("a", "1")), without=()) == [("undigested", (OTHER,), ""), ("unasked", (OTHER,), "a")]


def test_unverified_documents_answers_rest_on(tmp_path):
    doubtful = write(tmp_path, CITY, document=heading("2105").replace("reprint", "unverified"), values=value("a", "1", unit="人"))
    assert told(doubtful) == []
    asking = write(tmp_path, COUNTY, rules=rules(asks("r", "a: int")))
    (one,) = found(doubtful, asking)
    assert (one.kind, one.documents, one.what) == ("unverified", (CITY,), "示例办法2105（cn-2105-city/2022-pay）未核实，1 项答案据以作出")


def test_what_nobody_has_set_where_somebody_works(tmp_path):
    left = "a: {title: 名称a, clause: '3', unit: 人, kind: delegate}\nb: {title: 名称b, clause: '3', unit: 人, kind: delegate}\n"
    upper = write(tmp_path, CITY, values=left, rules=rules(asks("r", "a: int")))
    law = law_of(upper, write(tmp_path, COUNTY, values=value("a", "7", unit="人")))
    (one,) = unset_at(law, [210504, 210505, 210506, 2106], on=date(2023, 1, 1))
    assert (one.kind, one.places, one.documents, one.name) == ("unset", (210505, 210506), (CITY,), "a")
    assert one.what == "“名称a”〔示例2105·3〕交由下级确定，2 处没有定，答“无法回答”"
    assert unset_at(law, [210505], on=date(2021, 1, 1)) == ()


# ---- the report ----


def test_a_finding_is_the_same_until_somebody_says_otherwise(tmp_path):
    def keys(lower):
        return [one.key for one in found(write(tmp_path, CITY, values=value("a", "10")), write(tmp_path, COUNTY, values=value("a", lower)))]

    assert keys("11") == keys("11")
    assert keys("11") != keys("12")


def test_a_place_sees_what_matters_to_it(tmp_path):
    law = law_of(write(tmp_path, CITY, values=value("a", "10")), write(tmp_path, COUNTY, values=value("a", "11")))
    (one,) = [one for one in contradictions(law) if one.kind == "overrides"]
    assert [place for place in (0, 21, 2105, 210504, 210504001, 210505, 2106) if concerns(one, place)] == [0, 21, 2105, 210504, 210504001]


def test_the_gravest_come_first_and_every_kind_is_told(tmp_path):
    law = load_law(find_folders(shipped_root()))
    grave = [list(SEVERITIES).index(one.severity) for one in contradictions(law)]
    assert grave == sorted(grave)
    assert [key for key, kind in KINDS.items() if kind.severity not in SEVERITIES or not (kind.title and kind.why and kind.do)] == []
    assert len({one.key for one in contradictions(law)}) == len(contradictions(law))


def test_every_kind_is_explained():
    page = (Path(__file__).parents[2] / "docs" / "errors" / "law.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if page.count(f"\n## law.{kind}\n") != 1] == []


def test_the_known_ones_of_the_shipped_folders_are_found():
    law = load_law(find_folders(shipped_root()))
    grave = [(one.kind, one.documents) for one in contradictions(law) if one.severity == "check" and one.kind != "hole"]
    template = "cn-990302-unplaced-leave-template/2026-leave"
    assert grave == [
        ("about", ("cn-2105-benxi/2022-pay", "cn-210504-mingshan/2023-performance")),
        ("bands_overlap", ("cn-5133-ganzi/2026-demo",)),
        ("bands_overlap", (template,)),
        ("bands_overlap", (template,)),
        ("bands_gap", ("cn-990301-unplaced-county-leave/2026-leave",)),
        ("copied", ("cn-14-shanxi/2020-pay-copy", "cn-6101-xian/2020-pay")),
        ("conflict", ("cn-6101-xian/2020-pay", "cn-14-shanxi/2020-pay-copy")),
    ]
