"""The briefing page: every figure opens, files say the same, nobody sees more than the scope."""

from __future__ import annotations

import html
import re
from datetime import date
from io import BytesIO

import docx
import pytest
from pypdf import PdfReader

from jiceng.access.models import Denial
from tests.runs.world import CITY, Worker
from tests.web.conftest import COUNTY, PLAIN_COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def body(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


def links(text: str) -> list[str]:
    main = text[text.index("<main") : text.index("</main>")]
    return sorted({html.unescape(href) for href in re.findall(r'href="(/(?!static/)[^"]*)"', main)})


@pytest.fixture
def moved(world: World) -> World:
    """One came and one left this month, both in 九龙县."""
    new = Worker("泽仁旺姆", n=41)
    new.appoint(date(2026, 11, 3))
    old = Worker("扎西顿珠", n=42)
    old.appoint(date(2020, 1, 1))
    old.record("departure", date(2026, 11, 10), cause="retirement")
    return world


@pytest.mark.parametrize("place", [CITY, COUNTY, PLAIN_COUNTY, 513324100, 513324100001])
def test_every_link_of_the_page_opens(signed_in, moved: World, place: int):
    client = signed_in(officer=CITY)
    found = links(body(client, f"/briefing/?place={place}"))
    assert [one for one in found if client.get(one).status_code != 200] == []


def test_a_change_opens_its_rows_by_way_and_cause(signed_in, moved: World):
    client = signed_in(officer=COUNTY)
    page = body(client, "/briefing/")
    assert f'<a href="/moves/?place={COUNTY}&amp;since=2026-11-01&amp;way=departures&amp;cause=retirement">1人</a>' in page
    left = client.get(f"/moves/?place={COUNTY}&since=2026-11-01&way=departures&cause=retirement").context
    assert [(move.name, move.day, move.cause) for move in left["moves"]] == [("扎西顿珠", date(2026, 11, 10), "退休")]
    assert client.get(f"/moves/?place={COUNTY}&since=2026-11-01&way=departures&cause=untold").context["moves"] == []
    came = client.get(f"/moves/?place={COUNTY}&since=2026-11-01&way=arrivals").context
    assert ([move.name for move in came["moves"]], came["last"]) == (["泽仁旺姆"], date(2026, 11, 24))
    both = client.get(f"/moves/?place={COUNTY}&since=2026-01-01").context
    assert [move.name for move in both["moves"]] == ["泽仁旺姆", "扎西顿珠"]


def test_moves_without_a_day_are_refused(signed_in, moved: World):
    answer = signed_in(officer=COUNTY).get(f"/moves/?place={COUNTY}&since=2026-13-01")
    assert (answer.status_code, "page.date" in answer.content.decode()) == (422, True)


def test_who_sees_no_names_sees_none_in_briefing_moves_and_files(signed_in, moved: World):
    client = signed_in(viewer=COUNTY)
    for address in ("/briefing/", "/briefing/briefing.docx", f"/moves/?place={COUNTY}&since=2026-01-01"):
        content = client.get(address).content
        text = "".join(p.text for p in docx.Document(BytesIO(content)).paragraphs) if address.endswith("docx") else content.decode()
        assert [name for name in ("泽仁旺姆", "扎西顿珠", "马志强") if name in text] == []


@pytest.mark.parametrize("address", ["/briefing/", "/briefing/briefing.docx", "/briefing/briefing.pdf", "/moves/"])
@pytest.mark.parametrize("place", [CITY, PLAIN_COUNTY, 513322100001])
def test_other_places_stay_closed(signed_in, moved: World, address: str, place: int):
    answer = signed_in(officer=COUNTY).get(f"{address}?place={place}")
    assert (answer.status_code, Denial.objects.get().place) == (403, place)
    assert "何晓燕" not in answer.content.decode()


def test_word_pdf_and_page_say_the_same(signed_in, moved: World):
    client = signed_in(officer=CITY)
    page = re.sub(r"<[^>]+>|\s", "", html.unescape(body(client, f"/briefing/?place={CITY}")))
    word = [p.text for p in docx.Document(BytesIO(client.get("/briefing/briefing.docx").content)).paragraphs if p.style.name == "正文段"]
    printed = PdfReader(BytesIO(client.get("/briefing/briefing.pdf").content))
    text = re.sub(r"\s", "", "".join(part.extract_text() for part in printed.pages))
    text = re.sub(r"—\d+—", "", text)
    assert len(word) == 10
    assert [one for one in word if re.sub(r"\s", "", one) not in page] == []
    assert [one for one in word if re.sub(r"\s", "", one) not in text] == []


def test_a_file_has_its_name_and_day(signed_in, world: World):
    answer = signed_in(officer=COUNTY).get("/briefing/briefing.pdf?on=2026-06-01")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert "2026-06-01.pdf" in answer["Content-Disposition"]
    assert "截至2026年6月1日" in re.sub(r"\s", "", PdfReader(BytesIO(answer.content)).pages[0].extract_text())


def test_of_several_places_one_is_chosen_first(signed_in, world: World):
    client = signed_in(officer=COUNTY, clerk=PLAIN_COUNTY)
    page = body(client, "/briefing/")
    assert (f'<a href="?place={COUNTY}">九龙县</a>' in page, f'<a href="?place={PLAIN_COUNTY}">泸定县</a>' in page) == (True, True)
    assert client.get("/briefing/briefing.docx").status_code == 422


def test_the_menu_leads_here_once(signed_in, world: World):
    assert body(signed_in(officer=COUNTY), "/roster/").count('href="/briefing/"') == 1


def test_the_page_stays_small(signed_in, moved: World, django_assert_max_num_queries):
    client = signed_in(officer=CITY)
    body(client, "/briefing/")
    with django_assert_max_num_queries(13):  # three of them ask who is there
        answer = client.get("/briefing/")
    assert len(answer.content) < 60_000
