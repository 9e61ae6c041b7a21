"""A demonstration built in a directory of its own and served, for pictures and for the walk through every page."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

TRIES = 1_500


@dataclass(frozen=True)
class DemoSite:
    """Where it answers, and the password of each of its accounts."""

    base: str
    passwords: dict[str, str]

    def enter(self, browser: Browser, who: str, *, width: int = 1280, height: int = 860, scale: float = 1) -> Page:
        """A page of somebody who signed in through the door."""
        context: BrowserContext = browser.new_context(
            base_url=self.base, viewport={"width": width, "height": height}, device_scale_factor=scale, locale="zh-CN"
        )
        page = context.new_page()
        page.goto("/account/login/")
        page.fill("#id_login", who)
        page.fill("#id_password", self.passwords[who])
        page.click("button[type=submit]")
        page.wait_for_url(f"{self.base}/")
        return page


@contextmanager
def running_demo(home: Path | None) -> Iterator[DemoSite]:
    """The demonstration of `home`, built if it is not there, at a port nobody uses; without a home, one that is gone afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="jiceng-demo-") as passing:
        at = home or Path(passing) / "demo"
        command = [str(Path(sys.executable).with_name("jiceng")), "demo", "--home", str(at), "--port", str(port)]
        # A run of tests names its own settings and home; the demonstration has its own.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "JICENG_"))}
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=kept)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, server)
            accounts = json.loads((at / "data" / "demo.json").read_text(encoding="utf-8"))["accounts"]
            yield DemoSite(base, {one["username"]: one["password"] for one in accounts})
        finally:
            server.terminate()
            server.wait()


def _wait(base: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(TRIES):
        if server.poll() is not None:
            raise RuntimeError(f"the demonstration ended with {server.returncode}")
        try:
            urllib.request.urlopen(f"{base}/account/login/", timeout=5)
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the demonstration does not answer")
