"""The lists of the 登记表: which kinds of fact, under which headings, in which widths. The Word template is built from the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jiceng.terms.registry import Terms


@dataclass(frozen=True)
class Section:
    """One list of the form: a kind of fact and its columns (field, width). `since`, `until` and `place` are of the fact itself.

    `always`: printed even when nothing is held, for the paper form has it
    """

    kind: str
    title: str
    columns: tuple[tuple[str, int], ...]
    always: bool = True


SECTIONS: Final = (
    Section("education", "学历学位", (("level", 12), ("mode", 10), ("degree", 10), ("school", 20), ("major", 16), ("graduated", 12))),
    Section("certificate", "职业资格", (("kind", 20), ("number", 20), ("obtained", 13), ("registered", 13), ("expires", 13))),
    Section("appointment", "任职经历", (("since", 13), ("until", 13), ("place", 24), ("post", 16), ("class", 18))),
    Section("term", "任期", (("body", 24), ("post", 18), ("from", 13), ("to", 13)), always=False),
    Section("training", "培训情况", (("since", 13), ("level", 12), ("kind", 14), ("course", 28), ("hours", 8))),
    Section("assessment", "年度考核", (("year", 10), ("result", 16), ("scores", 40))),
    Section("honour", "表彰", (("since", 13), ("level", 16), ("basis", 40))),
    Section("discipline", "惩戒", (("since", 13), ("kind", 16), ("basis", 34), ("effect_until", 13))),
    Section("vetting", "政治审查", (("since", 13), ("result", 16), ("by", 40)), always=False),
    Section("filing", "备案", (("since", 13), ("body", 30), ("kind", 14), ("reply", 14)), always=False),
    Section("secondment", "借调", (("since", 13), ("until", 13), ("to_body", 26), ("approved_by", 22)), always=False),
    Section("departure", "离任", (("since", 13), ("cause", 20), ("basis", 40)), always=False),
)
_PERIODS: Final = ("appointment", "secondment")
_OF_FACT: Final = {"since": {"training": "培训日期", "departure": "离任日期"}, "until": {}, "place": {}}
_OF_ANY: Final = {"since": "日期", "until": "止", "place": "地方"}


def column_name(one: Section, field: str, terms: Terms) -> str:
    """A column's heading: the field's own name, or what the day or place of such a fact is called."""
    if field not in _OF_ANY:
        return terms.kinds[one.kind].fields[field].name
    if field == "since" and one.kind in _PERIODS:
        return "起"
    return _OF_FACT[field].get(one.kind, _OF_ANY[field])
