"""The roster page: filters, search, keyset pages; few statements and small pages whatever the size."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.runs.world import Worker, id_number
from tests.web.conftest import COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def names(answer) -> list[str]:
    return [line.name for line in answer.context["lines"]]


def test_filters_narrow_the_list(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    assert names(client.get("/roster/?post=2")) == ["马志强"]
    assert names(client.get("/roster/?cls=2")) == ["罗布泽仁"]
    assert names(client.get("/roster/?state=2")) == []
    assert names(client.get("/roster/?place=513324100")) == ["马志强", "罗布泽仁"]
    assert names(client.get("/roster/?due=training_overdue")) == ["罗布泽仁"]
    assert names(client.get("/roster/?due=contract_missing")) == ["马志强", "罗布泽仁"]


def test_search_by_name_initials_and_whole_id_number(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    for text in ("志强", "mzq", id_number(11, date(1985, 6, 1))):
        assert names(client.get("/roster/", {"q": text})) == ["马志强"]
    assert names(client.get("/roster/", {"q": id_number(11, date(1985, 6, 1))[:12]})) == []


def test_a_filter_that_is_not_offered_is_refused(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    answers = [client.get(f"/roster/?{query}") for query in ("post=99", "due=nothing", "state=x", "place=abc")]
    assert [(answer.status_code, answer.context["refusal"].id) for answer in answers] == [(422, "page.filter")] * 4


def test_pages_lead_to_the_end_and_back_without_a_gap_or_a_repeat(signed_in, world: World):
    for n in range(65):
        Worker(f"人员{n:02d}", n=100 + n).appoint(date(2022, 1, 1))
    client = signed_in(officer=COUNTY)
    seen, address, pages = [], "/roster/", []
    while address:
        answer = client.get(address)
        pages.append(address)
        seen += [line.subject for line in answer.context["lines"]]
        address = f"/roster/?after={answer.context['after']}" if answer.context["after"] else ""
    assert (len(pages), len(seen), len(set(seen)), seen == sorted(seen)) == (3, 67, 67, True)
    back = client.get(f"/roster/?before={client.get(pages[2]).context['before']}")
    assert [line.subject for line in back.context["lines"]] == seen[30:60]


def test_statements_and_size_stay_within_the_budget(signed_in, world: World):
    for n in range(40):
        Worker(f"人员{n:02d}", n=100 + n).appoint(date(2022, 1, 1))
    client = signed_in(officer=COUNTY)
    for address in ("/roster/", "/roster/?due=training_overdue&post=7&q=ry"):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert len(asked) <= 10
        assert len(answer.content) <= 60 * 1024


def test_each_count_of_the_workbench_is_the_length_of_its_list(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    counted = {tile.key: tile.number for tile in client.get("/").context["counts"]}
    listed = {key: client.get(f"/roster/?place={COUNTY}&due={key}").context["found"].count for key in counted}
    assert counted == listed
    assert counted["contract_missing"] == 2


def test_a_list_page_links_keep_the_filters(signed_in, world: World):
    for n in range(40):
        Worker(f"人员{n:02d}", n=100 + n).appoint(date(2022, 1, 1))
    text = signed_in(officer=COUNTY).get("/roster/?cls=2").content.decode()
    following = text.split("下一页")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert parse_qs(urlsplit(following).query)["cls"] == ["2"]


@pytest.mark.parametrize("page", ["/workers/{0}/", "/workers/{0}/facts/", "/workers/{0}/history/", "/entries/", "/import/", "/law/"])
def test_other_pages_keep_the_same_budget(signed_in, world: World, page):
    client = signed_in(officer=COUNTY)
    client.get(page.format(world.head))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(page.format(world.head))
    assert len(asked) <= 10
    assert len(answer.content) <= 60 * 1024
