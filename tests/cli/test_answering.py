"""`jiceng answer` says what the page says, whoever or whatever is asked."""

from __future__ import annotations

from datetime import date

import pytest

from jiceng.answers.card import as_dict
from jiceng.base.refusals import Refusal
from jiceng.ledger.books import ensure_book
from jiceng.runs import ask
from jiceng.runs.commit import Record, commit, new_subjects
from jiceng.runs.law import installed_law
from tests.cli.conftest import COMMUNITY, COUNTY, HIRED, ID_NUMBER, NAME

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize("by", ["number", "id_number", "name"])
def test_worker_is_found_by_number_id_number_or_name(jiceng, worker, by):
    who = {"number": worker, "id_number": ID_NUMBER.lower(), "name": NAME}[by]
    said = jiceng("answer", who, "training_due", "--on", "2025-06-01", "--json")
    card = said.json["answers"]["training_due"]
    assert (card["kind"], card["clause"]["mark"]) == ("value", "〔意见·8〕")
    assert said.json["subject"] == f"人员 {worker}"


def test_every_rule_answers_as_the_page_does(jiceng, worker):
    on = date(2025, 6, 1)
    said = jiceng("answer", worker, "--on", "2025-06-01", "--json").json["answers"]
    terms = installed_law().terms
    assert said == {name: as_dict(step, terms) for name, step in ask.ask_worker(worker, on=on).items()}


def test_rule_may_be_named_in_chinese(jiceng, worker):
    by_title = jiceng("answer", worker, "培训到期日", "--on", "2025-06-01", "--json").json
    assert by_title == jiceng("answer", worker, "training_due", "--on", "2025-06-01", "--json").json


def test_known_by_hides_what_was_recorded_later(jiceng, worker):
    with pytest.raises(Refusal) as refused:
        jiceng("answer", worker, "in_service", "--on", "2025-06-01", "--known-by", "2021-05-02")
    assert refused.value.id == "answer.no_subject"
    assert (
        jiceng("answer", worker, "in_service", "--on", "2025-06-01", "--known-by", "2021-05-03", "--json").json["answers"]["in_service"][
            "value"
        ]
        == 1
    )


def test_two_of_one_name_are_listed_not_guessed(jiceng, worker):
    book = ensure_book(COUNTY, "")
    other = new_subjects(book, 1)[0]
    person = {"name": NAME, "id_number": "513321199103030028", "id_type": "居民身份证"}
    appointment = Record(other, "appointment", HIRED, None, {"class": "full_time_staff", "post": "staff"}, place=COMMUNITY)
    from jiceng.cli.site import clock

    commit(book, [Record(other, "person", HIRED, None, {}, person), appointment], actor="示例", basis="示例", why="测试", clock=clock)
    with pytest.raises(Refusal) as refused:
        jiceng("answer", NAME, "in_service")
    assert refused.value.id == "cli.worker_names"
    assert [str(worker) in refused.value.why, str(other) in refused.value.why] == [True, True]


def test_request_is_answered_from_what_is_given(jiceng, county):
    said = jiceng("answer", "申请", "secondment_decision", "--given", "requesting_level=县级", "--on", "2025-06-01", "--json").json
    assert (said["answers"]["secondment_decision"]["text"], said["answers"]["secondment_decision"]["clause"]["mark"]) == (
        "不得",
        "〔意见·17〕",
    )


@pytest.mark.parametrize(
    ("arguments", "id"),
    [
        (("没有这个人",), "cli.worker"),
        ((COUNTY, "no_such_rule"), "cli.rule"),
        ((COUNTY, "quota", "--on", "2025-02-30"), "cli.date"),
        ((COUNTY, "quota", "--known-by", "昨天T"), "cli.date"),
        ((COUNTY, "quota", "--given", "requesting_level=县级"), "cli.given"),
        (("申请", "--given", "urban_residents=5"), "cli.given_name"),
        (("申请", "--given", "requesting_level=村级"), "cli.given_value"),
        ((999999, "quota"), "place.unknown"),
    ],
)
def test_what_cannot_be_answered_is_refused(jiceng, county, arguments, id):
    with pytest.raises(Refusal) as refused:
        jiceng("answer", *arguments)
    assert refused.value.id == id
