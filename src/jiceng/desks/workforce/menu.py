"""The workforce desk in the menu: who and where, then tables that come and go, then what is reported upwards."""

from __future__ import annotations

from jiceng.ui.menus import MenuEntry, MenuGroup

MENU = (
    MenuGroup(
        "队伍",
        (
            MenuEntry("工作台", "workbench", "layout-dashboard", "workbench"),
            MenuEntry("名册", "roster", "users", "roster"),
            MenuEntry("调动", "transfers", "arrow-right", "transfers"),
            MenuEntry("晋升通道", "career", "school", "career"),
            MenuEntry("地方与人口", "place_home", "map-pin", "place"),
        ),
    ),
    MenuGroup(
        "表格往来",
        (
            MenuEntry("导入表格", "import_home", "file-import", "import", permission="import"),
            MenuEntry("收表", "round_home", "list-check", "round", permission="import"),
            MenuEntry("填表", "filling_home", "edit", "filling", permission="see_names"),
        ),
    ),
    MenuGroup(
        "上报",
        (
            MenuEntry("报表", "returns", "list-details", "returns"),
            MenuEntry("简报", "briefing", "file-text", "briefing"),
        ),
    ),
)
