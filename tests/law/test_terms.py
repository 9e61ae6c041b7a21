"""Words that a folder brings along: what is badly written is refused with its reason, never met by a Python message."""

from __future__ import annotations

import pytest

from tests.law.folders import CITY, findings, law_of, messages, rules, write

RULE = rules('@rule(clause="一", title="甲")\ndef first(coefficient: Ratio) -> int:\n    """甲。"""\n    return 1\n')
KIND = "kinds:\n  visit: {{number: {number}, name: 走访, of: {of}, cardinality: {many}, {more}fields: {{day: {{name: 日, type: Date}}}}}}\n"


def kind(*, number: str = "901", of: str = "worker", many: str = "event", more: str = "") -> str:
    return KIND.format(number=number, of=of, many=many, more=more)


BAD = [
    ("names: 3\n", "terms.shape", "names 应是“标识: {...}”"),
    ("codes: [1]\n", "terms.shape", "codes 应是“标识: {...}”"),
    ("codes:\n  Level: {name: 级别, items: {a: [1, 甲]}}\n", "terms.name", "“a”缺中文名（name）"),
    ("codes:\n  Level: {name: 级别, items: {a: {name: 甲}}}\n", "terms.shape", "“a”缺 number"),
    ("codes:\n  Level: {name: 级别, items: {a: {number: 甲, name: 甲}}}\n", "terms.shape", "“a”的 number 应是一个整数"),
    ("codes:\n  Level: {name: 级别, items: {a: {number: 1, name: 甲, aliases: 乙}}}\n", "terms.shape", "“a”的 aliases 应是[甲, 乙]"),
    ("codes:\n  Level: {name: 级别, items: [a]}\n", "terms.shape", "“Level”的 items 应是“标识: {...}”"),
    ("codes:\n  Level: {name: [级别]}\n", "terms.shape", "“Level”的 name 应是一段文字"),
    ("names:\n  a b: {name: 甲, type: int, asked: true}\n", "terms.shape", "标识“a b”只能用字母、数字和下划线"),
    ("names:\n  fee: {name: 甲, typ: int}\n", "terms.shape",
     "“fee”里没有“typ”这一项，有：name、type、of、unit、record、fact、history、asked、note、sums"),
    ("names:\n  born: {name: 生日, type: int, fact: birth.date}\n", "terms.type", "“born”写作 int，它指向的事实是 Date"),
    ("names:\n  years: {name: 年度, type: History, record: Training, history: assessment}\n", "terms.history",
     "“years”的 record 应是 Assessment"),
    (kind(number="2"), "terms.kind_number", "“visit”与“birth”用了同一个编号 2"),
    (kind(number="二"), "terms.shape", "“visit”的 number 应是一个整数"),
    (kind(of="dog"), "terms.shape", "“visit”的 of 应是 worker、place、document"),
    (kind(many="many", more="key: [hour], "), "terms.key", "“visit”的 key 或 seal 里有它没有的字段：hour"),
    (kind(more="seal: [hour], "), "terms.key", "“visit”的 key 或 seal 里有它没有的字段：hour"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "id", "message"), BAD)
def test_badly_written_words_are_refused_with_their_reason(tmp_path, text, id, message):
    folder = write(tmp_path, CITY, terms=text, rules=RULE)
    assert findings(folder) == [(id, f"{CITY}/terms.yaml", 0)]
    assert messages(folder) == [f"{CITY}/terms.yaml：{message}"]


def test_a_kind_of_a_folder_joins_the_others(tmp_path):
    terms = law_of(write(tmp_path, CITY, terms=kind(), rules=RULE)).terms
    assert (terms.kinds["visit"].number, terms.kinds["visit"].fields["day"].type, terms.kinds["birth"].number) == (901, "Date", 2)
