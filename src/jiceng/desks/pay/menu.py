"""The pay desk in the menu."""

from __future__ import annotations

from jiceng.ui.menus import MenuGroup

MENU: tuple[MenuGroup, ...] = (MenuGroup("工资", ()),)
