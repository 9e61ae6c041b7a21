"""The policy desk in the menu."""

from __future__ import annotations

from jiceng.ui.menus import MenuEntry, MenuGroup

MENU: tuple[MenuGroup, ...] = (
    MenuGroup(
        "政策",
        (
            MenuEntry("起草", "draft_home", "edit", "draft", permission="draft_law"),
            MenuEntry("试算", "simulation_home", "scale", "simulation", permission="simulate"),
            MenuEntry("保存的计算", "runs", "history", "runs"),
            MenuEntry("矛盾报告", "contradictions", "alert-triangle", "contradictions"),
        ),
    ),
)
