"""Lists that were made too big to send at once: kept for a day in the data directory, for the account that asked.

They hold names, so a backup leaves them out and an erasure drops them all.
"""

from __future__ import annotations

import json
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

KEPT_FOR = timedelta(days=1)


def begin(told: dict[str, Any]) -> str:
    """A place for a file to come; gives its name, which nobody can guess."""
    token = secrets.token_urlsafe(24)
    _folder(token).mkdir(parents=True, mode=0o700)
    tell(token, told)
    return token


def tell(token: str, told: dict[str, Any]) -> None:
    """Write down how far it got. A place that was dropped meanwhile stays dropped."""
    part = _folder(token) / "told.part"
    try:
        part.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        part.replace(part.with_name("told.json"))
    except FileNotFoundError:
        return


def told_of(token: str) -> dict[str, Any] | None:
    """What was written down; None for a place that never was, or is no longer."""
    try:
        found: dict[str, Any] = json.loads((_folder(token) / "told.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found


def file_of(token: str) -> Path:
    """Where the file itself is, or is to be."""
    return _folder(token) / "list.xlsx"


def expire(now: datetime) -> None:
    """Drop what is older than a day."""
    for folder in _root().glob("*"):
        if folder.stat().st_mtime < (now - KEPT_FOR).timestamp():
            shutil.rmtree(folder, ignore_errors=True)


def clear() -> None:
    """Drop every one: somebody's name has to go, and nobody knows which list holds it."""
    shutil.rmtree(_root(), ignore_errors=True)


def _root() -> Path:
    return Path(settings.DATA) / "exports"


def _folder(token: str) -> Path:
    if not token or not token.replace("-", "").replace("_", "").isalnum():
        raise FileNotFoundError(token)
    return _root() / token
