"""A county's workbook sent in through the intake, as its clerk would: kept, looked at, confirmed, refused rows returned."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jiceng.access.models import Account
from jiceng.intake import uploads
from jiceng.terms.registry import base_terms


def send_in(path: Path, *, place: int, office: str, account: Account, now: datetime) -> dict[str, Any]:
    """What became of the workbook: rows accepted, new, changed, unchanged, refused.

    Shape   refused rows lie in `returned` beside the workbook, each with its reason
    Time    the roster is of the calendar day of `now`, and sent in and confirmed then
    """

    def clock() -> datetime:
        return now.astimezone(UTC)

    on = now.date()
    upload = uploads.keep(path.read_bytes(), name=path.name, account=account, place=place, as_of=on, clock=clock)
    looked = uploads.look(upload, terms=base_terms())
    uploads.confirm(
        upload, actor=office, clock=clock, terms=base_terms(), basis=f"示例：{path.stem}，截至 {on}", why="演示：各县（市）报送花名册"
    )
    returned = uploads.refused_workbook(looked)
    if returned:
        folder = path.parent / "returned"
        folder.mkdir(exist_ok=True)
        (folder / f"退回-{path.name}").write_bytes(returned)
    return {
        "upload": upload.pk, "accepted": looked.accepted, "new": looked.new, "changed": looked.changed, "unchanged": looked.unchanged,
        "refused": looked.refused,
    }  # fmt: skip
