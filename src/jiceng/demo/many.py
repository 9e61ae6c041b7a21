"""Acts for many in the demonstration: an honour recorded for a community, a training looked at and not confirmed, rows just pasted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from jiceng.access.models import Account
from jiceng.access.scope import scope_of
from jiceng.demo.by_hand import COHORT_COMMUNITY
from jiceng.desks.workforce.bulk_forms import Ask, ask_as_json
from jiceng.desks.workforce.bulk_look import DO, look, prepared
from jiceng.desks.workforce.lists import list_filters
from jiceng.desks.workforce.models import BulkAct
from jiceng.desks.workforce.pasting_text import NAMED, Grid, workbook_of
from jiceng.intake import uploads
from jiceng.places import tree
from jiceng.places.reading import names_of
from jiceng.runs import bulk_acts
from jiceng.runs.models import TODAY
from jiceng.runs.roster import RosterFilter, find

_PASTED = ["姓名", "身份证号", "街道（乡镇）", "社区", "人员类别", "岗位", "任现岗时间", "最近一次培训"]


def act_for_many(*, account: Account, county: int, now: datetime, on: date) -> int:
    """Make the three; how many entries they are."""
    honour = Ask("honour", on - timedelta(days=20), None, {"level": "county"}, basis="示例：表彰通报", why="示例：年度表彰")
    entries = _landed(_looked(honour, RosterFilter(place=COHORT_COMMUNITY), account=account, now=now, on=on), honour, now=now, on=on)
    training = Ask(
        "training", on - timedelta(days=3), None, {"level": "county", "kind": "in_service"}, basis="示例：结业名单", why="示例：补记培训"
    )
    overdue = RosterFilter(place=county, answers=list_filters("training_overdue", on=on))
    _looked(training, overdue, account=account, now=now, on=on)
    _paste(account=account, county=county, now=now, on=on)
    return entries


def _looked(ask: Ask, filters: RosterFilter, *, account: Account, now: datetime, on: date) -> BulkAct:
    chosen = find(TODAY, ranges=[tree.span(filters.place)], filters=filters, seconds=None).subjects.tolist()
    heads = bulk_acts.book_heads()
    result = look(chosen, ask, scope=scope_of(account, on=on), on=on, today=on, clock=lambda: now)
    return BulkAct.objects.create(
        account=account, at=now, kind=ask.kind, on=on, state=BulkAct.State.looked, subjects=chosen, ask=ask_as_json(ask), result=result,
        heads=heads,
    )  # fmt: skip


def _landed(act: BulkAct, ask: Ask, *, now: datetime, on: date) -> int:
    doing = [one["subject"] for one in act.result["persons"] if one["state"] == DO]
    ready = prepared(doing, ask, scope=scope_of(act.account, on=on))
    act.batch = bulk_acts.record_many(
        ready.by_book(doing), heads=act.heads, actor=act.account.get_username(), basis=ask.basis, why=ask.why, clock=lambda: now
    )
    act.state = BulkAct.State.landed
    act.save(update_fields=["batch", "state"])
    return len(bulk_acts.entries_of(act.batch))


def _paste(*, account: Account, county: int, now: datetime, on: date) -> None:
    """Three rows of which every one has to be mended: nobody new comes by them."""
    places = names_of([COHORT_COMMUNITY, tree.parent_of(COHORT_COMMUNITY)], on=on)
    where = [places[tree.parent_of(COHORT_COMMUNITY)], places[COHORT_COMMUNITY], "社区专职工作人员", "工作人员"]
    rows = [
        ["格桑次仁", "5.13301E+17", *where, "2024.3.1", "无"],
        ["罗绒曲珍", "513301199002301234", *where, "2023.2.30", "2023年5月"],
        ["白玛央金", "", where[0], "没有这个社区", *where[2:], "2025.1.6", ""],
    ]
    uploads.keep(
        workbook_of(Grid(_PASTED, rows)), name=f"{NAMED}{on.isoformat()}.xlsx", account=account, place=county, as_of=on, clock=lambda: now
    )
