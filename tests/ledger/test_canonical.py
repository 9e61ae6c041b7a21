"""One written form: whatever way a fact is put, the same text and the same seal."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.base.refusals import Refusal
from jiceng.ledger.canonical import NO_SEAL, clean_text, data_text, root_of, seal_of
from jiceng.ledger.kinds import shapes_of
from jiceng.ledger.periods import overlap, remainders
from jiceng.terms.registry import base_terms

texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]))
values = st.one_of(texts, st.integers(-(2**63), 2**63 - 1), st.booleans())
contents = st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), values)


@given(contents)
def test_text_is_plain_sorted_json(content):
    assert data_text(content) == json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def shape(kind):
    return shapes_of(base_terms()).shape(kind)


def checked(kind, data, place=None):
    return shape(kind).checked(data, place=place)


def test_key_order_does_not_matter():
    one = checked("certificate", {"kind": "assistant", "number": "A1"})
    other = checked("certificate", {"number": "A1", "kind": "assistant"})
    assert one == other == ('{"kind":"assistant","number":"A1"}', '["assistant"]')


def test_decomposed_text_becomes_composed():
    assert checked("remark", {"text": "e\u0301"}) == ('{"text":"é"}', None)


def test_blank_is_left_out():
    assert checked("certificate", {"kind": "assistant", "number": "", "obtained": None})[0] == '{"kind":"assistant"}'


def test_date_objects_and_texts_are_one():
    assert checked("birth", {"date": date(1990, 3, 7)}) == checked("birth", {"date": "1990-03-07"}) == ('{"date":"1990-03-07"}', None)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1fb", "\x7f", "\ud800"])
def test_control_characters_are_refused(text):
    with pytest.raises(Refusal) as refused:
        clean_text(text, where="备注")
    assert refused.value.id == "ledger.text"


@pytest.mark.parametrize("text", ["换行\n与制表\t", "反斜线\\", "表情😀", "　全角空格"])
def test_ordinary_text_is_kept(text):
    assert clean_text(text, where="备注") == text


@pytest.mark.parametrize(
    ("kind", "data", "place", "id"),
    [
        ("training", {"hours": 1.0}, None, "ledger.value"),
        ("training", {"hours": True}, None, "ledger.value"),
        ("training", {"hours": 2**63}, None, "ledger.value"),
        ("training", {"hours": -(2**63)}, None, "ledger.value"),
        ("training", {"hours": "40"}, None, "ledger.value"),
        ("secondment", {"to_body": "甲", "to_level": "county", "approved": 1}, None, "ledger.value"),
        ("birth", {"date": "1990-2-3"}, None, "ledger.value"),
        ("birth", {"date": "1990-02-30"}, None, "ledger.value"),
        ("birth", {"date": ["1990-02-03"]}, None, "ledger.value"),
        ("remark", {"text": 5}, None, "ledger.value"),
        ("sex", {"sex": "男"}, None, "ledger.code"),
        ("sex", {"gender": "male"}, None, "ledger.field"),
        ("person", {"name": "甲"}, None, "ledger.field"),
        ("education", {"level": "bachelor"}, None, "ledger.required"),
        ("education", {"level": "bachelor", "mode": ""}, None, "ledger.required"),
        ("appointment", {"post": "staff"}, None, "ledger.place"),
        ("appointment", {"post": "staff"}, 0, "ledger.place"),
        ("appointment", {"post": "staff"}, -1, "ledger.place"),
        ("appointment", {"post": "staff"}, 2**70, "ledger.place"),
        ("sex", {"sex": "male"}, 513301, "ledger.place"),
        ("sex", {"sex": ["male"]}, None, "ledger.code"),
        ("sex", {"sex": {}}, None, "ledger.code"),
        ("leave", {"kind": "sick", "from": "2024-03-02", "to": "2024-03-01"}, None, "ledger.dates_order"),
        ("contract", {"kind": "street", "signed": "2024-03-02", "ends": "2024-03-01"}, None, "ledger.dates_order"),
    ],
)
def test_wrong_contents_are_refused(kind, data, place, id):
    with pytest.raises(Refusal) as refused:
        checked(kind, data, place)
    assert (refused.value.id, refused.value.text.count("。") > 0) == (id, True)


def test_unknown_kinds_and_wrong_subjects_are_refused():
    shapes = shapes_of(base_terms())
    for kind, subject, id in (("salary", 1, "ledger.kind"), ("sex", 1 << 62, "ledger.subject"), ("population", 1, "ledger.subject")):
        with pytest.raises(Refusal) as refused:
            shapes.of(kind, subject)
        assert refused.value.id == id


def sm3(content):
    return hashlib.new("sm3", content).digest()


def test_root_and_seal_are_as_written_down():
    """Computed here by hand from the description in canonical.py."""
    fact = (5 << 20 | 3, 77, 9, "[1]", "2020-01-01", "9999-12-31", 123, 1, '{"post":"staff"}', None)
    sealed = (5 << 20 | 4, 77, 1, None, "2020-01-01", "9999-12-31", 123, None, "{}", b"\x1f\x00")
    leaf = sm3(b'3\x1f77\x1f9\x1f2020-01-01\x1f9999-12-31\x1f1\x1f[1]\x1f{"post":"staff"}\x1f')
    other = sm3(b"4\x1f77\x1f1\x1f2020-01-01\x1f9999-12-31\x1f\x1f\x1f{}\x1f\x1f\x00")
    root = sm3(leaf + other + sm3(b"end\x1f42"))
    assert root_of(1, [fact, sealed], [42]) == root
    row = [1, 1, 2, 3, "甲", "record", "", "", None, None, False, 2, 1, root.hex(), NO_SEAL.hex()]
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
    seal = seal_of(
        1, book=1, seq=2, known=3, actor="甲", act="record", basis="", why="", batch=None, undoes=None, loaded=False,
        facts=2, endings=1, root=root, previous=NO_SEAL,
    )  # fmt: skip
    assert seal == sm3(text)


days = st.integers(0, 12)


@given(days, days, days, days)
def test_remainders_are_the_days_outside(a, b, c, d):
    if a >= b or c >= d:
        return
    left = {day for first, last in remainders(a, b, c, d) for day in range(first, last)}
    if overlap(a, b, c, d):
        assert left == set(range(a, b)) - set(range(c, d))
    assert overlap(a, b, c, d) == bool(set(range(a, b)) & set(range(c, d)))
