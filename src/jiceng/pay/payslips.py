"""Payslips from a locked sheet: every line with its clause, earlier months' corrections with their causes, the sum in capitals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jiceng.base.capitals import capital_yuan
from jiceng.base.refusals import Refusal
from jiceng.documents.pdf import write_pdf
from jiceng.documents.stamp import instant
from jiceng.law.bounds import cite
from jiceng.law.load import Law
from jiceng.law.payform import GROUPS
from jiceng.pay.models import PaySheet
from jiceng.pay.shapes import Row
from jiceng.pay.shown import Key, Payee, Person, Shown, outside, signed, yuan
from jiceng.pay.stays import month_name

HEADS = ("项目", "金额（元）", "依据", "说明")


def payslips(
    kept: PaySheet, shown: Shown, some: Sequence[Payee], people: Mapping[Key, Person], *, place: str, law: Law, per: int, made: datetime
) -> bytes:  # fmt: skip
    """One slip a person as PDF, one a page or two with a line to cut along (`per`).

    Errors  Refusal pay.not_locked; documents.no_font
    """
    if kept.state != PaySheet.State.locked:
        raise Refusal("pay.not_locked", "只有锁定的工资表才有工资条", why=f"这张表现在是“{kept.get_state_display()}”", do="请先审批、锁定")
    due = [one for one in some if one.changes or (one.row is not None and not outside(one.row))]
    slips = [slip(kept, shown, one, people[one.key], place=place, law=law) for one in due]
    return write_pdf("payslips", {"slips": slips, "heads": HEADS, "per": per, "title": f"{place}工资条"}, made=made)


def slip(kept: PaySheet, shown: Shown, one: Payee, who: Person, *, place: str, law: Law) -> dict[str, Any]:
    """What stands on one slip, everything as text."""
    sheet, row = shown.sheet, one.row
    groups = _groups(shown, row, law) if row is not None and not row.left_out else []
    if one.changes:
        groups.append(_arrears(one))
    payable = one.payable or 0
    words = f"实发合计：{yuan(payable)} 元（{capital_yuan(payable)}）" if payable >= 0 else f"应收回：{yuan(-payable)} 元（另行办理）"
    pairs = [
        ("姓名", who.name),
        ("单位", who.place),
        ("岗位", who.post or "—"),
        ("等级", who.grade or "—"),
        ("月份", month_name(sheet.month)),
    ]
    if row is not None and row.day != sheet.on:
        pairs.append(("计算到", f"{row.day:%Y-%m-%d}（最后在岗日）"))
    foot = []
    if row is not None and row.left_out:
        foot.append(f"本月不列入：{row.left_out}")
    if sheet.assumptions:
        foot.append("文件没有写明的地方怎样理解，附在工资表后面，可以要求查看。")
    foot.append(f"出自 {instant(kept.changed)} 锁定的工资表，摘要 {kept.hash[:16]}…。对数字有疑问的，可要求经办的人逐项打开依据和事实。")
    return {"title": f"{place}工资条（{month_name(sheet.month)}）", "pairs": pairs, "groups": groups, "net": words, "foot": foot}


def _groups(shown: Shown, row: Row, law: Law) -> list[dict[str, Any]]:
    form = shown.sheet.form
    definitions = law.regime(row.place, row.day).definitions
    totals = {"gross": ("gross", row.gross), "deduction": ("deductions", row.deductions), "employer": ("employer", row.employer)}
    found = []
    for group, (total, fen) in totals.items():
        rows = []
        for cell in shown.cells(row):
            if cell.line.group != group or (cell.fen is None and cell.kind == "not_applicable"):
                continue
            definition = definitions.get(cell.line.rule)
            mark = cite(definition.document, definition.clause) if definition else ""
            rows.append({"title": cell.line.title, "amount": cell.text, "mark": mark, "note": ""})
        if rows:
            title = GROUPS[group] if group != "employer" else f"{GROUPS[group]}（不从本人工资里扣）"
            found.append({"title": title, "rows": rows, "total": yuan(fen or 0), "total-title": form.totals[total]})
    return found


def _arrears(one: Payee) -> dict[str, Any]:
    rows = []
    for change in one.changes:
        fen = change.employer if change.group == "employer" else change.net
        note = "；".join(cause.words for cause in change.causes)[:120]
        rows.append({"title": f"{month_name(change.month)} {change.title}", "amount": signed(fen), "mark": "", "note": note})
    return {"title": "以前月份补发补扣", "rows": rows, "total": signed(one.arrears), "total-title": "补发补扣合计"}
