"""An empty policy folder with the questions it must answer."""

from __future__ import annotations

import re
from pathlib import Path

from jiceng.base.refusals import Refusal

_ID = re.compile(r"cn(-(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})-[a-z]+)?/\d{4}-[a-z0-9-]+")

_DOCUMENT = """\
title: {title}
short: {title}
issuer: 发文机关
jurisdiction: "{jurisdiction}"
in_force: {year}-01-01
trust: unverified
sources:
  - 原文从哪里得到
version: 1
"""
_CLAUSES = """\
# 逐条逐句写要点，用自己的话，不抄原文。disposition: rule 规则、value 数值、thing 流程、duty 职责、none 不设（写明 reason）。
- number: "1"
  title: 第一条讲什么
  sentences:
    - digest: 这一句的要点。
      disposition: none
      reason: 还没有做。
"""
_VALUES = """\
# 名称: {{clause: "条", unit: 单位, 施行日: 数}}。名称要在词表里；新名称写进本文件夹的 terms.yaml。例：
# workers_per_10k_residents: {{clause: "1", unit: 人, {year}-01-01: 20}}
"""


def new(root: Path, id: str, *, title: str) -> Path:
    """A new folder under `root`.

    Errors  Refusal law.new_id if the id is not place/year-name, law.new_exists if it is there
    """
    if not _ID.fullmatch(id):
        raise Refusal(
            "law.new_id", f"“{id}”不能作编号", why="编号是“地方/年份-名称”", do="如 cn-5133-ganzi/2027-example；全国的是 cn/2027-example"
        )
    folder = root / id
    if folder.exists():
        raise Refusal("law.new_exists", f"已有 {folder}", do="另取一个名称，或直接修改它")
    place, _, name = id.partition("/")
    parts = place.split("-")
    year = name[:4]
    folder.mkdir(parents=True)
    text = {"title": title or "文件题名", "jurisdiction": parts[1] if len(parts) > 1 else "0", "year": year}
    for file, template in (("document.yaml", _DOCUMENT), ("clauses.yaml", _CLAUSES), ("values.yaml", _VALUES)):
        (folder / file).write_text(template.format(**text), encoding="utf-8")
    return folder
