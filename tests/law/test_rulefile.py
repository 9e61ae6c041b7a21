"""Rules remembered by text: read once, read again when the text or the meaning of a word changes."""

from __future__ import annotations

from jiceng.law.rulefile import rules_of
from jiceng.terms.registry import base_terms
from tests.law.folders import CITY, findings, rules, write

BODY = '@rule(clause="一", title="甲")\ndef first(fee: int) -> int:\n    """甲。"""\n    return fee\n'
FEE = "names:\n  fee: {{name: 费, type: {type}, asked: true}}\n"


def test_same_text_under_the_same_words_is_read_once(tmp_path):
    path = write(tmp_path, CITY, rules=rules(BODY)) / "rules.py"
    terms = base_terms().layered(FEE.format(type="int"), "terms.yaml")
    one = rules_of(path, name="x/rules.py", terms=terms, found=[])
    more = terms.layered("names:\n  other: {name: 另, type: int, asked: true}\n", "terms.yaml")
    assert rules_of(path, name="x/rules.py", terms=more, found=[]) is one
    path.write_text(rules(BODY) + "\n", encoding="utf-8")
    assert rules_of(path, name="x/rules.py", terms=terms, found=[]) is not one


def test_text_is_read_again_when_a_word_means_something_else(tmp_path):
    path = write(tmp_path, CITY, rules=rules(BODY)) / "rules.py"
    found = []
    assert len(rules_of(path, name="y/rules.py", terms=base_terms().layered(FEE.format(type="int"), "t"), found=found)) == 1
    assert rules_of(path, name="y/rules.py", terms=base_terms().layered(FEE.format(type="Yuan"), "t"), found=found) == ()
    assert [problem.id for problem in found] == ["rules.type_differs"]


def test_finding_is_reported_every_time(tmp_path):
    folder = write(tmp_path, CITY, rules=rules(BODY.replace("return fee", "return fee // 1")))
    assert findings(folder) == findings(folder)
    assert len(findings(folder)) == 1


def test_rules_that_are_not_utf8_or_too_large_are_refused(tmp_path):
    folder = write(tmp_path, CITY)
    (folder / "rules.py").write_bytes(b"# 1\n\xff\n")
    assert findings(folder) == [("law.encoding", f"{CITY}/rules.py", 2)]
    (folder / "rules.py").write_bytes(b"#" * 2_000_001)
    assert findings(folder) == [("law.too_large", f"{CITY}/rules.py", 0)]
