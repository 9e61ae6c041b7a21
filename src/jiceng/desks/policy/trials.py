"""Trials: begun, worked out at once or in the server's child process, found again, saved under a name, dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django_tasks import task

from jiceng.access.models import Account
from jiceng.access.scope import Scope
from jiceng.base.dates import day_number
from jiceng.base.refusals import Refusal
from jiceng.desks.policy import trial_figures
from jiceng.desks.policy.models import Trial
from jiceng.desks.policy.scenario_words import scenario_words
from jiceng.desks.policy.trial_figures import Figures
from jiceng.desks.policy.value_fields import changeable, value_field
from jiceng.law.load import Law
from jiceng.law.settable import settables
from jiceng.ledger import reading
from jiceng.places import tree
from jiceng.runs import kept, law_sets
from jiceng.runs.affected import affected
from jiceng.runs.kept import Rows
from jiceng.runs.kept_answers import Identity
from jiceng.runs.law import installed_law
from jiceng.runs.models import TODAY, KeptRun, Standing
from jiceng.runs.scenarios import Scenario, law_with, scenario_of
from jiceng.runs.simulated import Simulation
from jiceng.runs.simulated_places import sums_behind
from jiceng.runs.simulating import simulate

Clock = Callable[[], datetime]
State = Trial.State
AT_ONCE = 300
"""Up to so many workers nobody waits for a job."""
OWN = 20
"""So many trials of an account's own are kept without a name; older ones go."""
STALLED_SECONDS = 900
log = structlog.get_logger("jiceng.desks")


def begin(
    scenario: Scenario, *, place: int, on: date, known_by: datetime | None, money: Sequence[str] = (), account: Account, clock: Clock
) -> Trial:  # fmt: skip
    """A trial, worked out now where few people are concerned, else soon.

    Shape   `money`: rules of 元 to sum where no pay form is in force
    Time    `known_by` None: as known at the moment it is worked out
    Errors  those of `law_with`
    """
    law = installed_law()
    after = law_with(scenario, place=place, law=law)
    at = clock()
    trial = Trial.objects.create(
        account=account, at=at, place=place, on=on, known_by=known_by or at, scenario=scenario.text, laws=[law.hash, after.hash],
        told={"words": scenario_words(scenario, place=place, law=law), "now": known_by is None, "money": list(money)},
    )  # fmt: skip
    _forget_old(account.pk)
    low, high = tree.span(place)
    many = Standing.objects.filter(moment_id=TODAY, place_key__range=(low, high))[: AT_ONCE + 1].count()
    if many <= AT_ONCE:
        work(trial.pk, clock=clock)
        trial.refresh_from_db()
    else:
        work_later.enqueue(number=trial.pk)
    return trial


@task()
def work_later(number: int) -> None:
    """A trial of many people."""
    work(number)


def work(number: int, *, clock: Clock = timezone.now) -> None:
    """Works a trial out and keeps what it found; a refusal is kept with it and shown on its page."""
    trial = Trial.objects.get(pk=number)
    try:
        law = installed_law()
        scenario = scenario_of(trial.scenario)
        known = None if trial.told.get("now") else trial.known_by
        if known is None:
            trial.known_by = reading.pinned(clock)
        names = looked_at(scenario, trial.told["money"], place=trial.place, on=trial.on, law=law)
        after = law_with(scenario, place=trial.place, law=law)
        around = affected(law, after, place=trial.place, on=trial.on).rules["place"]
        summed = sums_behind((law, after), around, place=trial.place, on=trial.on)
        found = simulate(scenario, place=trial.place, on=trial.on, known_by=known, law=law, names=names, also=summed)
        trial.laws = [found.law_before.hash, found.law_after.hash]
        trial.told.pop("refusal", None)
        trial.told = {**trial.told, **told_of(found), "hash": trial_figures.put(number, trial_figures.figures_of(found))}
        trial.state = State.done
    except Refusal as refusal:
        log.info("refused", refusal=refusal.id, trial=number)
        trial.told, trial.state = {**trial.told, "refusal": refusal.as_dict()}, State.failed
    except Exception:
        broken = Refusal("simulation.broken", "试算中断", why="系统出错，日志里有记录", do="请重试；再次出现请告诉管理员")
        Trial.objects.filter(pk=number).update(state=State.failed, told={**trial.told, "refusal": broken.as_dict()})
        raise
    trial.save(update_fields=["known_by", "laws", "told", "state"])


def looked_at(scenario: Scenario, money: Sequence[str], *, place: int, on: date, law: Law) -> list[str] | None:
    """The rules to look at: every rule that can change, and of those that give money only the ones to sum. None: no choice was made."""
    if not money:
        return None
    after = law_with(scenario, place=place, law=law)
    reached = affected(law, after, place=place, on=on).rules["worker"]
    return list(dict.fromkeys([*money, *(name for name in reached if after.types[name].name != "Yuan")]))


def told_of(found: Simulation) -> dict[str, Any]:
    """A simulation in short, in plain types."""
    law = found.law_after
    names = (*found.before.answers, *found.places_before.answers)
    money = found.money
    return {
        "total": asdict(found.total), "unknown": int(money.unknown.sum()), "lines": list(money.lines),
        "cost": [int(money.cost_before.sum()), int(money.cost_after.sum())],
        "hand": [int(money.hand_before.sum()), int(money.hand_after.sum())],
        "moved": [asdict(one) for one in found.moved], "causes": [asdict(one) for one in found.causes], "stepwise": found.stepwise,
        "notes": list(found.notes), "worked": timezone.now().isoformat(),
        "names": {name: {"title": law.titles[name], "type": law.types[name].name, "unit": law.units.get(name, "")} for name in names},
    }  # fmt: skip


def _forget_old(account: int) -> None:
    old = list(Trial.objects.filter(account_id=account, name="").values_list("pk", flat=True)[OWN:])
    if old:
        Trial.objects.filter(pk__in=old).delete()
        for number in old:
            trial_figures.drop(number)


# ---- found again ----


def seen(scope: Scope, number: int, *, account: int) -> Trial:
    """A trial the account may open: its own, or one saved at a place where it may simulate.

    Errors  Concealed (access.concealed) for one that is not there or may not be seen
    """
    found = Trial.objects.select_related("account", "before", "after").filter(pk=number).first()
    if found is None or not scope.may("simulate", found.place) or not (found.name or found.account.pk == account):
        raise scope.conceal("simulate", what=f"打开第 {number} 号试算", place=found.place if found else None)
    return found


def owned(scope: Scope, number: int, *, account: int) -> Trial:
    """A trial of the account's own.

    Errors  Concealed for any other
    """
    found = seen(scope, number, account=account)
    if found.account.pk != account:
        raise scope.conceal("simulate", what=f"改动第 {number} 号试算", place=found.place)
    return found


def saved_in(scope: Scope, *, before: int = 0, size: int) -> list[Trial]:
    """Saved trials at places where the account may simulate, newest first; one more than `size` if there are more."""
    found = Trial.objects.select_related("account").filter(scope.holding("place", permission="simulate")).exclude(name="")
    return list((found.filter(pk__lt=before) if before else found)[: size + 1])


def own_of(account: int) -> list[Trial]:
    """The account's last trials that were not saved, newest first."""
    return list(Trial.objects.filter(account_id=account, name="")[:OWN])


def figures(trial: Trial) -> Figures:
    """What a trial found.

    Errors  Refusal simulation.working while it is being worked out; what it was refused for; simulation.stalled, simulation.gone,
            simulation.file_changed
    """
    again = "请用“改一改再算”按同样的方案重新试算"
    if trial.state == State.working:
        if (timezone.now() - trial.at).total_seconds() > STALLED_SECONDS:
            raise Refusal("simulation.stalled", "试算没有算完", why="好久没有进展，多半是系统中途停过", do=again)
        raise Refusal("simulation.working", "正在试算", why="人数多，在后台逐人算两遍：照现行规定一遍，照方案一遍")
    if trial.state == State.failed:
        raise Refusal(**trial.told["refusal"])
    found = trial_figures.read(trial.pk, trial.told["hash"])
    if found is None:
        raise Refusal("simulation.gone", "试算结果的文件不在了", why="可能从旧备份恢复过", do=again)
    return found


def laws_of(trial: Trial) -> tuple[Law, Law]:
    """The law as it stood and as the scenario made it, exactly those the trial was worked out with.

    Errors  Refusal runs.law_set if the law has changed since and the trial was not saved
    """
    before = law_sets.law_of(trial.laws[0])
    after = law_with(scenario_of(trial.scenario), place=trial.place, law=before) if trial.after is None else None
    if after is None or after.hash != trial.laws[1]:
        after = law_sets.law_of(trial.laws[1])
    return before, after


def as_given(trial: Trial) -> QueryDict:
    """A trial's scenario as the form takes it, to change and try again."""
    scenario, law = scenario_of(trial.scenario), installed_law()
    given = QueryDict(mutable=True)
    given["place"], given["since"] = str(trial.place), scenario.since.isoformat()
    names = list(dict.fromkeys(change.name for change in scenario.values))
    given.setlist("v", names)
    given.setlist("m", trial.told["money"])
    given.setlist("d", [one if _sent_in(one) else one.partition("@")[0] for one in scenario.drafts])
    for one in settables(law, trial.place, on=scenario.since, names=names):
        if changeable(one):
            at = {cell.labels: cell.field for cell in value_field(one, {}, law=law).cells}
            for change in scenario.values:
                if change.name == one.name and change.cell in at:
                    given[at[change.cell]] = change.value
    return given


def _sent_in(draft: str) -> bool:
    """Whether a pinned draft came as a file: there is no draft of that id here."""
    return not (Path(settings.DATA) / "drafts" / draft.partition("@")[0] / "document.yaml").is_file()


# ---- saved ----


def save(trial: Trial, name: str, *, actor: str, clock: Clock) -> Trial:
    """Keep a trial under a name: both calculations as kept runs with their law sets, so that each can be worked out again.

    Errors  Refusal runs.name; those of `figures` and `laws_of`
    """
    called = kept.checked_name(name)
    if trial.name:
        Trial.objects.filter(pk=trial.pk).update(name=called)
        return trial
    found, (before, after) = figures(trial), laws_of(trial)
    with transaction.atomic():
        sides = [
            _kept(trial, answers, found, law, name=title, actor=actor, clock=clock)
            for answers, law, title in ((found.before, before, f"{called[:74]}：现行规定"), (found.after, after, called))
        ]
        trial.name, (trial.before, trial.after) = called, sides
        trial.save(update_fields=["name", "before", "after"])
    return trial


def _kept(trial: Trial, answers: Any, found: Figures, law: Law, *, name: str, actor: str, clock: Clock) -> KeptRun:
    simulated = law.hash != trial.laws[0]
    identity = Identity(
        "simulated" if simulated else "answers", trial.place, trial.on, trial.known_by, law.hash, tuple(answers),
        trial.scenario if simulated else "",
    )  # fmt: skip
    rows = Rows(found.subjects, found.places, np.full(len(found), day_number(trial.on), np.int32), dict(answers))
    return kept.keep(rows, identity, name=name, actor=actor, clock=clock, law=law)


def remove(trial: Trial) -> None:
    """Drop a trial with what was kept for it."""
    number, runs = trial.pk, [run for run in (trial.before, trial.after) if run is not None]
    with transaction.atomic():
        trial.delete()
        for run in runs:
            kept.drop(run)
    trial_figures.drop(number)
