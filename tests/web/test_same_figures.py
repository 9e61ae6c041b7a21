"""One place, one day, one knowledge: whichever door is asked, the figures are the same, and each opens to as many rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from django.test import Client

from jiceng.access.accounts import create_account, grant
from jiceng.access.tokens import issue
from tests.cli.conftest import jiceng
from tests.runs.world import CITY, PLAIN_COMMUNITY, Worker, population
from tests.web.conftest import COUNTY, PLAIN_COUNTY, TODAY, World

__all__ = ["jiceng"]
pytestmark = [pytest.mark.database, pytest.mark.django_db]
Figures = dict[str, str]
RULES = ("workers_total", "quota_exact", "quota", "gap_exact", "gap", "rate_per_10k")


@pytest.fixture
def moved(world: World) -> World:
    """Both counties have told residents; one came and one left in November; the departure was recorded late, on the 20th."""
    population(COUNTY, 25_000, on=date(2025, 1, 1))
    Worker("泽仁旺姆", n=41).appoint(date(2026, 11, 3))
    old = Worker("扎西顿珠", n=42)
    old.appoint(date(2020, 1, 1))
    old.record("departure", date(2026, 11, 10), on=date(2026, 11, 20), cause="retirement")
    Worker("仁青", n=43, community=PLAIN_COMMUNITY).appoint(date(2022, 2, 2))
    return world


@pytest.fixture
def desk(signed_in: Callable[..., Client]) -> Client:
    return signed_in(officer=CITY)


@pytest.fixture
def token(world: World) -> str:
    made = create_account("renshi", display_name="人事系统", office="示例", password="Gaoshan-2024-liu", by=None, must_change=False)
    grant(made, role="officer", place=CITY, since=date(2016, 1, 1), by=None)
    return issue(made, name="人事系统", role="officer", place=CITY, until=date(2027, 6, 1), today=TODAY, by=None)[1]


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:300]
    body = answer.content.decode()
    return unescape(body[body.index("<main") : body.index("</main>")])


def plain(text: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text))


def when(on: date, known_by: str) -> str:
    return f"on={on}&known={known_by}"


def workbench(client: Client, place: int, moment: str) -> Figures:
    """In service and each answer, as its tile says."""
    body = page(client, f"/?place={place}&{moment}")
    serving = re.search(r'<a href="/roster/\?place=\d+[^"]*">([\d,]+) <small>人', body)
    assert serving
    cards = re.findall(r'class="figure[^"]*"><a href="/places/\d+/answers/(\w+)/[^>]*>(.*?)</a>', body)
    return {"in_service": serving[1], **{name: number(plain(text)) for name, text in cards if name in RULES}}


def number(text: str) -> str:
    return text.removesuffix("人").removeprefix("≈")


def return_page(client: Client, place: int, on: date, moment: str) -> Figures:
    """The first row of the return, by column."""
    body = page(client, f"/returns/new/{place}/{on.replace(day=1)}/?{moment}")
    row = body[body.index("<tbody") :]
    row = row[: row.index("</tr>")]
    cells = re.findall(r'<a[^>]*href="[^"]*c=(\w+)[^"]*"[^>]*>(.*?)</a>', row)
    names = {"counted": "workers_total", "rate": "rate_per_10k"}
    return {names.get(name, name): number(plain(text)) for name, text in cells}


def workbook(client: Client, place: int, on: date, moment: str) -> dict[str, Any]:
    """The same row in the Excel file, by heading."""
    answer = client.get(f"/returns/new/{place}/{on.replace(day=1)}/file/xlsx/?{moment}")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer) if answer.streaming else answer.content)).worksheets[0]
    return {sheet.cell(4, at).value: sheet.cell(5, at).value for at in range(2, sheet.max_column + 1)}


def program(token: str, place: int, moment: str) -> dict[str, Any]:
    """In service, answers as texts, counts by list; and how many workers the roster of the API counts."""
    moment = re.sub("&known=$", "", moment).replace("known=", "known_by=")
    ask = lambda path: Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}).json()  # noqa: E731
    seen = ask(f"/places/{place}/overview?{moment}")
    return {
        "in_service": seen["in_service"], "roster": ask(f"/workers?place={place}&{moment}")["count"],
        **{name: number(seen["answers"][name]["text"].replace(" ", "")) for name in RULES},
        "counts": {one["due"]: one["number"] for one in seen["counts"]},
    }  # fmt: skip


def counted(client: Client, place: int, moment: str) -> dict[str, int]:
    """The counts of the workbench by list."""
    body = page(client, f"/?place={place}&{moment}")
    found = re.findall(r'<td class="num"><a href="/roster/\?place=\d+&due=(\w+)[^"]*"[^>]*>([\d,]+)</a>', body)
    return {key: int(text) for key, text in found}


def listed(client: Client, address: str) -> int:
    """How many the roster says it lists."""
    found = re.search(r"共([\d,]+)人", plain(page(client, address)))
    assert found, address
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize(
    ("place", "on", "known_by", "serving"),
    [
        (COUNTY, TODAY, "", 3),
        (PLAIN_COUNTY, TODAY, "", 2),
        (CITY, TODAY, "", 5),
        (COUNTY, date(2026, 10, 31), "", 3),
        (COUNTY, date(2026, 11, 15), "2026-11-15", 4),
    ],
)
def test_every_door_says_the_same(moved, desk, token, jiceng, place, on, known_by, serving):
    moment = when(on, known_by)
    tiles = workbench(desk, place, moment)
    assert tiles["in_service"] == str(serving)
    assert set(tiles) == {"in_service", *RULES}

    told = return_page(desk, place, on, moment)
    assert {name: told[name] for name in tiles} == tiles

    asked = program(token, place, moment)
    assert (asked["in_service"], asked["roster"]) == (serving, serving)
    texts = {name: f"{round(float(asked[name]), 2):g}" for name in RULES}
    assert texts == {name: f"{float(tiles[name]):g}" for name in RULES}

    known = ("--known-by", known_by) if known_by else ()
    cells = jiceng("report", "status", "--place", place, "--on", on, *known, "--json").json["lines"][0]["cells"]
    assert (cells["in_service"], cells["counted"]["value"]) == (serving, int(tiles["workers_total"]))
    answers = jiceng("answer", place, "--on", on, *known, "--json").json["answers"]
    assert {name: number(answers[name]["text"].replace(" ", "")) for name in RULES} == {name: asked[name] for name in RULES}

    assert listed(desk, f"/roster/?place={place}&{moment}") == serving
    sheet = workbook(desk, place, on, moment)
    assert (sheet["在册"], sheet["其中计入配备"], sheet["缺额"]) == (serving, int(tiles["workers_total"]), int(tiles["gap"]))

    said = plain(page(desk, f"/briefing/?place={place}&{moment}"))
    assert f"在册社区工作者{serving}人，其中计入配备的{tiles['workers_total']}人" in said
    short = int(tiles["gap"])
    lead = f"按规定{'尚缺' if short > 0 else '超出'}{abs(short)}人" if short else "按规定已配齐"
    assert lead in said
    file = desk.get(f"/briefing/briefing.docx?place={place}&{moment}")
    word = "".join(part.text for part in docx.Document(BytesIO(b"".join(file) if file.streaming else file.content)).paragraphs)
    assert lead in word

    counts = counted(desk, place, moment)
    assert counts == asked["counts"]
    assert {key: listed(desk, f"/roster/?place={place}&due={key}&{moment}") for key in counts} == counts


def test_movements_are_the_same_in_return_briefing_and_list(moved, desk, jiceng):
    cells = jiceng("report", "status", "--place", COUNTY, "--json").json["lines"][0]["cells"]
    assert [cells[name] for name in ("opening", "arrivals", "departures", "in_service")] == [3, 1, 1, 3]
    told = return_page(desk, COUNTY, TODAY, when(TODAY, ""))
    assert [told[name] for name in ("opening", "arrivals", "departures")] == ["3", "1", "1"]
    assert "与上月末（2026年10月31日）的3人相同：进入1人，离任1人（退休1人）" in plain(page(desk, f"/briefing/?place={COUNTY}"))
    for way in ("arrivals", "departures"):
        rows = page(desk, f"/moves/?place={COUNTY}&since=2026-11-01&way={way}")
        assert rows.count("<tr><th") - rows.count("<thead><tr><th") == 1


def test_what_was_learnt_late_is_in_none_of_them(moved, desk, token):
    """On the 15th nobody knew of the departure of the 10th: the same day, known then and known now, differ by one, everywhere."""
    then, now = when(date(2026, 11, 15), "2026-11-15"), when(date(2026, 11, 15), "")
    assert [workbench(desk, COUNTY, moment)["in_service"] for moment in (then, now)] == ["4", "3"]
    assert [return_page(desk, COUNTY, date(2026, 11, 15), moment)["in_service"] for moment in (then, now)] == ["4", "3"]
    assert [program(token, COUNTY, moment)["roster"] for moment in (then, now)] == [4, 3]
    assert [listed(desk, f"/roster/?place={COUNTY}&{moment}") for moment in (then, now)] == [4, 3]
