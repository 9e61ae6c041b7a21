"""The day and the knowledge time of a page."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from jiceng.base.refusals import Refusal
from jiceng.ui.moment import ZONE, day_asked, known_asked
from tests.web.conftest import COUNTY, World

ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-01", date(2024, 5, 1)), ("2024.5.1", date(2024, 5, 1)), ("2024/5/1", date(2024, 5, 1)),
        ("２０２４-05-01", date(2024, 5, 1)),
        ("2024年5月1日", date(2024, 5, 1)), ("", ON), ("今天", ON), (" 2024-02-29 ", date(2024, 2, 29)),
    ],
)  # fmt: skip
def test_day_is_read_in_the_forms_people_type(text, day):
    assert day_asked(text, today=ON) == day


@pytest.mark.parametrize("text", ["2023-02-30", "20240501x", "昨天", "1800-01-01", "2300-01-01", "5月1日"])
def test_a_text_that_is_no_day_is_refused(text):
    with pytest.raises(Refusal) as refused:
        day_asked(text, today=ON)
    assert (refused.value.id, refused.value.where) == ("page.date", "查看日期")


def test_knowledge_time_without_a_clock_time_means_the_end_of_the_day():
    assert known_asked("2024-06-01") == datetime(2024, 6, 1, 23, 59, 59, 999_999, tzinfo=ZONE)
    assert known_asked("2024-06-01 12:00") == datetime(2024, 6, 1, 12, tzinfo=ZONE)
    assert known_asked("2024-06-01T12:00") == datetime(2024, 6, 1, 12, tzinfo=ZONE)
    assert known_asked("") is None


def test_a_wrong_knowledge_time_is_refused():
    with pytest.raises(Refusal) as refused:
        known_asked("2024-06-01 25:00")
    assert (refused.value.id, refused.value.where) == ("page.date", "知悉截至")


@pytest.mark.database
@pytest.mark.django_db
class TestBar:
    def test_another_day_is_said_loudly_and_stays_for_the_next_pages(self, signed_in, world: World):
        client = signed_in(officer=COUNTY)
        said = "现在看的是 2024年5月1日 的情况，只算 2024年6月1日 12:00 以前记入的事实。"
        assert said in client.get("/law/?on=2024-05-01&known=2024-06-01T12:00").content.decode()
        assert said in client.get("/law/").content.decode()
        assert "other-day" not in client.get("/law/?on=&known=").content.decode()
        assert "other-day" not in client.get("/law/").content.decode()

    def test_a_day_that_does_not_exist_is_refused_with_its_id(self, signed_in, world: World):
        answer = signed_in(officer=COUNTY).get("/law/?on=2023.2.30")
        assert answer.status_code == 422
        assert "提示编号 page.date" in answer.content.decode()

    def test_a_past_day_shows_the_roster_of_that_day(self, signed_in, world: World):
        client = signed_in(officer=COUNTY)
        names = [line.name for line in client.get("/roster/").context["lines"]]
        assert names == ["马志强", "罗布泽仁"]
        before = [line.name for line in client.get("/roster/?on=2020-01-01").context["lines"]]
        assert before == ["马志强"]

    def test_a_fact_recorded_later_is_not_known_before(self, signed_in, world: World):
        page = f"/workers/{world.head}/answers/last_trained/"
        client = signed_in(officer=COUNTY)
        assert client.get(f"{page}?on=2025-12-31").context["card"]["text"] == "2025-11-02"
        assert client.get(f"{page}?on=2025-12-31&known=2025-10-01").context["card"]["kind"] == "unchecked"
