"""What an official does about a finding, in his words: where in the draft it is, and the next step. Ids as in docs/errors."""

from __future__ import annotations

from dataclasses import dataclass

from jiceng.base.refusals import Problem

PARTS = {
    "document.yaml": ("heading", "抬头"), "clauses.yaml": ("clauses", "条款"), "values.yaml": ("values", "数值"),
    "rules.py": ("rules", "规则"), "cases.yaml": ("cases", "算例"), "terms.yaml": ("text", "词表"), "pay.yaml": ("pay", "工资表"),
}  # fmt: skip
_DO = {
    "law.document": "打开“抬头”，按提示补上或改正；没有见到的日期写“未见”。",
    "law.clauses_shape": "打开“条款”，每条要有编号，每句要有摘要和处置。",
    "law.clause_twice": "打开“条款”，给其中一条换一个编号，或把两条并成一条。",
    "law.disposition": "打开这一条，给这一句选一种处置。",
    "law.no_reason": "打开这一条，写明这一句为什么不设规则，例如“没有可以判断的条件”。",
    "law.no_points": "这一句说由规则或数值体现，还没有指出是哪些：在“规则”或“数值”里添加时选这一句，或改处置。",
    "law.unknown_point": "这一句指出的规则或数值已经没有了：打开这一条，改选，或改处置。",
    "law.unknown_clause": "条款编号改过：打开这个数值或这条规则，改成现有的条款编号，或在“条款”里补上。",
    "law.no_date": "打开这个数值，写自哪天起是多少；原文没有写的，选“原文没有写”。",
    "law.value": "打开这个数值，核对数和单位；金额至多两位小数，比例至多六位。",
    "law.unit": "打开这个数值，单位改成提示里的那一个。",
    "law.range": "打开这个数值，先写最低，再写最高。",
    "law.table": "打开这张表，改正提示里的行名或列名；没有印的格子空着。",
    "law.bands": "打开这个分档，每行写自、至、结果，末档的“至”写“以上”。",
    "law.bands_overlap": "原文如此就不用改，落在重叠处的答案是“条文不明”；是抄错的就改。",
    "law.bands_gap": "原文如此就不用改，落在空处的答案是“无法回答”；是抄错的就改。",
    "law.untitled": "打开这个数值，写它的中文名。",
    "law.two_types": "全国一个名称只有一种写法：换一个名称，或把表的行、列、单位改成与别处相同。",
    "law.two_titles": "改成别处用的中文名，或换一个名称。",
    "law.two_units": "改成别处用的单位，或换一个名称。",
    "law.same_title": "两个名称的中文相同，算例里会分不清：给自己的换一个中文名。",
    "law.law_and_fact": "这个名称是台账里的事实，法规不能再定：换一个名称。",
    "law.defined_twice": "同一个名称既写成数值又写成规则：删去一个。",
    "law.unknown_name": "规则要用的东西还没有：在“规则”里添加它依据的那一条，或在“数值”里添加这个数。",
    "law.type_mismatch": "规则要的样子与数值不同：核对表的行和列是什么，或重新添加这条规则。",
    "law.circle": "几条规则互相等着对方：删去其中一条，或改写它要用的东西。",
    "law.outside": "超出上级规定：改这个数；上级文件已改的，请先换上级的文件夹。",
    "law.forbidden": "上级规定不得另定：删去这一项。",
    "law.about": "与上级的“约”数不同：是本地决定的就照用，请在说明里写明。",
    "law.unbounded": "上级有范围，这里由规则算出，系统核对不了：请用算例核对。",
    "law.same_name": "同一地方、同一天施行的两份文件都写了它：确定以哪份为准，另一份删去这一项。",
    "law.succeeds": "以后施行的为准；前一份文件应写失效日的，请补上。",
    "law.case": "打开这个算例，按提示改。",
    "law.no_case": "给这条规则补一个算例，最好写边上的那一天或那一级。",
    "law.pay": "打开“工资表”，按提示改。",
    "law.yaml": "在“文字”里看所指的那一行：缩进、冒号后的空格、引号是否成对。",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A finding as the page shows it: part of the draft and its words, the line, what is wrong, what to do."""

    problem: Problem
    part: str
    where: str
    do: str


def told(problem: Problem) -> Told:
    """The finding with its part and its next step."""
    file = problem.path.rpartition("/")[2]
    part, words = PARTS.get(file, ("", ""))
    line = f"第 {problem.line} 行" if problem.line else ""
    word = problem.id.partition(".")[0]
    do = _DO.get(problem.id) or ("在“规则”的“文字”里改这一行；不会写的，删去这条再从句式里添加。" if word == "rules" else "按提示改。")
    return Told(problem, part, "，".join(one for one in (words, line) if one) or "与别的文件夹", do)
