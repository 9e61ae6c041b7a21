"""The page kit's tags: icons, dates, citation marks, answer cards. They place answers; they never work any out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jiceng.access.masking import mask_account, mask_id, mask_phone
from jiceng.base.dates import OPEN_END, chinese_date
from jiceng.base.quantities import plain, yuan_text
from jiceng.ledger.ids import entry_name
from jiceng.places import tree
from jiceng.runs.law import installed_law
from jiceng.ui.kind_forms import fact_text
from jiceng.ui.moment import ZONE

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the sprite; with a label it speaks to screen readers, else it is decoration."""
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, static(SPRITE), name)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static(SPRITE), name)


SPRITE = "vendor/icons/icons.svg"


@register.filter
def day(value: date | str | None) -> str:
    """2024年5月1日; an open end reads 至今, nothing reads —."""
    if value in (None, ""):
        return "—"
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    if isinstance(value, datetime):
        value = value.astimezone(ZONE).date()
    return "至今" if value >= OPEN_END else chinese_date(value)


@register.filter
def iso(value: date | None) -> str:
    """2024-05-01, for tables; an open end reads 至今."""
    return "—" if value is None else "至今" if value >= OPEN_END else value.isoformat()


@register.filter
def instant(value: datetime | str | None) -> str:
    """2024-05-01 09:30, local time."""
    if not value:
        return "—"
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}"


@register.filter
def brief(card: Mapping[str, Any]) -> str:
    """An answer's text where there is little room: a long fraction keeps two places and says ≈; the card has it whole."""
    text = str(card["text"])
    number, space, unit = text.partition(" ")
    part = number.partition(".")[2]
    if len(part) <= 2 or not isinstance(card["value"], int):
        return text
    return f"≈{plain(round(card['value'], -4))}{space}{unit}"


@register.filter
def entry_words(number: int) -> str:
    """账簿 3 第 12 号."""
    return entry_name(int(number))


@register.filter
def thousands(value: int | str | None) -> str:
    """12,345; nothing reads —, also the "" that a template makes of a key that is not there."""
    return "—" if value in (None, "") else f"{value:,}"


@register.filter
def yuan(fen: int | None) -> str:
    """340000 → 3,400.00 元; nothing reads —."""
    return "—" if fen in (None, "") else yuan_text(int(fen))  # type: ignore[arg-type]


@register.filter
def money(fen: int | None) -> str:
    """340000 → 3,400.00, for columns that say the unit in their heading; nothing reads —."""
    return "—" if fen in (None, "") else yuan_text(int(fen)).removesuffix(" 元").replace("-", "−")  # type: ignore[arg-type]


@register.filter
def difference(fen: int | None) -> str:
    """The same with its sign: +200.00, −200.00."""
    return f"+{money(fen)}" if isinstance(fen, int) and fen > 0 else money(fen)


@register.filter
def item(value: Mapping[Any, Any] | None, key: Any) -> Any:
    """The mapping's value under a key held in a variable."""
    return (value or {}).get(key)


@register.simple_tag(takes_context=True)
def address(context: template.Context, **changes: Any) -> str:
    """This page's query with some values changed; blank ones are dropped."""
    query: QueryDict = context["request"].GET.copy()
    for key in ("on", "known", "panel"):
        query.pop(key, None)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = value
    return "?" + query.urlencode()


@register.inclusion_tag("ui/answer.html")
def answer(card: Mapping[str, Any], href: str) -> dict[str, Any]:
    """An answer on one line, opening its card."""
    return {"card": card, "href": href}


@register.inclusion_tag("ui/cite.html")
def cite(clause: Mapping[str, Any] | None, href: str = "") -> dict[str, Any]:
    """A citation mark 〔意见·8〕; without an own address it opens the clause on the law page."""
    return {"clause": clause, "href": href}


@register.inclusion_tag("ui/card.html")
def card(step: Mapping[str, Any], open: bool = False) -> dict[str, Any]:
    """The whole answer card."""
    return {"card": step, "open": open}


@register.inclusion_tag("ui/field.html")
def field(bound: Any, wide: bool = False) -> dict[str, Any]:
    """A form field with label, help and error, tied together for screen readers."""
    return {"field": bound, "wide": wide}


@register.inclusion_tag("ui/bar.html")
def bar(share: float | None) -> dict[str, Any]:
    """A bar of a share between 0 and 1 (more is shown full)."""
    part = 0 if share is None else max(0.0, min(share, 1.0))
    return {"width": round(part * 100, 1), "over": share is not None and share > 1}


@register.filter
def words(fact: Any) -> str:
    """A fact of an entry on one line, from the registry's words."""
    return fact_text(fact.kind, fact.fields, installed_law().terms) if fact.kind else "（种类已不在词表）"


@register.simple_tag
def period(fact: Any) -> str:
    """2021-05-01 起; 2021-05-01 至 2023-02-01; the day alone for an event."""
    since = fact.since.isoformat()
    if fact.kind is not None and fact.kind.cardinality == "event":
        return since
    return f"{since} 起" if fact.until >= OPEN_END else f"{since} 至 {fact.until.isoformat()}"


@register.filter
def masked(samples: Sequence[str], column: Any) -> list[str]:
    """Sample cells of a column; those of personal numbers are masked, the page needs only their form."""
    mask = {"id_number": mask_id, "phone": mask_phone, "bank_account": mask_account}.get(column.id) if column is not None else None
    return [mask(text) for text in samples] if mask else list(samples)


@register.simple_tag
def about(fact: Any, people: Mapping[int, str], places: Mapping[int, str]) -> SafeString | str:
    """Whom a fact is about, as a link: a worker, a place or a document."""
    if fact.subject >= tree.subject_of(0, tree.Level.nation):
        code = tree.code_of(fact.subject)
        return format_html('<a href="{}">{}</a>', reverse("place", args=[code]), places.get(code, str(code)))
    if fact.subject >= 1 << 61:
        return str(fact.fields.get("document", "文件"))
    return format_html('<a href="{}">{}</a>', reverse("roster_worker", args=[fact.subject]), people.get(fact.subject, "（不在名册）"))
