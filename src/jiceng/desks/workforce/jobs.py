"""Work too long for a page: landing an import. Runs in the server's child process; how far it got lies in a small file,
because the database is being written and cannot tell."""

from __future__ import annotations

import json
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone
from django_tasks import task

from jiceng.base.refusals import Refusal
from jiceng.intake import uploads
from jiceng.intake.models import Upload
from jiceng.runs.law import installed_law

log = structlog.get_logger("jiceng.desks")


def begin_landing(upload: Upload, *, actor: str, basis: str, why: str) -> None:
    """Hand a checked upload to the job that lands it.

    Errors  Refusal import.not_checked
    """
    # One update decides who confirms: a second click finds the state changed.
    if not Upload.objects.filter(pk=upload.pk, state=Upload.State.checked).update(state=Upload.State.landing):
        raise Refusal(
            "import.not_checked", f"“{upload.name}”现在不能确认", why=f"状态是“{upload.get_state_display()}”", do="请回到上传页看现在的情况"
        )
    land_upload.enqueue(upload=upload.pk, actor=actor, basis=basis, why=why)


@task()
def land_upload(upload: int, actor: str, basis: str, why: str) -> None:
    """Land a checked upload; a refusal is kept with the upload and shown on its page."""
    found = Upload.objects.get(pk=upload)
    try:
        uploads.confirm(
            found, actor=actor, clock=timezone.now, terms=installed_law().terms, basis=basis, why=why,
            progress=lambda done, rows: write_progress(upload, done, rows),
        )  # fmt: skip
    except Refusal as refusal:
        log.info("refused", refusal=refusal.id, upload=upload)
        put_back(found, refusal)
    except Exception:
        put_back(
            found, Refusal("import.broken", "导入中断，没有写入任何一行", why="系统出错，日志里有记录", do="请重试；再次出现请告诉管理员")
        )
        raise
    finally:
        progress_file(upload).unlink(missing_ok=True)


def put_back(upload: Upload, refusal: Refusal) -> None:
    """An upload that did not land can be looked at and confirmed again."""
    upload.state = Upload.State.checked
    upload.summary = {**upload.summary, "not_landed": refusal.as_dict()}
    upload.save(update_fields=["state", "summary"])


def progress_file(work: int | str) -> Path:
    """Where the job says how far it got."""
    return Path(settings.DATA) / "uploads" / f"progress-{work}.json"


def write_progress(work: int | str, done: int, rows: int) -> None:
    """Says how far the job got."""
    path = progress_file(work)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps([done, rows]))
    part.replace(path)


def read_progress(work: int | str) -> tuple[int, int]:
    """Rows done and rows in all; (0, 0) before the job has said anything."""
    try:
        done, rows = json.loads(progress_file(work).read_text())
    except (FileNotFoundError, ValueError):
        return 0, 0
    return done, rows
