"""The form of a what-if: place, date, values typed anew, drafts chosen or sent in; the scenario it makes, or what is wrong where."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from jiceng.access.scope import Scope
from jiceng.base.refusals import Problem, Problems, Refusal
from jiceng.desks.policy.value_fields import ValueField, changeable, value_field
from jiceng.law.document import Heading, read_heading
from jiceng.law.drafting import drafts_in, unpacked
from jiceng.law.drafting.packing import LARGEST
from jiceng.law.lined import read
from jiceng.law.load import Law, folder_id
from jiceng.law.settable import Settable, behind_money, settables
from jiceng.places import tree
from jiceng.runs.law import installed_law
from jiceng.runs.scenario_folders import pinned
from jiceng.runs.scenarios import Scenario, law_with
from jiceng.ui.choices import PlaceChoice, place_choice
from jiceng.ui.moment import Moment, day_asked

OFFERED = 12
"""So many values are offered at a time."""


@dataclass(frozen=True)
class DraftChoice:
    """A draft that may be tried. `id`: a folder id, or `id@hash` of one that was sent in."""

    id: str
    title: str
    where: str
    chosen: bool


@dataclass(frozen=True)
class MoneyChoice:
    """A rule that gives money, to be summed where no pay form says what is paid."""

    name: str
    title: str
    chosen: bool


@dataclass(frozen=True)
class ScenarioForm:
    """The form as it stands. `money` is empty where a pay form is in force. `faults`: what is wrong with no value of its own, by
    field (since, drafts, whole)."""

    choice: PlaceChoice
    since: date
    since_text: str
    search: str
    offered: tuple[ValueField, ...]
    more: int
    chosen: tuple[ValueField, ...]
    drafts: tuple[DraftChoice, ...]
    money: tuple[MoneyChoice, ...]
    faults: Mapping[str, tuple[str, ...]]

    def asked_on(self, on: date) -> date:
        """The day to look at: the end of the month in which it begins, or of the month of `on` if that is later. Pay is worked
        out at a month's end; so is everything here."""
        return next_month(max(self.since, on)) - timedelta(days=1)

    @property
    def faulty(self) -> bool:
        return bool(self.faults) or any(one.faulty for one in self.chosen)

    @property
    def scenario(self) -> Scenario:
        """What was typed and chosen. Drafts in the order they are offered, values in the order they were added."""
        values = tuple(change for one in self.chosen for change in one.changes)
        return Scenario(self.since, values, tuple(draft.id for draft in self.drafts if draft.chosen))


def scenario_form(given: QueryDict, *, scope: Scope, moment: Moment, sent: UploadedFile | None = None) -> ScenarioForm:  # type: ignore[type-arg]
    """The form from what an address or a page sent.

    Errors  Denied for a place at which the account may not simulate
    """
    text = given.get("place", "")
    choice = place_choice(scope, int(text) if text.isascii() and text.isdigit() else 0, on=moment.today, permission="simulate")
    since_text = given.get("since", "").strip() or f"{next_month(moment.today):%Y-%m-%d}"
    faults: dict[str, tuple[str, ...]] = {}
    try:
        since = day_asked(since_text, today=moment.today)
    except Refusal as refusal:
        since, faults["since"] = moment.today, (f"{refusal.what}。{refusal.do}",)
    law = installed_law()
    names = [name for name in given.getlist("v") if name != given.get("drop")]
    added = given.get("add", "")
    names = list(dict.fromkeys([*names, *([added] if added else [])]))
    place = choice.chosen
    chosen = [one for one in settables(law, place, on=since, names=names) if changeable(one)] if names else []
    typed = {name: str(text) for name, text in given.items()}
    search = given.get("q", "").strip()
    offered = _offered(law, place, since, search, without=set(names))
    drafts, fault = _drafts(given, sent, scope=scope, place=place, on=moment.today)
    if fault is not None:
        faults["drafts"] = (fault.text,)
    shown = tuple(value_field(one, {}, law=law) for one in offered[:OFFERED])
    fields = tuple(value_field(one, typed, law=law) for one in chosen)
    money = _money(law, place, since, given.getlist("m"))
    return ScenarioForm(choice, since, since_text, search, shown, len(offered) - len(shown), fields, drafts, money, faults)


def _money(law: Law, place: int, since: date, chosen: list[str]) -> tuple[MoneyChoice, ...]:
    if law.pay_form(place, since) is not None:
        return ()
    rules = [one for one in law.regime(place, since).rules("worker") if one.type.name == "Yuan" and one.unit == "元"]
    return tuple(MoneyChoice(one.name, law.titles[one.name], one.name in chosen) for one in rules)


def next_month(on: date) -> date:
    """The first day of the next month."""
    return (on.replace(day=1) + timedelta(days=32)).replace(day=1)


def _offered(law: Law, place: int, since: date, search: str, *, without: set[str]) -> list[Settable]:
    """Values found by a part of their name, their document or their identifier; without a search those that money rests on."""
    money = behind_money(law, place, on=since)
    found = [one for one in settables(law, place, on=since, names=None if search else money) if one.name not in without and changeable(one)]
    if not search:
        return found

    def matches(one: Settable) -> int:
        if search in one.title or search in one.name:
            return 2
        return int(search in one.definition.document.title or search in one.definition.document.short)

    hits = [(matches(one), one) for one in found]
    return [one for rank in (2, 1) for hit, one in hits if hit == rank]


def _drafts(
    given: QueryDict, sent: UploadedFile | None, *, scope: Scope, place: int, on: date  # type: ignore[type-arg]
) -> tuple[tuple[DraftChoice, ...], Refusal | None]:  # fmt: skip
    """Drafts that bear on the place and lie where the account may simulate; those sent in before; one sent in now."""
    wanted, fault = given.getlist("d"), None
    found = [
        DraftChoice(folder_id(folder), heading.title, "", folder_id(folder) in wanted)
        for folder in drafts_in(Path(settings.DATA) / "drafts")
        if (heading := _heading(folder)) and bears(heading.jurisdiction, place) and scope.may("simulate", heading.jurisdiction)
    ]
    found += [DraftChoice(one, one.partition("@")[0], "交来的文件", True) for one in wanted if "@" in one]
    if sent is not None:
        try:
            id, title = taken_in(sent)
            found.append(DraftChoice(id, title, f"交来的文件 {sent.name}", True))
        except Refusal as refusal:
            fault = refusal
    return tuple({one.id: one for one in found}.values()), fault


def bears(jurisdiction: int, place: int) -> bool:
    """Whether a document of one place can change an answer at another: it lies above or inside it."""
    return jurisdiction == tree.NATION or place == tree.NATION or tree.contains(jurisdiction, place) or tree.contains(place, jurisdiction)


def _heading(folder: Path) -> Heading | None:
    return read_heading(read(folder / "document.yaml", name="document.yaml", found=[]), path="document.yaml", found=[])


def taken_in(sent: UploadedFile) -> tuple[str, str]:  # type: ignore[type-arg]
    """A packed draft pinned for a scenario: (its name there, its title). It is not put among the drafts.

    Errors  Refusal draft.not_packed, draft.too_large, draft.file_changed
    """
    if (sent.size or 0) > LARGEST:
        raise Refusal("draft.too_large", f"文件有 {(sent.size or 0) >> 10} KB，超过 {LARGEST >> 20} MB", do="请核对是不是选错了文件")
    packed = unpacked(sent.read())
    above = Path(tempfile.mkdtemp(prefix="jiceng-draft-"))
    try:
        folder = above / packed.id
        folder.mkdir(parents=True)
        for name, text in packed.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return pinned(folder), packed.title
    finally:
        shutil.rmtree(above, ignore_errors=True)


def fixed(scenario: Scenario) -> Scenario:
    """The scenario with its drafts pinned as they are now: a draft that is worked on meanwhile does not change what was tried.

    Errors  Refusal scenario.no_draft
    """
    drafts = Path(settings.DATA) / "drafts"
    return replace(scenario, drafts=tuple(one if "@" in one else pinned(drafts / one) for one in scenario.drafts))


def checked(form: ScenarioForm) -> ScenarioForm:
    """The form with what the law says against it: each finding at the value it is about, the others at the drafts or the whole."""
    if form.faulty:
        return form
    if not form.scenario.values and not form.scenario.drafts:
        return replace(form, faults={"whole": ("还没有改任何数值，也没有选草案。请在下面改一个数，或勾选一份草案。",)})
    try:
        law_with(fixed(form.scenario), place=form.choice.chosen)
    except Problems as problems:
        return _with(form, [one for one in problems.problems if not one.notice])
    except Refusal as refusal:
        return replace(form, faults={"whole": (refusal.text,)})
    return form


def _with(form: ScenarioForm, problems: Iterable[Problem]) -> ScenarioForm:
    against: dict[str, list[str]] = {}
    for problem in problems:
        about = next((one.name for one in form.chosen if f"“{one.name}”" in problem.message or f"“{one.title}”" in problem.message), "")
        of_draft = any(problem.path.startswith(f"{draft.id.partition('@')[0]}/") for draft in form.drafts if draft.chosen)
        if about and not of_draft:
            title = next(one.title for one in form.chosen if one.name == about)
            against.setdefault(about, []).append(problem.message.replace(f"“{about}”", f"“{title}”"))
        else:
            against.setdefault("drafts" if of_draft else "whole", []).append(str(problem))
    chosen = tuple(replace(one, wrong=tuple(against[one.name])) if one.name in against else one for one in form.chosen)
    faults = {key: tuple(words) for key, words in against.items() if key in ("drafts", "whole")}
    return replace(form, chosen=chosen, faults=faults)
