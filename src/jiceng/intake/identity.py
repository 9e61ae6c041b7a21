"""Identity numbers of the mainland: 18 digits with a check digit (GB 11643), and the 15 digits given out before 2000."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from jiceng.intake.days import NotRead
from jiceng.intake.texts import cell_text, folded

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Identity:
    """A number that passed: as 18 characters, with the birth date and sex it states."""

    number: str
    birth: date
    sex: str
    short: bool = False


def check_digit(first_17: str) -> str:
    """The eighteenth character."""
    return _CHECKS[sum(int(digit) * int(weight) for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def read_identities(cells: Sequence[object]) -> list[Identity | NotRead | None]:
    """A column of ID number cells; None where the cell is blank. Check digits of the whole column at once."""
    texts = [_digits(cell) for cell in cells]
    found: list[Identity | NotRead | None] = [text if isinstance(text, NotRead) else None for text in texts]
    places = [i for i, text in enumerate(texts) if isinstance(text, str) and len(text) == 18]
    if places:
        passed = _passes([texts[i] for i in places])  # type: ignore[misc]
        dates: dict[str, date | NotRead] = {}
        for i, good in zip(places, passed, strict=True):
            number = str(texts[i])
            if not good:
                found[i] = _wrong_check(number)
                continue
            written = number[6:14]
            birth = dates.get(written)
            if birth is None:
                birth = dates[written] = _birth(written)
            found[i] = birth if isinstance(birth, NotRead) else Identity(number, birth, "male" if int(number[16]) % 2 else "female")
    for i, text in enumerate(texts):
        if isinstance(text, str) and len(text) == 15:
            found[i] = _from_15(text)
    return found


def _passes(numbers: Sequence[str]) -> npt.NDArray[np.bool_]:
    signs = np.frombuffer("".join(numbers).encode("ascii"), dtype=np.uint8).reshape(len(numbers), 18)
    remainder = ((signs[:, :17].astype(np.int64) - 48) @ _WEIGHTS) % 11
    expected = np.frombuffer(_CHECKS.encode("ascii"), dtype=np.uint8)[remainder]
    return np.asarray(expected == signs[:, 17])


def _digits(cell: object) -> str | NotRead | None:
    """A cell as 15 or 18 characters, "" never; None if blank."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if abs(cell) >= 1e15:
            return _lost(f"{int(cell)}")
        text = f"{cell:.0f}"
    elif isinstance(cell, str):
        if len(cell) == 18 and cell.isascii() and cell[:17].isdigit() and cell[17] in "0123456789X":
            return cell
        text = folded(cell_text(cell)).upper().replace("-", "").replace("×", "X").replace("*", "X").strip("'`\".。,，:：")
        if not text:
            return None
    else:
        text = cell_text(cell)
    if "E+" in text and text.replace("E+", "").replace(".", "").isdigit():
        return _lost(text)
    if len(text) == 18 and text.isascii() and text[:17].isdigit() and (text[17].isdigit() or text[17] == "X"):
        return text
    if len(text) == 15 and text.isascii() and text.isdigit():
        return text
    if "X" in text[:-1]:
        return NotRead("intake.id_masked", f"身份证号“{text[:24]}”被遮盖或有误", "请填完整号码")
    return NotRead("intake.id_length", f"身份证号应为 18 位（或旧的 15 位），这里是 {len(text)} 位：“{text[:24]}”", "请按证件更正")


def _lost(text: str) -> NotRead:
    return NotRead(
        "intake.id_number_cell", f"身份证号存成了数字（{text[:24]}），后三位已经丢失，无法还原",
        "请把该列设为“文本”格式，对照证件重新填写（只改格式不能找回已丢的数字）",
    )  # fmt: skip


def _wrong_check(number: str) -> NotRead:
    hint = "；末三位是 000，很可能是以数字格式保存过，后三位已丢失" if number.endswith("000") else ""
    return NotRead("intake.id_check_digit", f"身份证号“{number}”校验位不对{hint}", "请对照证件逐位核对")


def _birth(written: str) -> date | NotRead:
    try:
        birth = date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return NotRead("intake.id_birth", f"身份证号里的出生日期 {written} 不存在", "请对照证件逐位核对")
    if birth.year < 1900:
        return NotRead("intake.id_birth", f"身份证号里的出生年份 {birth.year} 不合理", "请对照证件逐位核对")
    return birth


def _from_15(text: str) -> Identity | NotRead:
    """Fifteen digits: the century is left out, there is no check digit."""
    birth = _birth("19" + text[6:12])
    if isinstance(birth, NotRead):
        return birth
    first = text[:6] + "19" + text[6:]
    return Identity(first + check_digit(first), birth, "male" if int(text[14]) % 2 else "female", short=True)
