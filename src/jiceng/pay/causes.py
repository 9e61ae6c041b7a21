"""Why a line comes out otherwise: the two answers are walked side by side down to the facts and values that differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jiceng.answers.asking import Asking
from jiceng.answers.card import text_of
from jiceng.answers.printing import record_text, value_text
from jiceng.answers.step import Step
from jiceng.answers.subject import Provenance, Record
from jiceng.base.dates import day_after
from jiceng.base.kinds import AnswerKind
from jiceng.law.bounds import cite
from jiceng.law.load import Law
from jiceng.ledger.reading import FactRow
from jiceng.pay import working
from jiceng.pay.shapes import Cause, Change
from jiceng.pay.stays import month_end, unit_of
from jiceng.pay.working import Month, Present
from jiceng.places.tree import contains
from jiceng.rules.types import TypeRef
from jiceng.runs.binding import encode
from jiceng.runs.law_sets import law_of

KINDS = {
    "joined": "新到任", "left": "离任", "moved": "调动", "post": "岗位变动", "step": "等级变动", "assessment": "年度考核",
    "certificate": "证书", "leave": "请假", "probation": "试用期", "fact": "事实变动", "law": "规定变动", "rule": "规则改写",
    "time": "随时间变化", "arrears": "补发补扣", "waiting": "缺事实未计", "other": "其他",
}  # fmt: skip
_OF_FACT = {
    "appointment": "post", "grading": "step", "assessment": "assessment", "certificate": "certificate", "leave": "leave",
    "probation": "probation",
}  # fmt: skip
# A word of the shared word list whose turning with time has a name of its own.
_OF_NAME = {"in_probation": "probation"}
# What the sheet itself tells the rules of a stay: coming and going are said as such.
_OF_STAY = ("stay_since", "stay_days")
_EVENTS = ("leave", "assessment")


@dataclass
class View:
    """A person on a sheet of a month, with the answers asked so far; or where they stood, if on none."""

    month: date
    law: Law
    unit: int
    here: Present | None
    facts: tuple[FactRow, ...] = ()
    asking: Asking | None = None

    def step(self, rule: str) -> Step:
        """The answer under a line's rule."""
        assert self.here is not None
        if self.asking is None:
            self.asking = Asking(self.law, self.here.subject, self.here.stay.last)
        return self.asking.step(rule)


def explained(changes: Sequence[Change], then: Month, references: Mapping[int, Any]) -> list[Change]:
    """The same changes with their causes: what was believed when the month was last settled against what is believed now."""
    if not changes:
        return []
    after = views(then, sorted({one.subject for one in changes}))
    before: dict[tuple[int, int], View] = {}
    for unit in sorted({one.unit for one in changes}):
        # The figures of a sub-district were brought to what the latest sheet that speaks of it knew.
        reference = max((one for place, one in references.items() if contains(place, unit)), key=lambda one: one.known_by)
        law = then.law if reference.law_hash == then.law.hash else law_of(reference.law_hash)
        told = views(replace(then, law=law, known_by=reference.known_by), sorted({one.subject for one in changes if one.unit == unit}))
        before |= {(one.subject, unit): told[one.subject, unit] for one in changes if one.unit == unit}
    return [
        replace(one, causes=causes(one.line, before[one.subject, one.unit], after[one.subject, one.unit])) for one in changes
    ]  # fmt: skip


class _Views(dict[tuple[int, int], View]):
    def __init__(self, month: Month, facts: Mapping[int, tuple[FactRow, ...]]) -> None:
        super().__init__()
        self.month, self.told = month, facts

    def __missing__(self, key: tuple[int, int]) -> View:
        found = self[key] = View(self.month.month, self.month.law, key[1], None, self.told.get(key[0], ()))
        return found


def views(month: Month, ids: Sequence[int]) -> _Views:
    """These people as they stand on the sheets of a month, by person and sub-district."""
    facts: dict[int, tuple[FactRow, ...]] = {}
    found = _Views(month, facts)
    for some in working.present(month, ids, sources=True, told=facts):
        for one in some:
            found[one.stay.subject, one.stay.unit] = View(month.month, month.law, one.stay.unit, one, one.facts)
    return found


def causes(rule: str, before: View, after: View) -> tuple[Cause, ...]:
    """Why a line's answer is another one: each difference found behind it, once, in the order the rules ask.

    Empty   never: where nothing behind it differs, `other` says which step does
    """
    service = _service(before, after)
    if before.here is None or after.here is None:
        return tuple(service) or (Cause("other", "两次都不在这张表上" if before.here is after.here else "任职记载变动"),)
    pairs = _roots(before.step(rule), after.step(rule))
    telling = [pair for pair in pairs if not _calendar(pair[1])]
    pairs = telling or pairs
    found = [cause for pair in pairs for cause in _cause(*pair, before, after)]
    if service:
        # Days served explain what turns with time; what else differs is said beside it.
        found = service + [one for one in found if one.kind not in ("time", "post", "other")]
    if not found:
        step = after.step(rule)
        found = [Cause("other", f"“{step.title}”由 {text_of(before.step(rule), before.law.terms)} 变为 {text_of(step, after.law.terms)}")]
    return tuple(dict.fromkeys(found))


def _service(before: View, after: View) -> list[Cause]:
    """Coming, going and moving, as far as the days served differ."""
    found: list[Cause] = []
    if after.here is None:
        found += _gone(before, after)
    elif before.here is None:
        found += _come(after.here, after)
    else:
        was, now = before.here.stay, after.here.stay
        same = before.month == after.month
        if was.first != now.first and (same or was.first != before.month or now.first != after.month):
            late = after if now.first != after.month else before
            found += _come(late.here, late) if late.here is not None else []
        if was.last != now.last and (same or was.last != month_end(before.month) or now.last != month_end(after.month)):
            found += _gone(before, after)
    return found


def _come(here: Present, view: View) -> list[Cause]:
    row = next(
        (r for r in _appointments(view.facts) if r.place is not None and unit_of(r.place) == view.unit and r.since == here.stay.first), None
    )
    if row is None:
        rows = [r for r in _appointments(view.facts) if r.place is not None and unit_of(r.place) == view.unit and r.since <= here.stay.last]
        row = max(rows, key=lambda r: r.since, default=None)
    if row is None:
        return []
    earlier = [r for r in _appointments(view.facts) if r.until == row.since and r.place is not None and unit_of(r.place) != view.unit]
    words = f"{row.since:%Y-%m-%d} 起任职" + ("，由另一街道（乡镇）调来" if earlier else "")
    return [Cause("moved" if earlier else "joined", f"{words}（{_noted(row)}）", row.id, row.entry)]


def _gone(before: View, after: View) -> list[Cause]:
    facts, terms = after.facts or before.facts, after.law.terms
    own = [r for r in _appointments(facts) if r.place is not None and unit_of(r.place) == after.unit]
    end = month_end(after.month)
    after_service = after.here.stay.last if after.here is not None else None
    departures = [
        r for r in facts if r.kind == "departure" and r.since <= day_after(end) and (after_service is None or r.since > after_service)
    ]
    if departures:
        row = max(departures, key=lambda r: r.since)
        number = encode(row.data.get("cause"), "DepartureCause", terms)
        cause = value_text(number, TypeRef("DepartureCause"), "", terms) if number is not None else ""
        return [Cause("left", f"{row.since:%Y-%m-%d} 离任{f'（{cause}）' if cause else ''}（{_noted(row)}）", row.id, row.entry)]
    ended = [r for r in own if r.until <= end]
    onward = [r for r in _appointments(facts) if r.place is not None and unit_of(r.place) != after.unit and r.since <= end < r.until]
    if onward:
        row = onward[0]
        return [Cause("moved", f"{row.since:%Y-%m-%d} 调往另一街道（乡镇）（{_noted(row)}）", row.id, row.entry)]
    if ended:
        row = max(ended, key=lambda r: r.until)
        return [Cause("left", f"任职至 {row.until:%Y-%m-%d} 前一日止（{_noted(row)}）", row.id, row.entry)]
    return [Cause("other", "原来的任职记载已更正，不再在这张表上")] if not own else []


def _appointments(facts: Iterable[FactRow]) -> list[FactRow]:
    return sorted((row for row in facts if row.kind == "appointment"), key=lambda row: row.since)


def _noted(row: FactRow) -> str:
    return f"{row.known:%Y-%m-%d} 记入"


def _roots(before: Step, after: Step) -> list[tuple[Step, Step]]:
    """The deepest steps that differ and have no differing step of their own below them."""
    if _same(before, after):
        return []
    below = {one.name: one for one in before.inputs}
    pairs = [(below[one.name], one) for one in after.inputs if one.name in below]
    found = [root for was, now in pairs for root in _roots(was, now)]
    if found and all(_calendar(now) for _, now in found) and any(one.source == "history" for one in after.inputs):
        return [(before, after)]  # records seen from another day: which of them count is what differs
    return list({(id(was), id(now)): (was, now) for was, now in found}.values()) or [(before, after)]


def _calendar(step: Step) -> bool:
    """Whether it differs from month to month whoever is asked: days of the month, and what the sheet itself tells of a stay."""
    return step.name in _OF_STAY or (step.source == "rule" and not step.inputs)


def _same(before: Step, after: Step) -> bool:
    if before.source == after.source == "history":
        return _told(before.records) == _told(after.records)
    if before.type.name == "ByDate":
        return True
    return before.kind is after.kind and before.value == after.value


def _told(records: Iterable[Record]) -> list[tuple[Any, ...]]:
    return [(one.since, one.until, one.place, tuple(sorted(one.values.items()))) for one in records]


def _cause(before: Step, after: Step, was: View, now: View) -> list[Cause]:
    terms = now.law.terms
    said = f"“{after.title}”由 {text_of(before, was.law.terms)} 变为 {text_of(after, terms)}"
    if after.source == "history" or before.source == "history":
        return _records(before, after, now.law)
    if after.source == "value" or before.source == "value":
        return [_law("law", said, before, after)]
    if after.name in _OF_STAY:
        return [Cause("time", said)]
    if {before.source, after.source} & {"fact", "default", "given"}:
        return [_fact(said, before, after, now.law)]
    if _rule_of(before) != _rule_of(after):
        return [_law("rule", said, before, after)]
    if after.name in _OF_NAME:
        return [Cause(_OF_NAME[after.name], said)]
    events = [one for one in after.inputs if one.source == "history" and _kind_of(one, now.law) in _EVENTS]
    if len(events) == 1:
        return [Cause(_OF_FACT[_kind_of(events[0], now.law)], said)]
    moved = was.here is not None and now.here is not None and was.here.stay.last != now.here.stay.last
    return [Cause("time" if moved else "other", said)]


def _rule_of(step: Step) -> tuple[str, str]:
    definition = step.definition
    return (definition.document.id, definition.rule.text_hash) if definition and definition.rule else ("", "")


def _law(kind: str, said: str, before: Step, after: Step) -> Cause:
    definition = after.definition or before.definition
    if definition is None:
        return Cause("other", said)
    since = f"，自 {definition.at.since:%Y-%m-%d} 起" if definition.at else ""
    return Cause(kind, f"{said}{cite(definition.document, definition.clause)}{since}", document=definition.document.id)


def _fact(said: str, before: Step, after: Step, law: Law) -> Cause:
    term = law.terms.names.get(after.name)
    kind = _OF_FACT.get(term.fact[0], "fact") if term is not None and term.fact else "fact"
    source = after.provenance or before.provenance or Provenance()
    return Cause(kind, f"{said}{_when(source)}", source.fact, source.entry)


def _when(source: Provenance) -> str:
    since = f"{source.since:%Y-%m-%d} 起" if source.since else ""
    known = f"{source.known:%Y-%m-%d} 记入" if source.known else ""
    return f"（{'，'.join(part for part in (since, known) if part)}）" if since or known else ""


def _kind_of(step: Step, law: Law) -> str:
    return law.terms.kind_of_record[step.type.parameters[0].name].id


def _records(before: Step, after: Step, law: Law) -> list[Cause]:
    """The records that came, went, or say something else."""
    kind = law.terms.kind_of_record[after.type.parameters[0].name]
    was, now = dict(zip(_told(before.records), before.records, strict=True)), dict(zip(_told(after.records), after.records, strict=True))
    word = _OF_FACT.get(kind.id, "fact")
    found = []
    for key, record in now.items():
        if key not in was:
            found.append(_record(word, f"{kind.name} ", record, kind, law, ""))
    for key, record in was.items():
        if key not in now:
            found.append(_record(word, f"{kind.name} ", record, kind, law, "，已更正或撤销"))
    if not found and before.kind is not after.kind:
        sure = "已核实完整" if after.kind is AnswerKind.value else "不知道是否完整"
        found.append(Cause(word, f"“{after.title}”{sure}"))
    return found


def _record(word: str, head: str, record: Record, kind: Any, law: Law, tail: str) -> Cause:
    source = record.provenance
    text = record_text(kind, record.values, record.since.isoformat(), law.terms)
    known = f"（{source.known:%Y-%m-%d} 记入{tail}）" if source.known else tail
    return Cause(word, f"{head}{text}{known}", source.fact, source.entry)
