"""Runs inside a network namespace without routes: starts the installed demo, signs in, reads a page, stops, starts again.

Prints one JSON object. Uses the standard library only, so that it needs nothing of the environment it looks at.
"""

from __future__ import annotations

import fcntl
import http.cookiejar
import json
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from typing import Any

PORT = 8791


def loopback_up() -> None:
    """A new namespace has its loopback device switched off (SIOCSIFFLAGS, IFF_UP | IFF_RUNNING)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        fcntl.ioctl(link.fileno(), 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40) + b"\0" * 14)


def started(jiceng: str, home: str) -> tuple[subprocess.Popen[str], float]:
    began = time.monotonic()
    server = subprocess.Popen([jiceng, "demo", "--home", home, "--port", str(PORT)], stdout=subprocess.DEVNULL, text=True)
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/account/login/", timeout=5).read()
            return server, time.monotonic() - began
        except OSError:
            if server.poll() is not None or time.monotonic() - began > 300:
                raise
            time.sleep(0.2)


def roster(home: str) -> str:
    """The roster page as a signed-in officer sees it."""
    with open(f"{home}/data/demo.json", encoding="utf-8") as built:
        account = json.load(built)["accounts"][0]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    base = f"http://127.0.0.1:{PORT}"
    page = browser.open(f"{base}/account/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "login": account["username"], "password": account["password"], "next": "/roster/"}
    browser.open(f"{base}/account/login/", urllib.parse.urlencode(form).encode()).read()
    return browser.open(f"{base}/roster/").read().decode()


def stop(server: subprocess.Popen[str]) -> None:
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=60)


def main(jiceng: str, home: str, alone: bool) -> dict[str, Any]:
    if alone:
        loopback_up()
    server, first = started(jiceng, home)
    page = roster(home)
    stop(server)
    server, second = started(jiceng, home)
    again = roster(home)
    stop(server)
    outside = [link for link in re.findall(r'(?:src|href|action)="([^"]+)"', page) if re.match(r"(?:[a-z]+:)?//", link)]
    return {
        "workers": page.count('href="/workers/'),
        "again": again.count('href="/workers/'),
        "outside": outside,
        "first": first,
        "second": second,
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], sys.argv[3] == "alone")))
