"""The repository's own promises: commands that are named exist, refusals have their entry, requirement files name no host."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from jiceng.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/start/README.md", "bench/README.md")


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _commands() -> set[str]:
    root = get_command(app)
    found = set(root.commands)
    return found | {f"{name} {under}" for name in found for under in getattr(root.commands[name], "commands", {})}


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_named_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", _text("Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", _text(page)))
    assert named - targets == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_command_named_exists(page):
    named = {
        (match[1], match[2] or "") for match in re.finditer(r"(?:`|^|bin/|[：:] ?)jiceng ([a-z]+)(?: ([a-z]+))?", _text(page), re.MULTILINE)
    }
    commands = _commands()
    groups = {command.split()[0] for command in commands if " " in command}
    unknown = [f"{one} {two}" for one, two in sorted(named) if (f"{one} {two}" if one in groups else one) not in commands]
    assert unknown == []


@pytest.mark.parametrize("page", [*PAGES, "ARCHITECTURE.md"])
def test_every_link_leads_somewhere(page):
    here = (ROOT / page).parent
    links = [link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", _text(page)) if not link.startswith("http")]
    assert [link for link in links if not (here / link).exists()] == []


def test_readmes_hold_the_two_commands():
    for page in PAGES[:2]:
        assert re.findall(r"^make ([a-z-]+)", _text(page), re.MULTILINE) == ["demo", "test"]


def test_every_refusal_has_its_entry_and_every_entry_its_refusal():
    said = subprocess.run([sys.executable, "tools/check-refusals"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (said.stdout, said.returncode) == ("", 0)


@pytest.mark.parametrize("name", ["base", "dev", "bench"])
def test_requirement_files_are_hashed_and_name_no_host(name):
    text = _text(f"requirements/{name}.txt")
    pinned = re.findall(r"^[A-Za-z0-9_.-]+==", text, re.MULTILINE)
    unhashed = re.findall(r"^[A-Za-z0-9_.-]+==[^\\]*$", text, re.MULTILINE)
    assert (len(pinned) > 30, unhashed, "://" in text, "file:" in text) == (True, [], False, False)


def test_nothing_committed_names_a_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    private = re.compile("/" + r"work/|/" + r"tmp/jc/|find-links" + r" = |extra" + r"-index")
    texts = [path for path in listed if (ROOT / path).suffix in {".py", ".md", ".toml", ".yaml", ".txt", ".html", ".css", ".js", ""}]
    assert [path for path in texts if (ROOT / path).is_file() and private.search(_text(path))] == []
