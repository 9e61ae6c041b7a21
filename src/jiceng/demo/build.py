"""A demonstration home from nothing, or the one already there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import transaction

from jiceng.access.accounts import create_account, grant, temporary_password
from jiceng.access.models import Account, ListView
from jiceng.demo.collecting import collect, fill_form
from jiceng.demo.drafts import drafted
from jiceng.demo.many import act_for_many
from jiceng.demo.moved import move_one
from jiceng.demo.papers import attach_papers
from jiceng.demo.paying import pay_months
from jiceng.demo.replay import replay
from jiceng.demo.returns import returns
from jiceng.demo.roster import Row, rows
from jiceng.demo.runs import keep_runs
from jiceng.demo.sending import send_in
from jiceng.demo.simulating import try_out
from jiceng.demo.story import Story
from jiceng.demo.workbooks import mistakes_of, style_of, write_workbook
from jiceng.demo.years import told
from jiceng.ledger import reading
from jiceng.ledger.books import ensure_book
from jiceng.ledger.keys import ensure_ring
from jiceng.places import reading as places
from jiceng.places.load import load_snapshot
from jiceng.places.tree import Level, contains, is_residents_committee
from jiceng.runs import standing
from jiceng.runs.adopting import adopt
from jiceng.runs.law import installed_law

PREFECTURE = 5133
COLLECTING, COLLECTING_STREET = 513301, 513301001
SEED = 2016
EXACT = 50
HEADS_LARGE, HEADS_SMALL = 24, 15
_LARGE = frozenset({513301, 513322, 513334})

_ACCOUNTS = (
    ("zhouzhang", "officer", PREFECTURE, "州委社会工作部主管（示例）", "甘孜州委社会工作部（示例）"),
    ("kangding", "clerk", 513301, "康定市经办（示例）", "康定市委社会工作部（示例）"),
    ("chakan", "viewer", PREFECTURE, "查阅（示例）", "甘孜州委组织部（示例）"),
    ("admin", "admin", PREFECTURE, "管理员（示例）", "甘孜州委社会工作部（示例）"),
)
_VIEWS: dict[str, dict[str, tuple[list[str], str]]] = {
    "zhouzhang": {
        "90天内合同到期": (
            ["place", "post", "cls", "a:contract_due", "a:contract_with_street"],
            "due=contract_soon&within=90&sort=contract_due",
        ),
        "书记队伍": (
            ["place", "age", "education", "political", "post_since", "a:community_months", "a:career_conditions"],
            "post=1&post=2",
        ),
    }
}
"""Views of the roster kept for an account: name → columns, address."""

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class County:
    """A county of the prefecture with its residents' communities (code → name) and the street of each."""

    code: int
    name: str
    communities: dict[int, str]
    streets: dict[int, str]


def ready(home: Path, *, now: datetime, report: Report) -> dict[str, Any]:
    """The demonstration in `home`: built if it is not there, else brought up to the day of `now` (local time).

    Shape   counts, accounts with their passwords, workbooks
    """
    marker = home / "data" / "demo.json"
    if marker.exists():
        call_command("migrate", interactive=False, verbosity=0)
        standing.ensure(now.date())
        return dict(json.loads(marker.read_text(encoding="utf-8")))
    built = _build(home, now=now, report=report)
    marker.write_text(json.dumps(built, ensure_ascii=False, indent=1), encoding="utf-8")
    marker.chmod(0o600)
    (home / "data" / "unfinished-demo").unlink(missing_ok=True)
    return built


def _build(home: Path, *, now: datetime, report: Report) -> dict[str, Any]:
    on = now.date()
    call_command("migrate", interactive=False, verbosity=0)
    ensure_ring()
    load_snapshot(only=(PREFECTURE,))
    accounts = _accounts(on)
    clerk = Account.objects.get(username=accounts[0]["username"])
    everyone = _counties(on)
    workers = serving = entries = refused = 0
    sent: list[dict[str, Any]] = []
    for position, (county, story) in enumerate(_stories(everyone, on)):
        report(position, len(everyone) + 1)
        _, written = replay(story, county_name=county.name)
        roster = rows(story, county_name=county.name, streets=county.streets)
        sent.append(_send(home, county, roster, account=clerk, position=position, now=now))
        workers, serving, entries = workers + len(story.lives), serving + len(roster), entries + written
        refused += sent[-1]["refused"]
    report(len(everyone), len(everyone) + 1)
    entries += _adopt(now)
    _refresh(on)
    clerks = {place: username for username, role, place, *_ in _ACCOUNTS if role == "clerk"}
    keep_runs(place=PREFECTURE, actor=clerk.username, now=now)
    pay_months(COLLECTING, clerk=accounts[1]["username"], officer=clerk.username, now=now)
    returns([county.code for county in everyone], prefecture=PREFECTURE, officer=clerk.username, clerks=clerks, now=now)
    county_clerk = Account.objects.get(username=accounts[1]["username"])
    entries += collect(home, place=COLLECTING, account=county_clerk, now=now)["entries"]
    fill_form(home, place=COLLECTING_STREET, account=county_clerk, now=now)
    entries += act_for_many(account=county_clerk, county=COLLECTING, now=now, on=on)
    entries += attach_papers(actor=clerk.username, clock=lambda: now, on=on)
    entries += move_one(actor=clerk.username, now=now, on=on)
    drafted(COLLECTING, name=next(one.name for one in everyone if one.code == COLLECTING), actor=clerk.username, now=now)
    try_out(place=COLLECTING, account=clerk, now=now)
    return {
        "home": str(home),
        "built_on": on.isoformat(),
        "workers": workers,
        "serving": serving,
        "entries": entries,
        "refused": refused,
        "workbooks": sent,
        "accounts": accounts,
    }


def _adopt(now: datetime) -> int:
    """An invented office confirms the invented documents, so that the demo shows what a confirmed text looks like."""
    ensure_book(PREFECTURE, "甘孜藏族自治州社区工作者账簿")
    invented = [d for d in installed_law().documents if d.example and contains(PREFECTURE, d.jurisdiction)]
    for document in invented:
        adopt(
            document.id, office="示例办公室", place=PREFECTURE, since=document.in_force, actor="示例办公室",
            basis="演示：视同已对照纸质文件", why="演示用，真实文件须由本单位对照纸质文件后确认", clock=lambda: now, loaded=True,
        )  # fmt: skip
    return len(invented)


def _refresh(on: date) -> None:
    """Rows of everybody ever in service, a few at a time: those know the exact day on which they change next."""
    everybody = reading.subjects_of("appointment")
    standing.counted()
    with transaction.atomic():
        for start in range(0, len(everybody), EXACT):
            standing.refresh(everybody[start : start + EXACT], on=on)


def _accounts(on: date) -> list[dict[str, str]]:
    made = []
    for username, role, place, who, office in _ACCOUNTS:
        password = temporary_password()
        account = create_account(username, display_name=who, office=office, password=password, by=None, must_change=False)
        grant(account, role=role, place=place, since=date(on.year - 11, 1, 1), by=None)
        for name, (columns, query) in _VIEWS.get(username, {}).items():
            ListView.objects.create(account=account, listing="roster", name=name, columns=columns, query=query)
        made.append({"username": username, "password": password, "who": who, "role": role})
    return made


def _counties(on: date) -> list[County]:
    found = []
    for county in places.within(PREFECTURE, on=on, level=Level.county):
        streets = {street.code: street.name for street in places.within(county.code, on=on, level=Level.street)}
        inside = [c for c in places.within(county.code, on=on, level=Level.community) if is_residents_committee(c.code)]
        names = {c.code: c.name for c in inside}
        found.append(County(county.code, county.name, names, {code: streets[code // 1000] for code in names}))
    return found


def _stories(everyone: list[County], on: date) -> Iterator[tuple[County, Story]]:
    numbers, taken = count(1), set[str]()
    for county in everyone:
        heads = HEADS_LARGE if county.code in _LARGE else HEADS_SMALL
        yield county, told(county.code, communities=county.communities, heads=heads, on=on, seed=SEED, numbers=numbers, taken=taken)


def _send(home: Path, county: County, roster: list[Row], *, account: Account, position: int, now: datetime) -> dict[str, Any]:
    """The county's workbook, written and sent in as its clerk would."""
    folder = home / "workbooks"
    folder.mkdir(exist_ok=True)
    path = folder / f"{county.code}-{county.name}社区工作者花名册.xlsx"
    write_workbook(
        path, county=county.name, rows=roster, style=style_of(position), mistakes=mistakes_of(position, rows=len(roster)), on=now.date()
    )
    return {"file": path.name, **send_in(path, place=county.code, office=f"{county.name}委社会工作部（示例）", account=account, now=now)}
