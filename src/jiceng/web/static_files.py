"""Static files are gathered once per version of the product, without anybody having to remember it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files import locks
from django.core.management import call_command


def gather() -> bool:
    """Collect, hash and compress the static files if they changed since last time. True if there was something to do."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp = _stamp()
    kept = root / "gathered"
    # Several server processes may start at once: one gathers, the others wait and find it done.
    with (root / "gathering").open("w") as lock:
        locks.lock(lock, locks.LOCK_EX)
        if kept.exists() and kept.read_text() == stamp:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        kept.write_text(stamp)
    return True


def _stamp() -> str:
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            state = path.stat()
            seen.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return seen.hexdigest()
