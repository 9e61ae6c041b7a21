"""A 301st local folder in an installation with 300: from copying it to the first population answer there.

`python bench/folder_301.py HOME`. The folders are the starter folder under 300 codes of real counties; the installation's own
loops, if any, are not compiled again, which is counted.
"""

from __future__ import annotations

import shutil
import sys
import time
from datetime import date
from pathlib import Path

from bench.home import opened, told

COUNT = 300


def main() -> None:
    home = opened(sys.argv[1])
    import pyarrow.parquet as pq

    from jiceng.answers.population import answer_many
    from jiceng.law.skeleton import new_folder
    from jiceng.ledger import reading
    from jiceng.places.load import SNAPSHOT
    from jiceng.runs import binding
    from jiceng.runs.law import installed_law

    codes = [
        code for code in pq.read_table(SNAPSHOT, columns=["code"])["code"].to_pylist() if len(code) == 6 and not code.startswith("5133")
    ]
    policies = home / "data" / "policies"
    on = date.today()
    try:
        for code in codes[:COUNT]:
            _folder(policies, code, new_folder)
        began = time.perf_counter()
        law = installed_law(reload=True)
        told("load 300 local folders", seconds=round(time.perf_counter() - began, 2), documents=len(law.documents))
        workers = reading.placed_in([(0, 10**12)], on=on)
        bound = binding.workers(workers, on=on, terms=law.terms)
        _folder(policies, "513301", new_folder)
        began = time.perf_counter()
        law = installed_law(reload=True)
        loaded = time.perf_counter() - began
        there = [subject for subject in bound if str(subject.place).startswith("513301")]
        answers = answer_many(law, there, on=on)
        seconds = round(time.perf_counter() - began, 2)
        told(
            "the 301st: loaded and answered for its county",
            seconds=seconds,
            load_seconds=round(loaded, 2),
            workers=len(there),
            rules=len(answers),
        )
    finally:
        for folder in policies.glob("cn-*-bench"):
            shutil.rmtree(folder)


def _folder(policies: Path, code: str, new_folder: object) -> None:
    path = policies / f"cn-{code}-bench" / f"2026-{code}"
    new_folder(path, title=f"示例办法{code}", short=f"示例{code}", jurisdiction=int(code), in_force=date(2026, 1, 1), issuer="示例办公室")  # type: ignore[operator]


if __name__ == "__main__":
    main()
