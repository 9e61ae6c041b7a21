"""The demonstration as a whole, on either database: history replayed, rosters sent in, the people of the journeys in place."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from jiceng.base.kinds import AnswerKind
from jiceng.cli.site import ZONE
from jiceng.demo import build
from jiceng.demo.by_hand import COHORT_COMMUNITY, KANGDING, WITHOUT_POPULATION
from jiceng.intake.models import Upload
from jiceng.ledger import reading
from jiceng.ledger.models import Entry
from jiceng.ledger.verify import verify
from jiceng.runs import ask
from jiceng.runs.models import TODAY, Standing, State

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZONE)
ON = NOW.date()


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Built once for the module, in a transaction that is rolled back after it."""
    from django.db import transaction

    home = tmp_path_factory.mktemp("demo")
    (home / "data").mkdir()
    with django_db_blocker.unblock(), transaction.atomic():
        yield home, build.ready(home, now=NOW, report=lambda done, total: None)
        transaction.set_rollback(True)


def test_size_and_accounts(demo):
    _, built = demo
    assert (1_500 < built["workers"] < 2_500, len(built["workbooks"]), built["refused"] > 30) == (True, 18, True)
    assert [(account["username"], account["role"]) for account in built["accounts"]] == [
        ("zhouzhang", "officer"), ("kangding", "clerk"), ("chakan", "viewer"), ("admin", "admin"),
    ]  # fmt: skip


def test_the_ledger_is_whole_and_its_past_is_marked_as_loaded(demo):
    _, built = demo
    found = verify()
    assert (found.problems, found.entries) == ([], Entry.objects.count())
    # The eighteen rosters came first and by the import; what else is not loaded was made at the desks of the demonstration.
    rosters = list(Upload.objects.order_by("pk").values_list("batch", flat=True)[:18])
    assert Entry.objects.filter(loaded=False, batch__in=rosters).values("batch").distinct().count() == 18
    assert Entry.objects.exclude(batch__in=rosters).count() == built["entries"]


def test_every_row_sent_in_was_taken_or_refused_and_most_say_nothing_new(demo):
    home, built = demo
    for sent in built["workbooks"]:
        assert sent["accepted"] == sent["new"] + sent["changed"] + sent["unchanged"]
        returned = home / "workbooks" / "returned" / f"退回-{sent['file']}"
        assert returned.is_file() == (sent["refused"] > 0)
    total = {key: sum(sent[key] for sent in built["workbooks"]) for key in ("new", "changed", "unchanged")}
    assert total["unchanged"] > total["changed"] > 0 < total["new"]


def test_everybody_in_service_stands_in_the_roster_except_new_people_who_were_refused(demo):
    _, built = demo
    standing = Standing.objects.filter(moment=TODAY, state=State.in_service).count()
    new = sum(1 for row in Standing.objects.filter(moment=TODAY) if reading.entries(row.subject)[-1].loaded is False)
    assert new == sum(sent["new"] for sent in built["workbooks"])
    assert built["serving"] - built["refused"] <= standing <= built["serving"]


def test_quota_of_kangding_exact_then_rounded_by_the_prefecture(demo):
    def quota(rule: str, on: date) -> tuple[AnswerKind, object]:
        step = ask.ask_place(KANGDING, on=on, today=ON, rule=rule)[rule]
        return step.kind, step.value

    assert quota("quota_exact", date(2025, 12, 31)) == (AnswerKind.value, 460_800_000)
    assert quota("quota", date(2025, 12, 31))[0] is AnswerKind.open
    assert quota("quota", date(2026, 3, 1)) == (AnswerKind.value, 461)
    assert ask.ask_place(WITHOUT_POPULATION, on=ON, today=ON, rule="quota_exact")["quota_exact"].kind is AnswerKind.missing


def test_training_states_of_the_cohort(demo):
    kinds: dict[date, AnswerKind] = {}
    for row in Standing.objects.filter(moment=TODAY, place=COHORT_COMMUNITY, state=State.in_service):
        start = reading.as_of([row.subject], on=ON, kinds=["community_start"])[0].since
        kinds[start] = ask.ask_worker(row.subject, on=ON, rule="training_due")["training_due"].kind
    assert (kinds[date(2021, 5, 1)], kinds[date(2012, 6, 1)], kinds[date(2019, 8, 1)]) == (
        AnswerKind.value, AnswerKind.unchecked, AnswerKind.value,
    )  # fmt: skip


def test_a_corrected_assessment_reads_otherwise_before_it_was_known(demo):
    amended = Entry.objects.get(basis__contains="考核结果更正")
    (fact,) = reading.entry(amended.id).wrote

    def result(known_by: datetime | None) -> list[str]:
        rows = reading.as_of([fact.subject], on=ON, known_by=known_by, kinds=["assessment"])
        return [row.data["result"] for row in rows if row.data["year"] == fact.data["year"]]

    assert result(None) == ["excellent"]
    assert result(datetime(amended.known_at.year, 4, 1, tzinfo=ZONE)) == ["pass"]


def test_a_second_start_changes_nothing(demo):
    home, built = demo
    before = Entry.objects.count()
    assert build.ready(Path(home), now=NOW, report=lambda done, total: None) == built
    assert Entry.objects.count() == before
