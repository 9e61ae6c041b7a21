"""Drafts without a site: tables as pasted, text changed in one place, one file, every pattern under the real law."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from jiceng.base.refusals import Refusal
from jiceng.law.drafting import begun, changed, folders, packed, table_from, unpacked
from jiceng.law.drafting.blocks import scalar, with_entry, with_item
from jiceng.law.drafting.pattern_month import PATTERNS as MONTH
from jiceng.law.drafting.pattern_pay import PATTERNS as PAY
from jiceng.law.drafting.pattern_years import PATTERNS as YEARS
from jiceng.law.drafting.patterns import given_for
from jiceng.law.drafting.pieces import heading_text, needed, with_value
from jiceng.law.drafting.rules_text import rules_in, with_rules, without_rule
from jiceng.law.folding import folder_hash
from jiceng.law.lined import read_text
from jiceng.law.load import find_folders, load_law, load_over, shipped_root
from jiceng.terms.registry import base_terms

NOW = datetime(2026, 11, 24, tzinfo=UTC)
HEAD = heading_text(
    {"title": "试", "jurisdiction": "513324", "in_force": "2027-01-01", "trust": "unverified"}, sources=(), version=1, example=True, note=""
)


@pytest.mark.parametrize(
    ("text", "axes", "cells"),
    [
        ("岗位\t1级\t2级\n正职\t２,６００\t2700元\n副职\t—\t2300.5", ("PostClass", "int"),
         {"正职 1": "2600", "正职 2": "2700", "副职 2": "2300.5"}),
        ("某市工资表\n岗位\t一级\t十二级\n正职\t1\t2", ("PostClass", "int"), {"正职 1": "1", "正职 12": "2"}),
        ("正职\t1级\t2600\n\t2级\t2700\n副职\t1级\t2300", ("PostClass", "int"), {"正职 1": "2600", "正职 2": "2700", "副职 1": "2300"}),
        ("等级\t标准（元）\n1\t800\n2\t\n3\t900", ("int",), {"1": "800", "3": "900"}),
        ("1\t2\t3\n800\t900\t1000", ("int",), {"1": "800", "2": "900", "3": "1000"}),
        ("等级\t1\t2\n标准\t800\t900", ("int",), {"1": "800", "2": "900"}),
        ("书记\t5000\n副书记\t4000", ("Post",), {"社区党组织书记": "5000", "社区党组织副书记": "4000"}),
        ("岗位\t四级\t五级\n主任\t100\t200\n副主任\t100\t200", ("Post", "int"),
         {"社区居委会主任 4": "100", "社区居委会主任 5": "200", "社区居委会副主任 4": "100", "社区居委会副主任 5": "200"}),
    ],
)  # fmt: skip
def test_a_table_as_it_is_pasted(text, axes, cells):
    read = table_from(text, unit="元", terms=base_terms())
    assert (read.axes, {" ".join(key): cell for key, cell in read.cells.items()}, read.errors) == (axes, cells, ())


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("正职\t2,40\n副职\t1", "元", "第 1 行 B 列“2,40”：逗号的位置不对：千分位每三位一个，小数点要写成“.”"),
        ("正职\t0.3万元\n副职\t1", "元", "第 1 行 B 列“0.3万元”：单位是“万元”，请换算成元"),
        ("正职\t1.005\n副职\t1", "元", "第 1 行 B 列“1.005”：金额最多两位小数"),
        ("大专\t1\n本科\t2\n研究僧\t3", "级", "第 3 行 A 列“研究僧”：不在“学历”里，是否是：硕士研究生、博士研究生"),
        ("正职\t1\n正职\t2", "级", "第 2 行 B 列“2”：“正职”这一格写了两次"),
    ],
)
def test_a_fault_is_told_at_its_cell(text, unit, said):
    assert [str(one) for one in table_from(text, unit=unit, terms=base_terms()).errors] == [said]


@pytest.mark.parametrize("text", ["", "一段话", "\t\t\n\t"])
def test_what_is_no_table_is_refused(text):
    with pytest.raises(Refusal) as refused:
        table_from(text, unit="元", terms=base_terms())
    assert refused.value.id == "draft.table_empty"


@pytest.mark.parametrize(
    "text", ["3", "03", "是：否", "a: b", "- x", "〔意见·8〕", "#", "[1, 2]", "“甲”", "a #b", "%", "一 二", "null", '"x"', "0", "?"]
)
def test_any_text_is_read_back_as_it_was(text):
    assert read_text(f"key: {scalar(text)}\n", name="x", found=[])["key"] == text


def test_an_entry_is_changed_and_everything_by_hand_around_it_stays():
    text = "# 手写的说明\na: {title: 甲}  # 旁注\n\n# 乙的说明\nb:\n  title: 乙\nc: {title: 丙}\n"
    made = with_entry(text, "b", "b: {title: 新}\n", name="x")
    assert made == "# 手写的说明\na: {title: 甲}  # 旁注\n\n# 乙的说明\nb: {title: 新}\nc: {title: 丙}\n"
    assert with_entry(made, "b", None, name="x") == "# 手写的说明\na: {title: 甲}  # 旁注\n\n# 乙的说明\nc: {title: 丙}\n"
    assert with_item("- a: 1\n# 二\n- a: 2\n", 0, None, name="x") == "# 二\n- a: 2\n"
    with pytest.raises(Refusal) as refused:
        with_entry("{a: 1, b: 2}\n", "a", "a: 3\n", name="x")
    assert refused.value.id in ("draft.by_hand", "draft.text_broken")


def test_every_pattern_with_every_choice_is_a_rule_that_loads(tmp_path):
    law, terms = load_law(find_folders(shipped_root())), base_terms()
    number = 0
    for pattern in (*PAY, *YEARS, *MONTH):
        single = [[(option.id, (key,)) for key, _ in option.choices] for option in pattern.options if not option.many]
        for chosen in product(*single):
            given = given_for(pattern, dict(chosen))
            values = ""
            for need in pattern.needs(given):
                if (row := needed(need, clause="1")) is not None:
                    values = with_value(values, row, titled=need.name not in terms.names)
            files = {
                "document.yaml": HEAD,
                "values.yaml": values,
                "rules.py": with_rules("", pattern.rules(given), clause="1", title="试", terms=terms),
            }
            number += 1
            folder = begun(f"cn-513324/p{number}", files, root=tmp_path, by="甲", at=NOW, what="新建")
            assert load_over(law, [folder]).document(f"cn-513324/p{number}").rules
    assert number == 72


def test_a_rule_is_added_and_taken_out_with_its_imports():
    terms = base_terms()
    both = with_rules("", PAY[0].rules(given_for(PAY[0], {})), clause="1", title="试", terms=terms)
    text = with_rules(both, PAY[1].rules({}), clause="1", title="试", terms=terms)
    assert list(rules_in(text)) == ["post_class", "grade_allowed"]
    assert without_rule(text, "grade_allowed", terms=terms) == both
    with pytest.raises(Refusal) as refused:
        with_rules(both, PAY[0].rules(given_for(PAY[0], {})), clause="2", title="试", terms=terms)
    assert refused.value.id == "draft.rule_twice"


def test_the_same_folder_packs_to_the_same_bytes_and_any_changed_byte_is_refused(tmp_path):
    folder = begun("cn-513324/2027-pay", {"document.yaml": HEAD}, root=tmp_path, by="甲", at=NOW, what="新建")
    content = packed(folder)
    assert (packed(folder), unpacked(content).files) == (content, {"document.yaml": HEAD})
    for at in range(0, len(content), 7):
        broken = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        # A date or a flag of the container may change; what it holds may not.
        assert _read(broken) in ("draft.not_packed", "draft.file_changed", "cn-513324/2027-pay")


def _read(content: bytes) -> str:
    """The id of what is taken in unchanged, or of the refusal."""
    try:
        told = unpacked(content)
    except Refusal as refused:
        return refused.id
    return told.id if told.files == {"document.yaml": HEAD} else "changed"


def test_a_draft_is_whole_after_a_writer_was_killed_between_its_moves(tmp_path):
    folder = begun("cn-513324/2027-pay", {"document.yaml": HEAD}, root=tmp_path, by="甲", at=NOW, what="新建")
    folder.rename(folder.with_name(".old-2027-pay"))
    begun("cn-513324/2027-other", {"document.yaml": HEAD}, root=tmp_path, by="甲", at=NOW, what="新建")
    assert folders.contents(folder) == {"document.yaml": HEAD}


def test_a_change_against_another_state_is_refused_with_who_saved_it(tmp_path):
    folder = begun("cn-513324/2027-pay", {"document.yaml": HEAD}, root=tmp_path, by="甲", at=NOW, what="新建")
    seen = folder_hash(folder)
    changed(folder, {"rules.py": '"""甲。"""\n'}, seen=seen, by="甲", at=NOW, what="改文字")
    with pytest.raises(Refusal) as refused:
        changed(folder, {"rules.py": '"""乙。"""\n'}, seen=seen, by="乙", at=NOW, what="改文字")
    assert (refused.value.id, "甲 在 2026-11-24 00:00 保存过（改文字）" in refused.value.why) == ("draft.changed", True)
    assert [one.by for one in folders.versions(folder)] == ["甲", "甲"]
