"""Eight people at once at 100,000 workers, over sockets from the server as it is started. `python bench/clients.py [workers]`.

The table is filled as in `roster_list.py` (2,000 people with their ledger, copies for the rest), so lists and counts are of all of
them, worker pages of the 2,000. Eight threads ask for roster lists, worker pages, the workbench and a place's page in turn; the
server, with its two processes of four threads (or JICENG_WORKERS of them), and the eight share this machine. Also: a server
process's memory after its start and after 1,000 pages. Budgets: p95 200 ms, 150 MB idle.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

from bench.home import told
from bench.roster_list import COUNTY
from jiceng.cli.serving import PROCESSES

CLIENTS, PAGES, PORT = 8, 125, 8796
LIMIT_MS, LIMIT_MB = 200, 150


def main(size: int) -> None:
    with tempfile.TemporaryDirectory(prefix="jiceng-bench-") as home:
        (Path(home) / "data").mkdir()
        env = {
            **os.environ, "JICENG_HOME": home, "JICENG_KEYS": f"{home}/keys", "DJANGO_SETTINGS_MODULE": "jiceng.web.settings",
            "JICENG_SECOND_FACTOR": "0", "JICENG_WORKERS": os.environ.get("JICENG_WORKERS", str(PROCESSES)),
        }  # fmt: skip
        subprocess.run([sys.executable, str(Path(__file__).with_name("roster_list.py")), "fill", str(size)], env=env, check=True)
        cookie, workers = json.loads(
            subprocess.run([sys.executable, __file__, "sign-in"], env=env, check=True, stdout=subprocess.PIPE).stdout
        )
        server = subprocess.Popen([sys.executable, "-c", f"from jiceng.cli.serving import serve; serve('127.0.0.1:{PORT}')"], env=env)
        try:
            _measure(server.pid, cookie, workers, size)
        finally:
            server.terminate()
            server.wait()


def _measure(server: int, cookie: str, workers: list[int], size: int) -> None:
    _until_it_answers(cookie)
    told("server process, idle", mb=_memory(server), limit_mb=LIMIT_MB)
    kinds = {
        "roster": [
            "/roster/", "/roster/?due=training_overdue", f"/roster/?place={COUNTY}&post=7&education=6", "/roster/?q=卓玛",
            "/roster/?sort=birth",
        ],
        "worker": [f"/workers/{worker}/" for worker in workers],
        "workbench": [f"/?place={COUNTY}", "/?place=5133"],
        "place": [f"/places/{COUNTY}/", "/places/5133/"],
    }  # fmt: skip
    for pages in kinds.values():
        for page in pages[:5] * 6:  # each process reads for itself
            _ready(page, cookie)
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    began = time.perf_counter()
    people = [threading.Thread(target=_person, args=(n, kinds, cookie, times)) for n in range(CLIENTS)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    spent, every = time.perf_counter() - began, [t for found in times.values() for t in found]
    for kind, found in {**times, "all": every}.items():
        told(
            f"{CLIENTS} clients, {size:,} workers: {kind}", pages=len(found), p50_ms=_ms(found, 50), p95_ms=_ms(found, 95),
            limit_ms=LIMIT_MS, load=round(os.getloadavg()[0], 1),
        )  # fmt: skip
    told("pages a second", pages=round(len(every) / spent, 1))
    told("server process, after 1,000 pages", mb=_memory(server))


def _person(number: int, kinds: dict[str, list[str]], cookie: str, times: dict[str, list[float]]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", PORT)
    for n in range(PAGES):
        kind = list(kinds)[(n + number) % len(kinds)]
        page = kinds[kind][(n * CLIENTS + number) % len(kinds[kind])]
        began = time.perf_counter()
        status = _asked(line, page, cookie)
        times[kind].append(time.perf_counter() - began)
        if status != 200:
            raise SystemExit(f"{page}: {status}")


def _asked(line: http.client.HTTPConnection, page: str, cookie: str) -> int:
    line.request("GET", "".join(c if c.isascii() else _quoted(c) for c in page), headers={"Cookie": cookie, "Host": "localhost"})
    answer = line.getresponse()
    answer.read()
    return answer.status


def _quoted(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode())


def _ready(page: str, cookie: str) -> None:
    """Waiting pages waited for: what is measured is pages that are loaded."""
    line = http.client.HTTPConnection("127.0.0.1", PORT)
    while (status := _asked(line, page, cookie)) == 503:
        time.sleep(0.3)
    if status != 200:
        raise SystemExit(f"{page}: {status}")


def _until_it_answers(cookie: str) -> None:
    for _ in range(600):
        try:
            _asked(http.client.HTTPConnection("127.0.0.1", PORT), "/account/login/", cookie)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server does not answer")


def _memory(server: int) -> float:
    """Resident memory of the larger of the children that answer pages, in MB; another child of the server is for jobs."""
    found = []
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        if b"db_worker" not in Path(f"/proc/{child}/cmdline").read_bytes():
            line = next(line for line in Path(f"/proc/{child}/status").read_text().splitlines() if line.startswith("VmRSS"))
            found.append(round(int(line.split()[1]) / 1024, 1))
    if not found:
        raise SystemExit("no child answers pages")
    return max(found)


def _ms(times: list[float], percentile: int) -> float:
    return round(statistics.quantiles(times, n=100)[percentile - 1] * 1000, 1)


def sign_in() -> None:
    """A session of the bench's officer, and workers that have a ledger."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from jiceng.access.models import Account
    from jiceng.runs import standing
    from jiceng.runs.models import TODAY, Standing

    account = Account.objects.get(username="bench")
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(account.pk), "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    standing.ensure(timezone.localdate())
    rows = Standing.objects.filter(moment_id=TODAY, subject__lt=9 << 40, state=1, post_since__lt=date(2026, 1, 1))
    workers = list(rows.values_list("subject", flat=True)[:200])
    print(json.dumps([f"sessionid={session.session_key}", workers]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["sign-in"]:
        sign_in()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
