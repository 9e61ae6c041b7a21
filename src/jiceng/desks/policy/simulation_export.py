"""A simulation taken out of the house as a workbook: on record, names as the account may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse

from jiceng.access.models import Export
from jiceng.base.refusals import Refusal
from jiceng.desks.policy import trials
from jiceng.desks.policy.models import Trial
from jiceng.desks.policy.simulation_budget import of_place, summed
from jiceng.desks.policy.simulation_page import MONTHS, place_in, place_lines
from jiceng.desks.policy.trial_figures import Figures
from jiceng.documents.sending import attachment
from jiceng.documents.stamp import Stamp, lines
from jiceng.documents.tables import Column, Row, Table, Total
from jiceng.places import reading as places
from jiceng.runs import reading
from jiceng.ui.pages import clock, moment_in, page, scope_in

MOST = 20_000
"""So many people go into one workbook; of a wider place one takes the places inside it one by one."""
_STEP = 900
_FEN = 100


@page("simulate")
def file(request: HttpRequest, number: int) -> HttpResponse:
    """The simulation of a place as a workbook, or with `year` the months of a year.

    Errors  Concealed; Refusal export.too_many; page.filter for a year that was not worked out
    """
    from jiceng.documents.sheets import XLSX, write_sheets

    scope, trial = scope_in(request), trials.seen(scope_in(request), number, account=request.user.pk or 0)
    found, at, out = trials.figures(trial), clock(), BytesIO()
    year = request.GET.get("year", "")
    place = place_in(request, trial)
    on = moment_in(request).today
    parts = _months(trial, year, by=str(request.user), at=at, on=on) if year else _whole(request, trial, found, place, at=at)
    name = f"试算{f'{year}年逐月' if year else ''}：{trial.name or trial.pk}"
    columns = "、".join(dict.fromkeys(column.name for table, _ in parts for column in table.columns))
    rows = sum(len(some) for _, some in parts)
    Export(
        account_id=scope.account, place=place, what=name[:300], filters="；".join(trial.told["words"])[:500], columns=columns[:500],
        rows=rows, on=trial.on, known_by=trial.known_by, address=scope.address,
    ).save()  # fmt: skip
    write_sheets(parts, out, made=at)
    return attachment(out.getvalue(), name=f"{name}{trial.on:%Y%m%d}.xlsx", type=XLSX)


def _yuan(fen: int) -> Fraction:
    return Fraction(fen, _FEN)


def _money(title: str) -> Column:
    return Column(title, "number", 14, digits=2)


def _whole(request: HttpRequest, trial: Trial, found: Figures, place: int, *, at: datetime) -> list[tuple[Table, Sequence[Row]]]:
    changed = found.group("changed", place=place)
    if len(changed) > MOST:
        do = "请先在分地方的表里点开下级，再导出"
        raise Refusal("export.too_many", f"有 {len(changed):,} 人变了，一份表放不下", why=f"一份最多 {MOST:,} 人", do=do)
    on = moment_in(request).today
    stamp = lines(Stamp(trial.on, trial.known_by, str(request.user), at))
    notes = ("；".join(trial.told["words"]), f"按 {trial.on} 的情况。金额单位：元。每年按 12 × 每月。")
    here, below = found.share(place), found.below(place)
    names = places.full_names({place, *(one.place for one in below)}, on=on)
    head = (Column("地方", width=30), *(Column(title, "integer", 9) for title in ("在册", "多拿", "少拿", "答案变了", "变了种类")),
            _money("现在每月付"), _money("每月多付"), _money("个人每月多拿"), _money("每年多付"))  # fmt: skip
    shares: list[Row] = [*(_share(one, names.get(one.place, "")) for one in below), Total(_share(here, names.get(place, "")))]
    parts: list[tuple[Table, Sequence[Row]]] = [
        (Table("试算：分地方", head, notes=notes, foot=tuple(stamp), sheet="分地方", kept=1), shares)
    ]
    if place == trial.place:
        parts += _by_clause(trial, notes, stamp)
        told = place_lines(found, trial, on=on, most=None)
        if told:
            columns = (Column("地方", width=30), Column("规定", width=24), Column("现在", width=14), Column("改后", width=14))
            table = Table("试算：地方的数", columns, notes=notes, foot=tuple(stamp), sheet="地方的数", kept=1)
            parts.append((table, [(one.name, one.title, one.before, one.after) for one in told]))
    parts.append(_people(request, trial, found, changed, notes, stamp))
    return parts


def _share(one: Any, name: str) -> tuple[Any, ...]:
    money = (_yuan(one.cost_before), _yuan(one.cost), _yuan(one.gain), _yuan(one.cost * MONTHS))
    return name, one.heads, one.winners, one.losers, one.changed, one.kinds, *money


def _by_clause(trial: Trial, notes: tuple[str, ...], stamp: Sequence[str]) -> list[tuple[Table, Sequence[Row]]]:
    counts = (Column(title, "integer", 9) for title in ("涉及人数", "涉及地方", "多拿", "少拿"))
    columns = (Column("改动", width=30), Column("条款", width=24), *counts, _money("个人每月多拿"), _money("每月多付"))
    rows = [
        (one["title"], one["mark"], one["people"], one["places"], one["winners"], one["losers"], _yuan(one["gain"]), _yuan(one["cost"]))
        for one in trial.told["causes"]
    ]
    return [(Table("试算：分条款", columns, notes=notes, foot=tuple(stamp), sheet="分条款", kept=1), rows)]


def _people(
    request: HttpRequest, trial: Trial, found: Figures, rows: Any, notes: tuple[str, ...], stamp: Sequence[str]
) -> tuple[Table, Sequence[Row]]:  # fmt: skip
    scope, on = scope_in(request), moment_in(request).today
    money = (_money(title) for title in ("每月到手：现在", "每月到手：改后", "每月多拿"))
    columns = (Column("姓名", width=12), Column("所在地方", width=34), *money)
    lines_: list[Row] = []
    for start in range(0, len(rows), _STEP):
        some = rows[start : start + _STEP]
        subjects, at = found.subjects[some].tolist(), found.places[some].tolist()
        names, full = reading.names_of(subjects), places.full_names(at, on=on, above=trial.place)
        for row, subject, place in zip(some.tolist(), subjects, at, strict=True):
            paid = [_yuan(int(found.columns[side][row])) for side in ("hand_before", "hand_after", "gain")]
            lines_.append((scope.shown_name(names.get(subject, ("（不在名册）", 0))[0], place=place), full.get(place, str(place)), *paid))
    return Table("试算：答案变了的人", columns, notes=notes, foot=tuple(stamp), sheet="名单", kept=1), lines_


def _months(trial: Trial, year: str, *, by: str, at: datetime, on: date) -> list[tuple[Table, Sequence[Row]]]:
    told = trial.told.get("budgets", {}).get(year, {})
    if "months" not in told:
        raise Refusal("page.filter", "这一年还没有算", where="网址里的年份", do="请先在“下一年预算”里算出来")
    columns = (Column("月末", width=12), Column("在册", "integer", 9), _money("现行应付"), _money("改后应付"), _money("多付"),
               Column("当月金额变动：现行", "integer", 12), Column("当月金额变动：改后", "integer", 12), Column("进", "integer", 7),
               Column("离", "integer", 7), Column("钱算不出", "integer", 9))  # fmt: skip
    rows: list[Row] = [
        (one["on"], one["heads"], _yuan(one["before"]), _yuan(one["after"]), _yuan(one["change"]), one["steps_before"], one["steps_after"],
         one["joined"], one["left"], one["unknown"])
        for one in told["months"]
    ]  # fmt: skip
    year_ = summed(told["months"])
    rows.append(Total(("全年", None, _yuan(year_["before"]), _yuan(year_["after"]), _yuan(year_["change"]), *([None] * 5))))
    notes = ("；".join(trial.told["words"]), "金额单位：元。全年是十二个月相加；每月按月末那天的情况；不假设新进人员。")
    stamp = lines(Stamp(trial.on, trial.known_by, by, at))
    whole = Table(f"{year} 年逐月预算", columns, notes=notes, foot=tuple(stamp), sheet="逐月", kept=1)
    return [(whole, rows), *_months_by_place(trial, year, told, notes, stamp, on=on)]


def _months_by_place(
    trial: Trial, year: str, told: Mapping[str, Any], notes: tuple[str, ...], stamp: Sequence[str], *, on: date
) -> list[tuple[Table, Sequence[Row]]]:
    """The year by place one level down, and the months of each: both add up to the whole."""
    names = places.full_names({one["place"] for one in told["shares"]}, on=on, above=trial.place)
    money = (_money("现行应付"), _money("改后应付"), _money("多付"))
    counts = [Column("金额变动：现行", "integer", 12), Column("金额变动：改后", "integer", 12), Column("钱算不出", "integer", 9)]

    def row(one: Mapping[str, Any]) -> tuple[Any, ...]:
        amounts = (_yuan(one["before"]), _yuan(one["after"]), _yuan(one["change"]))
        return (one["heads"], *amounts, one["steps_before"], one["steps_after"], one["unknown"])

    whole, last = summed(told["months"]), told["months"][-1]
    paid = (_yuan(whole[side]) for side in ("before", "after", "change"))
    total = Total(("合计", last["heads"], *paid, None, None, last["unknown"]))
    shares: list[Row] = [*((names.get(one["place"], ""), *row(one)) for one in told["shares"]), total]
    monthly: list[Row] = [
        (names.get(share["place"], ""), one["on"], *row(one)) for share in told["shares"] for one in of_place(told, share["place"])
    ]
    head = (Column("地方", width=30), Column("年末在册", "integer", 9), *money, *counts)
    by_month = (Column("地方", width=30), Column("月末", width=12), Column("在册", "integer", 9), *money, *counts)
    return [
        (Table(f"{year} 年预算：分地方", head, notes=notes, foot=tuple(stamp), sheet="分地方", kept=1), shares),
        (Table(f"{year} 年预算：分地方逐月", by_month, notes=notes, foot=tuple(stamp), sheet="分地方逐月", kept=2), monthly),
    ]
