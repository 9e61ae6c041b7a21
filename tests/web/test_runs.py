"""Pages of kept runs: every figure opens to as many as it says and to its card; nobody sees more than they may; ten statements a page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from jiceng.access.models import Denial, Export
from jiceng.ledger import reading
from jiceng.runs import kept
from jiceng.runs.commit import Correct, Record, commit
from jiceng.runs.law import installed_law
from jiceng.runs.models import KeptRun
from tests.runs.world import CITY, COUNTY, PLAIN_COUNTY, at, book

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NAMES = ("monthly_pay", "performance", "post_class")
LINK = re.compile(r'<a[^>]* href="([^"]+)"[^>]*>([^<]+)</a>')
ON = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _files() -> Iterator[None]:
    yield
    shutil.rmtree(Path(site_settings.DATA) / kept.FOLDER, ignore_errors=True)


def keep(name: str, *, place: int = CITY, on: date = ON, day: date = date(2026, 7, 1), kind: str = "answers") -> KeptRun:
    law = installed_law()
    identity = kept.identified(NAMES, place=place, on=on, known_by=None, clock=at(day), law=law, kind=kind)
    return kept.keep(kept.calculated(identity), identity, name=name, actor="zhang", clock=at(day))


@pytest.fixture
def runs(world) -> tuple[KeptRun, KeptRun]:
    """六月 with two of three graded; 九月, when one was graded higher, one lost the grade and one got one."""
    law = installed_law()
    for subject, grade, place in ((world.head, 6, COUNTY), (world.elsewhere, 4, PLAIN_COUNTY)):
        record = Record(subject, "grading", date(2026, 1, 1), None, {"grade": grade})
        commit(book(place).id, [record], actor="测试员", basis="测试", why="测试", clock=at(date(2026, 1, 5)))
    first = keep("六月")
    told = {row.subject: row for row in reading.as_of([world.head, world.elsewhere], on=ON, kinds=["grading"], terms=law.terms)}
    changes = [
        (COUNTY, Correct(told[world.head].id, date(2026, 1, 1), None, {"grade": 8})),
        (COUNTY, Record(world.staff, "grading", date(2026, 1, 1), None, {"grade": 2})),
        (PLAIN_COUNTY, Correct(told[world.elsewhere].id, date(2026, 1, 1), date(2026, 2, 1), {"grade": 4})),
    ]
    for place, change in changes:
        commit(book(place).id, [change], actor="测试员", basis="测试", why="测试", clock=at(date(2026, 9, 1)))
    return first, keep("九月", day=date(2026, 9, 30))


def links(page: str) -> list[tuple[str, str]]:
    return [(unescape(href), text) for href, text in LINK.findall(page)]


def number(text: str) -> int | None:
    found = re.search(r"([\d,]+)(?: 人)?$", text)
    return int(found.group(1).replace(",", "")) if found else None


def test_the_list_shows_the_latest_first_and_every_run_opens(signed_in, runs):
    client = signed_in(officer=CITY)
    page = client.get("/policy/runs/").content.decode()
    assert [text for href, text in links(page) if re.fullmatch(r"/policy/runs/\d+/", href)] == ["九月", "六月"]
    assert ("工资标准" in page, "甘孜藏族自治州" in page, page.count('type="checkbox" name="r"')) == (True, True, 2)


def test_every_figure_of_a_run_opens_to_as_many_people(signed_in, runs):
    client = signed_in(officer=CITY)
    opened = 0
    for where in ("", f"?place={COUNTY}", "?place=513324100", "?place=513324100001"):
        page = client.get(f"/policy/runs/{runs[0].pk}/{where}").content.decode()
        for href, text in links(page):
            if href.startswith(f"/policy/runs/{runs[0].pk}/people/"):
                answer = client.get(href)
                if "元" not in text:
                    assert (href, answer.context["people"]) == (href, number(text))
                assert len(answer.context["lines"]) == answer.context["people"]
                opened += 1
    assert opened > 20


def test_every_answer_opens_to_its_card_as_known_then(signed_in, runs, world):
    client = signed_in(officer=CITY)
    page = client.get(f"/policy/runs/{runs[0].pk}/people/").content.decode()
    cards = [(href, text) for href, text in links(page) if "/card/" in href]
    assert len(cards) == 9
    for href, text in cards:
        answer = client.get(href, headers={"HX-Request": "true"})
        assert (answer.context["card"]["text"] if text != "缺事实" else answer.context["card"]["kind_name"], answer.context["differs"]) == (
            text,
            "",
        )
        assert "知悉截至 2026年7月1日" in answer.content.decode()
    href = f"/policy/runs/{runs[0].pk}/card/{world.head}/monthly_pay/"
    assert "3,940.00 元" in client.get(href).content.decode()
    later = client.get(f"/policy/runs/{runs[1].pk}/card/{world.head}/monthly_pay/").content.decode()
    assert ("4,190.00 元" in later, "3,940.00 元" in later) == (True, False)
    for wrong in (f"card/{world.head}/in_service/", "card/1/monthly_pay/"):
        assert client.get(f"/policy/runs/{runs[0].pk}/{wrong}").status_code == 422


def test_two_runs_compared_by_name_and_place_and_every_number_opens(signed_in, runs, world):
    client = signed_in(officer=CITY)
    query = f"r={runs[1].pk}&r={runs[0].pk}"
    answer = client.get(f"/policy/runs/compare/?{query}")
    pay = answer.context["lines"][0]
    assert (pay.title, pay.before, pay.after, pay.change) == ("工资标准", "7,050.00 元", "7,090.00 元", "+250.00 元")
    assert [(cell.way, cell.people, cell.sum) for cell in pay.cells] == [
        ("risen", 1, "+250.00 元"), ("fallen", 0, ""), ("joined", 0, ""), ("left", 0, ""), ("found", 1, "2,900.00 元"),
        ("lost", 1, "3,110.00 元"), ("otherwise", 0, ""),
    ]  # fmt: skip
    assert [(one.title, one.change) for one in answer.context["places"]] == [("泸定县", "0.00 元"), ("九龙县", "+250.00 元")]
    opened = 0
    for where in ("", f"&place={COUNTY}&name=performance", "&place=513324100001"):
        for href, text in links(client.get(f"/policy/runs/compare/?{query}{where}").content.decode()):
            if href.startswith("/policy/runs/compare/people/"):
                behind = client.get(href)
                assert (href, behind.context["people"], len(behind.context["lines"])) == (href, number(text), number(text))
                opened += 1
    assert opened > 15
    lost = client.get(f"/policy/runs/compare/people/?{query}&name=monthly_pay&way=lost").context["lines"]
    assert [(one.subject, one.before, one.after, one.change) for one in lost] == [(world.elsewhere, "3,110.00 元", "缺事实", "")]


def test_what_cannot_be_compared_is_refused(signed_in, runs):
    client, here = signed_in(officer=CITY), keep("泸定", place=PLAIN_COUNTY)
    there = keep("九龙", place=COUNTY)
    for query, id in (
        ("", "runs.two"), (f"r={here.pk}", "runs.two"), (f"r={here.pk}&r={there.pk}", "runs.places_apart"),
        (f"r={here.pk}&r={there.pk}&r={runs[0].pk}", "runs.two"),
    ):  # fmt: skip
        assert id in client.get(f"/policy/runs/compare/?{query}").content.decode()
    assert client.get(f"/policy/runs/compare/?r={here.pk}&r={runs[0].pk}").context["place"] == PLAIN_COUNTY
    wrong = f"r={runs[0].pk}&r={runs[1].pk}&name=monthly_pay&way=nothing"
    assert "runs.no_row" in client.get(f"/policy/runs/compare/people/?{wrong}").content.decode()


def test_a_run_is_made_renamed_and_worked_out_again_from_the_page(signed_in, world):
    client = signed_in(clerk=COUNTY)
    form = client.get("/policy/runs/new/").content.decode()
    assert ('value="monthly_pay"' in form, 'value="quota_exact"' in form) == (True, False)
    sent = {"place": COUNTY, "rule": ["in_service", "training_overdue"], "name": "县里算的"}
    made = client.post("/policy/runs/new/", sent)
    run = KeptRun.objects.get()
    assert (made.status_code, made["Location"], run.name, run.people, run.place) == (302, f"/policy/runs/{run.pk}/", "县里算的", 2, COUNTY)
    assert run.known_by <= datetime(2026, 11, 24, 3, tzinfo=UTC)
    client.post(f"/policy/runs/{run.pk}/rename/", {"name": "改过"})
    assert KeptRun.objects.get().name == "改过"
    said = client.post(f"/policy/runs/{run.pk}/again/", follow=True).content.decode()
    assert "逐字节相同" in said
    for broken, id in (
        ({**sent, "rule": []}, "runs.no_names"),
        ({**sent, "name": " "}, "runs.name"),
        ({**sent, "rule": ["x"]}, "law.no_name"),
    ):
        assert id in client.post("/policy/runs/new/", broken).content.decode()
    assert client.post("/policy/runs/new/", {**sent, "place": PLAIN_COUNTY}).status_code == 403
    assert KeptRun.objects.count() == 1


def test_a_run_that_does_not_come_out_again_says_so(signed_in, runs):
    run = runs[0]
    KeptRun.objects.filter(pk=run.pk).update(hash="0" * 64)
    client = signed_in(officer=CITY)
    client.post(f"/policy/runs/{run.pk}/again/")
    page = client.get("/policy/runs/").content.decode()
    assert "与保存的不同" in page
    assert "runs.file_missing" in client.get(f"/policy/runs/{run.pk}/").content.decode()


def test_more_people_than_a_page_can_wait_for_go_to_the_command_line(signed_in, runs, monkeypatch):
    monkeypatch.setattr("jiceng.desks.policy.runs.AT_ONCE", 2)
    monkeypatch.setattr("jiceng.desks.policy.runs_new.AT_ONCE", 2)
    client = signed_in(officer=CITY)
    assert f"jiceng runs check {runs[0].pk}" in client.post(f"/policy/runs/{runs[0].pk}/again/").content.decode()
    said = client.post("/policy/runs/new/", {"place": CITY, "rule": ["in_service"], "name": "全州"}).content.decode()
    assert "jiceng run in_service --place 5133" in said


def test_the_workbook_is_masked_as_the_scope_says_and_on_record(signed_in, runs, world):
    for role, name in (("officer", "马志强"), ("viewer", "马**")):
        answer = signed_in(**{role: CITY}).get(f"/policy/runs/{runs[0].pk}/file/")
        cells = [cell for row in load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True) for cell in row]
        assert [one for one in (name, str(world.head), 3940, "缺事实") if one not in cells] == []
        assert ("马志强" in cells) == (role == "officer")
        row = Export.objects.latest("id")
        assert (row.place, row.rows, row.on, row.known_by, row.filters) == (CITY, 3, ON, runs[0].known_by, "六月")
    assert Export.objects.count() == 2


def test_nobody_sees_names_or_runs_beyond_their_places(signed_in, runs, world):
    own = keep("九龙县", place=COUNTY)
    viewer = signed_in(viewer=COUNTY)
    page = viewer.get("/policy/runs/").content.decode()
    assert ("九龙县" in page, "六月" in page) == (True, False)
    people = viewer.get(f"/policy/runs/{own.pk}/people/").content.decode()
    assert ("马**" in people, "马志强" in people, "何晓燕" in people) == (True, False, False)
    before, answers = Denial.objects.count(), []
    for run in (runs[0].pk, 99_999):
        for tail in ("", "people/", f"card/{world.head}/monthly_pay/", "file/"):
            answer = viewer.get(f"/policy/runs/{run}/{tail}")
            answers.append((answer.status_code, re.sub(r"\d+", "", answer.content.decode().split("<main")[1])))
        assert viewer.get(f"/policy/runs/compare/?r={own.pk}&r={run}").status_code == 403
    assert answers[:4] == answers[4:]
    assert {code for code, _ in answers} == {403}
    assert Denial.objects.count() == before + 10
    for path in (f"/policy/runs/{own.pk}/rename/", "/policy/runs/new/"):
        assert viewer.post(path, {"name": "x", "place": COUNTY, "rule": "in_service"}).status_code == 403
    assert KeptRun.objects.get(pk=own.pk).name == "九龙县"


def test_pay_is_seen_only_by_who_prepares_it(signed_in, runs):
    pay = keep("六月工资", kind="pay")
    viewer, clerk = signed_in(viewer=CITY), signed_in(clerk=CITY)
    assert ("六月工资" in viewer.get("/policy/runs/").content.decode(), viewer.get(f"/policy/runs/{pay.pk}/").status_code) == (False, 403)
    assert ("六月工资" in clerk.get("/policy/runs/").content.decode(), clerk.get(f"/policy/runs/{pay.pk}/").status_code) == (True, 200)
    assert "逐字节相同" in clerk.post(f"/policy/runs/{pay.pk}/again/", follow=True).content.decode()
    cells = [href for href, _ in links(clerk.get(f"/policy/runs/{pay.pk}/people/").content.decode()) if "/c/" in href]
    assert cells[0] == f"/pay/5133/2026-06/c/{kept.rows_of(pay).subjects[0]}/monthly_pay/"
    assert [len(clerk.get(f"/policy/runs/?kind={kind}").context["rows"]) for kind in ("pay", "answers", "simulated", "x")] == [1, 2, 0, 3]
    assert len(viewer.get("/policy/runs/?kind=pay").context["rows"]) == 0


def test_an_empty_list_says_what_to_do(signed_in, world):
    assert "新算一次" in signed_in(clerk=COUNTY).get("/policy/runs/").content.decode()
    assert "请有“试算”权限的" in signed_in(viewer=COUNTY).get("/policy/runs/").content.decode()


def test_no_page_takes_more_than_ten_statements_or_sixty_kilobytes(signed_in, runs, world):
    client = signed_in(officer=CITY)
    one, query = runs[0].pk, f"r={runs[0].pk}&r={runs[1].pk}"
    client.get("/policy/runs/")
    for path in (
        "/policy/runs/", "/policy/runs/new/", f"/policy/runs/{one}/", f"/policy/runs/{one}/?place={COUNTY}", f"/policy/runs/{one}/people/",
        f"/policy/runs/{one}/card/{world.head}/monthly_pay/", f"/policy/runs/compare/?{query}", f"/policy/runs/{one}/file/",
        f"/policy/runs/compare/people/?{query}&name=monthly_pay&way=risen",
    ):  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as found:
            answer = client.get(path)
        assert (path, answer.status_code, len(found) <= 10, len(answer.content) < 60_000) == (path, 200, True, True), len(found)
