"""An upload from the file to the landed batch: the door for page and command line.

keep → understood (correct_heading, choose_place) → look → confirm → undo. Every step reads the kept file again, so that nothing
between two steps needs to be held, and a step may run in a job.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from jiceng.access.models import Account
from jiceng.access.scope import Scope
from jiceng.base.refusals import Refusal
from jiceng.intake import headings
from jiceng.intake.checking import check
from jiceng.intake.containers import MAX_FILE
from jiceng.intake.landing import Landed, Preview, Progress, land, preview
from jiceng.intake.models import HeadingMemory, PlaceMemory, Upload
from jiceng.intake.outcome import Checked
from jiceng.intake.reading import Workbook, read_roster
from jiceng.intake.returned import write_returned
from jiceng.intake.roster import COLUMNS
from jiceng.intake.sent_back import Base, base_from, came_home, with_flags
from jiceng.ledger.books import book_of
from jiceng.places import tree
from jiceng.runs import commit
from jiceng.terms.registry import Terms

Clock = Callable[[], datetime]


def keep(
    content: bytes, *, name: str, account: Account | None, place: int, as_of: date, clock: Clock, base: Base | None = None
) -> Upload:
    """A file sent up, kept under its hash with access for the owner only; not read yet.

    `base`: when and of which place it was filled before it left from here; its rows then tell only what they change.
    Errors  Refusal intake.empty_file, intake.too_large
    """
    digest = store(content)
    return Upload.objects.create(
        account=account, at=clock(), name=Path(name).name[:200] or "未命名", hash=digest, size=len(content), place=place, as_of=as_of,
        base=base.as_dict() if base else {},
    )  # fmt: skip


def replace(upload: Upload, content: bytes) -> None:
    """Other content for an upload that has not landed, as somebody goes on typing; the former file goes if nothing else is it.

    Errors  Refusal intake.landed_before, intake.empty_file, intake.too_large
    """
    digest = store(content)
    state = Upload.State
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.state not in (state.read, state.checked, state.refused):
            raise Refusal("intake.landed_before", f"“{upload.name}”已经导入，或正在导入", do="请看上传页现在的情况；还要添人，请另起一张")
        former, locked.hash, locked.size, locked.state, locked.summary = locked.hash, digest, len(content), state.read, {}
        locked.save(update_fields=["hash", "size", "state", "summary"])
    if former != digest and not Upload.objects.filter(hash=former).exists():
        _path(former).unlink(missing_ok=True)
    upload.refresh_from_db()


def store(content: bytes) -> str:
    """Bytes kept under their hash, for the owner only; gives the hash.

    Errors  Refusal intake.empty_file, intake.too_large
    """
    if not content:
        raise Refusal("intake.empty_file", "文件是空的（0 字节）", why="可能没有传完", do="请在电脑上打开确认有内容后重新上传")
    if len(content) > MAX_FILE:
        raise Refusal(
            "intake.too_large", f"文件有 {len(content) >> 20} MB，超过 {MAX_FILE >> 20} MB", do="请删去图片和无关的表，或按县拆开"
        )
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        part = path.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_bytes(content)
        part.replace(path)
    return digest


def latest_uploads(scope: Scope, *, most: int) -> list[Upload]:
    """The last uploads at the places where the account may import, the latest first."""
    return list(Upload.objects.select_related("account").filter(scope.holding("place", permission="import"))[:most])


def upload_seen(scope: Scope, number: int) -> Upload:
    """An upload about a place where the account may import.

    Errors  Concealed for one that is not there or is about a place outside
    """
    found = Upload.objects.select_related("account").filter(pk=number).first()
    if found is None or not scope.may("import", found.place):
        raise scope.conceal("import", what=f"查看编号 {number} 的上传", place=found.place if found is not None else None)
    return found


def understood(upload: Upload) -> Workbook:
    """How the file's columns are read, with what this office corrected before.

    Errors  Refusals of `read_roster`; intake.file_gone
    """
    return read_roster(file_of(upload), remembered=remembered_headings(upload.place))


def file_of(upload: Upload) -> Path:
    """The kept file.

    Errors  Refusal intake.file_gone if it has been discarded
    """
    path = _path(upload.hash)
    if not path.exists():
        raise Refusal("intake.file_gone", f"“{upload.name}”的原文件已清除", do="请重新上传")
    return path


def correct_heading(heading: str, column: str, *, place: int, account: Account | None, clock: Clock) -> None:
    """From now on this office's heading means this column; "" means that it is not taken.

    Errors  Refusal intake.column_unknown
    """
    if column and column not in COLUMNS:
        raise Refusal("intake.column_unknown", f"花名册没有“{column}”这一列", do="请从列表中选择")
    HeadingMemory.objects.update_or_create(
        place=place, heading=headings.key(heading)[:120], defaults={"column": column, "account": account, "at": clock()}
    )


def choose_place(written: str, code: int, *, place: int, account: Account | None, clock: Clock) -> None:
    """From now on this office's way to write a place means this code.

    Errors  Refusal place.outside if the code is not inside the office's place
    """
    if not tree.contains(place, code):
        raise Refusal("place.outside", "所选的地方不在本次办理的范围内", do="请选择范围内的地方")
    PlaceMemory.objects.update_or_create(place=place, written=written[:200], defaults={"code": code, "account": account, "at": clock()})


def remembered_headings(place: int) -> Mapping[str, str]:
    """Corrections of headings by this office."""
    return dict(HeadingMemory.objects.filter(place=place).values_list("heading", "column"))


def chosen_places(place: int) -> Mapping[str, int]:
    """Choices of places by this office."""
    return dict(PlaceMemory.objects.filter(place=place).values_list("written", "code"))


def look(upload: Upload, *, terms: Terms, progress: Progress | None = None) -> Preview:
    """The file checked and compared with the ledger; the result is kept with the upload, nothing else is written.

    Errors  Refusals of `understood` and `check`; the upload is then kept as refused with the reason
    """
    try:
        book = understood(upload)
        checked = _checked(upload, book, terms)
        looked = preview(checked, terms=terms, progress=progress)
    except Refusal as refusal:
        if upload.state in (Upload.State.read, Upload.State.checked):
            upload.state, upload.summary = Upload.State.refused, {"refusal": refusal.as_dict()}
            upload.save(update_fields=["state", "summary"])
        raise
    if upload.state in (Upload.State.read, Upload.State.checked, Upload.State.refused):
        upload.state, upload.summary = Upload.State.checked, summary(book, looked)
        upload.save(update_fields=["state", "summary"])
    return looked


def _checked(upload: Upload, book: Workbook, terms: Terms) -> Checked:
    """The rows judged; of a workbook that left from here, against what was in it then."""
    base, choices = base_from(upload.base), chosen_places(upload.place)
    if base is None:
        return check(book.layouts, scope=upload.place, as_of=upload.as_of, terms=terms, choices=choices, left_out=book.left_out)
    home = came_home(book.layouts, base, terms=terms)
    checked = check(
        home.layouts, scope=upload.place, as_of=upload.as_of, terms=terms, choices={**home.choices, **choices}, left_out=book.left_out
    )
    return with_flags(checked, home)


def confirm(
    upload: Upload, *, actor: str, clock: Clock, terms: Terms, basis: str = "", why: str = "", progress: Progress | None = None
) -> Landed:
    """The accepted rows into the ledger, all or nothing, under the upload's number as batch.

    Errors  Refusal intake.landed_before, intake.nothing_to_land, intake.ledger_moved; refusals of `look` and of the ledger
    """
    _not_landed_before(upload)
    # Read and checked before the lock is taken: other writers wait only while rows are written. `land` compares once more.
    looked = look(upload, terms=terms)
    if not looked.accepted:
        raise Refusal("intake.nothing_to_land", "没有一行可以导入", do="请下载退回的表，更正后再上传")
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        _not_landed_before(locked)
        landed = land(
            looked, book=book_of(upload.place).id, actor=actor, basis=basis or f"导入“{upload.name}”，截至 {upload.as_of}",
            why=why or "花名册导入",
            clock=clock, batch=upload.pk, terms=terms, progress=progress,
        )  # fmt: skip
        locked.state, locked.batch = Upload.State.landed, landed.batch
        locked.summary = {**locked.summary, "landed": {"new": landed.new, "changed": landed.changed, "unchanged": landed.unchanged}}
        locked.save(update_fields=["state", "batch", "summary"])
    upload.refresh_from_db()
    return landed


def _not_landed_before(upload: Upload) -> None:
    if upload.batch is not None:
        raise Refusal("intake.landed_before", f"“{upload.name}”已经导入过了", do="如需重来，请先撤销，再重新上传")


def undo(upload: Upload, *, actor: str, why: str, clock: Clock) -> None:
    """The import taken back: every entry of its batch undone, in one transaction.

    Errors  Refusal intake.not_landed; refusals of the ledger where later entries build on it
    """
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.state != Upload.State.landed or locked.batch is None:
            raise Refusal("intake.not_landed", f"“{upload.name}”没有可撤销的导入", do="请在上传记录里核对状态")
        if locked.summary.get("landed", {}).get("new") or locked.summary.get("landed", {}).get("changed"):
            commit.undo_batch(locked.batch, actor=actor, why=why, clock=clock)
        locked.state = Upload.State.undone
        locked.save(update_fields=["state"])
    upload.refresh_from_db()


def refused_workbook(looked: Preview) -> bytes:
    """The refused rows with their reasons, as a workbook to send back; empty if nothing was refused."""
    out = BytesIO()
    return out.getvalue() if write_returned(looked.checked, out) else b""


def discard(*, older_than: int, clock: Clock) -> int:
    """Deletes the kept files (they hold names and ID numbers) of uploads older than so many days; gives how many files went.

    Shape   the record of the upload and what it wrote stay; a file sent again since, or just being written, stays too
    Units   `older_than` in days
    Errors  Refusal intake.discard_days for a negative number
    """
    if older_than < 0:
        raise Refusal("intake.discard_days", f"天数不能是 {older_than}", do="请写 0 或更大的整数")
    since = clock() - timedelta(days=older_than)
    still = set(Upload.objects.filter(Q(at__gt=since) | Q(state=Upload.State.landing)).values_list("hash", flat=True))
    gone = [_path(digest) for digest in set(Upload.objects.values_list("hash", flat=True)) - still]
    there = [path for path in gone if path.exists()]
    for path in there:
        path.unlink(missing_ok=True)
    return len(there)


def summary(book: Workbook, looked: Preview) -> dict[str, Any]:
    """What an upload's page, the API and `--json` show. Holds no names and no numbers of persons."""
    counted: dict[str, int] = {}
    for refusal in looked.checked.refusals:
        counted[refusal.id] = counted.get(refusal.id, 0) + 1
    return {
        "rows": looked.checked.rows, "accepted": looked.accepted, "refused": looked.refused,
        "new": looked.new, "changed": looked.changed, "unchanged": looked.unchanged, "facts": looked.facts,
        "missing": len(looked.checked.missing),
        "reasons": dict(sorted(counted.items(), key=lambda pair: -pair[1])), "remarks": dict(looked.checked.remarks),
        "left_out": [list(pair) for pair in looked.checked.left_out],
        "sheets": [
            {
                "name": layout.sheet.name, "head": [layout.head[0] + 1, layout.head[1] + 1],
                "rows": len(layout.rows), "notes": list(layout.notes),
                "columns": [
                    {"letter": read.letter, "heading": read.heading, "column": read.column.id if read.column else "",
                     "name": read.column.name if read.column else "", "rule": read.rule, "rule_name": read.rule_name}
                    for read in layout.columns
                ],
                "skipped": [{"row": one.row, "reason": one.reason} for one in layout.skipped],
                "not_taken": [read.heading for read in layout.not_taken],
            }
            for layout in book.layouts
        ],
    }  # fmt: skip


def stored(digest: str) -> Path:
    """Where `store` put the bytes of this hash, whether or not they are still there."""
    return _path(digest)


def forget(digest: str) -> None:
    """Deletes kept bytes that no upload needs."""
    if not Upload.objects.filter(hash=digest).exists():
        _path(digest).unlink(missing_ok=True)


def _path(digest: str) -> Path:
    return Path(settings.DATA) / "uploads" / digest[:2] / digest
