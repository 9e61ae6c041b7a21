"""Kept runs: the same bytes again after late corrections and after the law changed; a damaged file; differences to the fen."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from jiceng.answers.answer import answer
from jiceng.answers.population import encoded
from jiceng.base.dates import day_number
from jiceng.base.kinds import AnswerKind, mark
from jiceng.base.refusals import Refusal
from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.ledger import backup as backups
from jiceng.ledger import reading
from jiceng.places import tree
from jiceng.runs import binding, kept, law_sets
from jiceng.runs import law as installed
from jiceng.runs.commit import Correct, commit, erase
from jiceng.runs.kept_rows import in_order, packed, padded_all, unpacked
from jiceng.runs.law import installed_law, site_policies
from jiceng.runs.models import KeptRun
from tests.runs.world import CITY, COMMUNITY, COUNTY, PLAIN_COMMUNITY, Worker, at, book

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DEMO = Path(__file__).parents[2] / "policies" / "cn-5133-ganzi" / "2026-demo"
ON = date(2026, 6, 30)
NAMES = ("monthly_pay", "performance", "in_service", "post_class")


@pytest.fixture(autouse=True)
def _files() -> Iterator[None]:
    yield
    for folder in (kept.FOLDER, law_sets.FOLDER):
        shutil.rmtree(Path(settings.DATA) / folder, ignore_errors=True)
    law_sets._kept.cache_clear()


@pytest.fixture
def people(ganzi: int) -> list[Worker]:
    """Eight workers in two counties: graded, one without a grade, one who left, one not there yet."""
    made = []
    for n in range(8):
        one = Worker(f"示例{n}", n=n + 1, community=COMMUNITY if n < 5 else PLAIN_COMMUNITY)
        one.appoint(date(2020, 1, 6), post="secretary_director" if n == 0 else "staff", on=date(2020, 1, 10))
        if n != 1:
            one.record("grading", date(2026, 1, 1), grade=n + 3, on=date(2026, 1, 8))
        made.append(one)
    made[6].record("departure", date(2026, 3, 1), cause="resignation")
    late = Worker("示例后来", n=30)
    late.appoint(date(2026, 9, 1))
    return [*made, late]


def kept_now(name: str = "六月", *, place: int = CITY, day: date = date(2026, 7, 1), on: date = ON) -> KeptRun:
    identity = kept.identified(NAMES, place=place, on=on, known_by=None, clock=at(day), law=installed_law())
    return kept.keep(kept.calculated(identity), identity, name=name, actor="测试员", clock=at(day))


def test_rows_are_what_each_worker_is_answered_alone(people):
    run = kept_now()
    rows, law = kept.rows_of(run), installed_law()
    serving = [one.subject for n, one in enumerate(people) if n not in (6, 8)]
    assert sorted(rows.subjects.tolist()) == sorted(serving)
    assert rows.places.tolist() == [PLAIN_COMMUNITY] * 2 + [COMMUNITY] * 5
    assert rows.days.tolist() == [day_number(ON)] * 7
    bound = binding.workers(rows.subjects.tolist(), on=ON, known_by=run.known_by, terms=law.terms)
    for name in NAMES:
        assert rows.answers[name].tolist() == [encoded(answer(law, subject, name, on=ON)) for subject in bound]
    assert run.summary == {
        "people": 7,
        "names": {
            name: {
                "title": law.titles[name], "type": law.types[name].name, "unit": law.units.get(name, ""),
                "sum": None if name == "post_class" else sum(v for v in rows.answers[name].tolist() if v > kept.VALUES),
                "kinds": {"value": 7} if name in ("in_service", "post_class") else {"value": 6, "missing": 1},
            }
            for name in NAMES
        },
    }  # fmt: skip
    assert (run.people, run.size, run.actor, run.kind) == (
        7,
        (Path(settings.DATA) / "runs" / f"{run.hash}.parquet").stat().st_size,
        "测试员",
        "answers",
    )
    assert run.heads == {str(number): [seq, seal] for number, (seq, seal) in reading.heads(known_by=run.known_by).items()}
    assert kept.calculated(kept.identified(NAMES, place=511112, on=ON, known_by=None, clock=at(ON), law=law)).subjects.tolist() == []


def test_reproduced_byte_for_byte_after_a_thousand_late_corrections(people):
    run = kept_now(day=date(2026, 7, 1))
    content = (Path(settings.DATA) / "runs" / f"{run.hash}.parquet").read_bytes()
    law, chance = installed_law(), random.Random(7)
    graded = [one for n, one in enumerate(people[:8]) if n != 1]
    corrected = 0
    for at_hour in range(150):
        for home in {one.home.id for one in graded}:
            changes = []
            for one in (some for some in graded if some.home.id == home):
                believed = reading.as_of([one.subject], on=ON, kinds=["grading"], terms=law.terms)[0]
                changes.append(Correct(believed.id, date(2026, 1, 1), None, {"grade": chance.randint(1, 12)}))
            commit(home, changes, actor="测试员", act="correct", basis="更正", why="晚到的更正",
                   clock=lambda h=at_hour: datetime(2026, 8, 1 + h // 24, h % 24, tzinfo=UTC), loaded=True)  # fmt: skip
            corrected += len(changes)
    people[2].record("departure", date(2026, 2, 1), cause="resignation", on=date(2026, 10, 1))
    assert corrected >= 1_000
    assert kept.reproduced(run)
    identity = kept.identity_of(run)
    assert kept.keep(kept.calculated(identity), identity, name="又一次", actor="测试员", clock=at(ON)).hash == run.hash
    assert (Path(settings.DATA) / "runs" / f"{run.hash}.parquet").read_bytes() == content
    now = kept_now("九月", day=date(2026, 12, 1))
    assert now.hash != run.hash
    found = kept.difference(kept.rows_of(run), kept.rows_of(now), names=NAMES)
    assert (found.leavers.subjects.tolist(), found.joiners.subjects.tolist()) == ([people[2].subject], [])
    total = found.total("monthly_pay")
    assert total.after.sum == total.before.sum + total.risen.sum + total.fallen.sum + total.joined.sum - total.left.sum
    assert (total.left.people, total.found.people, total.lost.people) == (1, 0, 0)


@pytest.fixture
def own_folder() -> Iterator[Path]:
    own = site_policies() / "cn-5133-ganzi" / "2026-demo"
    yield own
    shutil.rmtree(site_policies(), ignore_errors=True)
    installed._installed = None


def _more_pay(folder: Path) -> None:
    """The demo's folder a version later, in which 一般 get 100 yuan more."""
    shutil.copytree(DEMO, folder)
    heading = [line for line in (DEMO / "document.yaml").read_text(encoding="utf-8").splitlines() if not line.startswith("version:")]
    (folder / "document.yaml").write_text("\n".join([*heading, "version: 9"]) + "\n", encoding="utf-8")
    values = (DEMO / "values.yaml").read_text(encoding="utf-8")
    (folder / "values.yaml").write_text(values.replace("副职: 2300, 一般: 2000", "副职: 2300, 一般: 2100"), encoding="utf-8")
    (folder / "cases.yaml").unlink()


def test_reproduced_after_a_law_folder_changed_and_not_without_the_law_set(people, own_folder):
    run = kept_now()
    _more_pay(own_folder)
    assert installed_law(reload=True).hash != run.law_hash
    assert kept.reproduced(run)
    found = kept.difference(kept.rows_of(run), kept.rows_of(kept_now()), names=NAMES).total("monthly_pay")
    assert (vars(found.risen), found.fallen.people, found.lost.people) == ({"people": 5, "sum": 5 * 10_000}, 0, 0)
    shutil.rmtree(Path(settings.DATA) / law_sets.FOLDER)
    law_sets._kept.cache_clear()
    with pytest.raises(Refusal) as refused:
        kept.reproduced(run)
    assert refused.value.id == "runs.law_set"


def test_a_simulated_run_keeps_the_law_it_was_made_under(people, own_folder):
    _more_pay(own_folder)
    simulated = load_law([*(f for f in find_folders(shipped_root()) if f != DEMO), own_folder])
    identity = kept.Identity(
        "simulated", COUNTY, ON, datetime(2026, 7, 1, tzinfo=UTC), simulated.hash, ("in_service",), '{"since":"2026-01-01"}'
    )
    rows = in_order(np.array([], np.int64), np.array([], np.int64), np.array([], np.int32), {"in_service": np.array([], np.int64)})
    with pytest.raises(Refusal, match="没有保存过法规集"):
        kept.keep(rows, identity, name="试算", actor="测试员", clock=at(ON))
    run = kept.keep(rows, identity, name="试算", actor="测试员", clock=at(ON), law=simulated)
    shutil.rmtree(own_folder)
    assert (kept.identity_of(run), kept.reproduced(run)) == (identity, False)
    again = kept.calculated(identity)
    assert kept.keep(again, identity, name="试算", actor="测试员", clock=at(ON)).summary["names"]["in_service"]["sum"] == 5
    assert law_sets.law_of(simulated.hash).hash == simulated.hash


def test_a_missing_a_damaged_and_a_falsified_run_are_refused_and_found(people):
    run, path = kept_now(), None
    path = Path(settings.DATA) / "runs" / f"{run.hash}.parquet"
    good = path.read_bytes()
    assert kept.broken_runs() == []
    for what, expected in ((good[:-40] + b"x" * 40, "runs.file_changed"), (b"", "runs.file_changed"), (None, "runs.file_missing")):
        path.unlink()
        if what is not None:
            path.write_bytes(what)
        with pytest.raises(Refusal) as refused:
            kept.rows_of(run)
        assert (refused.value.id, refused.value.where) == (expected, f"第 {run.pk} 号计算“六月”")
        assert [one.id for one in kept.broken_runs()] == [expected]
        assert kept.reproduced(run)
        path.write_bytes(good)
    KeptRun.objects.filter(pk=run.pk).update(place=COUNTY)
    with pytest.raises(Refusal, match="数据库里的记载"):
        kept.rows_of(KeptRun.objects.get(pk=run.pk))
    junk = b"PAR1 no such file PAR1"
    hash = hashlib.new(run.algorithm, junk).hexdigest()
    path.with_name(f"{hash}.parquet").write_bytes(junk)
    KeptRun.objects.filter(pk=run.pk).update(place=CITY, hash=hash)
    assert [one.id for one in kept.broken_runs()] == ["runs.unreadable"]


def test_a_cut_off_ledger_does_not_reproduce(people):
    run = kept_now()
    KeptRun.objects.filter(pk=run.pk).update(heads={**run.heads, str(book().id): [1, "00"]})
    assert [one.id for one in kept.broken_runs()] == ["runs.file_changed"]


def test_erasure_leaves_the_numbers_and_nothing_of_the_name(people):
    run = kept_now()
    erase(people[0].subject, actor="测试员", basis="本人申请", why="测试", clock=at(date(2026, 8, 1)))
    rows = kept.rows_of(run)
    assert people[0].subject in rows.subjects.tolist()
    assert kept.reproduced(run)
    content = (Path(settings.DATA) / "runs" / f"{run.hash}.parquet").read_bytes()
    assert "示例".encode() not in content
    assert "示例0" not in str(KeptRun.objects.values())


def test_files_and_rows_come_back_from_a_backup(people, tmp_path):
    assert kept.FOLDER in backups.FOLDERS
    run = kept_now()
    made = backups.backup(tmp_path, clock=at(date(2026, 7, 2)))
    shutil.rmtree(Path(settings.DATA) / "runs")
    with pytest.raises(Refusal):
        kept.rows_of(run)
    backups._read_folders(made.path)
    assert kept.broken_runs() == []
    assert KeptRun in backups.kept_models()


def test_known_by_is_pinned_and_never_lies_in_the_future(people):
    day = at(date(2026, 7, 1))
    law = installed_law()
    for asked, given in (
        (None, day()),
        (datetime(2030, 1, 1, tzinfo=UTC), day()),
        (datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
    ):
        assert kept.identified(NAMES, place=CITY, on=ON, known_by=asked, clock=day, law=law).known_by == given
    before = kept.Identity("answers", CITY, ON, datetime(2026, 1, 5, tzinfo=UTC), law.hash, NAMES)
    run = kept.keep(kept.calculated(before), before, name="一月所知", actor="测试员", clock=day)
    assert run.summary["names"]["monthly_pay"]["kinds"] == {"value": 0, "missing": 2}
    assert run.heads == {str(n): [seq, seal] for n, (seq, seal) in reading.heads(known_by=before.known_by).items()}
    assert run.heads != {str(n): [seq, seal] for n, (seq, seal) in reading.heads().items()}


@pytest.mark.parametrize(
    ("names", "refused"),
    [([], "runs.no_names"), (["没有这条"], "law.no_name"), (["quota_exact"], "runs.not_worker"), (["trainings"], "answers.no_number")],
)
def test_what_cannot_be_calculated_is_refused(ganzi, names, refused):
    with pytest.raises(Refusal) as error:
        kept.asked(installed_law(), names)
    assert error.value.id == refused


def test_rules_are_asked_by_name_or_title_once_each(ganzi):
    assert kept.asked(installed_law(), ["工资标准", "in_service", "monthly_pay"]) == ("monthly_pay", "in_service")


def test_a_name_is_wanted_and_another_may_be_given(people):
    run = kept_now("  六月   测算 ")
    assert run.name == "六月 测算"
    kept.rename(run, "改过的名称")
    assert (KeptRun.objects.get(pk=run.pk).name, kept.broken_runs()) == ("改过的名称", [])
    for name in ("   ", "字" * 81):
        with pytest.raises(Refusal) as refused:
            kept.rename(run, name)
        assert refused.value.id == "runs.name"


# ---- rows and differences without a ledger ----

MISSING, OPEN = mark(AnswerKind.missing), mark(AnswerKind.open)
BEFORE = {
    11: (513301001, 100),
    12: (513301001, 200),
    13: (513301002, MISSING),
    14: (513302, 50),
    15: (513302, 70),
    16: (513302, OPEN),
    17: (513301, 9),
}
AFTER = {
    12: (513301001, 230),
    13: (513301002, 40),
    14: (513302, MISSING),
    15: (513301001, 60),
    16: (513302, MISSING),
    17: (513301, 9),
    18: (513302, 1),
}


def rows(told: dict[int, tuple[int, int]]) -> kept.Rows:
    subjects, places, values = np.array(list(told)), np.array([p for p, _ in told.values()]), np.array([v for _, v in told.values()])
    return in_order(subjects, places, np.ones(len(told), np.int32), {"pay": values})


def test_difference_tells_who_came_went_and_changed_and_lost_answers_are_never_zero():
    found = kept.difference(rows(BEFORE), rows(AFTER), names=["pay"])
    assert (found.joiners.subjects.tolist(), found.leavers.subjects.tolist()) == ([18], [11])
    changed = found.changed("pay")
    told = zip(changed.subjects.tolist(), changed.places.tolist(), changed.before.tolist(), changed.after.tolist(), strict=True)
    assert list(told) == [
        (12, 513301001, 200, 230), (15, 513301001, 70, 60), (13, 513301002, MISSING, 40), (14, 513302, 50, MISSING),
        (16, 513302, OPEN, MISSING),
    ]  # fmt: skip
    total = found.total("pay")
    assert vars(total) == {
        "before": kept_part(5, 429), "after": kept_part(5, 340), "risen": kept_part(1, 30), "fallen": kept_part(1, -10), "same": 1,
        "joined": kept_part(1, 1), "left": kept_part(1, 100), "found": kept_part(1, 40), "lost": kept_part(1, 50), "otherwise": 1,
    }  # fmt: skip
    assert total.change == 30 - 10 + 1 - 100


def kept_part(people: int, total: int):
    from jiceng.runs.kept_difference import Part

    return Part(people, total)


def test_difference_at_a_place_counts_who_moved_there_as_coming():
    found = kept.difference(rows(BEFORE), rows(AFTER), names=["pay"])
    street = found.at(513301001).total("pay")
    assert (street.joined, street.left, street.risen) == (kept_part(1, 60), kept_part(1, 100), kept_part(1, 30))
    county, other = found.at(513301).total("pay"), found.at(513302).total("pay")
    assert (county.before.sum + other.before.sum, county.after.sum + other.after.sum) == (429, 340)
    assert (other.left, other.lost, other.otherwise) == (kept_part(1, 70), kept_part(1, 50), 1)
    assert len(found.at(513399).after) == 0


def test_difference_of_equal_rows_is_nothing_and_other_names_are_a_bug():
    found = kept.difference(rows(BEFORE), rows(BEFORE), names=["pay"])
    assert (len(found.joiners), len(found.leavers), len(found.changed("pay").subjects), found.total("pay").change) == (0, 0, 0, 0)
    with pytest.raises(ValueError, match="not on both sides"):
        kept.difference(rows(BEFORE), rows(AFTER), names=["other"])


def test_bytes_follow_from_the_content_alone():
    content = packed(rows(BEFORE), {"b": 1, "a": "中文"})
    assert content == packed(rows(dict(reversed(BEFORE.items()))), {"a": "中文", "b": 1})
    assert hashlib.sha256(content).hexdigest() == "afe4d1bdae4ee4adff288f538e45fc179fda790005dcb349eb5daf8dc4ba8a23"
    back, told = unpacked(content)
    assert (told, back.subjects.tolist(), back.answers["pay"].tolist()) == (
        {"a": "中文", "b": 1},
        [17, 11, 12, 13, 14, 15, 16],
        [9, 100, 200, MISSING, 50, 70, OPEN],
    )
    assert (back.days.dtype, back.answers["pay"].dtype) == (np.int32, np.int64)
    assert b"arrow" not in content


def test_rows_out_of_order_and_two_of_a_worker_are_a_bug():
    good = rows(BEFORE)
    with pytest.raises(ValueError, match="not in order"):
        packed(good.part(np.arange(len(good))[::-1]), {})
    with pytest.raises(ValueError, match="two rows"):
        in_order(np.array([1, 1]), np.array([51, 51]), np.ones(2, np.int32), {})


def test_padded_places_are_those_of_the_tree():
    places = np.array([51, 5133, 513301, 513301001, 513301001001])
    assert padded_all(places).tolist() == [tree.padded(place) for place in places.tolist()]
