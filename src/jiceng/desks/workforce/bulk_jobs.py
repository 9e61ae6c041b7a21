"""Acts for many workers, done: the look and the recording, at once where they are few, else in the server's child process."""

from __future__ import annotations

import time
from datetime import date
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.utils import timezone
from django_tasks import task

from jiceng.access.scope import Scope, scope_of
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.bulk_forms import ask_from_json
from jiceng.desks.workforce.bulk_look import DO, look, prepared
from jiceng.desks.workforce.jobs import progress_file, write_progress
from jiceng.desks.workforce.models import BulkAct
from jiceng.runs import bulk_acts

AT_ONCE = 100
"""Up to so many workers nobody waits for a job."""
STALLED_SECONDS = 600
State = BulkAct.State
log = structlog.get_logger("jiceng.desks")


def start_look(act: BulkAct) -> None:
    """The look, now or soon. A look begun before is begun anew."""
    BulkAct.objects.filter(pk=act.pk).update(state=State.looking)
    write_progress(_name(act.pk), 0, len(act.subjects))
    if len(act.subjects) <= AT_ONCE:
        look_at(act.pk)
    else:
        look_later.enqueue(act=act.pk)


def start_landing(act: BulkAct) -> None:
    """The recording, now or soon; the caller has set the state."""
    write_progress(_name(act.pk), 0, len(act.subjects))
    if len(act.subjects) <= AT_ONCE:
        land(act.pk)
    else:
        land_later.enqueue(act=act.pk)


def stalled(act: BulkAct) -> bool:
    """Whether nobody works on it any more: the process that did was ended. Recording that was broken off has written nothing."""
    path = progress_file(_name(act.pk))
    return not path.exists() or time.time() - path.stat().st_mtime > STALLED_SECONDS


@task()
def look_later(act: int) -> None:
    """The look at many workers."""
    look_at(act)


@task()
def land_later(act: int) -> None:
    """The recording of many workers."""
    land(act)


def look_at(number: int, *, moved: Refusal | None = None) -> None:
    """Works out what an act would do and keeps it with the ledger's position it was based on. `moved`: why once more."""
    act = BulkAct.objects.select_related("account").get(pk=number)
    try:
        heads = bulk_acts.book_heads()
        today = _today()
        act.result = look(
            act.subjects, ask_from_json(act.kind, act.ask), scope=_scope(act), on=act.on, today=today, clock=timezone.now,
            progress=lambda done, rows: write_progress(_name(number), done, rows),
        )  # fmt: skip
        act.heads, act.state = heads, State.looked
        if moved is not None:
            act.result["moved"] = moved.as_dict()
    except Refusal as refusal:
        log.info("refused", refusal=refusal.id, bulk=number)
        act.result, act.state = {"refusal": refusal.as_dict()}, State.chosen
    except Exception:
        BulkAct.objects.filter(pk=number).update(result={"refusal": _broken().as_dict()}, state=State.chosen)
        raise
    finally:
        progress_file(_name(number)).unlink(missing_ok=True)
    act.save(update_fields=["result", "heads", "state"])


def land(number: int) -> None:
    """Records what was looked at, as one batch; where the ledger moved on meanwhile, looks again and records nothing."""
    act = BulkAct.objects.select_related("account").get(pk=number)
    ask = ask_from_json(act.kind, act.ask)
    doing = [one["subject"] for one in act.result["persons"] if one["state"] == DO]
    try:
        ready = prepared(doing, ask, scope=_scope(act))
        if ready.refused:
            raise next(iter(ready.refused.values()))
        act.batch = bulk_acts.record_many(
            ready.by_book(doing), heads={int(book): seq for book, seq in act.heads.items()}, actor=act.account.get_username(),
            basis=ask.basis, why=ask.why, clock=timezone.now, progress=lambda done, rows: write_progress(_name(number), done, rows),
        )  # fmt: skip
        act.state = State.landed
        act.save(update_fields=["batch", "state"])
    except Refusal as refusal:
        log.info("refused", refusal=refusal.id, bulk=number)
        look_at(number, moved=refusal)
    except Exception:
        BulkAct.objects.filter(pk=number).update(state=State.looked, result={**act.result, "moved": _broken().as_dict()})
        raise
    finally:
        progress_file(_name(number)).unlink(missing_ok=True)


def _name(number: int) -> str:
    return f"bulk-{number}"


def _scope(act: BulkAct) -> Scope:
    """What the account may do now: not what it might when it chose."""
    return scope_of(act.account, on=_today())


def _today() -> date:
    return timezone.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _broken() -> Refusal:
    return Refusal("bulk.broken", "办理中断，没有记入", why="系统出错，日志里有记录", do="请重试；再次出现请告诉管理员")
