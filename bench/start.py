"""From nothing to a demo that answers, and the second start. `python bench/start.py HOME` (HOME must not exist)."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bench.home import told

PORT = 8794


def main() -> None:
    home = Path(sys.argv[1])
    command = [str(Path(sys.executable).with_name("jiceng")), "demo", "--home", str(home), "--port", str(PORT)]
    for name in ("demo ready, first start", "second start"):
        began = time.perf_counter()
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/account/login/", timeout=5).read()
                break
            except OSError:
                time.sleep(0.05)
        told(name, seconds=round(time.perf_counter() - began, 1))
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
