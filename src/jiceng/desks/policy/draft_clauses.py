"""Clauses of a draft: sentence by sentence in own words, what is done about each, and what carries it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jiceng.base.refusals import Refusal
from jiceng.desks.policy.draft_shared import Words, law_here, open_draft, page_of, save, say, take_out, words_of
from jiceng.law.drafting.pieces import NOT_DISPOSED, ClauseRow, SentenceRow, with_clause
from jiceng.law.model import DISPOSITIONS
from jiceng.rules.language import did_you_mean
from jiceng.runs.drafts import Opened
from jiceng.ui.pages import page

_EMPTY_ROWS = 2
_OPEN = ("open", "还没有定")
CHOICES = [_OPEN, *DISPOSITIONS.items()]


class ClauseForm(forms.Form):
    """A clause. Its sentences are rows beside it; `whole` takes a clause as one text."""

    number = forms.CharField(label="编号", max_length=20, help_text="照原文：3、第三条、附件；没有编号的用内容，如“工资”")
    title = forms.CharField(label="这一条说什么", max_length=60)
    whole = forms.CharField(
        label="几句一起写", required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="用自己的话，一行一句，或用句号分开；会接在下面各句之后",
    )  # fmt: skip

    def clean_number(self) -> str:
        text = str(self.cleaned_data["number"]).strip().strip('"')
        if re.search(r"[/?#\\\"]", text):
            raise forms.ValidationError("编号里不能有斜线、问号、引号")
        return text


@page("draft_law")
def clauses_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """The clauses; a POST takes one out."""
    found = open_draft(request, area, name)
    there = found.files.get("clauses.yaml", "")
    back, refusal = take_out(
        request, found, lambda at: {"clauses.yaml": with_clause(there, int(at), None)}, what="删条款", done="已删去这一条。", numbered=True
    )
    if back:
        return back
    words = words_of(found, law_here())
    rows = [(at, clause, [_shown(one, words) for one in clause.sentences]) for at, clause in enumerate(found.draft.clauses)]
    return page_of(request, "draft_clauses", found, rows=rows, refusal=refusal, status=422 if refusal else 200)


def _shown(row: SentenceRow, words: Words) -> tuple[SentenceRow, str, list[str]]:
    return row, "还没有定" if row.open else DISPOSITIONS.get(row.disposition, row.disposition), [words.title(one) for one in row.points]


@page("draft_law")
def clause_page(request: HttpRequest, area: str, name: str, at: int) -> HttpResponse:
    """One clause; a number past the last one begins a new one."""
    found = open_draft(request, area, name)
    clauses = found.draft.clauses
    held = clauses[at] if at < len(clauses) else None
    words = words_of(found, law_here())
    form = ClauseForm(request.POST or None, initial={"number": held.number, "title": held.title} if held else None)
    rows = _rows(held, words) if request.method == "GET" else _posted(request)
    if request.method == "POST" and form.is_valid():
        try:
            row = ClauseRow(form.cleaned_data["number"], form.cleaned_data["title"], _sentences(rows, form.cleaned_data["whole"], words))
            files: dict[str, str | None] = {"clauses.yaml": with_clause(found.files.get("clauses.yaml", ""), at, row)}
            files |= _renumbered(found, held, row)
            save(request, found, files, what=f"改第 {row.number} 条" if held else f"加第 {row.number} 条")
        except Refusal as refusal:
            say(form, refusal)
        else:
            messages.success(request, f"第 {row.number} 条已保存。")
            return redirect("draft_clauses", area, name) if not request.POST.get("more") else redirect("draft_clause", area, name, at + 1)
    blank = {"digest": "", "disposition": "open", "points": "", "reason": ""}
    context = {
        "form": form,
        "at": at,
        "held": held,
        "rows": [*rows, *[blank] * _EMPTY_ROWS],
        "choices": CHOICES,
        "known": _own(found, words),
    }
    return page_of(request, "draft_clause", found, status=422 if form.is_bound else 200, **context)


def _own(found: Opened, words: Words) -> list[str]:
    from jiceng.law.drafting.rules_text import marks_in

    return sorted({words.title(one) for one in (*marks_in(found.files.get("rules.py", "")), *(one.name for one in found.draft.values))})


def _rows(held: ClauseRow | None, words: Words) -> list[dict[str, str]]:
    return [
        {
            "digest": one.digest, "disposition": "open" if one.open else one.disposition,
            "points": "、".join(words.title(point) for point in one.points), "reason": "" if one.open else one.reason,
        }
        for one in (held.sentences if held else ())
    ]  # fmt: skip


def _posted(request: HttpRequest) -> list[dict[str, str]]:
    columns = {key: request.POST.getlist(key) for key in ("digest", "disposition", "points", "reason")}
    found = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=False)]
    return [row for row in found if row["digest"].strip()]


def _sentences(rows: list[dict[str, str]], whole: str, words: Words) -> tuple[SentenceRow, ...]:
    made = [_sentence(number, row, words) for number, row in enumerate(rows, 1)]
    more = [part.strip() for line in whole.splitlines() for part in re.split(r"(?<=。)", line)]
    made += [SentenceRow(digest, "none", (), NOT_DISPOSED) for digest in more if digest]
    if not made:
        raise Refusal("draft.no_sentences", "这一条还没有写一句", why="每条至少一句摘要", do="在“几句一起写”里一行写一句")
    return tuple(made)


def _sentence(number: int, row: dict[str, str], words: Words) -> SentenceRow:
    digest, disposition, reason = row["digest"].strip(), row["disposition"], row["reason"].strip()
    if disposition == "open":
        return SentenceRow(digest, "none", (), NOT_DISPOSED)
    if disposition not in DISPOSITIONS:
        raise Refusal("draft.option", f"第 {number} 句没有这一种处置", do="请重新选择")
    points = []
    for text in re.split(r"[、,，;；]\s*", row["points"]):
        if text.strip():
            name = words.name(text)
            if name is None:
                hint = did_you_mean(text.strip(), words.titles.values())
                do = "请写本草稿里规则或数值的中文名；还没有的，先到“规则”“数值”里添加"
                raise Refusal("draft.no_point", f"第 {number} 句：没有叫“{text.strip()}”的规则或数值{hint}", do=do)
            points.append(name)
    return SentenceRow(digest, disposition, tuple(dict.fromkeys(points)), reason)


def _renumbered(found: Opened, held: ClauseRow | None, row: ClauseRow) -> dict[str, str]:
    """A clause that takes another number takes its rules and values along."""
    if held is None or held.number == row.number:
        return {}
    import json

    old, new = (json.dumps(one.number, ensure_ascii=False) for one in (held, row))
    files: dict[str, Any] = {}
    if "rules.py" in found.files:
        files["rules.py"] = found.files["rules.py"].replace(f"clause={old}", f"clause={new}")
    if "values.yaml" in found.files:
        files["values.yaml"] = found.files["values.yaml"].replace(f"clause: {old}", f"clause: {new}")
    return files
