"""The answer of a place before and after, as two cards."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiceng.answers.answer import answer
from jiceng.base.refusals import Refusal
from jiceng.desks.policy import trials
from jiceng.desks.policy.simulation_people import card_of
from jiceng.desks.policy.trial_figures import Figures
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.runs import binding
from jiceng.runs.kept_rows import Array
from jiceng.runs.pooling import ground, pooled
from jiceng.runs.simulated_places import sums_behind, tallies_of
from jiceng.ui.pages import page, scope_in


@page("simulate")
def place_cards(request: HttpRequest, number: int, code: int, rule: str) -> HttpResponse:
    """Both cards of a place rule.

    Errors  Concealed; Refusal page.filter for a place or rule that the simulation does not have
    """
    trial = trials.seen(scope_in(request), number, account=request.user.pk or 0)
    found = trials.figures(trial)
    if rule not in found.around_before or not tree.contains(trial.place, code):
        raise Refusal("page.filter", "试算里没有这一处", where="网址", do="请从试算页的“地方的数”里点开")
    laws = trials.laws_of(trial)
    sums = sums_behind(laws, [rule], place=code, on=trial.on)
    cards = []
    for law, answers in zip(laws, (found.before, found.after), strict=True):
        read = ground(code, on=trial.on, known_by=trial.known_by, terms=law.terms)
        tallies = tallies_of(found.places, {name: _told(found, answers, name) for name in sums}, sums)
        subject = binding.with_entries(pooled(read, on=trial.on, terms=law.terms, tallies=tallies).subject)
        cards.append(card_of(answer(law, subject, rule, on=trial.on), law, laws[0]))
    title, name = trial.told["names"][rule]["title"], places.full_name(code, on=trial.on)
    context = {"trial": trial, "title": title, "name": name, "cards": cards, "code": code}
    return render(request, "policy/simulation_place.html", context)


def _told(found: Figures, answers: Mapping[str, Array], name: str) -> Array:
    """What is summed: as this law has it where the scenario moves it, else as both have it."""
    return answers[name] if name in answers else found.summed[name]
