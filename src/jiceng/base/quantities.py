"""How numbers are printed and read: Yuan in fen, Ratio in millionths. No floats anywhere."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

MILLION = 1_000_000


def yuan_text(fen: int) -> str:
    """340000 → 3,400.00 元."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d} 元"


def ratio_text(millionths: int, unit: str = "比") -> str:
    """Unit 比: 200000 → 20%. Any other unit prints the plain number: 460800000, 人 → 460.8 人."""
    if unit in ("比", "", "%"):
        return f"{plain(millionths * 100)}%"
    return f"{plain(millionths)} {unit}"


def plain(millionths: int) -> str:
    """A number in millionths without trailing zeros, thousands separated."""
    sign = "-" if millionths < 0 else ""
    whole, part = divmod(abs(millionths), MILLION)
    digits = f"{part:06d}".rstrip("0")
    return f"{sign}{whole:,}" + (f".{digits}" if digits else "")


def scaled(text: str, scale: int) -> int | None:
    """Text to an exact integer in units of 1/scale; None if it is no number or would lose digits."""
    raw = text.strip().replace(",", "").replace("，", "")
    percent = raw.endswith(("%", "％"))
    try:
        number = Decimal(raw.rstrip("%％")) * scale / (100 if percent else 1)
    except InvalidOperation:
        return None
    whole = number.to_integral_value() if number.is_finite() else None
    return int(whole) if whole is not None and whole == number else None
