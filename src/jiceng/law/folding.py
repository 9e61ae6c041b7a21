"""Hashes: of a clause's text with white space and width folded, of a folder, of a law set."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from jiceng.law.model import Document

_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


def folded(text: str) -> str:
    """Text without white space, full-width letters, figures and signs as half-width: what a copy or a line break changes."""
    return "".join(text.translate(_WIDE).split())


def text_hash(text: str) -> str:
    """The same for two copies of one text that differ in white space or width only; another for any other change."""
    return hashlib.sha256(folded(text).encode()).hexdigest()


def folder_files(folder: Path) -> list[Path]:
    """The files that make a folder's law, in name order; hidden files and subfolders are not law."""
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def folder_hash(folder: Path) -> str:
    """Over names and bytes of the folder's files."""
    digest = hashlib.sha256()
    for path in folder_files(folder):
        raw = path.read_bytes()
        digest.update(f"{path.name}\0{len(raw)}\0".encode())
        digest.update(raw)
    return digest.hexdigest()


def law_hash(documents: Iterable[Document]) -> str:
    """Over ids, folders and adoptions; the order of the folders does not matter."""
    lines = sorted(f"{document.id}\0{document.hash}\0{document.adopted_by}" for document in documents)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
