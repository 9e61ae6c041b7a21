"""A new policy folder to begin from: a document with one value, one rule and one worked case, which checks as it stands."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from jiceng.base.refusals import Refusal
from jiceng.places.tree import level_of

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


def new_folder(path: Path, *, title: str, short: str, jurisdiction: int, in_force: date, issuer: str = "") -> list[Path]:
    """Write the files of a new folder and give their paths.

    Shape   `path` ends in <jurisdiction>/<slug>, which becomes the document's id
    Errors  Refusal law.folder_exists if the folder has a document; law.folder_name if the id would not be plain letters
    """
    if not all(_SLUG.fullmatch(part) for part in path.resolve().parts[-2:]):
        do = "例如 cn-210504-mingshan/2026-pay"
        raise Refusal("law.folder_name", f"文件夹名“{'/'.join(path.parts[-2:])}”不能作编号", why="只用小写字母、数字和连字符", do=do)
    if (path / "document.yaml").exists():
        raise Refusal("law.folder_exists", f"“{path}”已经是一个文件夹", why="不覆盖已有的文件", do="请换一个名字")
    level_of(jurisdiction)
    path.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in _files(path.resolve().name, title, short, jurisdiction, in_force, issuer).items():
        (path / name).write_text(text, encoding="utf-8")
        written.append(path / name)
    return written


def _files(slug: str, title: str, short: str, jurisdiction: int, in_force: date, issuer: str) -> dict[str, str]:
    word = "sample_" + slug.replace("-", "_")
    return {
        "document.yaml": _DOCUMENT.format(
            title=_quoted(title), short=_quoted(short), issuer=_quoted(issuer), jurisdiction=jurisdiction, day=in_force
        ),
        "clauses.yaml": _CLAUSES.format(word=word),
        "values.yaml": _VALUES.format(word=word, day=in_force),
        "terms.yaml": _TERMS.format(word=word, monthly=_quoted(f"{short}每月津贴（样例）"), months=_quoted(f"{short}月数（样例）")),
        "rules.py": _RULES.format(word=word, title=title.replace('"', "”"), short=_quoted(f"{short}津贴合计（样例）")),
        "cases.yaml": _CASES.format(word=word, day=in_force),
    }


def _quoted(text: str) -> str:
    """Text as YAML and Python both read it."""
    return json.dumps(text, ensure_ascii=False)


_DOCUMENT = """\
# 文件的抬头。trust：official 官方文本、reprint 转载、unverified 未核实。没有核对过原件，就写 unverified。
title: {title}
short: {short}
number: ""
issuer: {issuer}
jurisdiction: "{jurisdiction}"
in_force: {day}
trust: unverified
sources: []
version: 1
example: 否
"""
_CLAUSES = """\
# 每条逐句写摘要（用自己的话）和处置：rule 规则、value 数值、thing 流程、duty 职责、none 不设（须写理由）。
- number: "1"
  title: 样例
  sentences:
    - digest: 每月发一笔津贴，按月数合计。
      disposition: rule
      points: [{word}_total, {word}_monthly]
"""
_VALUES = """\
# 名称: {{clause: 条, unit: 单位, 自哪天起: 是多少}}
{word}_monthly: {{clause: "1", unit: 元, {day}: 100}}
"""
_TERMS = """\
# 本文件新用的名称：中文名、类型、单位。asked 是计算时才给的事实。
names:
  {word}_monthly: {{name: {monthly}, type: Yuan, unit: 元}}
  {word}_months: {{name: {months}, type: int, unit: 个月, asked: true}}
"""
_RULES = '''\
"""{title}。"""

from jiceng.rules import Yuan, rule


@rule(clause="1", title={short})
def {word}_total({word}_monthly: Yuan, {word}_months: int) -> Yuan:
    """每月津贴乘月数。"""
    return {word}_monthly * {word}_months
'''
_CASES = """\
- 情形: 三个月
  日期: {day}
  已知: {{{word}_months: 3}}
  应得: {{{word}_total: 300}}
- 情形: 没有月数
  日期: {day}
  已知: {{}}
  应得: {{{word}_total: 缺事实}}
"""
