"""`jiceng place …`: what is known about a place, and its residents and households as sourced, dated facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, show, table
from jiceng.cli.site import actor, clock, day, open_site

_FIELDS = {"population": "urban_residents", "households": "households"}
_TITLES = {"population": "城镇常住人口", "households": "户数"}


def place(
    code: Annotated[int, typer.Argument(help="地方代码")],
    what: Annotated[str, typer.Argument(help="population 城镇常住人口，households 户数；不写则列出已登记的")] = "",
    number: Annotated[int, typer.Argument(help="数目")] = -1,
    source: Annotated[str, typer.Option("--source", help="数据来源，如“2023年人口变动抽样调查”")] = "",
    year: Annotated[int, typer.Option("--year", help="数据年份")] = 0,
    since: Annotated[str, typer.Option("--since", help="自哪一天起用这个数；不写为今天")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="登记错了：去掉当日的数")] = False,
    as_json: Json = False,
) -> None:
    """登记或查看一个地方的人口、户数。"""
    open_site()
    from jiceng.places.reading import full_name

    on = day(since, option="--since")
    name = full_name(code, on=on)
    if not what:
        rows = _known(code, on)
        drawn = table(("项目", "内容", "自", "分录"), [(r["kind"], r["data"], r["since"], r["entry"]) for r in rows], title=name)
        show({"place": code, "name": name, "facts": rows}, drawn, as_json=as_json)
        return
    if what not in _FIELDS:
        raise Refusal("place.what", f"“{what}”不是可登记的项目", do="可登记：population 城镇常住人口，households 户数")
    if remove:
        entry = _write(code, [_removal(code, what, on)], basis=source or "更正", why=f"去掉{_TITLES[what]}")
        show({"entry": entry.id}, f"已去掉 {name} 的{_TITLES[what]}，{entry}。", as_json=as_json)
        return
    if number < 0 or not source or not year:
        raise Refusal(
            "place.number",
            "数目、来源、年份缺一不可",
            why="没有来源的数不能作依据",
            do="例：jiceng place 513301 population 256000 --source 某某公报 --year 2023",
        )
    from jiceng.runs.commit import Record

    data = {_FIELDS[what]: number, "source": source, "year": year}
    entry = _write(code, [Record(_subject(code), what, on, None, data)], basis=source, why=f"登记{_TITLES[what]}")
    show(
        {"entry": entry.id, "place": code, what: number},
        f"{name}自 {on} 起{_TITLES[what]} {number:,}（{source}，{year}），{entry}。",
        as_json=as_json,
    )


def _subject(code: int) -> int:
    from jiceng.places import tree

    return tree.subject_of(code, tree.level_of(code))


def _known(code: int, on: date) -> list[dict[str, Any]]:
    from jiceng.ledger import reading

    rows = reading.as_of([_subject(code)], on=on)
    return [{"kind": r.kind, "data": r.data, "since": r.since, "entry": r.entry, "fact": r.id} for r in rows]


def _removal(code: int, what: str, on: date) -> Any:
    from jiceng.runs.commit import Correct

    held = [fact for fact in _known(code, on) if fact["kind"] == what]
    if not held:
        raise Refusal("place.nothing", f"{on} 没有登记{_TITLES[what]}", do="用 jiceng place 代码 查看已登记的")
    return Correct(held[0]["fact"], None, None, None)


def _write(code: int, changes: list[Any], *, basis: str, why: str) -> Any:
    from jiceng.ledger.books import book_of
    from jiceng.runs.commit import commit

    return commit(book_of(code), changes, actor=actor(), basis=basis, why=why, clock=clock)


COMMANDS: dict[str, Callable[..., None]] = {"place": place}
