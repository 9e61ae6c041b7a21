"""values.yaml: every number of a document by name and date, read as text and parsed by unit or type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Problem
from jiceng.law.lined import Entries
from jiceng.law.model import VALUE_KINDS, ValueAt, ValueDef
from jiceng.law.scalars import calendar_day, scalar, type_of_text, type_of_unit
from jiceng.rules.language import did_you_mean
from jiceng.rules.tables import Bands, Table
from jiceng.rules.types import TypeRef
from jiceng.terms.registry import Terms

_WORDS = ("clause", "unit", "kind", "axes", "note", "title", "reading")
_OPEN_TOP, _OPEN_BOTTOM = ("以上", "起", "不限"), ("以下", "不限")
NOT_PRINTED = ("", "—", "-", "未见", "未印")
ENDED = "废止"
_LOWEST = -(2**61)


@dataclass(frozen=True)
class _Place:
    """Where a value stands, to say so in a finding."""

    name: str
    path: str
    line: int
    terms: Terms
    found: list[Problem]
    title: str = ""

    def refuse(self, id: str, message: str, line: int = 0) -> None:
        self.found.append(Problem(id, f"数值“{self.name}”{message}", self.path, line or self.line))


def read_values(raw: Any, *, path: str, in_force: date, terms: Terms, found: list[Problem]) -> tuple[ValueDef, ...]:
    """The values of one folder.

    Units   what `type` or `unit` says; 元 as fen, 比 and % as millionths, exactly or refused
    Time    by date as written; 废止 ends a value
    Errors  appended to `found`: shape, unknown word, unit, type, date, cell, band
    """
    if raw in (None, ""):
        return ()
    if not isinstance(raw, Entries):
        found.append(Problem("law.values_shape", "应是“名字: {clause: …, unit: …, 日期: 数值}”", path, 1))
        return ()
    values = []
    for name, body in raw.items():
        place = _Place(name, path, raw.line_of(name), terms, found, _title(name, body, terms))
        if not isinstance(body, Entries):
            place.refuse("law.values_shape", "应写成 {clause: …, unit: …, 日期: 数值}")
        elif not name.isidentifier() or not name.isascii():
            place.refuse("law.values_shape", "的名字应是英文标识")
        else:
            value = _value(body, place, in_force)
            if value:
                values.append(value)
    return tuple(values)


def _value(body: Entries, place: _Place, in_force: date) -> ValueDef | None:
    before = len(place.found)
    dated = {key: day for key in body if (day := calendar_day(key))}
    for key in body:
        if key not in _WORDS and key not in dated:
            place.refuse("law.values_word", f"里的“{key}”不认识{did_you_mean(key, _WORDS) or '：应是日期或 ' + '、'.join(_WORDS)}")
    kind = body.get("kind", "value")
    if kind not in VALUE_KINDS:
        place.refuse("law.values_kind", f"的 kind “{kind}”不认识，应是 {'、'.join(VALUE_KINDS)} 之一")
        return None
    if not body.get("clause"):
        place.refuse("law.no_clause", "没有写明条款（clause）")
    name = place.terms.names.get(place.name)
    unit = body.get("unit", name.unit if name else "")
    if name and name.unit and name.type != unit and unit != name.unit and unit not in place.terms.codes:
        place.refuse("law.unit", f"的单位“{unit}”与词表里的“{name.unit}”不同")
    type = _type(body, kind, unit, place)
    if any(problem.id in ("law.axis", "law.two_types") for problem in place.found[before:]):
        return None
    axes = tuple(type.parameters[:-1]) if type.name == "Table" else ()
    ats = [_at(day, body[key], kind, type, unit, place, body.line_of(key)) for key, day in dated.items()]
    reading = _at(in_force, body["reading"], "value", type, unit, place, body.line_of("reading")) if "reading" in body else None
    if not any(problem.id == "law.values_word" for problem in place.found[before:]):
        _check_dates(kind, bool(ats), reading is not None, place)
    if len(place.found) > before:
        return None
    by_date = tuple(sorted((at for at in ats if at), key=lambda at: at.since))
    note = body.get("note", "")
    return ValueDef(place.name, body["clause"], unit, kind, by_date, axes, note, place.line, type, place.title, reading)


def _title(name: str, body: Any, terms: Terms) -> str:
    """The Chinese name of a value: its own, else the word list's."""
    own = body.get("title", "") if isinstance(body, Entries) else ""
    return str(own) or (terms.names[name].name if name in terms.names else "")


def _check_dates(kind: str, dated: bool, reading: bool, place: _Place) -> None:
    if reading and kind != "delegate":
        place.refuse("law.reading", "写了 reading：只有交由下级确定（kind: delegate）的数值才有读法")
    if kind == "delegate" and dated:
        place.refuse("law.delegate_dated", "交由下级确定（kind: delegate），不能同时写数值；文件自己的读法请写 reading")
    if kind not in ("delegate", "forbid") and not dated:
        place.refuse("law.no_date", "没有写自何日起是多少（日期: 数值）")


def _type(body: Entries, kind: str, unit: str, place: _Place) -> TypeRef:
    """The word list's type, else the one of the unit; tables and bands around it."""
    name = place.terms.names.get(place.name)
    stated = type_of_text(name.type) if name and name.type else None
    if kind == "bands":
        return stated if stated and stated.name == "Bands" else TypeRef("Bands")
    if "axes" not in body:
        return stated or type_of_unit(unit, place.terms)
    axes = [body["axes"]] if isinstance(body["axes"], str) else list(body["axes"])
    axis_types = tuple(TypeRef(axis.strip()) for axis in axes)
    for axis in axis_types:
        if axis.name != "int" and axis.name not in place.terms.codes:
            place.refuse("law.axis", f"的轴“{axis.name}”不是代码表，也不是 int{did_you_mean(axis.name, place.terms.codes)}")
    cell = stated.parameters[-1] if stated and stated.name == "Table" else type_of_unit(unit, place.terms)
    built = TypeRef("Table", (*axis_types, cell))
    if stated and stated != built:
        place.refuse("law.two_types", f"写成 {built}，词表里是 {stated}")
    return built


def _at(since: date, raw: Any, kind: str, type: TypeRef, unit: str, place: _Place, line: int) -> ValueAt | None:
    before = len(place.found)
    if raw == ENDED:
        return ValueAt(since, raw, None)
    if kind == "range":
        parsed: Any = _range(raw, type, unit, place, line)
    elif kind == "bands":
        parsed = _bands(raw, type, unit, place, line)
    elif type.name == "Table":
        parsed = Table(type.parameters[:-1], dict(_cells(raw, type.parameters, unit, place, line, ())), place.title)
    else:
        parsed = _scalar(raw, type, unit, place, line)
    return ValueAt(since, raw, parsed) if len(place.found) == before else None


def _scalar(raw: Any, type: TypeRef, unit: str, place: _Place, line: int) -> int:
    number = scalar(raw, type, unit=unit, terms=place.terms) if isinstance(raw, str) else None
    if number is None:
        place.refuse("law.value", f"的“{_shown(raw)}”不能读成{_wanted(type, unit, place.terms)}", line)
    return number or 0


def _shown(raw: Any) -> str:
    return raw if isinstance(raw, str) else "{…}" if isinstance(raw, Entries) else "[…]"


def _wanted(type: TypeRef, unit: str, terms: Terms) -> str:
    if type.name in terms.codes:
        return f"“{terms.codes[type.name].name}”（可写：{'、'.join(item.name for item in terms.codes[type.name].items[:12])}）"
    names = {"Yuan": "金额（精确到分）", "Ratio": "比例（至多六位小数）", "int": "整数", "Date": "日期", "bool": "“是”或“否”"}
    return names.get(type.name, type.name) + (f"，单位“{unit}”" if unit and type.name == "int" else "")


def _range(raw: Any, type: TypeRef, unit: str, place: _Place, line: int) -> tuple[int, int]:
    if not isinstance(raw, list) or len(raw) != 2:
        place.refuse("law.range", "的范围应写成 [最低, 最高]", line)
        return 0, 0
    low, high = (_scalar(side, type, unit, place, line) for side in raw)
    if low > high:
        place.refuse("law.range", f"的范围最低 {raw[0]} 高于最高 {raw[1]}", line)
    return low, high


def _cells(
    raw: Any, parameters: tuple[TypeRef, ...], unit: str, place: _Place, line: int, key: tuple[int, ...]
) -> list[tuple[tuple[int, ...], int]]:
    """Cells of a table by the numbers of their axes; cells that the text does not print are left out."""
    axis, *rest = parameters
    if not isinstance(raw, Entries):
        place.refuse("law.table", f"缺一层：应按“{axis.name}”分列", line)
        return []
    found: list[tuple[tuple[int, ...], int]] = []
    for label, body in raw.items():
        number = scalar(label, axis, unit="", terms=place.terms)
        at = raw.line_of(label)
        if number is None:
            place.refuse("law.table", f"的“{label}”不在轴“{axis.name}”里{_near(label, axis, place.terms)}", at)
        elif len(rest) > 1:
            found += _cells(body, tuple(rest), unit, place, at, (*key, number))
        elif body not in NOT_PRINTED:
            found.append(((*key, number), _scalar(body, rest[0], unit, place, at)))
    keys = [cell for cell, _ in found]
    if len(keys) != len(set(keys)):
        place.refuse("law.table", "同一格写了两次（两种写法指同一项）", line)
    return found


def _near(label: str, axis: TypeRef, terms: Terms) -> str:
    return did_you_mean(label, terms.codes[axis.name].by_text) if axis.name in terms.codes else ""


def _bands(raw: Any, type: TypeRef, unit: str, place: _Place, line: int) -> Bands:
    cell = type.parameters[-1] if type.parameters else type_of_unit(unit, place.terms)
    over = type.parameters[0] if len(type.parameters) == 2 else TypeRef("int")
    bands: list[tuple[int, int | None, int]] = []
    if not isinstance(raw, list) or not raw or not all(isinstance(row, list) and len(row) == 3 for row in raw):
        place.refuse("law.bands", "的分档应写成 [[自, 至, 结果], …]，末档的“至”可写 以上", line)
        return Bands(())
    for row in raw:
        low = _LOWEST if row[0] in _OPEN_BOTTOM else _scalar(row[0], over, "", place, line)
        high = None if row[1] in _OPEN_TOP else _scalar(row[1], over, "", place, line)
        if high is not None and low > high:
            place.refuse("law.bands", f"的一档“{row[0]}—{row[1]}”首尾颠倒", line)
        number = mark(AnswerKind.open) if row[2] in NOT_PRINTED else _scalar(row[2], cell, unit, place, line)
        bands.append((low, high, number))
    return Bands(tuple(bands))


def flaws_of_bands(bands: Bands) -> list[tuple[str, str]]:
    """Where bands overlap or leave a gap: ("overlap" | "gap", text). Whole numbers: 9 and 10 are neighbours."""
    flaws = []
    ordered = sorted(bands.bands, key=lambda band: band[0])
    for (_, high, _value), (low, next_high, _next) in pairwise(ordered):
        if high is None or low <= high:
            end = next_high if high is None else high if next_high is None else min(high, next_high)
            flaws.append(("overlap", f"{low}—{'以上' if end is None else end}" if end != low else f"恰为 {low}"))
        elif low > high + 1:
            flaws.append(("gap", f"{high + 1}—{low - 1}" if high + 1 != low - 1 else f"恰为 {low - 1}"))
    return flaws


def bound_text(value: ValueDef, at: ValueAt) -> str:
    """A bound as printed: 0.8 至 1.2, 不低于 100 元, 不高于 5 级."""
    if value.kind == "range":
        return f"{at.raw[0]} 至 {at.raw[1]} {value.unit}".strip()
    head = {"floor": "不低于", "cap": "不高于"}.get(value.kind, "")
    return f"{head} {_shown(at.raw)} {value.unit}".strip()


def cells_of(parsed: Any) -> list[int]:
    """Every number of a parsed value, for checking it against a bound."""
    if isinstance(parsed, Table):
        return list(parsed.cells.values())
    if isinstance(parsed, Bands):
        return [value for _, _, value in parsed.bands if value != mark(AnswerKind.open)]
    return list(parsed) if isinstance(parsed, tuple) else [parsed]
