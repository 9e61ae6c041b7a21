"""The law set: documents, clauses sentence by sentence, values by date, rules, how much of each document is carried."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from jiceng.answers import card
from jiceng.answers.printing import value_text
from jiceng.api import shapes
from jiceng.api.moments import When, told
from jiceng.api.places import place_seen
from jiceng.api.signing import Asking
from jiceng.api.writing import MOST
from jiceng.base.refusals import Refusal
from jiceng.law.coverage import coverage
from jiceng.law.layers import Law
from jiceng.law.model import DISPOSITIONS, TRUSTS, Document, ValueDef
from jiceng.places import tree
from jiceng.rules.definition import RuleDef
from jiceng.runs.law import installed_law

router = Router(tags=["法规"])


class At(Schema):
    """Where a definition is asked for."""

    place: int | None = Field(None, ge=0, le=MOST, description="区划代码；不写为全国")


@router.get("/documents", response=shapes.DocumentsAnswer, operation_id="law_documents", summary="装入的文件")
def documents(request: Asking) -> Any:
    """每份文件带句子总数和各种处理的句数。"""
    law = installed_law()
    return {"law": law.hash, "documents": [_document(document) for document in law.documents]}


@router.get("/documents/{path:document}", response=shapes.DocumentAnswer, operation_id="law_document", summary="一份文件：条款、数值、规则")
def one(request: Asking, document: str) -> Any:
    """条款是本系统自己的摘要，不是原文。"""
    law = installed_law()
    found = law.document(document)
    clauses = [
        {
            "number": clause.number, "title": clause.title,
            "sentences": [
                {"digest": s.digest, "disposition": s.disposition, "disposition_name": DISPOSITIONS[s.disposition],
                 "points": list(s.points), "reason": s.reason}
                for s in clause.sentences
            ],
        }
        for clause in found.clauses
    ]  # fmt: skip
    values = [
        {"name": v.name, "title": law.titles.get(v.name, v.name), "clause": v.clause, "kind": v.kind, "unit": v.unit, "note": v.note,
         "by_date": _dated(law, v)}
        for v in found.values
    ]  # fmt: skip
    return {"document": _document(found), "clauses": clauses, "values": values, "rules": [_rule(law, rule) for rule in found.rules]}


@router.get("/definitions/{slug:name}", response=shapes.DefinitionAnswer, operation_id="law_definition", summary="一个名字在某地某日的定义")
def definition(request: Asking, name: str, when: Query[When], at: Query[At]) -> Any:
    """当地有效的那一条，和它取代的上级规定。"""
    moment, law = when.moment, installed_law()
    if at.place is not None and at.place != tree.NATION:
        place_seen(request, at.place, moment)
    place = at.place or tree.NATION
    found = law.regime(place, moment.on).definitions.get(name)
    if found is None:
        raise Refusal("law.no_rule", f"当日在此地没有关于“{law.titles.get(name, name)}”的规定", do="请换一个日期或地方")
    text = value_text(found.at.parsed, found.type, found.unit, law.terms) if found.at and not isinstance(found.at.parsed, tuple) else None
    return {
        **told(moment), "name": name, "title": law.titles.get(name, name), "place": place, "clause": card.clause_of(found),
        "text": text, "rule": _rule(law, found.rule) if found.rule else None,
        "replaced": [card.replaced_of(upper, law.terms) for upper in found.replaced],
    }  # fmt: skip


def _document(document: Document) -> shapes.DocumentLine:
    counts = coverage(document)
    return shapes.DocumentLine(
        document=document.id, title=document.title, short=document.short, number=document.number, issuer=document.issuer,
        jurisdiction=document.jurisdiction, dated=_iso(document.dated), published=_iso(document.published),
        in_force=document.in_force.isoformat(), until=_iso(document.until), trust=document.trust, trust_name=TRUSTS[document.trust],
        adopted_by=document.adopted_by, version=document.version, example=document.example, hash=document.hash,
        sentences=sum(counts.values()), coverage=counts,
    )  # fmt: skip


def _dated(law: Law, value: ValueDef) -> list[dict[str, str | None]]:
    """The value on each of its days, in words."""
    found = []
    for at in (*value.by_date, *([value.reading] if value.reading and not value.by_date else [])):
        parts = at.parsed if isinstance(at.parsed, tuple) else (at.parsed,)
        words = "停止" if at.parsed is None else "—".join(value_text(one, value.type, value.unit, law.terms) for one in parts)
        found.append({"since": None if at is value.reading else at.since.isoformat(), "text": words})
    return found


def _rule(law: Law, rule: RuleDef) -> dict[str, Any]:
    asks = [{"name": argument.name, "title": law.titles.get(argument.name, argument.name)} for argument in rule.arguments]
    return {
        "name": rule.id, "title": law.titles.get(rule.id, rule.id), "clause": rule.clause, "of": rule.of, "type": str(rule.result),
        "unit": rule.unit, "doc": rule.doc, "asks": asks,
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
