"""Values of a draft: a number, a table pasted from Excel with faults shown in their cells, bands; or left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jiceng.answers.printing import value_text
from jiceng.base.refusals import Refusal
from jiceng.desks.policy.draft_rules import above
from jiceng.desks.policy.draft_shared import law_here, open_draft, page_of, save, say, sentence_at, sentence_choices, take_out, words_of
from jiceng.law.drafting.pasted import CellError, Pasted, bands_from, table_from
from jiceng.law.drafting.pieces import ValueRow, with_points, with_value, without_point
from jiceng.law.layers import Law
from jiceng.law.scalars import scalar, type_of_unit
from jiceng.rules.types import TypeRef
from jiceng.runs.drafts import Opened, in_force_day
from jiceng.ui.kind_forms import DayField
from jiceng.ui.pages import moment_in, page

SHAPES = (("number", "一个数"), ("table", "一张表（从 Excel 贴）"), ("bands", "分档"))
KINDS = (
    ("value", "原文写明"), ("delegate", "原文没有写，先空着"), ("reading", "原文没有写，先按一种读法"), ("floor", "下级不得低于"),
    ("cap", "下级不得高于"), ("range", "下级在范围内定"), ("about", "约数"),
)  # fmt: skip
UNITS = ("元", "比", "倍", "级", "年", "月", "个月", "天", "人", "户", "档", "次", "是否", "日期")


class ValueForm(forms.Form):
    """One value on one day."""

    title = forms.CharField(label="叫什么", max_length=60, help_text="先看下面有没有现成的名称；现成的会自动用同一个标识和单位")
    sentence = forms.ChoiceField(label="依据哪一句", required=False)
    shape = forms.ChoiceField(label="样子", choices=SHAPES, initial="number")
    kind = forms.ChoiceField(label="怎样写的", choices=KINDS, initial="value")
    unit = forms.ChoiceField(label="单位", required=False)
    since = DayField(label="自哪天起", help_text="数额变了就加一个日期，不改旧的")
    down = forms.ChoiceField(label="表的行是", required=False)
    across = forms.ChoiceField(label="表的列是", required=False)
    content = forms.CharField(
        label="内容", required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "wrap": "off", "class": "code-box"}),
        help_text="一个数如 3400、20%、四舍五入；表从 Excel 连同行名列名复制来；分档一行一档：自、至、结果；范围写两行：最低、最高",
    )  # fmt: skip
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, *args: Any, law: Law, sentences: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        codes = [(key, one.name) for key, one in law.terms.codes.items()]
        units = [("", "（按现成的名称）"), *((one, one) for one in UNITS), *((key, f"{words}（代码表）") for key, words in codes)]
        axes = [("", "（自动认）"), ("int", "等级、档次、年数、月份"), *codes]
        offered = {"sentence": [("", "（不指明）"), *sentences], "unit": units, "down": axes, "across": axes}
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Read:
    """What the form's content came to: the value, or the table with faults in its cells."""

    row: ValueRow | None
    pasted: Pasted | None = None
    errors: tuple[CellError, ...] = ()


@page("draft_law")
def values_page(request: HttpRequest, area: str, name: str) -> HttpResponse:
    """The values; a POST takes one out."""
    found, law = open_draft(request, area, name), law_here()

    def without(name: str) -> dict[str, str]:
        values = with_value(found.files.get("values.yaml", ""), None, name=name)
        return {"values.yaml": values, "clauses.yaml": without_point(found.files.get("clauses.yaml", ""), name)}

    back, refusal = take_out(request, found, without, what="删数值 {}", done="已删去这个数值。")
    if back:
        return back
    words = words_of(found, law)
    wider = above(found, law)
    rows = [(one, words.title(one.name), _texts(one, law), one.name in wider) for one in found.draft.values]
    return page_of(request, "draft_values", found, rows=rows, refusal=refusal, status=422 if refusal else 200)


def _texts(row: ValueRow, law: Law) -> list[tuple[str, Any]]:
    """What a value says on each of its days: text, or rows of cells."""
    if not row.by_date:
        return [("", f"原文没有写，先按“{row.reading}”" if row.reading else "原文没有写")]
    return [
        (
            day,
            _grid(raw)
            if isinstance(raw, Mapping)
            else _bands_text(raw)
            if isinstance(raw, list)
            else f"{raw} {_shown_unit(row, law)}".strip(),
        )
        for day, raw in row.by_date
    ]


def _shown_unit(row: ValueRow, law: Law) -> str:
    unit = row.unit or law.units.get(row.name, "")
    return "" if unit in law.terms.codes or unit in ("比", "是否", "日期") else unit


def _bands_text(raw: list[Any]) -> list[list[str]]:
    return [[str(cell) for cell in row] if isinstance(row, list) else [str(row)] for row in raw]


def _grid(raw: Mapping[str, Any]) -> list[list[str]]:
    """A table as rows of cells, with its names."""
    if not any(isinstance(one, Mapping) for one in raw.values()):
        return [[str(key), str(one)] for key, one in raw.items()]
    columns = list(dict.fromkeys(str(key) for one in raw.values() if isinstance(one, Mapping) for key in one))
    body = [[str(key), *(str(one.get(column, "")) if isinstance(one, Mapping) else "" for column in columns)] for key, one in raw.items()]
    return [["", *columns], *body]


@page("draft_law")
def value_page(request: HttpRequest, area: str, name: str, value: str) -> HttpResponse:
    """One value; `new` begins one."""
    found, law = open_draft(request, area, name), law_here()
    held = next((one for one in found.draft.values if one.name == value), None)
    if held is None and value != "new":
        raise Refusal("draft.no_value", f"草稿里没有“{value}”这个数值", do="请从“数值”里打开")
    words = words_of(found, law)
    initial = _initial(request, found, held, words.title(held.name) if held else "", law)
    form = ValueForm(request.POST or None, law=law, sentences=sentence_choices(found.draft), initial=initial)
    read = Read(None)
    if request.method == "POST" and form.is_valid():
        try:
            read = _read(form, found, held, law)
            if read.row is not None:
                _save(request, found, form, read.row, held, law)
                messages.success(request, f"“{words.title(read.row.name) if held else form.cleaned_data['title']}”已保存。")
                return redirect("draft_values", area, name)
        except Refusal as refusal:
            say(form, refusal, "content" if refusal.id.startswith(("draft.table_", "draft.value")) else None)
    grid = _shown_grid(read)
    context = {"form": form, "held": held, "grid": grid, "errors": read.errors, "known": _known_titles(law), "value": value}
    return page_of(request, "draft_value", found, status=422 if form.is_bound else 200, **context)


def _known_titles(law: Law) -> list[str]:
    """Names of values in use, for the list beside the field."""
    values = {one.name for document in law.documents for one in document.values}
    values |= {name for name, term in law.terms.names.items() if term.is_value}
    return sorted({law.titles[name] for name in values if name in law.titles})


def _shown_grid(read: Read) -> list[list[tuple[str, str]]]:
    """The pasted cells with what is wrong in each."""
    if read.pasted is None:
        return []
    wrong = read.pasted.wrong_at()
    return [
        [
            (cell, f"{wrong[row, column].message}{_near(wrong[row, column])}" if (row, column) in wrong else "")
            for column, cell in enumerate(cells, 1)
        ]
        for row, cells in enumerate(read.pasted.grid, 1)
    ]


def _near(error: CellError) -> str:
    return f"，是否是：{'、'.join(error.near)}" if error.near else ""


def _initial(request: HttpRequest, found: Opened, held: ValueRow | None, title: str, law: Law) -> dict[str, Any]:
    day = in_force_day(found) or moment_in(request).on
    if held is None:
        return {"since": day, "title": request.GET.get("title", "")}
    unit = held.unit or law.units.get(held.name, "")
    type = law.types.get(held.name)
    axes = held.axes or (tuple(one.name for one in type.parameters[:-1]) if type and type.name == "Table" else ())
    told: dict[str, Any] = {"title": title, "unit": unit, "note": held.note, "since": day, "kind": held.kind or "value"}
    told["shape"] = "table" if axes else "bands" if held.kind == "bands" else "number"
    if held.kind == "bands":
        told["kind"] = "value"
    if held.kind == "delegate":
        told |= {"kind": "reading" if held.reading else "delegate", "content": held.reading}
        told |= {"kind": "value", "note": ""} if request.GET.get("set") else {}
    told |= {"down": axes[0] if axes else "", "across": axes[1] if len(axes) > 1 else ""}
    for since, raw in held.by_date:
        told |= {"since": since, "content": _as_text(raw)}
    here = [key for key, clause in enumerate(found.draft.clauses) if clause.number == held.clause]
    told["sentence"] = next(
        (f"{at}:{place}" for at in here for place, one in enumerate(found.draft.clauses[at].sentences) if held.name in one.points), ""
    )
    return told


def _as_text(raw: Any) -> str:
    if isinstance(raw, Mapping):
        return "\n".join("\t".join(row) for row in _grid(raw))
    if isinstance(raw, list):
        return "\n".join("\t".join(map(str, row)) if isinstance(row, list) else str(row) for row in raw)
    return str(raw)


def _read(form: ValueForm, found: Opened, held: ValueRow | None, law: Law) -> Read:
    """The value that the form says.

    Errors  Refusal draft.value, draft.unit, draft.table_*, draft.no_sentence
    """
    given = form.cleaned_data
    name = held.name if held else _name_for(given["title"], found, law)
    known = law.types.get(name)
    unit = (held.unit if held else "") or given["unit"] or law.units.get(name, "") or _unit_of(known, law)
    clause = _clause(given["sentence"], found, held)
    kind = given["kind"]
    axes = _axes(given, known, held)
    before = ValueRow(name, held.title if held else given["title"], clause, unit, "", axes, held.by_date if held else (), "", given["note"])
    if kind == "delegate":
        return Read(replace(before, kind="delegate", by_date=()))
    if kind == "reading":
        return Read(replace(before, kind="delegate", by_date=(), reading=_number(given["content"], unit, law, name)))
    day = given["since"].isoformat()
    shape = {"Table": "table", "Bands": "bands"}.get(known.name if known else "", "table" if axes else given["shape"])
    own_kind = "" if kind == "value" else kind
    if shape == "table":
        pasted = table_from(given["content"], unit=unit, terms=law.terms, axes=axes)
        if pasted.errors:
            form.add_error("content", f"表里有 {len(pasted.errors)} 格要改，见上面标红的格子")
            return Read(None, pasted, pasted.errors)
        return Read(_on(replace(before, kind=own_kind, axes=pasted.axes), day, pasted.raw), pasted)
    if shape == "bands":
        bands, errors = bands_from(given["content"], unit=unit, terms=law.terms)
        if errors:
            form.add_error("content", "；".join(str(one) for one in errors))
            return Read(None, None, errors)
        return Read(_on(replace(before, kind="bands", axes=()), day, bands))
    if kind == "range":
        ends = [_number(line, unit, law, name) for line in given["content"].split("\n") if line.strip()]
        if len(ends) != 2:
            raise Refusal("draft.value", "范围要写两行：最低、最高", do="例如第一行 0.8，第二行 1.2")
        return Read(_on(replace(before, kind="range", axes=()), day, ends))
    return Read(_on(replace(before, kind=own_kind, axes=()), day, _number(given["content"], unit, law, name)))


def _on(row: ValueRow, day: str, content: Any) -> ValueRow:
    """The value with what it says from a day on; its other days stay."""
    return replace(row, by_date=tuple(sorted({**dict(row.by_date), day: content}.items())))


def _axes(given: Mapping[str, Any], known: TypeRef | None, held: ValueRow | None) -> tuple[str, ...]:
    if known and known.name == "Table":
        return tuple(one.name for one in known.parameters[:-1])
    if held and held.axes:
        return held.axes
    return tuple(one for one in (given["down"], given["across"]) if one)


def _name_for(title: str, found: Opened, law: Law) -> str:
    """The identifier of a title: a known one, or the next of this place."""
    words = words_of(found, law)
    known = words.name(title)
    if known is not None:
        term = law.terms.names.get(known)
        if term is not None and not term.is_value:
            raise Refusal("draft.fact", f"“{title}”是台账里的事实，不是文件定的数", do="请换一个名称，例如在后面加“标准”")
        if any(one.name == known for one in found.draft.values):
            raise Refusal("draft.value_twice", f"“{title}”已经有了", do="请从“数值”里打开它，加一个日期")
        return known
    stem = f"value_{found.place or 'cn'}_"
    taken = {*law.titles, *(one.name for one in found.draft.values)}
    return next(name for number in range(1, 1000) if (name := f"{stem}{number}") not in taken)


def _unit_of(type: TypeRef | None, law: Law) -> str:
    cell = type.parameters[-1] if type and type.parameters else type
    if cell is None:
        return ""
    return cell.name if cell.name in law.terms.codes else {"Yuan": "元", "Ratio": "比", "Date": "日期", "bool": "是否"}.get(cell.name, "")


def _clause(chosen: str, found: Opened, held: ValueRow | None) -> str:
    if chosen:
        return found.draft.clauses[sentence_at(found.draft, chosen)[0]].number
    if held:
        return held.clause
    return found.draft.clauses[0].number if found.draft.clauses else "1"


def _number(text: str, unit: str, law: Law, name: str) -> str:
    """A single figure as values.yaml wants it."""
    bare = text.strip().replace(",", "").replace("，", "").removeprefix("¥").removeprefix("￥").strip()
    if not unit:
        raise Refusal("draft.unit", "还没有选单位", why="金额、比例、年数的写法不同", do="请选单位；取整方式、岗位这些从代码表里选")
    type = law.types.get(name) or type_of_unit(unit, law.terms)
    type = type if type.name not in ("Table", "Bands") else type_of_unit(unit, law.terms)
    number = scalar(bare, type, unit=unit, terms=law.terms)
    if number is None:
        wanted = f"可写：{'、'.join(one.name for one in law.terms.codes[type.name].items[:12])}" if type.name in law.terms.codes else ""
        raise Refusal("draft.value", f"“{text.strip() or '（空）'}”不能读成单位是“{unit}”的数", do=wanted or "例如 3400、20%、1.05、5")
    value_text(number, type, unit, law.terms)
    return bare


def _save(request: HttpRequest, found: Opened, form: ValueForm, row: ValueRow, held: ValueRow | None, law: Law) -> None:
    term = law.terms.names.get(row.name)
    row = replace(row, unit="" if term and term.unit == row.unit and row.unit else row.unit)
    files: dict[str, str | None] = {"values.yaml": with_value(found.files.get("values.yaml", ""), row, titled=term is None)}
    if form.cleaned_data["sentence"]:
        at = sentence_at(found.draft, form.cleaned_data["sentence"])
        files["clauses.yaml"] = with_points(found.files.get("clauses.yaml", ""), at, [row.name], disposition="value")
    save(request, found, files, what=f"{'改' if held else '加'}数值“{row.title or law.titles.get(row.name, row.name)}”")
