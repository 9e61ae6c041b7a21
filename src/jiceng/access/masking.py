"""Personal data for eyes that need not see it: enough left to tell two people apart, not enough to use."""

from __future__ import annotations

import re

_HIDDEN = "*"
_NAME_STARS = 2


def mask_id(number: str) -> str:
    """513324199001011234 → 513324********1234. Anything shorter than 15 characters is hidden whole."""
    if len(number) < 15:
        return _HIDDEN * len(number)
    return number[:6] + _HIDDEN * (len(number) - 10) + number[-4:]


def mask_phone(number: str) -> str:
    """13800001234 → 138****1234; 0836-1234567 → 0836-*****67. Short numbers are hidden whole."""
    if re.fullmatch(r"1\d{10}", number):
        return number[:3] + _HIDDEN * 4 + number[-4:]
    area, dash, rest = number.rpartition("-")
    if len(rest) < 7:
        return _HIDDEN * len(number)
    return f"{area}{dash}{_HIDDEN * (len(rest) - 2)}{rest[-2:]}"


def mask_account(number: str) -> str:
    """6222020000001234 → ************1234. Short numbers are hidden whole."""
    return _HIDDEN * (len(number) - 4) + number[-4:] if len(number) >= 8 else _HIDDEN * len(number)


def mask_name(name: str) -> str:
    """李建国 → 李**. A first character and at most two stars, so that a long name does not give itself away."""
    return name[:1] + _HIDDEN * min(len(name) - 1, _NAME_STARS) if name else ""
