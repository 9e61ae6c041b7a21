"""What a kind of fact may hold, from terms: fields, types, codes by id, order of dates, and the key of its slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiceng.base.kinds import LOWEST, AnswerKind
from jiceng.base.refusals import Refusal
from jiceng.ledger.canonical import clean_text, data_text, slot_text
from jiceng.ledger.ids import subject_range
from jiceng.terms.registry import Field, Kind, Terms

_LEAST, _MOST = LOWEST + int(AnswerKind.no_rule) + 1, 2**63 - 1
# Fields of one fact that must not run backwards, where a kind has both.
_IN_ORDER = (("from", "to"), ("signed", "ends"), ("obtained", "expires"), ("registered", "expires"))
_LAST_PLACE = 999_999_999_999  # twelve digits
_SORTS = {"worker": "人员", "place": "地方", "document": "文件"}

Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Shape:
    """A kind of fact made ready for checking many facts."""

    kind: Kind
    subjects: tuple[int, int]
    open: dict[str, Reader]
    sealed: dict[str, Reader]
    required: tuple[str, ...]
    ordered: tuple[tuple[str, str], ...]
    # Whether equal contents may be checked once: not where 1 and True, which are equal to Python, must be told apart.
    repeats: bool

    def checked(self, data: Mapping[str, Any], *, place: int | None) -> tuple[str, str | None]:
        """Canonical text of the plain fields, and the slot key (None for kinds without a key).

        Errors  Refusal ledger.field, ledger.value, ledger.code, ledger.required, ledger.dates_order, ledger.place, ledger.text
        """
        kind = self.kind
        if (place is None) == kind.placed or (place is not None and not 0 < place <= _LAST_PLACE):
            self._refuse_place(place)
        out = self._read(data, self.open)
        for first, last in self.ordered:
            if first in out and last in out and out[last] < out[first]:
                names = kind.fields[first].name, kind.fields[last].name
                raise Refusal(
                    "ledger.dates_order",
                    f"“{names[1]}”{out[last]} 早于“{names[0]}”{out[first]}",
                    where=kind.name,
                    do="请核对两个日期",
                )
        slot = slot_text([place if key == "place" and kind.placed else out[key] for key in kind.key]) if kind.key else None
        return data_text(out), slot

    def checked_sealed(self, sealed: Mapping[str, Any]) -> bytes:
        """Canonical bytes of the sealed fields, to be encrypted.

        Errors  Refusal ledger.field, ledger.value, ledger.text
        """
        return data_text(self._read(sealed, self.sealed)).encode()

    def _read(self, data: Mapping[str, Any], readers: dict[str, Reader]) -> dict[str, Any]:
        out = {}
        for name, value in data.items():
            reader = readers.get(name)
            if reader is None:
                self._refuse_field(name)
            elif value is not None and value != "":
                out[name] = reader(value)
        if readers is self.open:
            for name in self.required:
                if name not in out:
                    what = f"缺“{self.kind.fields[name].name}”"
                    raise Refusal("ledger.required", what, where=self.kind.name, do="请补填后再提交")
        return out

    def _refuse_field(self, name: str) -> None:
        known = "、".join(f"{field.name}（{key}）" for key, field in self.kind.fields.items())
        why = "这一项须密封保存，请放在密封字段" if name in self.kind.seal else f"本种事实的字段有：{known}"
        raise Refusal("ledger.field", f"没有字段“{name}”", where=self.kind.name, why=why, do="请核对字段名")

    def _refuse_place(self, place: int | None) -> None:
        what = "缺地点" if place is None else "不带地点" if not self.kind.placed else f"“{place}”不是区划代码"
        do = "请去掉地点" if not self.kind.placed else "请写明区划代码"
        raise Refusal("ledger.place", what, where=self.kind.name, do=do)


def _required(kind: Kind) -> tuple[str, ...]:
    """Fields that must be filled: declared so, or part of the key."""
    declared = {name for name, field in kind.open_fields.items() if field.required}
    return tuple(name for name in kind.fields if name in declared or (name in kind.key and name not in kind.seal))


def _refuse_value(kind: Kind, field: Field, value: object, wanted: str) -> Refusal:
    shown = "" if field.id in kind.seal else f"“{value}”"
    return Refusal("ledger.value", f"{shown}不是{wanted}", where=f"{kind.name}·{field.name}", do="请更正后再提交")


def _reader(kind: Kind, field: Field, terms: Terms) -> Reader:
    where = f"{kind.name}·{field.name}"

    def text(value: Any) -> str:
        if not isinstance(value, str):
            raise _refuse_value(kind, field, value, "文字")
        return clean_text(value, where=where)

    def whole(value: Any) -> int:
        if type(value) is not int or not _LEAST <= value <= _MOST:
            raise _refuse_value(kind, field, value, "整数")
        return value

    def truth(value: Any) -> bool:
        if value is not True and value is not False:
            raise _refuse_value(kind, field, value, "“是”或“否”")
        return bool(value)

    def day(value: Any) -> str:
        try:
            # Written back, because 20240305 reads as a date too and one day must have one text.
            return (value if type(value) is date else date.fromisoformat(value)).isoformat()
        except (TypeError, ValueError):
            raise _refuse_value(kind, field, value, "日期（写作 2024-03-05）") from None

    fixed = {"text": text, "int": whole, "Yuan": whole, "Ratio": whole, "bool": truth, "Date": day}
    if field.type in fixed:
        return fixed[field.type]
    codes = terms.codes[field.type]
    ids = frozenset(codes.by_id)

    def code(value: Any) -> str:
        if not isinstance(value, str) or value not in ids:
            listed = "、".join(f"{item.id}（{item.name}）" for item in codes.items[:12])
            raise Refusal("ledger.code", f"代码“{value}”不在“{codes.name}”里", where=where, why=f"可用：{listed}", do="请核对代码")
        return str(value)

    return code


def shape_of(kind: Kind, terms: Terms) -> Shape:
    """A kind made ready for checking."""
    readers = {name: _reader(kind, field, terms) for name, field in kind.fields.items()}
    return Shape(
        kind,
        subject_range(kind.of),
        {name: reader for name, reader in readers.items() if name not in kind.seal},
        {name: reader for name, reader in readers.items() if name in kind.seal},
        _required(kind),
        tuple(pair for pair in _IN_ORDER if pair[0] in kind.open_fields and pair[1] in kind.open_fields),
        all(field.type not in ("int", "bool", "Yuan", "Ratio") for field in kind.open_fields.values()),
    )


@dataclass(frozen=True)
class Shapes:
    """All kinds of one registry. `of` refuses unknown kinds and subjects of another sort."""

    by_id: dict[str, Shape]
    events: frozenset[int]
    names: dict[int, str]

    def shape(self, kind: str) -> Shape:
        """Shape of a kind.

        Errors  Refusal ledger.kind
        """
        shape = self.by_id.get(kind)
        if shape is None:
            raise Refusal("ledger.kind", f"没有“{kind}”这种事实", why="事实种类都登记在词表里", do="请核对，或先在词表登记")
        return shape

    def kind(self, kind: str) -> Kind:
        """A kind by its id.

        Errors  Refusal ledger.kind
        """
        return self.shape(kind).kind

    def of(self, kind: str, subject: int) -> Shape:
        """Shape of a kind, for a subject.

        Errors  Refusal ledger.kind, ledger.subject
        """
        shape = self.shape(kind)
        if not shape.subjects[0] <= subject <= shape.subjects[1]:
            what = f"“{shape.kind.name}”记的是{_SORTS[shape.kind.of]}，编号 {subject} 不是"
            raise Refusal("ledger.subject", what, do="请核对对象编号")
        return shape


_kept: dict[int, tuple[Terms, Shapes]] = {}
_MOST_KEPT = 8


def shapes_of(terms: Terms) -> Shapes:
    """The shapes of a registry; those of the last few are kept: the shipped one, and the site's with its folders' words."""
    found = _kept.get(id(terms))
    if found is None or found[0] is not terms:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()  # laws that were loaded again and again
        kinds = terms.kinds.values()
        events = frozenset(kind.number for kind in kinds if kind.cardinality == "event")
        shapes = Shapes({kind.id: shape_of(kind, terms) for kind in kinds}, events, {k.number: k.id for k in kinds})
        found = _kept[id(terms)] = terms, shapes  # holds `terms`, so that its id stays its own
    return found[1]
