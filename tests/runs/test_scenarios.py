"""A scenario becomes law through the same checks as any folder: a value outside its bounds is refused with the clause."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jiceng.base.refusals import Problems, Refusal
from jiceng.law.layers import Law
from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.runs import scenario_folders
from jiceng.runs.law_sets import _loaded
from jiceng.runs.scenarios import Scenario, ValueChange, law_with, scenario_of, value_change

SINCE = date(2027, 1, 1)
CITY, COUNTY = 5133, 513301


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law(find_folders(shipped_root()))


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def _with(law: Law, *texts: str, place: int = CITY, since: date = SINCE) -> Law:
    return law_with(Scenario(since, tuple(value_change(text, law) for text in texts)), place=place, law=law)


def _number(law: Law, name: str, *, place: int = CITY, on: date = SINCE) -> object:
    at = law.regime(place, on).definitions[name].at
    assert at is not None
    return at.parsed


def test_a_value_holds_at_its_place_from_its_day(law: Law) -> None:
    after = _with(law, "workers_per_10k_residents=20")
    assert [_number(after, "workers_per_10k_residents", on=day) for day in (date(2026, 12, 31), SINCE)] == [18, 20]
    assert _number(after, "workers_per_10k_residents", place=COUNTY) == 20
    assert _number(after, "workers_per_10k_residents", place=2105) == 18
    assert after.regime(CITY, SINCE).definitions["workers_per_10k_residents"].document.id == "scenario-5133/2027-01-01"


def test_nothing_of_the_law_is_read_again(law: Law) -> None:
    after = _with(law, "workers_per_10k_residents=20")
    assert after.documents[:-1] == law.documents
    assert all(one is other for one, other in zip(after.documents, law.documents, strict=False))
    assert after.hash != law.hash
    assert _with(law, "workers_per_10k_residents=20") is after


def test_a_folder_that_was_swept_away_is_written_again(law: Law, tmp_path: Path) -> None:
    first = _with(law, "workers_per_10k_residents=20")
    shutil.rmtree(tmp_path / "cache")
    again = _with(law, "workers_per_10k_residents=20")
    assert again.hash == first.hash
    assert again.documents[-1].folder.is_dir()


def test_a_chinese_name_means_the_same(law: Law) -> None:
    assert value_change("每万城镇常住人口社区工作者数 = 20", law) == ValueChange("workers_per_10k_residents", "20")


def test_cells_of_one_table_change_together_and_the_rest_stays(law: Law) -> None:
    after = _with(law, "grade_pay[3]=1100", "grade_pay[4]=1200.50", "post_pay[正职]=2800")
    before, now = _number(law, "grade_pay"), _number(after, "grade_pay")
    assert {**before.cells, (3,): 110_000, (4,): 120_050} == now.cells  # type: ignore[attr-defined]
    assert _number(after, "post_pay").cells[(1,)] == 280_000  # type: ignore[attr-defined]
    assert len(after.documents) == len(law.documents) + 1


def test_a_band_is_named_by_where_it_begins(law: Law) -> None:
    after = _with(law, "household_minimum[1000]=5")
    assert _number(after, "household_minimum").bands[1] == (1000, 1500, 5)  # type: ignore[attr-defined]


def test_a_value_of_the_same_day_as_a_document_stands_over_it(law: Law) -> None:
    day = law.document("cn-5133-ganzi/2026-demo").in_force
    assert _number(_with(law, "performance_share=25%", since=day), "performance_share", on=day) == 250_000


def test_a_value_below_reaches_nobody_above(law: Law) -> None:
    after = _with(law, "training_reading=自然年度", place=CITY)
    assert _number(after, "training_reading", place=513324) == _number(law, "training_reading", place=513324)
    assert after.regime(513324, SINCE).definitions["training_reading"].document.jurisdiction == 513324


@pytest.mark.parametrize(
    ("text", "id", "says"),
    [
        ("workers_per_10k_resident=20", "scenario.no_name", "workers_per_10k_residents"),
        ("每万城镇常住人口社区工作人员数=20", "scenario.no_name", "每万城镇常住人口社区工作者数"),
        ("workers_per_10k_residents", "scenario.change", "名称=数值"),
        ("urban_residents=3", "scenario.fact", "城镇常住人口"),
        ("post_pay[局长]=3000", "scenario.cell", "正职"),
        ("post_pay=3000", "scenario.cell", "岗位类别"),
        ("performance_share[1]=20%", "scenario.cell", "performance_share=20%"),
        ("household_minimum[1001]=3", "scenario.cell", "1000,1500"),
    ],
)
def test_what_cannot_be_changed_says_what_can(law: Law, text: str, id: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        _with(law, text)
    assert refused.value.id == id
    assert says in refused.value.text


def test_a_name_without_a_rule_here_is_refused_with_the_near_ones(law: Law) -> None:
    with pytest.raises(Refusal) as refused:
        _with(law, "grade_pay[3]=1100", place=2105)
    assert refused.value.id == "scenario.not_here"


def test_nothing_to_change_is_refused(law: Law) -> None:
    with pytest.raises(Refusal, match="没有写要改什么"):
        law_with(Scenario(SINCE), place=CITY, law=law)


def test_a_number_that_does_not_read_is_refused_as_in_a_folder(law: Law) -> None:
    with pytest.raises(Problems) as refused:
        _with(law, "workers_per_10k_residents=许多")
    assert [problem.id for problem in refused.value.problems] == ["law.value"]


NATION = {
    "document.yaml": 'title: 示例总则\nshort: 总则\njurisdiction: "0"\nin_force: 2020-01-01\ntrust: unverified\n',
    "values.yaml": 'share: {title: 占比, clause: "3", unit: 比, kind: range, 2020-01-01: [10%, 30%]}\n'
    'least: {title: 最低, clause: "4", unit: 元, kind: floor, 2020-01-01: 2000}\n'
    'most: {title: 最高, clause: "5", unit: 元, kind: cap, 2020-01-01: 5000}\n',
}
CITY_FOLDER = {
    "document.yaml": 'title: 示例市规定\nshort: 市规\njurisdiction: "2105"\nin_force: 2021-01-01\ntrust: unverified\n',
    "values.yaml": 'share: {clause: "1", unit: 比, 2021-01-01: 20%}\nleast: {clause: "1", unit: 元, 2021-01-01: 2500}\n'
    'most: {clause: "1", unit: 元, 2021-01-01: 4000}\n',
}


@pytest.fixture
def small(tmp_path: Path) -> Law:
    return load_law(
        [_folder(tmp_path / "law" / "cn-z" / "2020-a", NATION), _folder(tmp_path / "law" / "cn-2105-b" / "2021-b", CITY_FOLDER)]
    )


def _folder(path: Path, files: dict[str, str]) -> Path:
    path.mkdir(parents=True)
    for name, text in files.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "clause"), [("share=40%", "〔总则·3〕"), ("least=1500", "〔总则·4〕"), ("most=6000", "〔总则·5〕")])
def test_a_value_outside_its_bounds_is_refused_with_the_clause(small: Law, text: str, clause: str) -> None:
    with pytest.raises(Problems) as refused:
        _with(small, text, place=2105)
    assert refused.value.id == "scenario.refused"
    assert [problem.id for problem in refused.value.problems if not problem.notice] == ["law.outside"]
    assert clause in refused.value.text
    _with(small, text.replace("40%", "30%").replace("1500", "2000").replace("6000", "5000"), place=2105)


DRAFT = {
    "document.yaml": 'title: 示例草案\nshort: 草案\njurisdiction: "2105"\nin_force: 2026-05-01\ntrust: unverified\n',
    "values.yaml": 'most: {clause: "2", unit: 元, 2026-05-01: 4500, 2028-01-01: 4800}\n',
}


def test_a_draft_is_in_force_from_the_date_asked(small: Law, tmp_path: Path) -> None:
    _folder(tmp_path / "drafts" / "cn-2105-b" / "2026-c", DRAFT)
    for since in (date(2025, 1, 1), date(2026, 5, 1), date(2027, 1, 1)):
        after = law_with(Scenario(since, drafts=("cn-2105-b/2026-c",)), place=2105, law=small)
        told = [_number(after, "most", place=2105, on=day) for day in (date.fromordinal(since.toordinal() - 1), since, date(2028, 1, 1))]
        assert told == [400_000, 450_000, 480_000], since


def test_a_draft_that_does_not_check_gives_its_findings(small: Law, tmp_path: Path) -> None:
    wrong = {**DRAFT, "values.yaml": DRAFT["values.yaml"].replace("4500", "5500"), "rules.py": "import os\n"}
    _folder(tmp_path / "drafts" / "cn-2105-b" / "2026-c", wrong)
    with pytest.raises(Problems) as refused:
        law_with(Scenario(SINCE, drafts=("cn-2105-b/2026-c",)), place=2105, law=small)
    assert {problem.path.split("/")[-1] for problem in refused.value.problems if not problem.notice} == {"values.yaml", "rules.py"}


def test_a_new_version_of_a_document_ends_the_old_one_on_its_day(small: Law, tmp_path: Path) -> None:
    anew = {**CITY_FOLDER, "values.yaml": 'most: {clause: "1", unit: 元, 2021-01-01: 4700}\n'}
    _folder(tmp_path / "drafts" / "cn-2105-b" / "2021-b", anew)
    after = law_with(Scenario(SINCE, drafts=("cn-2105-b/2021-b",)), place=2105, law=small)
    assert [_number(after, "most", place=2105, on=day) for day in (date(2026, 12, 31), SINCE)] == [400_000, 470_000]
    assert after.regime(2105, date(2026, 12, 31)).definitions["least"].document.short == "市规"
    assert after.regime(2105, SINCE).definitions["least"].document.short == "总则"


@pytest.mark.parametrize("name", ["../cn/2024-community-workers", "cn/none", "/etc", "a/b/c", ".x/y", "cn-2105-b/2026-c@../.."])
def test_only_drafts_are_drafts(small: Law, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        law_with(Scenario(SINCE, drafts=(name,)), place=2105, law=small)
    assert refused.value.id == "scenario.no_draft"


def test_a_pinned_draft_stays_what_it_was(small: Law, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "elsewhere" / "cn-2105-b" / "2026-c", DRAFT)
    name = scenario_folders.pinned(folder)
    (folder / "values.yaml").write_text(DRAFT["values.yaml"].replace("4500", "4600"), encoding="utf-8")
    assert _number(law_with(Scenario(SINCE, drafts=(name,)), place=2105, law=small), "most", place=2105) == 450_000


def test_a_scenario_and_its_text_are_one() -> None:
    scenario = Scenario(SINCE, (ValueChange("b", "20%"), ValueChange("a", "1", ("x", "y"))), ("p/q",))
    assert scenario_of(scenario.text) == scenario
    with pytest.raises(Refusal) as refused:
        scenario_of('{"since": "tomorrow"}')
    assert refused.value.id == "scenario.text"


def test_the_law_of_a_scenario_loads_again_from_its_folders(small: Law, tmp_path: Path) -> None:
    """As a kept run does: every document is a folder, also the one made up."""
    after = _with(small, "most=4500", place=2105)
    for document in after.documents:
        copy = tmp_path / "kept" / document.id
        copy.mkdir(parents=True)
        for path in document.folder.iterdir():
            (copy / path.name).write_bytes(path.read_bytes())
    (tmp_path / "kept" / "adoptions.json").write_text("{}", encoding="utf-8")
    assert _loaded(tmp_path / "kept").hash == after.hash
