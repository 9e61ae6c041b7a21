"""The worker page with all answers: in process, and through the server over a socket. `python bench/worker_page.py HOME`."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.home import opened, told

ROUNDS = 120
PORT = 8793


def main() -> None:
    home = opened(sys.argv[1])
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from jiceng.access.models import Account
    from jiceng.runs.models import TODAY, Standing, State

    workers = list(Standing.objects.filter(moment=TODAY, state=State.in_service).order_by("subject").values_list("subject", flat=True))[
        :ROUNDS
    ]
    browser = Client(headers={"host": "localhost"})
    browser.force_login(Account.objects.get(username="zhouzhang"), backend="django.contrib.auth.backends.ModelBackend")
    pages = {"worker page": [f"/workers/{subject}/" for subject in workers], "roster list": ["/roster/"] * 40, "workbench": ["/"] * 40}
    for name, addresses in pages.items():
        browser.get(addresses[0])
        with CaptureQueriesContext(connection) as queries:
            size = len(browser.get(addresses[0]).content)
            statements = len(queries)
        times = [_timed(lambda address=address: browser.get(address)) for address in addresses]
        told(f"{name}, in process", p50_ms=_ms(times, 50), p95_ms=_ms(times, 95), kb=round(size / 1000, 1), statements=statements)
    through_server(home, pages)


def through_server(home: Path, pages: dict[str, list[str]]) -> None:
    """The same pages over a socket from the server as it is started for people."""
    import http.client

    server = subprocess.Popen(
        [str(Path(sys.executable).with_name("jiceng")), "demo", "--home", str(home), "--port", str(PORT)], stdout=subprocess.DEVNULL
    )
    try:
        cookie = _signed_in(home)
        for name, addresses in pages.items():
            line = http.client.HTTPConnection("127.0.0.1", PORT)
            times = []
            for address in [addresses[0], *addresses]:
                began = time.perf_counter()
                line.request("GET", address, headers={"Cookie": cookie})
                answer = line.getresponse()
                answer.read()
                times.append(time.perf_counter() - began)
                if answer.status != 200:
                    raise SystemExit(f"{address}: {answer.status}")
            told(f"{name}, through the server", p50_ms=_ms(times[1:], 50), p95_ms=_ms(times[1:], 95))
    finally:
        server.terminate()
        server.wait()


def _signed_in(home: Path) -> str:
    """A session's cookie, once the server answers."""
    import re
    import urllib.error
    import urllib.parse
    import urllib.request
    from http.cookiejar import CookieJar

    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{PORT}/account/login/"
    for _ in range(300):
        try:
            page = browser.open(address).read().decode()
            break
        except OSError:
            time.sleep(0.2)
    account = json.loads((home / "data" / "demo.json").read_text(encoding="utf-8"))["accounts"][0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    form = {"csrfmiddlewaretoken": token[1] if token else "", "login": account["username"], "password": account["password"]}
    browser.open(address, urllib.parse.urlencode(form).encode()).read()
    return "; ".join(f"{one.name}={one.value}" for one in jar)


def _timed(what: object) -> float:
    began = time.perf_counter()
    what()  # type: ignore[operator]
    return time.perf_counter() - began


def _ms(times: list[float], percentile: int) -> float:
    return round(statistics.quantiles(times, n=100)[percentile - 1] * 1000, 1)


if __name__ == "__main__":
    main()
