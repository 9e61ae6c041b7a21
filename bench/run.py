"""Every bench of the README, one after the other on one demo home. `python bench/run.py`: a line of JSON a figure.

Each script also runs by itself; the first line of its docstring says how.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.home import told

HERE = Path(__file__).resolve().parent
ON_THE_DEMO = ("one_worker.py", "verify.py", "worker_page.py", "folder_301.py")
ALONE = ("ledger.py", "import_roster.py")


def main() -> None:
    told("machine", cores=os.cpu_count(), load=round(os.getloadavg()[0], 1), python=sys.version.split()[0])
    with tempfile.TemporaryDirectory(prefix="jiceng-bench-") as place:
        home = f"{place}/demo"
        for script in ("start.py", *ON_THE_DEMO):
            _run(script, home)
    for script in ALONE:
        _run(script)


def _run(script: str, *arguments: str) -> None:
    print(f"# {script}", flush=True)
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    subprocess.run([sys.executable, str(HERE / script), *arguments], check=True, env=environment)


if __name__ == "__main__":
    main()
