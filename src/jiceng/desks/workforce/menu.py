"""The workforce desk in the menu."""

from __future__ import annotations

from jiceng.ui.menus import MenuEntry, MenuGroup

MENU = (
    MenuGroup(
        "队伍",
        (
            MenuEntry("工作台", "workbench", "layout-dashboard", "workbench"),
            MenuEntry("名册", "roster", "users", "roster"),
            MenuEntry("简报", "briefing", "file-text", "briefing"),
            MenuEntry("地方与人口", "place_home", "map-pin", "place"),
            MenuEntry("报表", "returns", "list-details", "returns"),
            MenuEntry("收表", "round_home", "list-check", "round", permission="import"),
            MenuEntry("填表", "filling_home", "edit", "filling", permission="see_names"),
            MenuEntry("导入表格", "import_home", "file-import", "import", permission="import"),
        ),
    ),
)
