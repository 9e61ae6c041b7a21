"""Rows of a calculation as they are kept: one Parquet file whose bytes follow from its content alone.

Plain pages without compression, dictionary or statistics, and a fixed name of the maker: no version of a library, no clock and
no order of work leaves a trace, so the same calculation gives the same bytes on another machine and in another year.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from jiceng.base.refusals import Refusal
from jiceng.places import tree

Array = NDArray[np.int64]
_TOLD = b"jiceng"
_MAKER = b"jiceng"
_ANSWER = "answer."
_written = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, eq=False)
class Rows:
    """Answers about workers, in tree order of their places, then by worker; one row a worker.

    `subjects`, `places` (natural codes), `days` (number of the day each was asked about) are of one length, as is each of
    `answers`: the value as encoded, or the mark of its kind
    """

    subjects: Array
    places: Array
    days: NDArray[np.int32]
    answers: dict[str, Array]

    def __len__(self) -> int:
        return len(self.subjects)

    @cached_property
    def keys(self) -> Array:
        """Padded place codes, rising."""
        return np.array(padded_all(self.places), np.int64)

    def inside(self, place: int) -> Rows:
        """The rows of a place and everything inside it."""
        low, high = tree.span(place)
        return self.part(slice(int(np.searchsorted(self.keys, low, "left")), int(np.searchsorted(self.keys, high, "right"))))

    def part(self, at: slice | Array | NDArray[np.bool_]) -> Rows:
        """Some of the rows, in their order."""
        return Rows(self.subjects[at], self.places[at], self.days[at], {name: told[at] for name, told in self.answers.items()})


def padded_all(places: Array) -> Array:
    """`tree.padded` of many natural codes."""
    found = places.copy()
    for level in (tree.Level.province, tree.Level.city, tree.Level.county, tree.Level.street):
        low, high = 10 ** (tree.WIDTHS[level] - 1), 10 ** tree.WIDTHS[level]
        here = (places >= low) & (places < high)
        found[here] *= 10 ** (tree.WIDTHS[tree.Level.community] - tree.WIDTHS[level])
    return found


def in_order(subjects: Array, places: Array, days: NDArray[np.int32], answers: Mapping[str, Array]) -> Rows:
    """Rows put into the order they are kept in.

    Errors  ValueError if a worker has two rows
    """
    if len(np.unique(subjects)) != len(subjects):
        raise ValueError("a worker has two rows")
    at = np.lexsort((subjects, places, padded_all(places)))
    return Rows(subjects[at], places[at], days[at], {name: told[at] for name, told in answers.items()})


def packed(rows: Rows, told: Mapping[str, Any]) -> bytes:
    """Rows and what they say of themselves as the bytes of a file: equal content, equal bytes.

    Errors  ValueError if rows are not in order
    """
    import pyarrow as pa  # thirty megabytes that a server at rest does not need
    import pyarrow.parquet as pq

    keys = rows.keys
    ahead = (keys[1:] > keys[:-1]) | ((keys[1:] == keys[:-1]) & (rows.places[1:] > rows.places[:-1]))
    if not bool(np.all(ahead | ((rows.places[1:] == rows.places[:-1]) & (rows.subjects[1:] > rows.subjects[:-1])))):
        raise ValueError("rows are not in order")
    columns = {"subject": rows.subjects, "place": rows.places, "day": rows.days.astype(np.int32)}
    columns |= {_ANSWER + name: answers for name, answers in rows.answers.items()}
    schema = pa.schema([pa.field(name, pa.from_numpy_dtype(one.dtype), nullable=False) for name, one in columns.items()])
    table = pa.Table.from_arrays([pa.array(one) for one in columns.values()], schema=schema)
    out = io.BytesIO()
    form: dict[str, Any] = {
        "version": "2.6", "data_page_version": "1.0", "compression": "NONE", "use_dictionary": False, "write_statistics": False,
        "store_schema": False, "write_page_index": False, "write_page_checksum": False,
    }  # fmt: skip
    with pq.ParquetWriter(out, schema, **form) as writer:
        writer.write_table(table, row_group_size=1 << 20)
        writer.add_key_value_metadata({_TOLD: _written.encode(told)})
    content = out.getvalue()
    return _signed(content, str(pq.read_metadata(io.BytesIO(content)).created_by).encode())


def _signed(content: bytes, maker: bytes) -> bytes:
    """The file with our name in place of the library's and its version, which stands in the footer as a counted string."""
    size = int.from_bytes(content[-8:-4], "little")
    body, footer = content[: -8 - size], content[-8 - size : -8]
    there = bytes([len(maker)]) + maker
    if len(maker) > 127 or footer.count(there) != 1:
        raise ValueError("the maker's name is not where it should be in a Parquet footer")
    footer = footer.replace(there, bytes([len(_MAKER)]) + _MAKER)
    return body + footer + len(footer).to_bytes(4, "little") + content[-4:]


def unpacked(content: bytes) -> tuple[Rows, dict[str, Any]]:
    """What `packed` packed.

    Errors  Refusal runs.unreadable if it is no such file
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        told: dict[str, Any] = msgspec.json.decode(file.metadata.metadata[_TOLD])
        table = file.read()
        columns = {name: table.column(name).to_numpy() for name in table.column_names}
        answers = {name.removeprefix(_ANSWER): one for name, one in columns.items() if name.startswith(_ANSWER)}
        return Rows(columns["subject"], columns["place"], columns["day"], answers), told
    except (pa.ArrowException, OSError, KeyError, TypeError, msgspec.MsgspecError) as error:
        raise Refusal("runs.unreadable", "保存的计算结果读不出来", why=str(error)[:200], do="请运行 jiceng verify，并从备份恢复") from error
