"""values.yaml: text by unit and type, exactly; tables, bands, dates; what YAML would turn into something else."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.base.kinds import AnswerKind, mark
from jiceng.law.scalars import scalar, type_of_text
from jiceng.law.values import flaws_of_bands
from jiceng.rules.tables import Bands, Table
from jiceng.rules.types import TypeRef
from jiceng.terms.registry import base_terms
from tests.law.folders import CITY, law_of, notices, write


def parsed(tmp_path, line: str, name: str = "a"):
    law = law_of(write(tmp_path, CITY, values=line))
    return law.regime(2105, date(2022, 1, 1)).definitions[name].at.parsed


@pytest.mark.parametrize(
    ("unit", "text", "number"),
    [
        ("元", "3400", 340_000), ("元", "3,400.05", 340_005), ("元", "-0.10", -10), ("元", "3400元", 340_000),
        ("比", "20%", 200_000), ("比", "0.2", 200_000), ("比", "1.390625", 1_390_625), ("比", "２０％", 200_000), ("%", "20", 200_000),
        ("倍", "1.10", 1_100_000), ("级", "08", 8), ("年", "3年", 3), ("", "1", 1), ("天", "-1", -1),
        ("Rounding", "四舍五入", 1), ("Rounding", "half_even", 4), ("Rounding", "去尾", 2),
        ("日期", "2024-02-29", 19_782), ("日期", "2024年2月29日", 19_782), ("是否", "是", 1), ("是否", "否", 0),
    ],
)  # fmt: skip
def test_text_is_read_by_its_unit(tmp_path, unit, text, number):
    assert parsed(tmp_path, f'a: {{title: 甲, clause: 一, unit: "{unit}", 2022-01-01: "{text}"}}\n') == number


def test_trap_15_yaml_words_stay_text(tmp_path):
    law = law_of(write(tmp_path, CITY, values="on_: {title: on, clause: no, unit: 级, note: 12:30, 2022-01-01: 08}\n"))
    value = law.documents[0].values[0]
    assert (value.title, value.clause, value.note, value.by_date[0].raw, value.by_date[0].parsed) == ("on", "no", "12:30", "08", 8)
    assert parsed(tmp_path / "two", "a: {title: 甲, clause: 1.10, unit: 倍, 2022-01-01: 1.10}\n") == 1_100_000
    law = law_of(write(tmp_path / "three", CITY, values="a: {title: 甲, clause: 1.10, unit: 倍, 2022-01-01: 1.10}\n"))
    assert law.documents[0].values[0].clause == "1.10"


@pytest.mark.parametrize("text", ["", "一", "1.0000001", "1e400", "nan", "inf", "9" * 30, "1.2.3", "2%%x"])
def test_text_that_is_no_exact_number_is_none(text):
    assert scalar(text, TypeRef("Ratio"), unit="比", terms=base_terms()) is None


@pytest.mark.parametrize("text", ["2023-02-29", "2023-13-01", "20230101", "2023年2月", "0000-01-01"])
def test_day_that_does_not_exist_is_none(text):
    assert scalar(text, TypeRef("Date"), unit="", terms=base_terms()) is None


def test_types_written_as_text():
    post, money = TypeRef("Post"), TypeRef("Yuan")
    assert type_of_text("Table[Post, int, Yuan]") == TypeRef("Table", (post, TypeRef("int"), money))
    assert type_of_text("ByDate[Table[Post, Yuan]]") == TypeRef("ByDate", (TypeRef("Table", (post, money)),))
    assert type_of_text(" int ") == TypeRef("int")
    assert str(type_of_text("Table[Post,Yuan]")) == "Table[Post, Yuan]"


def test_table_by_named_axes_leaves_out_cells_that_are_not_printed(tmp_path):
    line = "a: {title: 甲, clause: 附, unit: 元, axes: [Post, int], 2022-01-01: {书记: {1: 900, 2: 未见}, 委员: {1: 800, 3: —}}}\n"
    assert parsed(tmp_path, line) == Table((TypeRef("Post"), TypeRef("int")), {(2, 1): 90_000, (6, 1): 80_000})


def test_type_of_a_table_names_axes_and_cell(tmp_path):
    law = law_of(write(tmp_path, CITY, values="a: {title: 甲, clause: 附, unit: 元, axes: Post, 2022-01-01: {书记: 900}}\n"))
    assert law.types["a"] == TypeRef("Table", (TypeRef("Post"), TypeRef("Yuan")))


def test_bands_are_closed_on_both_sides_and_may_be_open_at_the_end(tmp_path):
    line = "a: {title: 甲, clause: 一, unit: 天, kind: bands, 2022-01-01: [[1, 9, 5], [10, 19, 未见], [20, 以上, 15]]}\n"
    assert parsed(tmp_path, line) == Bands(((1, 9, 5), (10, 19, mark(AnswerKind.open)), (20, None, 15)))


@pytest.mark.parametrize(
    ("bands", "flaws"),
    [
        ([(1000, 1500, 2), (1500, 2500, 3)], [("overlap", "恰为 1500")]),
        ([(1, 9, 5), (10, 19, 10), (20, None, 15)], []),
        ([(1, 9, 5), (11, 19, 10)], [("gap", "恰为 10")]),
        ([(1, 9, 5), (15, 19, 10)], [("gap", "10—14")]),
        ([(20, None, 15), (1, 30, 5)], [("overlap", "20—30")]),
        ([(1, None, 5), (3, None, 6)], [("overlap", "3—以上")]),
        ([(1, 20, 5), (3, 9, 6)], [("overlap", "3—9")]),
    ],
)
def test_trap_16_bands_that_touch_overlap_or_leave_a_gap(bands, flaws):
    assert flaws_of_bands(Bands(tuple(bands))) == flaws


def test_trap_16_flawed_bands_are_noticed_naming_the_document(tmp_path):
    line = "a: {title: 配备, clause: 一, unit: 人, kind: bands, 2022-01-01: [[1000, 1500, 2], [1500, 2500, 3], [2600, 以上, 4]]}\n"
    assert notices(law_of(write(tmp_path, CITY, values=line))) == [
        ("law.bands_overlap", f"{CITY}/values.yaml 第 1 行：示例办法2105：“配备”自 2022-01-01 起，恰为 1500 两档重叠，答案是“条文不明”"),
        ("law.bands_gap", f"{CITY}/values.yaml 第 1 行：示例办法2105：“配备”自 2022-01-01 起，2501—2599 不在任何一档，答案是“无法回答”"),
    ]


def test_value_takes_the_latest_date_whatever_the_order_of_writing(tmp_path):
    law = law_of(write(tmp_path, CITY, values="a: {title: 甲, clause: 一, unit: 级, 2024-01-01: 3, 2022-01-01: 1, 2023-01-01: 2}\n"))
    value = law.documents[0].values[0]
    assert [value.on(date(y, 6, 1)).parsed for y in (2022, 2023, 2024)] == [1, 2, 3]
    assert value.on(date(2021, 12, 31)) is None


def test_values_take_type_and_unit_from_the_word_list(tmp_path):
    folder = write(
        tmp_path, CITY, terms="names:\n  cycle: {name: 周期, type: Ratio, unit: 年}\n", values="cycle: {clause: 一, 2022-01-01: 1.5}\n"
    )
    law = law_of(folder)
    assert (law.titles["cycle"], law.types["cycle"], law.units["cycle"]) == ("周期", TypeRef("Ratio"), "年")
    assert law.documents[0].values[0].by_date[0].parsed == 1_500_000
