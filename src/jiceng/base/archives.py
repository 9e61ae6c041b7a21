"""Zip archives looked into with care: sizes are counted as they come, not as the archive claims, and XML must be plain XML."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator

PIECE = 2**20
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What reading an archive that is damaged, encrypted or packed in an unknown way ends in."""
_DECLARED = (b"<!DOCTYPE", b"<!ENTITY")
_DECLARED_WIDE = tuple(mark.decode().encode(code) for mark in _DECLARED for code in ("utf-16-le", "utf-16-be"))
_XML = (".xml", ".rels", ".vml")


class Bomb(Exception):
    """An archive that unpacks to more than it may."""


class Entities(Exception):
    """XML with a document type or entities of its own: read by a trusting reader it could swell, or fetch other files."""


def xml_pieces(archive: zipfile.ZipFile, *, most: int) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    """Every XML part in pieces that end at the end of a tag, so that no tag is cut in two; an empty part is one empty piece.

    Errors  Bomb once the XML parts together unpack to more than `most` bytes; Entities
    """
    left = most
    for entry in archive.infolist():
        if entry.filename.lower().endswith(_XML):
            for piece in _pieces(archive, entry):
                left -= len(piece)
                if left < 0:
                    raise Bomb
                if any(mark in piece for mark in _DECLARED) or (b"\0" in piece and any(mark in piece for mark in _DECLARED_WIDE)):
                    raise Entities
                yield entry, piece


def unpacked(archive: zipfile.ZipFile, *, most: int) -> int:
    """How many bytes all parts unpack to; none of them is kept.

    Errors  Bomb once it is more than `most`
    """
    size = 0
    for entry in archive.infolist():
        with archive.open(entry) as stream:
            while chunk := stream.read(PIECE):
                size += len(chunk)
                if size > most:
                    raise Bomb
    return size


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    rest = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(PIECE):
            chunk = rest + chunk
            # A row is kept whole where it ends in reach: its number and its values are then in one piece.
            cut = chunk.rfind(b"</row>") + 6
            cut = cut if cut > 5 else chunk.rfind(b">") + 1
            rest = chunk[cut:]
            if len(rest) > 4 * PIECE:
                cut, rest = len(chunk), b""
            yield chunk[:cut]
    yield rest
