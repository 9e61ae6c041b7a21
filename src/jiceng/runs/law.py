"""The law installed here: shipped folders, the site's own folders, and the documents adopted locally."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Problems
from jiceng.law.load import Law, find_folders, load_law, shipped_root
from jiceng.ledger import reading

_DOCUMENT_SUBJECTS = 1 << 61
_LOOK_AGAIN_SECONDS = 60
log = logging.getLogger("jiceng.law")


@dataclass
class _Installed:
    """The law in use. `fingerprint` is of the folders last tried, `refused` what they were refused for, if they were."""

    law: Law
    fingerprint: tuple[object, ...]
    looked: float
    refused: Problems | None = None


_lock = threading.Lock()
_installed: _Installed | None = None


def document_subject(document: str) -> int:
    """The ledger's subject number of a document; adoption of a document is recorded about it."""
    return _DOCUMENT_SUBJECTS | int.from_bytes(hashlib.sha256(document.encode()).digest()[:6], "big")


def site_policies() -> Path:
    """Folder of the site's own policy folders, beside the database."""
    return Path(settings.DATA) / "policies"


def installed_law(*, reload: bool = False) -> Law:
    """The law set in force here; folders are looked at again at most once a minute, or at once with `reload`.

    Errors  Problems with every finding if a folder does not check, at the first load and with `reload`. Later a folder
            that somebody is just writing stops nobody: the law loaded before stays in use, see `refused_law`
    """
    global _installed
    with _lock:
        if _installed and not reload and time.monotonic() - _installed.looked < _LOOK_AGAIN_SECONDS:
            return _installed.law
        folders = find_folders(shipped_root(), site_policies())
        adoptions = _adoptions()
        fingerprint = (_fingerprint(folders), tuple(sorted(adoptions.items())))
        if _installed is None or _installed.fingerprint != fingerprint or (reload and _installed.refused):
            try:
                _installed = _Installed(load_law(folders, adoptions=adoptions), fingerprint, time.monotonic())
            except Problems as problems:
                if _installed is None or reload:
                    raise
                log.error("改动后的法规不能载入，仍用原来的：%s", problems.text)
                _installed.fingerprint, _installed.refused = fingerprint, problems
        _installed.looked = time.monotonic()
        return _installed.law


def refused_law() -> Problems | None:
    """Why the folders as they lie now are not in use; None if they are. For the law page and `jiceng doctor`."""
    return _installed.refused if _installed else None


def _adoptions() -> dict[str, str]:
    """Document id → the office that confirmed it against its own paper; the latest to do so.

    An adoption stays in force until withdrawn.
    """
    found = reading.as_of_kind("adoption", on=OPEN_END - timedelta(days=1))
    return {row.data["document"]: row.data["office"] for row in sorted(found, key=lambda row: row.known)}


def _fingerprint(folders: list[Path]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(p for p in folder.iterdir() if p.is_file()):
            digest.update(str(path).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
