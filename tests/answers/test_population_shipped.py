"""Every rule of every shipped folder: compiled and in Python, the same value and the same kind on random subjects."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import pytest

from jiceng.answers.population import run
from jiceng.law.layers import Law
from jiceng.law.load import find_folders, folder_id, load_law, shipped_root
from tests.answers.people import people

FOLDERS = [folder_id(folder) for folder in find_folders(shipped_root())]


@lru_cache(maxsize=1)
def law() -> Law:
    return load_law(find_folders(shipped_root()))


def test_there_are_shipped_folders():
    assert len(FOLDERS) >= 5


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("of", ["worker", "place", "request"])
def test_compiled_and_python_agree(folder, of):
    document = law().document(folder)
    places = [document.jurisdiction, document.jurisdiction, *law().jurisdictions(), 513301001001]
    for on, seed in ((date(2025, 6, 30), 1), (date(2024, 2, 29), 2)):
        subjects = people(law(), 250, of=of, places=places, seed=seed)
        plain = run(law(), subjects, on=on, compiled=False)
        compiled = run(law(), subjects, on=on, compiled=True)
        assert compiled.in_python == {}
        assert plain.answers.keys() == compiled.answers.keys()
        different = {name: int(np.count_nonzero(plain.answers[name] != compiled.answers[name])) for name in plain.answers}
        assert {name: count for name, count in different.items() if count} == {}
