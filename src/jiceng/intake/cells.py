"""Cells to values, one reader for each way of reading; a reader sees each distinct cell once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from jiceng.base.dates import chinese_date
from jiceng.intake.combined import LOOSER, OPEN_ENDED, InService, Moment, education_pieces, read_period, read_training, studied_in_service
from jiceng.intake.days import Day, NotRead, read_day
from jiceng.intake.identity import read_identities
from jiceng.intake.roster import Column
from jiceng.intake.texts import NONE, cell_text, folded, is_none, kept
from jiceng.terms.registry import CodeList, Terms, base_terms

_NAME = re.compile(r"^[\u3400-\u9fff\U00020000-\U0003ffff·•.]{2,30}$|^[A-Za-z][A-Za-z .·'-]{1,48}$")
_MOBILE = re.compile(r"^(?:\+?86)?(1[3-9]\d{9})$")
_LANDLINE = re.compile(r"^\(?0\d{2,3}\)?-?\d{7,8}(?:-\d{1,6})?$|^\d{7,8}$")
_EXACT = 10**15
_YEAR = re.compile(r"(19\d{2}|20\d{2})年?度?")
_IN_BRACKETS = re.compile(r"[(\[【](.*?)[)\]】]")
_NOT_YET = re.compile(
    r"在读|肄业|结业|未毕业|未取得|未通过|在考|备考|报考|报名|拟任|拟聘|原任|^原|曾任|免职|离任|离职|已辞|退党|除名|停职|待定|待查"
)
"""Words that take back or put off what stands before them: 大专（在读） is no 大专 yet."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A year's assessment; `year` 0 where neither cell nor heading names it, `result` "" for known none in that year."""

    year: int
    result: str


Value = Any
"""None (blank), KnownNone, NotRead, or what the reader makes: text, code id, Moment, Day, Assessed, InService."""


class Memo(dict[object, Value]):
    """Each distinct cell read once. Keys carry the type, because 1, 1.0 and True are one key to a dict."""

    def __init__(self, read: Callable[[object], Value]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, cell: object) -> Value:
        value = self.read(cell)
        if len(self) < 50_000:
            self[cell] = value
        return value


def reader(column: Column, terms: Terms, heading: str) -> Callable[[object], Value]:
    """The reader of a column under a heading (which may name the year of an assessment)."""
    if column.reader == "code":
        return _code_reader(terms.codes[column.code], column)
    if column.reader == "assessment":
        return _assessment_reader(terms.codes["Result"], heading)
    return {
        "name": _name, "birth": _birth, "phone": _phone, "account": _account, "text": _text, "place": _text,
        "date": _date_reader(column), "period": read_period, "training": read_training,
    }[column.reader]  # fmt: skip


def is_word(column: Column, text: str) -> bool:
    """Whether a text is a word of the column's code list."""
    return bool(column.code) and folded(text) in code_words(base_terms().codes[column.code])


def reads_well(column: Column, cells: Sequence[object]) -> bool:
    """Whether most of these cells can be what the column holds; a column without any filled cell can."""
    filled = [cell for cell in cells if cell_text(cell)][:50]
    if column.reader == "id_number":
        wrong = sum(isinstance(found, NotRead) for found in read_identities(filled))
    else:
        read = reader(column, base_terms(), "")
        wrong = sum(isinstance(read(cell), NotRead) for cell in filled)
    return wrong * 2 <= len(filled)


def read_column(cells: list[Any], read: Callable[[object], Value]) -> list[Value]:
    """A column of cells read."""
    texts = Memo(read)
    # Numbers and flags are kept apart from each other by hand; text and dates cannot meet another type.
    return [texts[cell] if type(cell) is not bool and type(cell) is not int else read(cell) for cell in cells]


def _blank_or_none(cell: object) -> tuple[str, Value, bool]:
    text = cell_text(cell)
    short = folded(text)
    if not short:
        return "", None, True
    if is_none(short):
        return short, NONE, True
    return text, None, False


def _text(cell: object) -> Value:
    text, found, done = _blank_or_none(cell)
    return found if done else kept(text)


def _name(cell: object) -> Value:
    text, found, done = _blank_or_none(cell)
    if done:
        return found
    short = _without_note(kept(text))
    if not short.isascii():
        short = folded(short).replace("•", "·").replace(".", "·").replace("・", "·")
    if _NAME.match(short):
        return short
    return NotRead("intake.name", f"“{text[:20]}”不像姓名", "请填证件上的姓名，不要带括号、数字或说明")


def _without_note(text: str) -> str:
    """丹增（女，藏族） → 丹增: a roster says in brackets who is a woman or of which nation."""
    plain = folded(text)
    inside = _IN_BRACKETS.search(plain)
    if inside is None or inside.end() != len(plain):
        return text
    words = code_words(base_terms().codes["Nation"]) | code_words(base_terms().codes["Sex"])
    notes = [part for part in re.split("[,、;]", inside[1]) if part]
    return plain[: inside.start()] if notes and all(part in words for part in notes) else text


def _phone(cell: object) -> Value:
    text, found, done = _blank_or_none(cell)
    if done:
        return found
    if "E+" in text.upper():
        return NotRead("intake.phone", f"手机号“{text[:20]}”变成了科学计数", "请把该列设为文本后重填")
    short = folded(text).replace("-", "").replace("—", "")
    mobile = _MOBILE.match(short)
    if mobile:
        return mobile[1]
    if _LANDLINE.match(folded(text)):
        return folded(text)
    several = [part for part in re.split(r"[/、,，;；\s]+", text) if part]
    if len(several) > 1 and _MOBILE.match(folded(several[0])):
        return folded(several[0])[-11:]
    return NotRead("intake.phone", f"“{text[:20]}”不是 11 位手机号", "请核对号码")


def _account(cell: object) -> Value:
    """A bank account as its digits. One that a spreadsheet took for a number has lost its last digits."""
    text, found, done = _blank_or_none(cell)
    if done:
        return found
    if "E+" in text.upper() or (isinstance(cell, float | int) and abs(cell) >= _EXACT):
        do = "请把该列设为“文本”格式，对照银行卡重新填写"
        return NotRead("intake.account", "银行账号存成了数字，后几位已经丢失", do)
    digits = folded(text).replace("-", "").replace("'", "")
    if digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 30:
        return digits
    return NotRead("intake.account", f"银行账号应为 8 至 30 位数字，这里是“{text[:4]}…”", "请对照银行卡更正")


def _birth(cell: object) -> Value:
    """A birth date, kept with its precision: the ID number decides about the day."""
    _, _, done = _blank_or_none(cell)
    if done:
        return None
    if isinstance(cell, float) and 1900 < cell < 2100 and f"{cell:.2f}".endswith(".10"):
        # 1990.1 typed as a number: January or October; the ID number tells.
        return Day(read_day(f"{int(cell)}.10").day, "lost")  # type: ignore[union-attr]
    text = cell_text(cell)
    if "(" in folded(text):  # 1990.05（34岁）
        return read_day(folded(text).split("(")[0])
    return read_day(cell)


def _date_reader(column: Column) -> Callable[[object], Value]:
    def read(cell: object) -> Value:
        text, found, done = _blank_or_none(cell)
        if done:
            return found
        if column.id == "contract_ends" and folded(text) in OPEN_ENDED:
            return NONE
        day = read_day(cell)
        if isinstance(day, NotRead):
            return day
        if day.precision == "day" or (day.precision == "month" and column.month):
            return Moment(day.day.isoformat(), rounded=day.precision == "month")
        missing = "只写到年" if day.precision == "year" else "只写到月"
        wanted = "写到月或日" if column.month else "写到日"
        return NotRead("intake.date_short", f"“{text}”{missing}", f"“{column.name}”请{wanted}，如 {chinese_date(day.day)}")

    return read


def code_words(codes: CodeList) -> dict[str, str]:
    """Folded words → id, aliases included."""
    return {folded(text): item.id for text, item in codes.by_text.items()} | {folded(item.name): item.id for item in codes.items}


def _no_more(text: str) -> tuple[str, ...]:
    return ()


def _code_reader(codes: CodeList, column: Column) -> Callable[[object], Value]:
    words = code_words(codes)
    looser = LOOSER.get(column.id, _no_more)
    # Nobody is without a sex, a nation or a post; “none” there is a wrong word.
    may_lack = column.kind in ("education", "certificate", "contract")

    def read(cell: object) -> Value:
        text, found, done = _blank_or_none(cell)
        if done and (found is None or may_lack):
            return found
        short = folded(text)
        bare, inside = _IN_BRACKETS.sub("", short), "".join(_IN_BRACKETS.findall(short))
        opened = bare + inside
        for form in (short, short.replace('"', ""), short.rstrip("。.,，;；"), *((opened,) if inside else ())):
            if form in words:
                return words[form]
        if _NOT_YET.search(inside or short):
            return NotRead("intake.code_doubtful", f"“{text[:30]}”说的不是现在已有的{codes.name}", "请填现在确定的一项，别的情况写在备注里")
        for form in (bare, *looser(text)):
            if form in words:
                found = words[form]
                pieces = education_pieces(text) if column.code == "EducationLevel" else re.split("[,、;/兼]", inside)
                other = next((words[piece] for piece in pieces if words.get(piece, found) != found), "")
                if other:
                    return _two_codes(codes, text, found, other)
                return InService(found) if column.id == "education_full" and studied_in_service(text) else found
        return _unknown_code(codes, words, text)

    return read


def _two_codes(codes: CodeList, text: str, one: str, other: str) -> NotRead:
    """工作人员（网格员）, 大专、本科: one cell, two items."""
    names = f"“{codes.by_id[one].name}”和“{codes.by_id[other].name}”"
    return NotRead("intake.code_doubtful", f"“{text[:30]}”里有{names}两种写法", "请只填一项，别的情况写在备注里")


def _unknown_code(codes: CodeList, words: dict[str, str], text: str) -> NotRead:
    short = folded(text)
    near = dict.fromkeys(codes.by_id[words[word]].name for word in get_close_matches(short, words, n=3, cutoff=0.5))
    if near:
        do = f"是不是{'、'.join(f'“{word}”' for word in near)}？请改成其中之一"
    else:
        shown = [item.name for item in codes.items][:13]
        do = f"可填：{'、'.join(shown)}{'等' if len(codes.items) > 13 else ''}"
    return NotRead("intake.code_unknown", f"“{text[:30]}”不在{codes.name}的规范写法里", do)


def _assessment_reader(codes: CodeList, heading: str) -> Callable[[object], Value]:
    words = code_words(codes)
    named = _YEAR.search(folded(heading))
    heading_year = int(named[1]) if named else 0

    def read(cell: object) -> Value:
        text, found, done = _blank_or_none(cell)
        if done:
            # A dash under 2022年 says that there was none in that year, not that there never was one.
            return Assessed(heading_year, "") if found is NONE and heading_year else found
        short = folded(text)
        year = _YEAR.search(short)
        plain = _YEAR.sub("", short, count=1) if year else short
        for rest in (plain, re.sub(r"[()年度考核结果等次为:：,，.。]", "", plain)):
            if rest in words:
                return Assessed(int(year[1]) if year else heading_year, words[rest])
        return _unknown_code(codes, words, text)

    return read
