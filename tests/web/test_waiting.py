"""A day that is still being made ready: the page says so and asks again by itself."""

from __future__ import annotations

import pytest

from jiceng.desks.workforce import roster
from jiceng.runs import moments
from tests.web.conftest import World

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_a_day_being_built_asks_again_until_it_is_there(signed_in, world: World, monkeypatch):
    monkeypatch.setattr(moments, "PIECE", 1)
    monkeypatch.setitem(roster.listing_of.__kwdefaults__, "seconds", 1e-9)
    client = signed_in(officer=5133)
    panel = client.get("/roster/?on=2026-01-02", headers={"HX-Request": "true"}).content.decode()
    assert ('hx-trigger="load delay:2s"' in panel, "<html" in panel) == (True, False)
    pages = []
    while not pages or pages[-1].status_code == 503:
        pages.append(client.get("/roster/?on=2026-01-01"))
    first, last = pages[0], pages[-1]
    assert (first.status_code, first["Retry-After"], last.status_code) == (503, "2", 200)
    assert '<meta http-equiv="refresh" content="2">' in first.content.decode()
    assert len(last.context["lines"]) == 3
