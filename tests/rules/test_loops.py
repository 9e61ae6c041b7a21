"""Compiled loops: kept on disk by their own text, safe between processes, made in memory where the disk cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from jiceng.rules import loops, words
from jiceng.rules.library import read_library
from jiceng.rules.loops import Loop, NoLoop, loop_for, loop_text, warm
from jiceng.terms.registry import base_terms
from tests.rules.writing import rule

CODES = base_terms().codes


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("JICENG_CACHE", str(tmp_path))
    monkeypatch.setattr(loops, "_kept", {})
    return tmp_path / "loops"


def run(loop: Loop, *columns: list[int]) -> list[int]:
    """One scalar rule over columns."""
    cols = np.array(columns, np.int64)
    out = np.zeros(cols.shape[1], np.int64)
    zero, laws = np.zeros(1, np.int64), np.zeros((1, 1), np.int64)
    source, index = np.zeros(len(columns), np.int64), np.arange(len(columns), dtype=np.int64)
    loop.run(np.arange(len(out)), np.zeros(len(out), np.int64), cols, laws, zero, source, index, zero, zero, out)
    return out.tolist()


def test_a_loop_is_kept_on_disk_and_warm_afterwards(folder, monkeypatch):
    tried = rule("a: int, b: int", "return a + b")
    assert not warm(tried, codes=CODES)
    first = loop_for(tried, codes=CODES)
    assert run(first, [1, 2], [10, 20]) == [11, 22]
    assert [path.name for path in folder.glob("*.py")] == [f"{first.hash}.py"]
    assert list(folder.glob(".*.tmp")) == []
    monkeypatch.setattr(loops, "_kept", {})
    assert warm(tried, codes=CODES)
    second = loop_for(tried, codes=CODES)
    assert sum(second.run.stats.cache_hits.values()) == 1
    assert sum(second.run.stats.cache_misses.values()) == 0


def test_another_process_finds_it_and_two_at_once_do_no_harm(folder):
    text = (
        "from tests.rules.writing import rule\nfrom jiceng.rules.loops import loop_for\nfrom jiceng.terms.registry import base_terms\n"
        "l = loop_for(rule('a: int, b: int', 'return a - b'), codes=base_terms().codes)\n"
        "print(sum(l.run.stats.cache_hits.values()))\n"
    )
    environment = {**os.environ, "JICENG_CACHE": str(folder.parent)}
    root = Path(__file__).parents[2]

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-c", text], cwd=root, env=environment, stdout=subprocess.PIPE, text=True)

    both = [start(), start()]
    printed = [process.communicate()[0].strip() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert set(printed) <= {"0", "1"}
    assert start().communicate()[0].strip() == "1"
    assert len(list(folder.glob("*.py"))) == 1
    assert list(folder.glob(".*")) == []


def test_another_cpu_compiles_its_own_and_spoils_nothing(folder, monkeypatch):
    tried = rule("a: int, b: int", "return a * b + b")
    loop_for(tried, codes=CODES)
    text = (
        "from tests.rules.writing import rule\nfrom tests.rules.test_loops import run\nfrom jiceng.rules.loops import loop_for\n"
        "from jiceng.terms.registry import base_terms\n"
        "l = loop_for(rule('a: int, b: int', 'return a * b + b'), codes=base_terms().codes)\n"
        "print(sum(l.run.stats.cache_hits.values()), run(l, [2], [3]))\n"
    )
    environment = {**os.environ, "JICENG_CACHE": str(folder.parent), "NUMBA_CPU_NAME": "generic"}
    root = Path(__file__).parents[2]
    printed = subprocess.run([sys.executable, "-c", text], cwd=root, env=environment, capture_output=True, text=True, check=True).stdout
    assert printed == "0 [9]\n"
    monkeypatch.setattr(loops, "_kept", {})
    assert sum(loop_for(tried, codes=CODES).run.stats.cache_hits.values()) == 1


def test_a_changed_word_is_another_loop(monkeypatch, tmp_path):
    tried = rule("d: Date", "return year(d)")
    before = loops._hash(loop_text(tried, codes=CODES)[0])
    changed = tmp_path / "words.py"
    changed.write_text(Path(words.__file__).read_text(encoding="utf-8").replace("719_468", "719_469"), encoding="utf-8")
    monkeypatch.setattr(words, "__file__", str(changed))
    monkeypatch.setattr(loops, "_texts", {})
    read_library.cache_clear()
    after = loops._hash(loop_text(tried, codes=CODES)[0])
    read_library.cache_clear()
    assert before != after


def test_the_text_holds_only_words_that_are_used():
    text = loop_text(rule("a: int", "return a"), codes=CODES)[0]
    assert "def _times(" not in text
    assert "def _rounded(" in loop_text(rule("a: Yuan, b: Ratio, r: Rounding", "return times(a, b, r)", "Yuan"), codes=CODES)[0]


def test_rules_of_one_shape_share_machine_code_but_not_columns(folder):
    year = rule("h: Records[Assessment]", "for a in h:\n    return a.year\nreturn 0")
    result = rule("h: Records[Assessment]", "for a in h:\n    return a.since - a.since\nreturn 0")
    until = rule("h: Records[Assessment]", "for a in h:\n    return a.until - a.until\nreturn 0")
    made = [loop_for(one, codes=CODES) for one in (year, result, until)]
    assert [one.columns.fields for one in made] == [[("h", "year")], [("h", "since")], [("h", "until")]]
    assert made[1].hash == made[2].hash != made[0].hash


def test_a_folder_that_cannot_be_made_means_memory(monkeypatch, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("JICENG_CACHE", str(blocked))
    monkeypatch.setattr(loops, "_kept", {})
    assert run(loop_for(rule("a: int, b: int", "return a * b"), codes=CODES), [3, 10**10], [4, 10**10]) == [12, loops.LOW - 8 + 3]
    assert blocked.read_text() == "a file where the folder should be"


def test_a_damaged_cache_is_mended(folder, monkeypatch):
    tried = rule("a: int, b: int", "return a + b + b")
    made = loop_for(tried, codes=CODES)
    for part in (folder / "__pycache__").glob(f"{made.hash}.*"):
        part.write_bytes(b"damaged")
    monkeypatch.setattr(loops, "_kept", {})
    assert run(loop_for(tried, codes=CODES), [1], [2]) == [5]
    (folder / f"{made.hash}.py").write_text("half a te")
    monkeypatch.setattr(loops, "_kept", {})
    assert run(loop_for(tried, codes=CODES), [1], [2]) == [5]
    assert (folder / f"{made.hash}.py").read_text(encoding="utf-8") == loop_text(tried, codes=CODES)[0]


def test_what_a_killed_process_left_is_swept(folder):
    folder.mkdir(parents=True)
    old, new = folder / ".aa.1.tmp", folder / ".bb.2.tmp"
    old.write_text("half")
    new.write_text("half")
    os.utime(old, (time.time() - 7_200,) * 2)
    loop_for(rule("a: int", "return a + a + a"), codes=CODES)
    assert (old.exists(), new.exists()) == (False, True)


def test_without_numba_there_is_no_loop(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    assert loop_for(rule("a: int", "return a"), codes=CODES) == NoLoop("没有安装 Numba")


def test_a_rule_that_does_not_compile_says_so(folder, monkeypatch):
    def broken(text, hash):
        raise TypeError("Failed in nopython mode pipeline")

    monkeypatch.setattr(loops, "_compiled", broken)
    assert loop_for(rule("a: int", "return a"), codes=CODES) == NoLoop("没有编译成：TypeError")


def test_no_second_signature_is_ever_compiled(folder):
    made = loop_for(rule("a: int", "return a + 1"), codes=CODES)
    assert run(made, [1, 2, 3]) == [2, 3, 4]
    assert len(made.run.signatures) == 1
    cols = np.array([[1, 2, 3]], np.int64)
    cols.flags.writeable = False
    zero = np.zeros(1, np.int64)
    with pytest.raises(TypeError):
        made.run(np.arange(3), np.zeros(3, np.int64), cols, np.zeros((1, 1), np.int64), zero, zero, zero, zero, zero, np.zeros(3, np.int64))
    assert len(made.run.signatures) == 1


def test_author_names_do_not_meet_the_names_of_the_loop(folder):
    tried = rule("np: int, LOW: int, njit: int, loop: int, F: int, n: int", "return np + LOW + njit + loop + F + n")
    assert run(loop_for(tried, codes=CODES), [1], [2], [3], [4], [5], [6]) == [21]
