"""The office desk in the menu."""

from __future__ import annotations

from jiceng.ui.menus import MenuEntry, MenuGroup

MENU = (
    MenuGroup("依据", (MenuEntry("法规", "law", "book", "law"), MenuEntry("台账记载", "entries", "list-details", "entries"))),
    MenuGroup(
        "管理",
        (
            MenuEntry("账号与授权", "accounts", "user-cog", "accounts", permission="accounts"),
            MenuEntry("接口令牌", "tokens", "key", "tokens", permission="accounts"),
            MenuEntry("查看记录", "reveals", "eye", "reveals", permission="accounts"),
        ),
    ),
)
