"""A worker's move to another county: where to, the form, what the law of both places says of it, then one act in both books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiceng.answers.card import face
from jiceng.answers.step import Step, walk
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.acting import add_evidence, again, held_papers, papers_of, token_of
from jiceng.desks.workforce.entering import communities_of
from jiceng.desks.workforce.worker import head_context, row_in_scope
from jiceng.law.bounds import cite
from jiceng.ledger import reading
from jiceng.ledger.books import book_of
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.places.tree import Level
from jiceng.runs import bulk_acts, transferred, transfers
from jiceng.runs.impact import impact
from jiceng.runs.law import installed_law
from jiceng.runs.models import Standing
from jiceng.runs.transferred import Done
from jiceng.runs.transfers import Agreed, Decided, Look, Wanted
from jiceng.terms.registry import Terms
from jiceng.ui.choices import PlaceChoice, place_choice
from jiceng.ui.kind_forms import DayField, WholeField, fact_text
from jiceng.ui.pages import PAGE_SIZE, actor_of, clock, moment_in, page, scope_in

_SALT = "jiceng.transfer"
NEEDED = "correct"
"""What an account must hold at both ends: the officer of a place above both."""


class TransferForm(forms.Form):
    """Where to, as what, from which day; who agreed; where no map names the grade, who decided it."""

    to = forms.ChoiceField(label="调入社区")
    day = DayField(label="调动日期", help_text="从这一天起在新地方")
    post = forms.ChoiceField(label="调入后岗位")
    cls = forms.ChoiceField(label="调入后人员类别")
    from_by = forms.CharField(label="调出地同意的单位", max_length=100)
    from_on = DayField(label="调出地同意日期")
    to_by = forms.CharField(label="调入地同意的单位", max_length=100)
    to_on = DayField(label="调入地同意日期")
    approved_by = forms.CharField(label="批准机关", max_length=100)
    approved_on = DayField(label="批准日期")
    decided_grade = WholeField(label="认定的等级", required=False, min_value=1, help_text="只在两地等级没有对应规定时填写")
    decided_by = forms.CharField(label="认定等级的单位", max_length=100, required=False)
    decided_level = forms.ChoiceField(label="认定单位的层级", required=False)
    basis = forms.CharField(label="依据", max_length=300, help_text="批准文件的名称和文号")
    why = forms.CharField(label="理由", max_length=300)

    def __init__(self, *args: Any, terms: Terms, communities: list[tuple[str, Any]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["to"].choices = [("", "请选择"), *communities]
        for name, listed in (("post", "Post"), ("cls", "WorkerClass"), ("decided_level", "BodyLevel")):
            self.fields[name].choices = [("", "请选择"), *((item.id, item.name) for item in terms.codes[listed].items)]
        add_evidence(self, required="held" not in self.data)
        self.fields["papers"].label = "批复和两地意见"

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields as they stand on the page."""
        listed = (
            ("去哪里、做什么", ("to", "day", "post", "cls")),
            ("谁同意、谁批准", ("from_by", "from_on", "to_by", "to_on", "approved_by", "approved_on")),
            ("等级没有对应规定时，由谁认定", ("decided_grade", "decided_by", "decided_level")),
            ("依据", ("basis", "why")),
        )
        return [(title, [self[name] for name in names]) for title, names in listed]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        decided = [cleaned.get(name) for name in ("decided_grade", "decided_by", "decided_level")]
        if any(decided) and not all(decided):
            self.add_error("decided_grade", "认定等级的，等级、单位、层级三项都要填")
        return cleaned

    def wanted(self, subject: int) -> Wanted:
        """The move that was typed."""
        given = self.cleaned_data
        agreed = Agreed(*(given[name] for name in ("from_by", "from_on", "to_by", "to_on", "approved_by", "approved_on")))
        decided = Decided(given["decided_grade"], given["decided_by"], given["decided_level"]) if given["decided_grade"] else None
        return Wanted(subject, given["day"], int(given["to"]), given["post"], given["cls"], agreed, decided)


@page("see")
def transfer_page(request: HttpRequest, subject: int) -> HttpResponse:
    """A worker's moves; for an account that answers for both ends the way to a new one: the county, the form, the look, the act.

    Errors  Denied where `correct` does not hold at the place left or the place entered
    """
    scope, moment = scope_in(request), moment_in(request)
    found = row_in_scope(request, subject)
    context = head_context(request, found) | {"tab": "transfer", "made": shown(request, transferred.transfers_of(
        subject, on=moment.on, known_by=moment.known_by
    ))}  # fmt: skip
    asked = request.GET.get("to", "")
    if not asked and request.method != "POST":
        context["may_move"] = scope.may(NEEDED, found.place)
        return render(request, "workforce/transfer.html", context)
    scope.require(NEEDED, found.place, what=f"把编号 {subject} 的人员调出")
    choice = place_choice(scope, int(asked) if asked.isascii() and asked.isdigit() else 0, on=moment.on, permission=NEEDED)
    context |= {"choice": choice, "back": reverse("roster_transfer", args=[subject])}
    if not choice.chosen or tree.level_of(choice.chosen) < Level.county:
        return render(request, "workforce/transfer_where.html", context)
    return _form(request, found, choice, context)


def _form(request: HttpRequest, found: Standing, choice: PlaceChoice, context: dict[str, Any]) -> HttpResponse:
    moment, terms = moment_in(request), installed_law().terms
    first = {
        "day": moment.today,
        "post": _code(terms, "Post", found.post),
        "cls": _code(terms, "WorkerClass", found.worker_class),
        "why": "跨县（市、区）调动",
    }
    form = TransferForm(
        request.POST or None, request.FILES or None, terms=terms, communities=communities_of(choice.chosen, on=moment.on), initial=first
    )  # fmt: skip
    context |= {"form": form, "held": [(paper, token_of(paper)) for paper in held_papers(request, found.subject)]}
    if request.method != "POST" or not form.is_valid() or request.POST.get("back") == "yes":
        return render(request, "workforce/transfer_form.html", context, status=422 if form.is_bound and form.errors else 200)
    wanted = form.wanted(found.subject)
    scope_in(request).require(NEEDED, wanted.to, what=f"把编号 {found.subject} 的人员调入区划 {wanted.to}")
    papers = papers_of(request, form, found.subject)
    # What has been chosen is held: the form that comes back does not ask for it again.
    form.fields["papers"].required = not papers
    context["held"] = [(paper, token_of(paper)) for paper in papers]
    try:
        if form.is_valid():
            return _looked(request, form, wanted, papers, context)
    except Refusal as refusal:
        form.add_error(None, refusal.text)
    return render(request, "workforce/transfer_form.html", context, status=422)


def _looked(request: HttpRequest, form: TransferForm, wanted: Wanted, papers: Sequence[Any], context: dict[str, Any]) -> HttpResponse:
    """The look, or once it is confirmed the act. What nobody decided goes back to the form.

    Errors  the refusals of `transfers.look` and `transfers.record_transfer`
    """
    # Read before the look, so that it can be too old and never too new.
    heads = bulk_acts.book_heads()
    seen = transfers.look(wanted, clock=clock)
    if seen.undecided:
        raise transfers.undecided(seen)
    if request.POST.get("confirmed") == "yes":
        return _made(request, seen, papers, form)
    moment, terms = moment_in(request), installed_law().terms
    tried = impact(
        [*seen.leaving, *seen.entering], book=book_of(wanted.to), on=moment.on, today=moment.today, clock=clock,
        within=scope_in(request).places_for("see"),
    )  # fmt: skip
    names = places.full_names([seen.left, wanted.to], on=moment.on)
    context |= {
        "seen": seen, "rows": _rows(seen, terms), "mapped": _mapped(seen, terms), "left": names.get(seen.left),
        "entered": names.get(wanted.to),
        "last": date.fromordinal(wanted.day.toordinal() - 1), "impact": tried, "posted": again(request),
        "running": [(terms.kinds[fact.kind].name, fact_text(terms.kinds[fact.kind], fact.data, terms)) for fact in seen.running],
        "heads": signing.dumps({str(book): seq for book, seq in heads.items()}, salt=_SALT),
    }  # fmt: skip
    return render(request, "workforce/transfer_look.html", context)


def _made(request: HttpRequest, seen: Look, papers: Sequence[Any], form: TransferForm) -> HttpResponse:
    try:
        heads = signing.loads(request.POST.get("heads", ""), salt=_SALT)
    except signing.BadSignature:
        raise Refusal("transfer.not_looked", "还没有看过会改变什么", why="确认之前先要试算", do="请从“下一步”开始") from None
    entries = transfers.record_transfer(
        seen, list(papers), heads={int(book): seq for book, seq in heads.items()}, actor=actor_of(request),
        basis=form.cleaned_data["basis"], why=form.cleaned_data["why"], clock=clock,
    )  # fmt: skip
    named = "、".join(str(entry) for entry in entries)
    messages.success(request, f"已调动，记为{named}。撤销其中任何一条，整件事一起撤销。")
    return redirect("roster_transfer", seen.wanted.subject)


@dataclass(frozen=True)
class Row:
    """One answer at both places; a side without such a rule has no card."""

    name: str
    title: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def _rows(seen: Look, terms: Terms) -> list[Row]:
    return [
        Row(p.name, p.title, face(p.before, terms) if p.before else None, face(p.after, terms) if p.after else None) for p in seen.pairs
    ]


def _mapped(seen: Look, terms: Terms) -> tuple[dict[str, Any], list[str]] | None:
    """What the map answers, and the clauses it stands on."""
    if seen.mapped is None:
        return None
    return face(seen.mapped, terms), _marks(seen.mapped)


def _marks(step: Step) -> list[str]:
    found = [one.definition for one in walk(step) if one.definition and one.name in (step.name, "grade_map")]
    return list(dict.fromkeys(cite(one.document, one.clause) for one in found))


def _code(terms: Terms, listed: str, number: int | None) -> str:
    item = terms.codes[listed].by_number.get(number) if number is not None else None
    return item.id if item else ""


# ---- moves that were made ----


@dataclass(frozen=True)
class MadeMove:
    """A move on a list, the worker's name as the account may see it."""

    done: Done
    name: str
    subject: int
    left: str
    entered: str
    checked: bool
    batch: int


def shown(request: HttpRequest, found: Sequence[Done]) -> list[MadeMove]:
    """Moves with names of people and places."""
    scope, moment = scope_in(request), moment_in(request)
    codes = {code for done in found for code in (done.event.place or 0, done.event.data["from_place"])}
    names = places.full_names(codes, on=moment.on)
    rows = bulk_acts.standing_rows([done.event.subject for done in found])
    batches = {number: entry.batch or 0 for number, entry in reading.entries_by_id({done.event.entry for done in found}).items()}
    moves = []
    for done in found:
        row, place = rows.get(done.event.subject), done.event.place or 0
        moves.append(MadeMove(
            done, scope.shown_name(row.name, place=row.place) if row else "（不在名册）", done.event.subject,
            names.get(done.event.data["from_place"], ""), names.get(place, ""), done.differing is not None,
            batches.get(done.event.entry, 0),
        ))  # fmt: skip
    return moves


@page("see")
def transfers_page(request: HttpRequest) -> HttpResponse:
    """Who was moved to a place from another, the latest first; where what was carried over would come out otherwise now, it says so."""
    scope, moment = scope_in(request), moment_in(request)
    asked = request.GET.get("place", "")
    choice = place_choice(scope, int(asked) if asked.isascii() and asked.isdigit() else 0, on=moment.on)
    ranges = tree.ranges(choice.chosen) if choice.chosen else scope.ranges("see")
    found = transferred.transfers(ranges, on=moment.on, known_by=moment.known_by, most=PAGE_SIZE + 1)
    context = {"choice": choice, "made": shown(request, found[:PAGE_SIZE]), "more": len(found) > PAGE_SIZE}
    return render(request, "workforce/transfers.html", context)
