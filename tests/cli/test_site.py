"""Where a command works, how dates are read, how refusals and faults end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from jiceng.base.refusals import Refusal
from jiceng.cli import site


@pytest.mark.parametrize("text", ["2024-03-05", "2024.3.5", "2024/3/5", "2024年3月5日"])
def test_days_are_read_as_people_write_them(text):
    assert site.day(text, option="--on") == date(2024, 3, 5)


def test_known_by_a_day_means_its_end():
    assert site.known_time("2024-03-05") == datetime(2024, 3, 5, 23, 59, 59, 999_999, tzinfo=site.ZONE)
    assert site.known_time("2024-03-05T17:30") == datetime(2024, 3, 5, 17, 30, tzinfo=site.ZONE)
    assert site.known_time("") is None


def test_home_is_what_is_given_else_var_else_demo(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JICENG_HOME")
    assert site.home() == tmp_path / "var"
    (tmp_path / "demo" / "data").mkdir(parents=True)
    assert site.home() == tmp_path / "demo"
    (tmp_path / "var").mkdir()
    assert site.home() == tmp_path / "var"
    monkeypatch.setenv("JICENG_HOME", str(tmp_path / "other"))
    assert site.home() == tmp_path / "other"


def test_a_home_that_is_not_there_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("JICENG_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(Refusal) as refused:
        site.open_site()
    assert refused.value.id == "site.none"


def _run(*arguments: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JICENG_", "DJANGO_"))}
    command = [sys.executable, "-c", "from jiceng.cli.main import main; main()", *arguments]
    return subprocess.run(command, env={**kept, "JICENG_HOME": str(home), **more}, capture_output=True, text=True, cwd=home, check=False)


def test_a_refusal_ends_with_2_in_words_or_as_json(tmp_path):
    said = _run("answer", "513301", home=tmp_path)
    assert (said.returncode, said.stderr.splitlines()[-1]) == (2, "  编号：site.none")
    shown = _run("answer", "513301", "--json", home=tmp_path)
    assert (shown.returncode, json.loads(shown.stdout)["refusal"]["id"]) == (2, "site.none")


def test_a_home_half_made_is_refused_in_words(tmp_path):
    (tmp_path / "data").mkdir()
    said = _run("answer", "513301", home=tmp_path)
    assert (said.returncode, said.stderr.splitlines()[-1]) == (2, "  编号：site.unfinished")


def test_a_fault_ends_with_1_and_a_log(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "jiceng.sqlite3").write_text("this is no database at all, whatever its name says" * 100)
    said = _run("answer", "513301", home=tmp_path)
    log = tmp_path / "logs" / "command-line.log"
    assert said.returncode == 1
    assert "file is not a database" in log.read_text(encoding="utf-8")
    assert said.stderr == f"程序出错，已记入 {log}。这是程序的毛病，不是您的操作有误。\n"


def test_the_demo_does_not_touch_another_site(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine").write_text("x")
    said = _run("demo", "--no-serve", "--home", str(tmp_path), home=tmp_path)
    assert (said.returncode, said.stderr.splitlines()[-1]) == (2, "  编号：demo.home")
    assert (tmp_path / "data" / "mine").read_text() == "x"


def test_a_taken_port_is_refused():
    import socket

    from jiceng.cli.serving import this_address

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refusal) as refused:
            this_address("127.0.0.1", taken.getsockname()[1])
    assert refused.value.id == "serve.port"


def test_a_real_start_refused_half_way_can_be_begun_again_but_not_twice(tmp_path):
    (tmp_path / "pw").write_text("Abcdef-12345")

    def init(place: int) -> dict[str, object]:
        options = ("--admin", "boss", "--admin-name", "示例", "--keys", str(tmp_path / "keys"), "--password-file", str(tmp_path / "pw"))
        return json.loads(_run("init", "--place", str(place), *options, "--json", home=tmp_path).stdout)

    assert init(999999)["refusal"]["id"] == "place.unknown"
    made = init(513301)
    assert (made["place_name"], made["divisions"], made["admin"]) == ("四川省甘孜藏族自治州康定市", 665_276, "boss")
    assert init(513301)["refusal"]["id"] == "init.exists"
    looked = json.loads(_run("doctor", "--json", home=tmp_path).stdout)
    assert [finding["what"] for finding in looked if not finding["well"]] == []
    assert Path(tmp_path / "keys" / "ring.json").is_file()
