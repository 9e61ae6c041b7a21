"""Facts a second that `jiceng verify` recomputes, on the demo's ledger. `python bench/verify.py HOME`."""

from __future__ import annotations

import sys
import time

from bench.home import opened, told


def main() -> None:
    opened(sys.argv[1])
    from jiceng.ledger.verify import verify

    verify()
    began = time.perf_counter()
    found = verify()
    seconds = time.perf_counter() - began
    told(
        "verify",
        facts=found.facts,
        entries=found.entries,
        seconds=round(seconds, 2),
        facts_per_second=round(found.facts / seconds),
        whole=found.whole,
    )


if __name__ == "__main__":
    main()
