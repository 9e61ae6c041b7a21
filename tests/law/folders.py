"""Small policy folders written by tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiceng.base.refusals import Problems
from jiceng.law.load import Law, load_law

CITY, COUNTY, OTHER = "cn-2105-city/2022-pay", "cn-210504-county/2023-share", "cn-2106-other/2022-pay"


def heading(jurisdiction: str, *, in_force: str = "2022-01-01", short: str = "", **more: str) -> str:
    """A document.yaml; further words by keyword."""
    lines = {"title": f"示例办法{jurisdiction}", "short": short or f"示例{jurisdiction}", "jurisdiction": f'"{jurisdiction}"'}
    lines |= {"in_force": in_force, "trust": "reprint", **more}
    return "\n".join(f"{key}: {text}" for key, text in lines.items()) + "\n"


def write(root: Path, id: str, **files: str) -> Path:
    """A folder with these files; `values="…"` becomes values.yaml, `rules="…"` rules.py. A heading is made if none is given."""
    folder = root / id
    folder.mkdir(parents=True, exist_ok=True)
    if "document" not in files:
        code = id.split("-")[1].split("/")[0] if id.startswith("cn-") else "0"
        files["document"] = heading(code)
    for name, text in files.items():
        (folder / ("rules.py" if name == "rules" else f"{name}.yaml")).write_text(text, encoding="utf-8")
    return folder


def rules(body: str) -> str:
    """A rules.py with the usual two import lines."""
    head = "from jiceng.rules import rule, total, at, known, band, times, divide, year, add_months, add_years, full_years, full_months"
    head += ", add_days, month, day, date, month_start, month_end, year_start, year_end, months_between, ratio, whole, divide_by, province"
    head += ", ambiguous, conflict, needs_decision, not_applicable"
    head += ", Bands, ByDate, Date, History, Ratio, Recent, Records, Rounding, Table, Yuan\n"
    return head + "from jiceng.terms import Appointment, Assessment, Decision, Post, Result, Training, TrainingReading\n\n" + body


def law_of(*folders: Path, **more: object) -> Law:
    """The law of these folders."""
    return load_law(folders, **more)  # type: ignore[arg-type]


def findings(*folders: Path) -> list[tuple[str, str, int]]:
    """(id, file, line) of everything that refuses these folders."""
    with pytest.raises(Problems) as refused:
        load_law(folders)
    return [(p.id, p.path, p.line) for p in refused.value.problems]


def messages(*folders: Path) -> list[str]:
    """The same as printed."""
    with pytest.raises(Problems) as refused:
        load_law(folders)
    return [str(p) for p in refused.value.problems]


def notices(law: Law, *, without: tuple[str, ...] = ("law.no_case",)) -> list[tuple[str, str]]:
    """(id, text) of notices, without those every small folder has."""
    return [(notice.id, str(notice)) for notice in law.notices if notice.id not in without]
