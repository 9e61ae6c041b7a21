"""Work of a collection round too long for a page: looking at what came back."""

from __future__ import annotations

import structlog
from django.utils import timezone
from django_tasks import task

from jiceng.access.scope import NOBODY, scope_of
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.jobs import progress_file, write_progress
from jiceng.packets.models import Delivery
from jiceng.packets.receiving import Receipt, take_in, told
from jiceng.runs.commit import local_day
from jiceng.runs.law import installed_law

log = structlog.get_logger("jiceng.desks")


@task()
def look_through(delivery: int) -> None:
    """Receive the files of a delivery with what its account may do now; a refusal is kept with it and shown on its page."""
    found = Delivery.objects.select_related("round", "account").get(pk=delivery)
    work = work_name(delivery)
    scope = scope_of(found.account, on=local_day(timezone.now)) if found.account else NOBODY
    try:
        take_in(
            found, scope=scope, clock=timezone.now, terms=installed_law().terms,
            progress=lambda done, files: write_progress(work, done, files),
        )  # fmt: skip
    except Refusal as refusal:
        log.info("refused", refusal=refusal.id, delivery=delivery)
        told(found, [Receipt("", "refused", refusal.text, refusal=refusal.id)])
    except Exception:
        told(found, [Receipt("", "refused", "系统出错，这一批没有看完，日志里有记录。请再交一次；再次出现请告诉管理员。")])
        raise
    finally:
        progress_file(work).unlink(missing_ok=True)


def work_name(delivery: int) -> str:
    """Under which name the job says how far it got."""
    return f"delivery-{delivery}"
