"""From rows to facts: what lands, what is unchanged, what a late roster leaves alone. Trap 12."""
# ruff: noqa: E501  (tables of cells read better as lines)

from __future__ import annotations

from datetime import date

import pytest

from jiceng.base.refusals import Refusal
from jiceng.intake import uploads
from jiceng.ledger.identity import find_by_id_number, identity_of
from jiceng.ledger.models import Ending, Entry, Fact
from jiceng.ledger.reading import as_of, history
from tests.intake.ugly import id_number, people, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NEW = ("certificate", "remark")
"""Kinds of which the worker had none."""
NUMBER = id_number(3, birth=date(1990, 5, 1), male=True)


def worker(**changed):
    plain = {
        "姓名": "王小明", "性别": "男", "身份证号": NUMBER, "出生年月": "1990.05", "民族": "汉", "政治面貌": "群众", "学历（全日制）": "大专", "学历（在职）": "本科", "学位": "学士",
        "专业": "法学", "社工证等级": "无", "区县": "九龙县", "街道（乡镇）": "呷尔镇", "社区": "民族广场社区", "人员类别": "专职", "岗位": "网格员", "任现岗时间": "2021-03-05",
        "从事社区工作时间": "2018.7", "合同类型": "劳动合同", "合同到期日": "2026-12-31", "最近一次培训": "2023.6.15", "最近年度考核": "2023年度合格", "手机号": "13900000000",
    }  # fmt: skip
    return people(1)[0].but(**{"备注": "", "证书登记日期": "", **plain, **changed})


def counts() -> tuple[int, int]:
    return Fact.objects.count(), Ending.objects.count()


def believed(on: date = date(2024, 5, 1)) -> dict[str, list]:
    found: dict[str, list] = {}
    for row in as_of([find_by_id_number(NUMBER)], on=on):
        found.setdefault(row.kind, []).append(
            (row.since.isoformat(), row.data, row.place) if row.place else (row.since.isoformat(), row.data)
        )
    return found


def test_row_becomes_these_facts(imported):
    imported(workbook([worker()]))
    assert believed() == {
        "person": [("1990-05-01", {})], "birth": [("1990-05-01", {"date": "1990-05-01"})], "sex": [("1990-05-01", {"sex": "male"})],
        "nation": [("1990-05-01", {"nation": "n01"})], "political_status": [("2024-05-01", {"status": "masses"})], "contact": [("2024-05-01", {})],
        "education": [
            ("2024-05-01", {"level": "college", "mode": "full_time"}),
            ("2024-05-01", {"level": "bachelor", "mode": "in_service", "degree": "bachelor", "major": "法学"}),
        ],
        "appointment": [("2021-03-05", {"class": "full_time_staff", "post": "grid"}, 513324100001)],
        "contract": [("2024-05-01", {"kind": "street", "ends": "2026-12-31"})], "community_start": [("2018-07-01", {"date": "2018-07-01"})],
        "training": [("2023-06-15", {})], "assessment": [("2023-12-31", {"year": 2023, "result": "pass"})],
        "complete": [
            ("1990-05-01", {"kind": "certificate", "from": "1990-05-01"}), ("2023-06-15", {"kind": "training", "from": "2023-06-15"}),
            ("2023-12-31", {"kind": "assessment", "from": "2023-12-31"}),
        ],
    }  # fmt: skip
    assert identity_of([find_by_id_number(NUMBER)])[find_by_id_number(NUMBER)] == {
        "name": "王小明",
        "id_number": NUMBER,
        "id_type": "居民身份证",
    }


def test_same_file_again_writes_nothing(imported, looked):
    raw = workbook(people(30))
    imported(raw)
    before = (*counts(), Entry.objects.count())
    imported(raw)
    imported(raw, as_of=date(2024, 9, 1))
    assert (*counts(), Entry.objects.count()) == before


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"岗位": "专职工作人员"}, "appointment"), ({"任现岗时间": "2021-03-08"}, "appointment"), ({"民族": "藏"}, "nation"), ({"政治面貌": "党员"}, "political_status"),
        ({"专业": "社会工作"}, "education"), ({"合同到期日": "2027-12-31"}, "contract"), ({"手机号": "13900000001"}, "contact"), ({"姓名": "王晓明"}, "person"),
        ({"从事社区工作时间": "2018.8"}, "community_start"), ({"最近年度考核": "2023年度优秀"}, "assessment"), ({"社工证等级": "初级"}, "certificate"),
        ({"备注": "驻村"}, "remark"),
    ],
)  # fmt: skip
def test_one_changed_cell_makes_exactly_that_fact(imported, changed, kind):
    imported(workbook([worker(), *people(5)]))
    facts, endings = counts()
    imported(workbook([worker(**changed), *people(5)]))
    written = history([find_by_id_number(NUMBER)], on=date(2030, 1, 1))
    latest = max(written, key=lambda row: row.id)
    assert (latest.kind, counts()[0] - facts, counts()[1] - endings) == (kind, 1, 0 if kind in NEW else 1)


def test_change_without_a_date_begins_on_the_day_of_the_roster(imported):
    imported(workbook([worker()]))
    imported(workbook([worker(政治面貌="中共党员", 任现岗时间="", 岗位="书记")]), as_of=date(2024, 9, 1))
    assert (believed()["political_status"], believed()["appointment"]) == (
        [("2024-05-01", {"status": "masses"})], [("2021-03-05", {"class": "full_time_staff", "post": "grid"}, 513324100001)],
    )  # fmt: skip
    later = believed(date(2024, 9, 1))
    assert (later["political_status"], later["appointment"]) == (
        [("2024-09-01", {"status": "party"})], [("2024-09-01", {"class": "full_time_staff", "post": "secretary"}, 513324100001)],
    )  # fmt: skip


def test_blank_cells_and_missing_columns_take_nothing_away(imported):
    imported(workbook([worker()]))
    before = counts()
    imported(workbook([worker(学位="", 手机号="", 合同到期日="", 最近一次培训="")]))
    imported(workbook([worker()], headings=("姓名", "身份证号", "社区", "岗位")))
    assert counts() == before


def test_old_roster_that_comes_late_leaves_what_came_since(imported):
    imported(workbook([worker(岗位="书记", 任现岗时间="2023-06-01")]))
    imported(workbook([worker(岗位="网格员", 任现岗时间="", 最近一次培训="", 最近年度考核="")]), as_of=date(2022, 1, 1))
    assert [fact[:2] for fact in believed(date(2022, 2, 1))["appointment"]] == [
        ("2022-01-01", {"class": "full_time_staff", "post": "grid"})
    ]
    assert [fact[:2] for fact in believed()["appointment"]] == [("2023-06-01", {"class": "full_time_staff", "post": "secretary"})]


def test_move_with_a_later_date_ends_the_old_appointment(imported):
    imported(workbook([worker()]))
    imported(workbook([worker(社区="文化路社区", 任现岗时间="2024-04-01")]))
    assert [fact[2] for fact in believed(date(2024, 3, 31))["appointment"]] == [513324100001]
    assert [fact[2] for fact in believed(date(2024, 4, 1))["appointment"]] == [513324100002]


def test_person_in_another_place_without_a_later_date_is_refused(imported, looked):
    imported(workbook([worker()]))
    refusal = looked(workbook([worker(社区="文化路社区")])).checked.refusals[0]
    assert refusal.text == (
        "第 2 行“社区”：此人已在九龙县呷尔镇民族广场社区居民委员会任职（自2021年3月5日）。如已调动，请填写晚于原任职的“任现岗时间”；如写错社区，请更正。"
    )


def test_person_in_another_book_is_refused_without_telling_where(imported, looked, ganzi):
    from jiceng.ledger.books import ensure_book

    ensure_book(513324, "九龙县")
    ensure_book(513301, "康定市")
    imported(workbook([worker()]), scope=513324)
    row = worker(区县="康定市", 街道="", 社区="向阳社区", 任现岗时间="2024-04-01").but(**{"街道（乡镇）": "炉城街道"})
    refusal = looked(workbook([row]), scope=513301).checked.refusals[0]
    assert (refusal.id, refusal.message) == ("intake.other_book", "此人已在本次办理范围以外的地方在册")


def test_none_against_a_recorded_training_is_refused(imported, looked):
    imported(workbook([worker()]))
    refusal = looked(workbook([worker(最近一次培训="无")])).checked.refusals[0]
    assert (refusal.id, refusal.message) == ("intake.none_but_recorded", "表里写“无”，台账里有 2023年6月15日 起的培训记录")


def test_undo_of_an_import_leaves_the_state_before(imported, clock):
    imported(workbook(people(5)))
    before = sorted(
        (row.subject, row.kind, row.since, str(row.data)) for row in as_of([f.subject for f in Fact.objects.all()], on=date(2024, 5, 1))
    )
    upload = imported(workbook([person.but(岗位="书记", 任现岗时间="2024-04-01") for person in people(5)] + [worker()]))
    seen = clock()
    uploads.undo(upload, actor="测试员", why="传错了", clock=clock)
    subjects = {f.subject for f in Fact.objects.all()}
    after = sorted((row.subject, row.kind, row.since, str(row.data)) for row in as_of(subjects, on=date(2024, 5, 1)))
    then = as_of(subjects, on=date(2024, 5, 1), known_by=seen, kinds=["appointment"])
    assert (after, [row.data["post"] for row in then], find_by_id_number(NUMBER)) == (before, ["secretary"] * 5 + ["grid"], None)


def test_upload_lands_once(imported, clock):
    from jiceng.terms.registry import base_terms

    upload = imported(workbook(people(2)))
    with pytest.raises(Refusal) as caught:
        uploads.confirm(upload, actor="测试员", clock=clock, terms=base_terms())
    assert caught.value.id == "intake.landed_before"
