"""A draft on the desk: the invented scheme as a county would change it from next year on."""

from __future__ import annotations

import shutil
from datetime import date, datetime

from jiceng.law.drafting import begun, folders
from jiceng.law.drafting.blocks import scalar, with_entry
from jiceng.law.folding import folder_hash
from jiceng.runs.drafts import drafts_root
from jiceng.runs.law import installed_law

SOURCE = "cn-5133-ganzi/2026-demo"
_POSTS = (("正职: 2600", "正职: 2800"), ("副职: 2300", "副职: 2450"), ("一般: 2000", "一般: 2150"))


def drafted(place: int, *, name: str, actor: str, now: datetime) -> str:
    """Write the draft and one change of it; gives its id."""
    since = date(now.year + 1, 1, 1)
    source = installed_law().document(SOURCE)
    files = folders.contents(source.folder)
    said = {
        "title": scalar(f"示例：{name}社区工作者薪酬办法（草稿）"), "short": f"示例·{name}", "jurisdiction": f'"{place}"',
        "in_force": since.isoformat(), "dated": "未见", "published": "未见",
    }  # fmt: skip
    for key, text in said.items():
        files["document.yaml"] = with_entry(files["document.yaml"], key, f"{key}: {text}\n", name="document.yaml")
    files["values.yaml"] = files["values.yaml"].replace("2026-01-01", since.isoformat())
    files["cases.yaml"] = ""
    own = {key: text for key, text in files.items() if text}
    id = f"cn-{place}/{since.year}-pay"
    shutil.rmtree(drafts_root() / id, ignore_errors=True)  # left behind by a demo that was built here before and broken off
    folder = begun(id, own, root=drafts_root(), by=actor, at=now, what=f"由 {SOURCE} 复制")
    values = own["values.yaml"]
    for before, after in _POSTS:
        values = values.replace(before, after)
    folders.changed(folder, {"values.yaml": values}, seen=folder_hash(folder), by=actor, at=now, what="改数值“岗位工资”")
    return f"cn-{place}/{since.year}-pay"
