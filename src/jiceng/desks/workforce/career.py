"""晋升通道: the secretaries for whom the road to an institution post may be open, with what speaks for and against each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.answers.printing import number_text
from jiceng.base.kinds import KIND_NAMES, AnswerKind, kind_of
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.showing import Line, lines
from jiceng.law.bounds import cite
from jiceng.law.load import Law
from jiceng.runs.finding import answered
from jiceng.runs.law import installed_law
from jiceng.runs.models import Standing
from jiceng.runs.roster import AnswerFilter, RosterFilter, answers_of, find, roster
from jiceng.runs.standing import PAGE_SECONDS, moment_for
from jiceng.ui.choices import place_choice
from jiceng.ui.pages import PAGE_SIZE, moment_in, page, scope_in

CANDIDATE, CONDITIONS = AnswerFilter("career_secretary", equals=1), "career_conditions"
GROUPS = {
    "met": ("年限、任期都具备", AnswerFilter(CONDITIONS, equals=1)),
    "unmet": ("还不具备", AnswerFilter(CONDITIONS, equals=0)),
    "unchecked": ("履历需核实", AnswerFilter(CONDITIONS, kind=AnswerKind.unchecked)),
    "missing": ("缺事实", AnswerFilter(CONDITIONS, kind=AnswerKind.missing)),
}
"""Who is a candidate, by what the two conditions that follow from the ledger come to."""
REASONS = (("career_years_met", "consecutive_years"), ("career_term_met", "full_terms"), ("career_performance", ""), ("career_route", ""))
"""The reasons in their order, each with the figure it rests on."""
_TAGS = {1: "green", 0: "grey"}


@dataclass(frozen=True)
class Reason:
    """One reason for a worker: what the rule says, and the figure behind it ("" where there is none)."""

    rule: str
    title: str
    said: str
    colour: str
    figure: str


@dataclass(frozen=True)
class Candidate:
    """One worker of the list."""

    line: Line
    reasons: tuple[Reason, ...]


@page("see")
def career_page(request: HttpRequest) -> HttpResponse:
    """Secretaries in service, by whether the conditions are met, not met, or not to be told yet; a gap is never a no.

    Errors  Refusal page.filter for a group that is not offered, runs.building; Denied
    """
    scope, moment, law = scope_in(request), moment_in(request), installed_law()
    asked, shown = request.GET.get("place", ""), request.GET.get("show", "met")
    if shown not in GROUPS:
        raise Refusal("page.filter", f"没有“{shown}”这一组", where="网址里的 show", do="请从页上的四组里选")
    choice = place_choice(scope, int(asked) if asked.isascii() and asked.isdigit() else 0, on=moment.on)
    at = moment_for(on=moment.on, known_by=moment.known_by, today=moment.today, seconds=PAGE_SECONDS)
    ranges, base = scope.spans("see"), RosterFilter(place=choice.chosen, answers=(CANDIDATE,))
    every = find(at, ranges=ranges, filters=base, rules={CONDITIONS})
    counts = answers_of(every, {CONDITIONS})
    listed = replace(every, at=every.at[answered(counts.answers[CONDITIONS], GROUPS[shown][1])])
    seen = roster(at, ranges=ranges, filters=base, size=PAGE_SIZE, after=_key(request.GET.get("after", "")), found=listed)
    heads = lines(seen.rows, scope=scope, terms=law.terms, on=moment.on, above=choice.chosen)
    context = {
        "choice": choice, "show": shown, "found": seen, "groups": [(key, title, counts.count(one)) for key, (title, one) in GROUPS.items()],
        "titles": [law.titles[rule].removeprefix("理由：") for rule, _ in REASONS],
        "candidates": [Candidate(line, _reasons(row, law)) for line, row in zip(heads, seen.rows, strict=True)],
        "marks": _marks(law, choice.chosen, request), "after": f"{seen.after[0]}-{seen.after[1]}" if seen.after else "",
    }  # fmt: skip
    return render(request, "workforce/career.html", context)


def _reasons(row: Standing, law: Law) -> tuple[Reason, ...]:
    return tuple(_reason(row, rule, figure, law) for rule, figure in REASONS)


def _reason(row: Standing, rule: str, figure: str, law: Law) -> Reason:
    told = row.answers.get(rule)
    kind = AnswerKind.no_rule if told is None else kind_of(told)
    said = _text(told, rule, law) if kind is AnswerKind.value else KIND_NAMES[kind]
    colour = _TAGS[told] if kind is AnswerKind.value and told in _TAGS else "amber" if kind is AnswerKind.unchecked else "grey"
    behind = row.answers.get(figure)
    return Reason(rule, law.titles[rule], said, colour, _text(behind, figure, law) if behind is not None and _valued(behind) else "")


def _valued(told: int) -> bool:
    return kind_of(told) is AnswerKind.value


def _text(told: int | None, rule: str, law: Law) -> str:
    return number_text(told or 0, law.types[rule], law.units.get(rule, ""), law.terms)


def _marks(law: Law, place: int, request: HttpRequest) -> list[str]:
    """The clauses by which the reasons are judged here."""
    found = [law.regime(place, moment_in(request).on).definitions.get(rule) for rule, _ in REASONS]
    return list(dict.fromkeys(cite(one.document, one.clause) for one in found if one))


def _key(text: str) -> tuple[int, int] | None:
    place, dash, subject = text.partition("-")
    return (int(place), int(subject)) if dash and text.isascii() and place.isdigit() and subject.isdigit() and len(text) < 40 else None
