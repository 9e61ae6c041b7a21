"""The pay desk in the menu."""

from __future__ import annotations

from jiceng.ui.menus import MenuEntry, MenuGroup

MENU: tuple[MenuGroup, ...] = (MenuGroup("工资", (MenuEntry("工资表", "pay", "rubber-stamp", "pay", permission="pay"),)),)
