"""The demonstration as a whole, on either database: history replayed, rosters sent in, the people of the journeys in place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from jiceng.base.kinds import AnswerKind
from jiceng.cli.site import ZONE
from jiceng.demo import build
from jiceng.demo.by_hand import COHORT_COMMUNITY, KANGDING, WITHOUT_POPULATION
from jiceng.intake.held_cells import HeldCell, serving
from jiceng.intake.models import Upload
from jiceng.intake.prefilled import Sending, columns_of, write_prefilled
from jiceng.intake.reading import read_roster
from jiceng.intake.sent_back import Base, came_home
from jiceng.ledger import reading
from jiceng.ledger.models import Entry
from jiceng.ledger.verify import verify
from jiceng.packets.board import board
from jiceng.packets.models import Filling, Round
from jiceng.runs import ask
from jiceng.runs.models import TODAY, Standing, State
from jiceng.terms.registry import base_terms

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


def test_the_round_is_half_way_and_the_form_is_filled(demo):
    (made,) = Round.objects.all()
    lines = board(made, list(made.sent.all()), today=ON)
    assert [line.state.name for line in lines] == ["merged", "back", "waiting", "waiting"]
    assert [(line.counts.get("changed", 0), line.refused, line.missing) for line in lines[:2]] == [(2, 0, 0), (0, 2, 1)]
    (form,) = Filling.objects.all()
    assert (form.asked, form.held, form.people) == (12, 9, lines[0].sent.workers)


def test_every_worker_sent_out_untouched_says_nothing_and_one_cell_says_itself(demo):
    """Of each county, in plain and masked; then with another remark for everybody."""
    known, terms, seen = datetime.now(UTC), base_terms(), 0
    for county in build._counties(ON):
        rows = serving(county.code, on=ON, known_by=known, terms=terms)
        other = [replace(row, cells={**row.cells, "remark": HeldCell("改过的备注")}) for row in rows]
        base = Base(county.code, ON, known)
        for sent, plain, told in ((rows, True, frozenset()), (rows, False, frozenset()), (other, False, frozenset({"remark"}))):
            out = BytesIO()
            sending = Sending(f"JC-1-{county.code}-0123abcd", county.code, county.name, "核对", ON, known)
            write_prefilled(sent, out, sending=sending, columns=columns_of(()), plain=plain, terms=terms)
            back = came_home(read_roster(out.getvalue()).layouts, base, terms=terms)
            (layout,) = back.layouts
            assert (back.untouched + len(layout.rows), back.missing, back.flags, back.cleared) == (len(rows), (), (), 0)
            assert set(layout.told.values()) == ({told} if told else set())
        seen += len(rows)
    assert seen == Standing.objects.filter(moment_id=TODAY, state=State.in_service).count()
