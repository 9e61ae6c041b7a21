"""Sentences with quotations and brackets; clauses whose numbers leap, stop or only look like numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.law.text.clauses import printed, sentences
from jiceng.law.text.columns import blocks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一句。两句。", ("一句。", "两句。")),
        ("没有句号", ("没有句号",)),
        ("能办吗？能！", ("能办吗？", "能！")),
        ("他说：“好。明天办。”大家散了。", ("他说：“好。明天办。”", "大家散了。")),
        ("“好。”，他说。走了。", ("“好。”，他说。", "走了。")),
        ("村（含社区。下同）办理。完。", ("村（含社区。下同）办理。", "完。")),
        ("做到“两个到位”。再查。", ("做到“两个到位”。", "再查。")),
        ("引号“没有关上。还是两句。", ("引号“没有关上。", "还是两句。")),
        ("推动甲；促进乙。完成！！", ("推动甲；促进乙。", "完成！！")),
        ("", ()),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


@given(st.text(alphabet="村镇办。！？，；“”（）《》", max_size=60))
def test_sentences_joined_are_the_text(text):
    assert "".join(sentences(text)) == text


def clauses(page: str):
    return printed(blocks(page))


def test_clauses_that_are_missing_are_named():
    found = clauses("1.甲事。由村办理。\n\n2.乙事。由镇办理。\n\n5.丙事。由县办理。（下转第三版）\n")
    assert [clause.number for clause in found.clauses] == ["1", "2", "5"]
    assert found.missing == ("缺第 3、4 条", "缺结尾：注明转到别的版")
    assert found.complete is False


def test_a_text_that_stops_in_a_sentence_is_not_complete():
    assert clauses("1.甲事。由村办理。\n\n2.乙事。由镇里和\n").missing == ("缺结尾：末句没有写完",)


def test_a_whole_text_has_nothing_missing():
    found = clauses("一、总则\n\n第一条　由村办理，按月公布。\n\n第二条　由镇里检查。检查结果公开。\n")
    assert (found.parts, found.missing, found.complete) == (("一、总则",), (), True)
    assert [(clause.number, clause.title, clause.sentences) for clause in found.clauses] == [
        ("1", "", ("由村办理，按月公布。",)),
        ("2", "", ("由镇里检查。", "检查结果公开。")),
    ]


def test_a_figure_at_the_beginning_of_a_paragraph_is_no_clause():
    found = clauses("1.甲事。由村办理，按月公布。\n\n300、200两个数照旧，由镇里另行通知。\n\n2.乙事。由镇办理。\n")
    assert [(clause.number, len(clause.sentences)) for clause in found.clauses] == [("1", 2), ("2", 1)]


def test_the_same_text_with_other_spaces_and_width_has_the_same_hash():
    one, other = clauses("8.培训。每3年轮训1次（含线上）。\n"), clauses("8.培训。每 ３ 年轮训 １ 次(含线上)。\n")
    assert one.clauses[0].hash == other.clauses[0].hash
    assert one.clauses[0].hash != clauses("8.培训。每2年轮训1次（含线上）。\n").clauses[0].hash
