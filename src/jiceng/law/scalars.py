"""Text of values and cases as the one integer of its type: 3400 元, 20%, 四舍五入, 2024年3月10日, 5年."""

from __future__ import annotations

import re
from datetime import date

from jiceng.base.dates import day_number
from jiceng.base.quantities import MILLION, scaled
from jiceng.rules.types import HISTORIES, TypeRef
from jiceng.terms.registry import Name, Terms

INT = TypeRef("int")
_UNIT_TYPES = {"元": "Yuan", "比": "Ratio", "%": "Ratio", "倍": "Ratio", "日期": "Date", "是否": "bool"}
_DATE = re.compile(r"(\d{4})(?:-|年|/|\.)(\d{1,2})(?:-|月|/|\.)(\d{1,2})日?")
_TRUE, _FALSE = ("是", "true", "1", "有"), ("否", "false", "0", "无")
_TYPE = re.compile(r"\s*(\w+)\s*(\[|\]|,)?")


def type_of_unit(unit: str, terms: Terms) -> TypeRef:
    """The type a unit stands for where the word list does not say: 元 is money, 比 a ratio, a code list itself, else int."""
    if unit in terms.codes:
        return TypeRef(unit)
    return TypeRef(_UNIT_TYPES.get(unit, "int"))


def type_of_name(name: Name) -> TypeRef:
    """The type of a name in the word list, histories with their record."""
    if name.history:
        return TypeRef("History", (TypeRef(name.record),))
    return type_of_text(name.type) if name.type else INT


def type_of_text(text: str) -> TypeRef:
    """`Table[Post, int]` → TypeRef. Text that does not read gives its first word as it stands."""
    head, _, rest = text.strip().partition("[")
    if not rest.endswith("]"):
        return TypeRef(head.strip())
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(rest):
        depth += (letter == "[") - (letter == "]")
        if (letter == "," and depth == 0) or place == len(rest) - 1:
            parts.append(rest[start:place])
            start = place + 1
    return TypeRef(head.strip(), tuple(type_of_text(part) for part in parts))


def same_type(wanted: TypeRef, given: TypeRef) -> bool:
    """Whether an argument may be annotated so. The three words for a history take the same records."""
    if wanted.name in HISTORIES and given.name in HISTORIES:
        return wanted.parameters == given.parameters
    return wanted == given


def scalar(text: str, type: TypeRef, *, unit: str, terms: Terms) -> int | None:
    """The integer a text stands for; None if it does not read, or would lose a digit.

    Units   fen, millionths, days since 1970-01-01, code numbers, 0 or 1
    """
    text = text.strip()
    if type.name in terms.codes:
        item = terms.codes[type.name].by_text.get(text)
        return item.number if item else None
    if type.name == "Date":
        return _day(text)
    if type.name == "bool":
        return 1 if text in _TRUE else 0 if text in _FALSE else None
    if unit and unit not in ("%", "比") and text.endswith(unit):
        text = text[: -len(unit)]
    scales = {"Yuan": 100, "Ratio": MILLION, "int": 1}
    if type.name not in scales or (type.name != "Ratio" and text.endswith(("%", "％"))):
        return None
    if type.name == "Ratio" and unit == "%" and not text.endswith(("%", "％")):
        text += "%"
    number = scaled(text, scales[type.name])
    return number if number is None or abs(number) < 2**62 else None


def _day(text: str) -> int | None:
    match = _DATE.fullmatch(text)
    try:
        return day_number(date(*map(int, match.groups()))) if match else None
    except ValueError:
        return None


def calendar_day(text: str) -> date | None:
    """A date as people write it; None if it does not exist."""
    match = _DATE.fullmatch(text.strip())
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
