"""The site on a small real world: 九龙县 and 泸定县 with a few workers, accounts of each role, a fixed day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from jiceng.access.accounts import create_account, grant
from jiceng.access.models import Account
from jiceng.places.load import load_snapshot
from tests.runs.world import CITY, COUNTY, PLAIN_COMMUNITY, PLAIN_COUNTY, TODAY, Worker, book, population

PASSWORD = "Gaoshan-2024-liu"
SignIn = Callable[..., Client]


@dataclass(frozen=True)
class World:
    """What stands in the ledger: a head trained twice, a clerk never trained, a worker of the other county."""

    head: int
    staff: int
    elsewhere: int


@pytest.fixture
def site(settings) -> None:
    """Static files without a manifest, jobs done at once, no second factor."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.SECOND_FACTOR = False


@pytest.fixture
def today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 24, 2, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def world(db: None, site: None, today: None) -> World:
    load_snapshot(only=(CITY,))
    for place in (CITY, COUNTY, PLAIN_COUNTY):
        book(place)
    head = Worker("马志强", n=11)
    head.appoint(date(2018, 3, 1), post="secretary")
    head.train(date(2024, 3, 10))
    head.train(date(2025, 11, 2))
    head.complete("training", on=date(2025, 12, 1))
    staff = Worker("罗布泽仁", n=12)
    staff.appoint(date(2021, 5, 1))
    staff.complete("training", on=date(2021, 5, 2))
    other = Worker("何晓燕", n=13, community=PLAIN_COMMUNITY)
    other.appoint(date(2020, 7, 1))
    population(PLAIN_COUNTY, 78_000, on=date(2025, 1, 1))
    return World(head.subject, staff.subject, other.subject)


@pytest.fixture
def account(world: World) -> Callable[..., Account]:
    """account("zhang", officer=513324)."""

    def make(username: str, **roles: int) -> Account:
        made = create_account(
            username, display_name=f"{username}（示例）", office="示例办公室", password=PASSWORD, by=None, must_change=False
        )
        for role, place in roles.items():
            grant(made, role=role, place=place, since=date(2016, 1, 1), by=None)
        return made

    return make


@pytest.fixture
def signed_in(account) -> SignIn:
    """A client signed in as an account with these roles: signed_in(officer=513324)."""

    def enter(**roles: int) -> Client:
        client = Client()
        client.force_login(account("-".join(roles) or "nobody", **roles), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


__all__ = ["COUNTY", "PLAIN_COUNTY", "TODAY", "World"]
