"""Simulations: those of the account's places, the form of a new one, and what is done with one: saved under a name, dropped."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jiceng.access.actors import shown_actors
from jiceng.desks.policy import trials
from jiceng.desks.policy.models import Trial
from jiceng.desks.policy.scenario_form import ScenarioForm, checked, fixed, scenario_form
from jiceng.places import reading as places
from jiceng.ui.pages import PAGE_SIZE, actor_of, clock, moment_in, page, scope_in


@page("simulate")
def home(request: HttpRequest) -> HttpResponse:
    """Saved simulations of the account's places, and its own last ones that were not saved."""
    scope, moment = scope_in(request), moment_in(request)
    before = request.GET.get("before", "")
    saved = trials.saved_in(scope, before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else 0, size=PAGE_SIZE)
    own = trials.own_of(request.user.pk or 0)
    context = {
        "saved": saved[:PAGE_SIZE], "own": own, "most": trials.OWN, "next": saved[PAGE_SIZE - 1].pk if len(saved) > PAGE_SIZE else 0,
        "names": places.full_names({one.place for one in (*saved, *own)}, on=moment.today),
        "actors": shown_actors(one.account.get_username() for one in saved),
    }  # fmt: skip
    return render(request, "policy/simulation_home.html", context)


@page("simulate")
def new(request: HttpRequest) -> HttpResponse:
    """The form: change values, choose drafts; `run` tries it. Sent for anything else it is shown again with what was typed.

    Errors  Denied for a place at which the account may not simulate
    """
    scope, moment = scope_in(request), moment_in(request)
    given = request.POST if request.method == "POST" else _begun(request)
    form = scenario_form(given, scope=scope, moment=moment, sent=request.FILES.get("sent"))
    if not form.choice.trail:
        return render(request, "policy/simulation_where.html", {"choice": form.choice})
    if request.method == "POST" and "run" in request.POST:
        form = checked(form)
        if not form.faulty:
            return redirect("simulation", _tried(request, form).pk)
    context = {"form": form, "place": str(form.choice.chosen), "asked_on": form.asked_on(moment.on)}
    return render(request, "policy/simulation_new.html", context)


def _begun(request: HttpRequest) -> QueryDict:
    """What an address says, or with `from` what an earlier simulation asked."""
    number = request.GET.get("from", "")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return request.GET
    return trials.as_given(trials.seen(scope_in(request), int(number), account=request.user.pk or 0))


def _tried(request: HttpRequest, form: ScenarioForm) -> Trial:
    moment = moment_in(request)
    return trials.begin(
        fixed(form.scenario), place=form.choice.chosen, on=form.asked_on(moment.on), known_by=moment.known_by,
        money=[one.name for one in form.money if one.chosen], account=request.user, clock=clock,  # type: ignore[arg-type]
    )  # fmt: skip


@page("simulate")
@require_POST
def save(request: HttpRequest, number: int) -> HttpResponse:
    """Keep a simulation under a name; one's own that was kept already gets another name."""
    trial = _own(request, number)
    trials.save(trial, request.POST.get("name", ""), actor=actor_of(request), clock=clock)
    messages.success(request, "已保存。两次计算连同用到的法规一起留存，以后打开还是这些数。")
    return redirect("simulation", trial.pk)


@page("simulate")
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Delete a simulation of one's own."""
    trial = _own(request, number)
    said = trial.name or "这次试算"
    trials.remove(trial)
    messages.success(request, f"已删除“{said}”。")
    return redirect("simulation_home")


def _own(request: HttpRequest, number: int) -> Trial:
    """A trial of the account's own.

    Errors  Concealed for one that is not there or may not be seen; Denied for one that somebody else saved
    """
    return trials.owned(scope_in(request), number, account=request.user.pk or 0)
