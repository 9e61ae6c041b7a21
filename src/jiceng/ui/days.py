"""A day in an address: 2026-10-01; what is no day is no address."""

from __future__ import annotations

from datetime import date


class IsoDay:
    """Path converter for a calendar day."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, text: str) -> date:
        return date.fromisoformat(text)

    def to_url(self, day: date) -> str:
        return day.isoformat()


class IsoMonth:
    """Path converter for a calendar month: 2026-10, its first day."""

    regex = r"\d{4}-(?:0[1-9]|1[0-2])"

    def to_python(self, text: str) -> date:
        return date.fromisoformat(f"{text}-01")

    def to_url(self, month: date) -> str:
        return f"{month:%Y-%m}"
