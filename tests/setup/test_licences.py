"""Licences of everything that is installed with the product: none that would bind its users' own code."""

from __future__ import annotations

import importlib.metadata as metadata
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Linked, not copied in, and replaceable: allowed.
LESSER = {"psycopg": "LGPL-3.0-only", "psycopg-binary": "LGPL-3.0-only", "docxtpl": "LGPL-2.1-only"}
# Only installed on another system.
ELSEWHERE = {"colorama", "tzdata"}


def _required() -> list[str]:
    lines = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8").splitlines()
    return sorted({match[1] for line in lines if (match := re.match(r"([A-Za-z0-9_.-]+)==", line))} - ELSEWHERE)


def _licence(name: str) -> str:
    about = metadata.metadata(name)
    named = [text.rpartition(":: ")[2] for text in about.get_all("Classifier", []) if text.startswith("License")]
    return about.get("License-Expression") or (about.get("License") or "").split("\n")[0] or "; ".join(named)


def test_every_dependency_says_its_licence():
    assert [name for name in _required() if not _licence(name)] == []


def test_no_dependency_is_under_gpl_or_agpl():
    bound = {name: text for name in _required() if re.search(r"GPL|General Public|Affero", text := _licence(name))}
    assert bound == LESSER


def test_every_bundled_thing_of_others_has_its_licence_beside_it():
    vendor = ROOT / "src" / "jiceng" / "ui" / "static" / "vendor"
    assert [folder.name for folder in sorted(vendor.iterdir()) if folder.is_dir() and not list(folder.glob("LICENSE*"))] == []
    assert (ROOT / "src" / "jiceng" / "places" / "LICENSE-divisions-2023.txt").is_file()
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
