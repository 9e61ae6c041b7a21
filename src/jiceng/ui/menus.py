"""What a desk declares for the menu at the left."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu. `part` is the first word of the address names that stand under it."""

    name: str
    url: str
    icon: str
    part: str
    permission: str = ""


@dataclass(frozen=True)
class MenuGroup:
    """A heading with its lines."""

    name: str
    entries: tuple[MenuEntry, ...]
