"""The form of an act for many workers, and the changes it means for each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms

from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.ledger.reading import FactRow
from jiceng.runs.binding import serving
from jiceng.runs.commit import Change, Correct, Record
from jiceng.terms.registry import Kind, Terms
from jiceng.ui.kind_forms import FactForm, form_field, unit_of

EACH = {"assessment": ("result",), "contract": ("ends",), "grading": ("grade",), "training": ("hours",)}
"""Fields that may differ from worker to worker, by kind of fact."""
EACH_MOST = 60
"""Up to so many workers are listed one by one in the form; more take what is said for all, or come by the import."""
IN_SERVICE = frozenset(
    {
        "training",
        "assessment",
        "honour",
        "discipline",
        "leave",
        "departure",
        "appointment",
        "contract",
        "probation",
        "secondment",
        "grading",
    }
)
"""Kinds that are recorded only about somebody in service on that day."""
OWN = "own"


def bulk_kinds(terms: Terms) -> list[Kind]:
    """Kinds of fact that can be recorded for many: those about workers without sealed fields, in the order of the registry."""
    barred = ("erasure", "birth", "sex")
    kinds = [kind for kind in terms.kinds.values() if kind.of == "worker" and not kind.seal and kind.id not in barred]
    return sorted(kinds, key=lambda kind: kind.number)


@dataclass(frozen=True)
class Ask:
    """What is asked for all. `each`: worker → fields that differ; `place` 0: where each of them stands."""

    kind: str
    since: date
    until: date | None
    fields: Mapping[str, Any]
    each: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    place: int = 0
    basis: str = ""
    why: str = ""


class BulkForm(FactForm):
    """A fact form for many: what stands in force already may stay as each has it, so only the fields of the key must be filled."""

    def __init__(self, kind: Kind, terms: Terms, *args: Any, each: bool, places: Sequence[tuple[str, Any]] = (), **named: Any) -> None:
        super().__init__(kind, terms, *args, **named)
        if kind.cardinality != "event":
            for name in kind.open_fields:
                bound = self.fields[f"f_{name}"]
                if name not in kind.key:
                    bound.required, bound.help_text = False, "留空：照各人现在登记的"
        if kind.placed:
            self.fields["place"] = forms.ChoiceField(label="地方", choices=[(OWN, "各人现在的地方"), *places], initial=OWN)
            self.order_fields(["place"])
        for name in EACH.get(kind.id, ()):
            # Said for all or for each: whoever has neither is refused by the ledger, by name.
            self.fields[f"f_{name}"].required = False
            self.fields[f"f_{name}"].help_text = "与此不同的人，在下面逐人填" if each else "各人不同的，请用表格导入，或分批选人"

    def ask(self, each: Mapping[int, Mapping[str, Any]]) -> Ask:
        """What was filled in, in the ledger's form."""
        given = self.cleaned_data
        place = given.get("place", OWN)
        return Ask(
            self.kind.id, given["since"], given.get("until"), self.fields_of(sealed=False), each, 0 if place == OWN else int(place),
            given["basis"], given["why"],
        )  # fmt: skip


class EachForm(forms.Form):
    """The fields that may differ, for one worker."""

    def __init__(self, kind: Kind, terms: Terms, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name in EACH[kind.id]:
            entry = kind.fields[name]
            self.fields[name] = form_field(entry, terms, unit=unit_of(kind, entry, terms))
            self.fields[name].required, self.fields[name].help_text = False, ""
            if isinstance(self.fields[name], forms.ChoiceField):
                self.fields[name].choices = [("", "同上"), *self.fields[name].choices[1:]]

    def given(self) -> dict[str, Any]:
        """The fields that were filled, in the ledger's form."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}


def changes_for(subject: int, ask: Ask, held: Iterable[FactRow], *, place: int, kind: Kind) -> list[Change]:
    """What the act means for one worker standing at a place, from what is believed about them.

    Errors  Refusal bulk.not_serving
    """
    told = list(held)
    now = serving([f for f in told if f.kind == "appointment"], [f for f in told if f.kind == "departure"], ask.since)
    if now is None and kind.id in IN_SERVICE:
        raise Refusal(
            "bulk.not_serving",
            f"{ask.since.isoformat()} 不在册",
            why="当日没有任职，或已离任",
            do="请核对日期；确需补记的，从人员页逐人登记",
        )
    given = {**ask.fields, **ask.each.get(subject, {})}
    if kind.cardinality == "event":
        return [Record(subject, kind.id, ask.since, None, given)]
    at = (ask.place or (now.place if now else 0) or place) if kind.placed else None
    if kind.id == "appointment":
        return _appointed(subject, ask, given, now, at)
    mine = [fact for fact in told if fact.kind == kind.id and fact.since <= ask.since < fact.until and _same_key(fact, given, at, kind)]
    kept = max(mine, key=lambda fact: fact.since, default=None)
    return [Record(subject, kind.id, ask.since, ask.until, {**(kept.data if kept else {}), **given}, place=at)]


def _same_key(fact: FactRow, given: Mapping[str, Any], place: int | None, kind: Kind) -> bool:
    return all(fact.place == place if key == "place" and kind.placed else fact.data.get(key) == given.get(key) for key in kind.key)


def _appointed(subject: int, ask: Ask, given: Mapping[str, Any], now: FactRow | None, place: int | None) -> list[Change]:
    """A new appointment; one at another place ends the day it begins."""
    made = Record(subject, "appointment", ask.since, ask.until, {**(now.data if now else {}), **given}, place=place)
    if now is None or now.place == place:
        return [made]
    if now.since == ask.since:
        return [Correct(now.id, None, None, None), made]
    return [Correct(now.id, now.since, ask.since, now.data), made]


def ask_as_json(ask: Ask) -> dict[str, Any]:
    """For keeping."""
    return {
        "since": ask.since.isoformat(), "until": ask.until.isoformat() if ask.until else "", "fields": dict(ask.fields),
        "each": {str(subject): dict(fields) for subject, fields in ask.each.items()},
        "place": ask.place, "basis": ask.basis, "why": ask.why,
    }  # fmt: skip


def ask_from_json(kind: str, kept: Mapping[str, Any]) -> Ask:
    """What was kept."""
    return Ask(
        kind, date.fromisoformat(kept["since"]), date.fromisoformat(kept["until"]) if kept["until"] else None, kept["fields"],
        {int(subject): fields for subject, fields in kept["each"].items()}, kept["place"], kept["basis"], kept["why"],
    )  # fmt: skip


def initial_from(ask: Ask, kind: Kind) -> dict[str, Any]:
    """The form's first contents, from what was kept."""
    found: dict[str, Any] = {"since": ask.since, "until": None if ask.until in (None, OPEN_END) else ask.until}
    found |= {"basis": ask.basis, "why": ask.why, "place": str(ask.place) if ask.place else OWN}
    for entry in kind.open_fields.values():
        value = ask.fields.get(entry.id)
        found[f"f_{entry.id}"] = ("true" if value else "false") if entry.type == "bool" and value is not None else value
    return found
