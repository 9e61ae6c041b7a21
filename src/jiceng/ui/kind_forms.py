"""Forms made from the registry of words: one field for each field of a kind of fact, in Chinese, with its type."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jiceng.base.dates import OPEN_END
from jiceng.base.quantities import MILLION, plain, scaled
from jiceng.base.refusals import Refusal
from jiceng.terms.registry import Field, Kind, Terms
from jiceng.ui.moment import day_asked


class DayField(forms.Field):
    """A day typed as 2024-05-01, 2024.5.1 or 2024年5月1日."""

    def __init__(self, **named: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"placeholder": "年-月-日", "inputmode": "numeric", "autocomplete": "off"}), **named)

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return day_asked(text, today=OPEN_END)
        except Refusal as refusal:
            raise ValidationError(f"{refusal.what}，请写成 2024-05-01") from refusal

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class WholeField(forms.IntegerField):
    """A whole number as people write it: 256,000, ２１０００."""

    default_error_messages = {"invalid": "请填整数，例如 256000"}

    def __init__(self, **named: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **named)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(",", "").strip()
        return super().to_python(value)


class ScaledField(forms.Field):
    """Money in yuan or a plain ratio, kept as an exact integer."""

    def __init__(self, *, scale: int, **named: Any) -> None:
        self.scale = scale
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **named)

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        number = scaled(text, self.scale)
        if number is None:
            raise ValidationError(f"“{text}”不是能用的数")
        return number

    def prepare_value(self, value: Any) -> Any:
        return plain(value * (MILLION // self.scale)).replace(",", "") if isinstance(value, int) else value


YES_NO = (("", "未记"), ("true", "是"), ("false", "否"))


def form_field(entry: Field, terms: Terms, *, unit: str = "") -> forms.Field:
    """The form field for one field of a kind; `unit` is said under a whole number."""
    named: dict[str, Any] = {"label": entry.name, "required": entry.required}
    if entry.type == "Date":
        return DayField(**named)
    if entry.type == "Yuan":
        return ScaledField(scale=100, help_text="元", **named)
    if entry.type == "Ratio":
        return ScaledField(scale=MILLION, **named)
    if entry.type == "int":
        return WholeField(help_text=unit, **named)
    if entry.type == "bool":
        return forms.ChoiceField(choices=YES_NO, **named)
    if entry.type in terms.codes:
        choices = [("", "未记"), *((item.id, item.name) for item in terms.codes[entry.type].items)]
        return forms.ChoiceField(choices=choices, **named)
    return forms.CharField(max_length=300, **named)


class FactForm(forms.Form):
    """One fact: its fields, its period, the basis and the reason."""

    def __init__(self, kind: Kind, terms: Terms, *args: Any, reveal: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        self.kind = kind
        event = kind.cardinality == "event"
        for entry in kind.fields.values():
            if entry.id not in kind.seal or reveal:
                self.fields[f"f_{entry.id}"] = form_field(entry, terms, unit=unit_of(kind, entry, terms))
        if kind.id == "complete":
            histories = [(one.id, one.name) for one in terms.kinds.values() if one.record]
            self.fields["f_kind"] = forms.ChoiceField(label="哪一种履历", choices=histories, help_text="确认从完整起始日起没有漏记的")
        self.fields["since"] = DayField(label="发生日期" if event else "自", required=True)
        if not event:
            self.fields["until"] = DayField(label="至（不含当天）", required=False, help_text="留空表示至今")
        self.fields["basis"] = forms.CharField(label="依据", max_length=300, help_text="文件、证明或本人申请的名称和文号")
        self.fields["why"] = forms.CharField(label="理由", max_length=300)

    @property
    def fact_fields(self) -> list[Any]:
        return [bound for bound in self if bound.name.startswith("f_")]

    @property
    def period_fields(self) -> list[Any]:
        return [bound for bound in self if bound.name in ("since", "until")]

    @property
    def act_fields(self) -> list[Any]:
        return [bound for bound in self if bound.name in ("basis", "why")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since >= until:
            self.add_error("until", "截止日期应晚于开始日期")
        return cleaned

    def fields_of(self, *, sealed: bool) -> dict[str, Any]:
        """What was typed, in the ledger's form; blank fields are left out."""
        found: dict[str, Any] = {}
        for entry in self.kind.fields.values():
            value = self.cleaned_data.get(f"f_{entry.id}")
            if (entry.id in self.kind.seal) != sealed or value in (None, ""):
                continue
            found[entry.id] = value.isoformat() if isinstance(value, date) else value == "true" if entry.type == "bool" else value
        return found


def initial_of(kind: Kind, fields: Mapping[str, Any], *, since: date, until: date) -> dict[str, Any]:
    """A fact as the form's first contents."""
    initial: dict[str, Any] = {"since": since, "until": None if until >= OPEN_END else until}
    for entry in kind.fields.values():
        value = fields.get(entry.id)
        initial[f"f_{entry.id}"] = ("true" if value else "false") if entry.type == "bool" and value is not None else value
    return initial


def value_shown(entry: Field, value: Any, terms: Terms) -> str:
    """A stored field as people read it."""
    if value is None or value == "":
        return "—"
    if entry.type in terms.codes:
        item = terms.codes[entry.type].by_id.get(str(value))
        return item.name if item else str(value)
    if entry.type == "bool":
        return "是" if value else "否"
    if entry.type == "Ratio":
        return plain(int(value))
    if entry.type == "Yuan":
        return f"{int(value) // 100:,}.{int(value) % 100:02d} 元"
    return str(value)


def unit_of(kind: Kind, entry: Field, terms: Terms) -> str:
    """The unit of a field, where rules ask for it under a name that has one."""
    return next((name.unit or "" for name in terms.names.values() if name.fact == (kind.id, entry.id)), "")


def with_unit(kind: Kind, entry: Field, value: Any, terms: Terms) -> str:
    """A stored field with the unit the registry gives the name that rules ask for it under: 256,000 人."""
    unit = unit_of(kind, entry, terms)
    if entry.type == "int" and unit:
        return f"{int(value):,} {unit}"
    if entry.type == "text" and kind.id == "complete" and str(value) in terms.kinds:
        return terms.kinds[str(value)].name
    return value_shown(entry, value, terms)


def fact_text(kind: Kind, fields: Mapping[str, Any], terms: Terms) -> str:
    """A fact on one line: 岗位 网格员，人员类别 社区专职工作人员."""
    shown = [
        f"{entry.name} {with_unit(kind, entry, fields[entry.id], terms)}"
        for entry in kind.fields.values()
        if entry.id not in kind.seal and fields.get(entry.id) not in (None, "")
    ]
    return "，".join(shown) or ("（密封）" if kind.seal else "（无内容）")
