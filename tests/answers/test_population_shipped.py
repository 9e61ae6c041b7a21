"""Every rule of every shipped folder: with every step, in plain Python and compiled, the same value and kind on random subjects."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pytest

from jiceng.law.layers import Law, in_period
from jiceng.law.load import find_folders, folder_id, load_law, shipped_root
from jiceng.law.model import Document
from jiceng.places.tree import WIDTHS, Level, level_of
from tests.answers.people import people
from tests.answers.three_ways import same

FOLDERS = [folder_id(folder) for folder in find_folders(shipped_root())]


@lru_cache(maxsize=1)
def law() -> Law:
    return load_law(find_folders(shipped_root()))


def test_there_are_shipped_folders():
    assert len(FOLDERS) >= 5


LATE = date(2026, 12, 31)


def days_of(document: Document) -> list[date]:
    """The first day of a folder, and a late one on which everything that was to come has come."""
    return sorted({document.in_force, LATE} if in_period(document, LATE) else {document.in_force})


def places_in(code: int) -> list[int]:
    """A place, and one at each level inside it."""
    inside = {Level.nation: 51, Level.province: 1, Level.city: 2, Level.county: 1, Level.street: 1}
    places = [code]
    while (level := level_of(places[-1])) < Level.community:
        width = WIDTHS[Level(level + 1)] - WIDTHS[level]
        places.append(places[-1] * 10**width + inside[level])
    return places


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("of", ["worker", "place", "request"])
def test_compiled_and_python_agree(folder, of):
    """On the folder's first day and late, at its place and at every level inside: every rule of it, and all it stands beside."""
    document = law().document(folder)
    places = places_in(document.jurisdiction)
    compared: set[str] = set()
    for seed, on in enumerate(days_of(document), 1):
        subjects = people(law(), 250, of=of, places=places, seed=seed)
        compared |= same(law(), subjects, on=on).keys()
    assert {rule.id for rule in document.rules if rule.of == of} - compared == set()


@pytest.mark.parametrize("of", ["worker", "place", "request"])
@pytest.mark.parametrize("on", [date(2025, 6, 30), date(2024, 2, 29), LATE])
def test_compiled_and_python_agree_where_all_places_stand_together(of, on):
    places = [*law().jurisdictions(), 513301001001, 230102, 230102001, 230102001001]
    assert len(same(law(), people(law(), 600, of=of, places=places, seed=7), on=on)) > 0
