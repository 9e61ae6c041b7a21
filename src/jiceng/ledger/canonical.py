"""The one written form of a fact and of an entry, which seals are made over. Framework-free; form numbers are never reused.

Form 1 hashes with SM3, form 2 with SHA-256; otherwise they are the same:
leaf of a fact    = H(line ␟ subject ␟ kind ␟ since ␟ until ␟ place ␟ slot ␟ data ␟ sealed), dates ISO, integers decimal
leaf of an ending = H("end" ␟ fact)
root = H(leaves of the facts in line order, then of the endings by fact id)
seal = H(JSON list of the entry's columns, the root and the previous seal)
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from jiceng.base.refusals import Refusal
from jiceng.ledger.ids import LINE_MASK

HASHES = {1: "sm3", 2: "sha256"}
NO_SEAL = bytes(32)
"""`previous` of a book's first entry."""

_encoder = msgspec.json.Encoder(order="sorted")
# Control characters would break the separators (U+001F) or a database (U+0000); lone surrogates have no UTF-8.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def clean_text(text: str, *, where: str) -> str:
    """Text in NFC.

    Errors  Refusal ledger.text if it holds control characters
    """
    if _FORBIDDEN.search(text):
        raise Refusal("ledger.text", "文字里有不可见的控制字符", where=where, do="请删去后重新填写")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def data_text(data: Mapping[str, Any]) -> str:
    """Canonical JSON: keys sorted, no spaces, UTF-8 unescaped. The values must already be checked (no floats, no nulls)."""
    return _encoder.encode(data).decode()


def slot_text(values: Sequence[Any]) -> str:
    """The key of a `many` kind as one text."""
    return _encoder.encode(values).decode()


# A fact as its table has it, dates as ISO texts: id, subject, kind, slot, since, until, known, place, data, sealed.
FactRecord = tuple[int, int, int, str | None, str, str, int, int | None, str, bytes | None]


def root_of(form: int, facts: Iterable[FactRecord], endings: Iterable[int]) -> bytes:
    """Root over an entry's facts (in order of id) and endings (fact ids, rising)."""
    fresh = hashlib.new(HASHES[form]).copy
    root = fresh()
    add = root.update
    for number, subject, kind, slot, since, until, _, place, data, sealed in facts:
        where = "" if place is None else place
        line = number & LINE_MASK
        text = f"{line}\x1f{subject}\x1f{kind}\x1f{since}\x1f{until}\x1f{where}\x1f{slot or ''}\x1f{data}\x1f".encode()
        leaf = fresh()
        leaf.update(text if sealed is None else text + sealed)
        add(leaf.digest())
    for fact in endings:
        leaf = fresh()
        leaf.update(b"end\x1f%d" % fact)
        add(leaf.digest())
    return root.digest()


def seal_of(
    form: int,
    *,
    book: int,
    seq: int,
    known: int,
    actor: str,
    act: str,
    basis: str,
    why: str,
    batch: int | None,
    undoes: int | None,
    loaded: bool,
    facts: int,
    endings: int,
    root: bytes,
    previous: bytes,
) -> bytes:
    """Seal of an entry: everything in its row, the root of its content, and the seal before it."""
    row = [form, book, seq, known, actor, act, basis, why, batch, undoes, loaded, facts, endings, root.hex(), previous.hex()]
    return hashlib.new(HASHES[form], _encoder.encode(row)).digest()
