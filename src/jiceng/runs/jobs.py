"""What is too long for a page, finished in the server's child process: rows that are due, next-change dates, past days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from jiceng.runs import moments, standing
from jiceng.runs.law import installed_law

AFTER_IMPORTS = -10


@task(priority=AFTER_IMPORTS)
def catch_up() -> None:
    """Today's rows made true and the exact day each changes next worked out, so that tomorrow's first page has little to do."""
    # The day is that of the run, not of the asking: a job that waited over night must not put rows back.
    today = timezone.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    standing.ensure(today)
    standing.tighten(today)


@task(priority=AFTER_IMPORTS)
def build(on: str, known_by: str) -> None:
    """The rows of another day, without a day the changes of every day, to the end. In ISO form; `known_by` "" is as known now."""
    known = datetime.fromisoformat(known_by) if known_by else None
    if not on:
        moments.built(on=None, known_by=known, law=installed_law(), seconds=None)
        return
    standing.moment_for(on=date.fromisoformat(on), known_by=known, today=date.max, seconds=None)


def catch_up_later() -> None:
    """Ask for `catch_up`, once however often it is asked for."""
    _once(catch_up)


def build_later(on: date | None, known_by: datetime | None) -> None:
    """Ask for `build`, once however often it is asked for."""
    _once(build, on.isoformat() if on else "", known_by.isoformat() if known_by else "")


def _once(job: Any, *given: str) -> None:
    waiting = DBTaskResult.objects.filter(
        task_path=job.module_path, args_kwargs={"args": list(given), "kwargs": {}}, status__in=("READY", "RUNNING")
    )
    if not waiting.exists():
        job.enqueue(*given)
