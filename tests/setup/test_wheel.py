"""J1: the wheel alone, in an environment of its own, with no checkout in sight and no network."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import venv
import warnings
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("JICENG_", "DJANGO_", "PYTHON"))}


def _alone() -> list[str]:
    """Words before a command that take the network away, where the machine allows it."""
    words = ["unshare", "--net"]
    try:
        allowed = subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        allowed = False
    if not allowed:
        warnings.warn("J1 ran without a network namespace: this machine does not allow one", stacklevel=2)
    return words if allowed else []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--disable-pip-version-check", "-w", str(out), str(ROOT)]
    subprocess.run(command, check=True, env=_clean())
    return next(out.glob("jiceng-*.whl"))


@pytest.fixture(scope="module")
def jiceng(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The command of a fresh environment. Dependencies are borrowed from this one, the product is not."""
    place = tmp_path_factory.mktemp("fresh")
    venv.create(place, with_pip=False)
    packages = next((place / "lib").glob("python3*/site-packages"))
    # A plain line adds a folder without reading the .pth files in it, so the editable checkout stays out.
    (packages / "borrowed.pth").write_text(site.getsitepackages()[0] + "\n", encoding="utf-8")
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(place / "bin" / "python"),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run([*install, "--disable-pip-version-check"], check=True, env=_clean())
    return str(place / "bin" / "jiceng")


def test_the_wheel_holds_law_pages_and_divisions(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    shipped = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "policies").rglob("*.*") if "__pycache__" not in path.parts)
    assert [name for name in shipped if f"jiceng/{name}" not in names] == []
    inside = [path for path in (ROOT / "src" / "jiceng").rglob("*.*") if path.is_file() and "__pycache__" not in path.parts]
    assert [
        p.name for p in inside if p.relative_to(ROOT / "src").as_posix() not in names and p.suffix not in (".nbi", ".nbc", ".pyc")
    ] == []


def test_law_check_of_the_installed_wheel(jiceng, tmp_path):
    said = subprocess.run([jiceng, "law", "check", "--json"], cwd=tmp_path, env=_clean(), capture_output=True, text=True, check=True)
    assert json.loads(said.stdout)["right"] is True


def test_j1_demo_without_a_network(jiceng, tmp_path):
    alone = _alone()
    python = str(Path(jiceng).with_name("python"))
    script = [python, str(ROOT / "tests" / "setup" / "offline.py"), jiceng, str(tmp_path / "demo"), "alone" if alone else "together"]
    ran = subprocess.run([*alone, *script], cwd=tmp_path, env=_clean(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert (said["workers"] > 20, said["outside"], said["again"] == said["workers"]) == (True, [], True)

    def answers(**more: str) -> str:
        command = [jiceng, "answer", "513301", "--on", "2026-06-30", "--json"]
        environment = {**_clean(), "JICENG_HOME": str(tmp_path / "demo"), **more}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout

    without = tmp_path / "without"
    without.mkdir()
    (without / "numba.py").write_text("raise ImportError('not installed')\n", encoding="utf-8")
    assert answers(PYTHONPATH=str(without)) == answers()
