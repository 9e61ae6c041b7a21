"""The answer card: one dictionary that page, API and command line share, and the same as text."""

from __future__ import annotations

from typing import Any

from jiceng.answers.printing import number_text, record_text
from jiceng.answers.printing import value_text as value_text
from jiceng.answers.step import SOURCES, Step, missing, walk
from jiceng.answers.subject import Provenance
from jiceng.base.dates import OPEN_END
from jiceng.base.kinds import KIND_NAMES, AnswerKind
from jiceng.law.bounds import cite
from jiceng.law.model import TRUSTS, Definition
from jiceng.terms.registry import Terms

_RULE, _LEFT = "规则", "交由下级确定"


def as_dict(step: Step, terms: Terms) -> dict[str, Any]:
    """The card of an answer, nested as it was made; plain types only.

    Shape   the keys of every step are the same; `assumes` of the outermost step gathers those of the whole answer
    Units   `value` as encoded, `text` as printed
    Empty   clause and recorded are null where a step has none
    """
    card = _step(step, terms)
    card["assumes"] = list(dict.fromkeys(line for one in walk(step) for line in one.assumes))
    card["unverified"] = step.unverified
    return card


def face(step: Step, terms: Terms) -> dict[str, Any]:
    """The outside of a card, for lists of answers: what is said, by which clause, and why not; the same keys and texts as the card.

    Units   as `as_dict`
    """
    return {
        "name": step.name,
        "title": step.title,
        "kind": step.kind.name,
        "kind_name": KIND_NAMES[step.kind],
        "text": text_of(step, terms),
        "value": step.value if isinstance(step.value, int) else None,
        "clause": clause_of(step.definition) if step.definition else None,
        "why": step.why,
    }


def _step(step: Step, terms: Terms) -> dict[str, Any]:
    value = step.value if isinstance(step.value, int) else None
    return {
        "name": step.name,
        "title": step.title,
        "type": str(step.type),
        "kind": step.kind.name,
        "kind_name": KIND_NAMES[step.kind],
        "text": text_of(step, terms),
        "unit": step.unit,
        "value": value,
        "source": step.source,
        "source_name": SOURCES[step.source],
        "clause": clause_of(step.definition) if step.definition else None,
        "recorded": _recorded(step.provenance) if step.provenance else None,
        "why": step.why,
        "options": [number_text(option, step.type, step.unit, terms) for option in step.options],
        "assumes": list(step.assumes),
        "missing": [{"name": name, "title": title} for name, title in missing(step)],
        "replaced": [replaced_of(upper, terms) for upper in step.replaced],
        "states": [{"text": state.text} for state in step.states],
        "records": _records(step, terms),
        "inputs": [_step(one, terms) for one in step.inputs],
        "horizon": None if step.horizon == OPEN_END else step.horizon.isoformat(),
    }


def text_of(step: Step, terms: Terms) -> str:
    """What stands where a figure stands: the value with its unit, or the kind in Chinese."""
    return value_text(step.value, step.type, step.unit, terms) if step.kind is AnswerKind.value else KIND_NAMES[step.kind]


def clause_of(definition: Definition) -> dict[str, Any]:
    """The clause a definition stands in, with its document and how far its text is to be trusted."""
    document = definition.document
    rule = definition.rule
    since = definition.at.since if definition.at else document.in_force
    return {
        "document": document.id,
        "document_title": document.title,
        "short": document.short,
        "issuer": document.issuer,
        "number": document.number,
        "clause": definition.clause,
        "mark": cite(document, definition.clause),
        "trust": document.trust,
        "trust_name": TRUSTS[document.trust],
        "adopted_by": document.adopted_by,
        "since": max(since, document.in_force).isoformat(),
        "note": definition.value.note if definition.value else rule.doc if rule else "",
        "example": document.example,
    }


def _recorded(source: Provenance) -> dict[str, Any]:
    return {
        "entry": source.entry,
        "fact": source.fact,
        "actor": source.actor,
        "known": source.known.isoformat() if source.known else None,
        "basis": source.basis,
        "since": source.since.isoformat() if source.since else None,
    }


def _records(step: Step, terms: Terms) -> list[dict[str, Any]]:
    """The records of a history, each with the entry that recorded it."""
    if not step.records:
        return []
    kind = terms.kind_of_record[step.type.parameters[0].name]
    return [
        {
            "text": record_text(kind, record.values, record.since.isoformat(), terms),
            "since": record.since.isoformat(),
            "until": None if record.until == OPEN_END else record.until.isoformat(),
            "recorded": _recorded(record.provenance),
        }
        for record in step.records
    ]


def replaced_of(upper: Definition, terms: Terms) -> dict[str, Any]:
    """A definition of an upper document that another one replaced, and what it said."""
    if upper.at is not None and not upper.delegated:
        text = value_text(upper.at.parsed, upper.type, upper.unit, terms)
    else:
        text = _RULE if upper.rule else _LEFT
    about = "约 " if upper.value and upper.value.kind == "about" else ""
    return {**clause_of(upper), "text": about + text}


def as_text(step: Step, terms: Terms) -> str:
    """The card as lines, each step indented below the one it belongs to; a step met twice is printed once in full."""
    card = as_dict(step, terms)
    lines = _lines(card, 0, set())
    if card["missing"]:
        lines.append("缺：" + "、".join(item["title"] for item in card["missing"]))
    lines += [f"按此理解：{line}" for line in card["assumes"]]
    if card["unverified"]:
        lines.append("所据文本未核实，不能用于锁定的工资单")
    return "\n".join(lines)


def _said(text: str) -> str:
    """What a replaced definition said: 的 20%, 的规则, （交由下级确定）."""
    return {_RULE: f"的{_RULE}", _LEFT: f"（{_LEFT}）"}.get(text, f"的 {text}")


def _entry(recorded: dict[str, Any]) -> str:
    """Who recorded it, when, and the entry's number as the history page shows it: （示例办 2026-04-10 记入，账簿 1 第 582 号）."""
    entry = recorded["entry"]
    if not entry:
        return ""
    who = " ".join(part for part in (recorded["actor"], (recorded["known"] or "")[:10]) if part)
    number = f"账簿 {entry >> 25} 第 {entry & 0x1FFFFFF} 号"
    return f"（{who} 记入，{number}）" if who else f"（{number}）"


def _lines(card: dict[str, Any], depth: int, seen: set[str]) -> list[str]:
    pad = "　" * depth
    clause, recorded = card["clause"], card["recorded"]
    source = clause["mark"] if clause else f"［{card['source_name']}］"
    if clause and clause["trust"] == "unverified":
        source += "（未核实）"
    if clause and clause["example"]:
        source += "（示例）"
    lines = [f"{pad}{card['title']}：{card['text']}{source}{_entry(recorded) if recorded else ''}"]
    told = card["source"] == "fact" and card["kind"] == "missing"
    if card["why"] and not told and (card["kind"] != "value" or card["source"] in ("total", "default")):
        lines.append(f"{pad}　　· {card['why']}" + (f"：{'、'.join(card['options'])}" if card["options"] else ""))
    if card["name"] in seen and card["inputs"]:
        return [*lines, f"{pad}　　· 同上"]
    seen.add(card["name"])
    note = f"：{card['why']}" if card["why"] else ""
    lines += [f"{pad}　　· 取代{upper['mark']}{_said(upper['text'])}{note}" for upper in card["replaced"]]
    lines += [f"{pad}　　· {state['text']}" for state in card["states"]]
    lines += [f"{pad}　　· {one['text']}{_entry(one['recorded'])}" for one in card["records"] if one["recorded"]["entry"]]
    for one in card["inputs"]:
        lines += _lines(one, depth + 1, seen)
    return lines
