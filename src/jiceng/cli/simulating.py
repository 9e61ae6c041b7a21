"""`jiceng simulate`: look before you sign. Values changed or drafts in force from a date, for a place: people and yuan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, show, table
from jiceng.cli.site import actor, clock, day, known_time, open_site

LISTS = {"winners": "增加的人", "losers": "减少的人", "changed": "有变化的人", "kinds": "答案种类变了的人", "unchanged": "没有变化的人"}
_SHOWN_PLACES, _SHOWN_PEOPLE = 60, 200


def simulate(
    changes: Annotated[list[str] | None, typer.Argument(help="名称=数值，如 workers_per_10k_residents=20；表格写 名称[格]=数值")] = None,
    draft: Annotated[list[str] | None, typer.Option("--draft", help="草案：文件夹路径，或草案编号；可写多次")] = None,
    place: Annotated[int, typer.Option("--place", help="地方代码，如 5133")] = 0,
    since: Annotated[str, typer.Option("--from", help="自哪一天起")] = "",
    on: Annotated[str, typer.Option("--on", help="算哪一天；不写为起始日所在月的月末")] = "",
    known_by: Annotated[str, typer.Option("--known-by", help="按这一天（或时刻）以前已登记的内容计算")] = "",
    rule: Annotated[list[str] | None, typer.Option("--rule", help="只看这条规则；没有工资表的地方，金额合计其中以元计的；可写多次")] = None,
    months: Annotated[str, typer.Option("--months", help="逐月预算，如 2027-01..2027-12")] = "",
    level: Annotated[str, typer.Option("--level", help="按哪一级分列：市、县、街道、社区；不写为下一级")] = "",
    people: Annotated[str, typer.Option("--list", help=f"列出：{'、'.join(LISTS)}")] = "",
    keep: Annotated[str, typer.Option("--keep", help="以这个名称保存改前、改后两次计算")] = "",
    as_json: Json = False,
) -> None:
    """试算：数值改了，或草案施行了，哪里、哪些人会有什么变化，多多少钱。什么也不会改动。"""
    open_site()
    from jiceng.places.reading import place as place_on
    from jiceng.runs.law import installed_law
    from jiceng.runs.scenarios import Scenario, value_change

    begins = day(since, option="--from")
    law = installed_law()
    scenario = Scenario(begins, tuple(value_change(text, law) for text in changes or ()), tuple(_draft(text) for text in draft or ()))
    place_on(place, on=begins)
    if people and people not in LISTS:
        raise Refusal("cli.simulate_list", f"没有“{people}”这份名单", do=f"可以写：{'、'.join(LISTS)}")
    names = _names(rule, law)
    if months:
        _budget(scenario, place, months, known_time(known_by), names, as_json=as_json)
        return
    asked = day(on, option="--on") if on else (begins.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    _once(scenario, place, asked, known_time(known_by), names, level=level, people=people, keep=keep, as_json=as_json)


def _draft(text: str) -> str:
    """A folder anywhere becomes a pinned copy; anything else is the id of a draft of this site."""
    from jiceng.runs.scenario_folders import pinned

    return pinned(Path(text)) if Path(text).is_dir() else text


def _names(rules: list[str] | None, law: Any) -> tuple[str, ...] | None:
    from jiceng.runs.kept_answers import asked

    return asked(law, rules) if rules else None


def _once(
    scenario: Any, place: int, on: date, known_by: datetime | None, names: Any, *, level: str, people: str, keep: str, as_json: bool
) -> None:
    from jiceng.runs import kept, simulating

    title = kept.checked_name(keep) if keep else ""
    if title and known_by is None:
        from jiceng.ledger.reading import pinned

        known_by = pinned(clock)
    told = simulating.simulate(scenario, place=place, on=on, known_by=known_by, names=names)
    numbers = _keep(told, title) if title else ()
    shares = told.by_place(_level(level))
    result = {**_as_dict(told), "places": [vars(share) for share in shares], "kept": list(numbers)}
    if people:
        result["list"] = _people(told, people)
    if as_json:
        show(result, "", as_json=True)
        return
    _print(told, shares, people, numbers)


def _level(text: str) -> Any:
    from jiceng.places.tree import Level

    levels = {"市": Level.city, "县": Level.county, "街道": Level.street, "社区": Level.community}
    if text and text not in levels:
        raise Refusal("cli.simulate_level", f"没有“{text}”这一级", do=f"可以写：{'、'.join(levels)}")
    return levels.get(text)


def _keep(told: Any, title: str) -> tuple[int, ...]:
    """Both sides as kept runs: what is subtracted from what can be looked at and worked out again."""
    from jiceng.runs import kept
    from jiceng.runs.kept_answers import Identity

    names = told.names
    if not names:
        raise Refusal("cli.simulate_keep", "没有可以保存的人员答案", why="这次改动只涉及地方的规则", do="去掉 --keep，或用 --json 另存")
    sides = (("answers", "改前", told.law_before, told.before, ""), ("simulated", "改后", told.law_after, told.after, told.scenario.text))
    made = []
    for kind, word, law, rows, scenario in sides:
        identity = Identity(kind, told.place, told.on, told.known_by, law.hash, names, scenario)
        made.append(kept.keep(rows, identity, name=f"{title}（{word}）", actor=actor(), clock=clock, law=law).pk)
    return tuple(made)


def _as_dict(told: Any) -> dict[str, Any]:
    return {
        "scenario": told.scenario.title, "place": told.place, "on": told.on, "known_by": told.known_by,
        "laws": [told.law_before.hash, told.law_after.hash], "stepwise": told.stepwise, "lines": list(told.money.lines),
        "total": {**vars(told.total), "unchanged": told.count("unchanged"), "cost_after": int(told.money.cost_after.sum())},
        "causes": [vars(one) for one in told.causes], "moved": [vars(one) for one in told.moved], "notes": list(told.notes),
    }  # fmt: skip


def _people(told: Any, which: str) -> list[dict[str, Any]]:
    money = told.money
    return [
        {
            "subject": int(told.before.subjects[n]),
            "place": int(told.before.places[n]),
            "gain": int(money.gain[n]),
            "cost": int(money.cost[n]),
        }
        for n in told.which(which)
    ]


def _print(told: Any, shares: Any, people: str, numbers: tuple[int, ...]) -> None:
    from jiceng.base.quantities import yuan_text
    from jiceng.places.reading import full_names

    total, paid = told.total, bool(told.money.lines)
    head = f"{told.scenario.title}（{told.place}，算到 {told.on}）"
    counts = f"在册 {total.heads:,} 人，有变化 {total.changed:,} 人"
    if paid and total.changed:
        counts += f"：增加 {total.winners:,} 人，减少 {total.losers:,} 人；每月应付 {_signed(total.cost)}，到手合计 {_signed(total.gain)}"
    counts += f"；答案种类变了 {total.kinds:,} 人（不当作 0）" if total.kinds else ""
    print(f"{head}\n{counts}")
    order = "按先后一项一项算，后一项在前一项之上" if told.stepwise else ""
    causes = [
        (one.mark, one.title, one.people, one.places, one.winners, one.losers, yuan_text(one.cost), yuan_text(one.gain))
        for one in told.causes
    ]
    headings = ("改动的条款", "名称", "涉及人员", "涉及地方", "增加", "减少", "每月应付", "到手")
    show({}, table(headings, causes, title=f"\n按改动的条款{f'（{order}）' if order else ''}"), as_json=False)
    rules = [(one.mark, one.title, one.changed, one.kinds, *_sides(one, told.law_after)) for one in told.moved]
    show({}, table(("依据", "规则", "有变化", "种类变了", "改前", "改后"), rules, title="\n按规则"), as_json=False)
    names = full_names([*told.places_before.places.tolist(), *(share.place for share in shares)], on=told.on, above=told.place)
    if total.changed:
        rows = [
            (names.get(one.place, one.place), one.heads, one.changed, one.winners, one.losers, one.kinds, yuan_text(one.cost))
            for one in shares[:_SHOWN_PLACES]
        ]
        show({}, table(("地方", "在册", "有变化", "增加", "减少", "种类变了", "每月应付"), rows, title="\n按地方"), as_json=False)
    _print_places(told, names)
    if people:
        listed = _people(told, people)
        lines = [(one["subject"], one["place"], yuan_text(one["gain"]), yuan_text(one["cost"])) for one in listed[:_SHOWN_PEOPLE]]
        title = f"\n{LISTS[people]}，{len(listed):,} 人" + (
            f"，列出前 {_SHOWN_PEOPLE} 人（全部用 --json）" if len(listed) > _SHOWN_PEOPLE else ""
        )
        show({}, table(("人员编号", "地方", "到手", "应付"), lines, title=title), as_json=False)
    for note in told.notes:
        print(f"注意：{note}")
    if numbers:
        print(f"已保存为第 {numbers[0]} 号（改前）和第 {numbers[1]} 号（改后），比较用 jiceng runs compare {numbers[0]} {numbers[1]}")


def _print_places(told: Any, names: dict[int, str]) -> None:
    """Rules about places: each place whose answer differs, before → after."""
    moved = [one for one in told.moved if one.of == "place"]
    before, after = told.places_before, told.places_after
    differing = [n for n in range(len(before)) if any(before.answers[one.name][n] != after.answers[one.name][n] for one in moved)]
    if not differing:
        return
    rows = []
    for n in differing[:_SHOWN_PLACES]:
        code = int(before.places[n])
        told_of = [[_text(int(side.answers[one.name][n]), one, told.law_after) for side in (before, after)] for one in moved]
        rows.append((names.get(code, code), *(old if old == new else f"{old} → {new}" for old, new in told_of)))
    headings = ("地方", *(one.title for one in moved))
    show({}, table(headings, rows, title=f"\n地方的规则，{len(differing)} 个地方有变化"), as_json=False)


def _signed(fen: int) -> str:
    from jiceng.base.quantities import yuan_text

    return f"{'+' if fen > 0 else ''}{yuan_text(fen)}"


def _sides(one: Any, law: Any) -> tuple[str, str]:
    """Sums, or for a place rule its own answer, before and after, in words."""
    return _text(one.before, one, law), _text(one.after, one, law)


def _text(value: int | None, one: Any, law: Any) -> str:
    from jiceng.answers.printing import number_text
    from jiceng.base.kinds import KIND_NAMES, AnswerKind, kind_of

    if value is None:
        return "—"
    kind = kind_of(value)
    if kind is not AnswerKind.value:
        return KIND_NAMES[kind]
    if one.type == "bool" and one.of == "worker":
        return f"{value:,} 人"
    return number_text(value, law.types[one.name], one.unit, law.terms)


def _budget(scenario: Any, place: int, span: str, known_by: datetime | None, names: Any, *, as_json: bool) -> None:
    from jiceng.base.quantities import yuan_text
    from jiceng.places.reading import full_names
    from jiceng.runs.simulating import months, year_of

    since, until = _span(span)
    found = months(scenario, place=place, since=since, until=until, known_by=known_by, names=names)
    rows: list[tuple[object, ...]] = [
        (
            f"{one.on:%Y-%m}", one.heads, one.left, one.joined, one.retired, one.steps_before, yuan_text(one.before), yuan_text(one.after),
            yuan_text(one.change), one.unknown,
        )
        for one in found
    ]  # fmt: skip
    sums = [sum(getattr(one, part) for one in found) for part in ("before", "after")]
    rows.append(("合计", "", "", "", "", "", yuan_text(sums[0]), yuan_text(sums[1]), yuan_text(sums[1] - sums[0]), ""))
    headings = ("月份", "在册", "离开", "来到", "按规定退休", "按规则变动", "现行法规应付", "方案应付", "相差", "有金额不明")
    shares = year_of(found)
    result = {
        "scenario": scenario.title, "place": place,
        "months": [{**vars(one), "change": one.change, "parts": [_part(part) for part in one.parts]} for one in found],
        "places": [_part(one) for one in shares], "before": sums[0], "after": sums[1], "change": sums[1] - sums[0],
    }  # fmt: skip
    show(result, table(headings, rows, title=f"{scenario.title}（{place}）逐月"), as_json=as_json)
    if as_json:
        return
    names = full_names([one.place for one in shares], on=until, above=place)
    lines = [
        (names.get(one.place, one.place), one.heads, one.steps_before, yuan_text(one.before), yuan_text(one.after), yuan_text(one.change))
        for one in shares[:_SHOWN_PLACES]
    ]
    show({}, table(("地方", "期末在册", "按规则变动", "现行法规应付", "方案应付", "相差"), lines, title="\n按地方"), as_json=False)


def _part(one: Any) -> dict[str, Any]:
    return {**vars(one), "change": one.change}


def _span(text: str) -> tuple[date, date]:
    parts = text.split("..")
    try:
        first, last = (date.fromisoformat(f"{part.strip()}-01") for part in (parts if len(parts) == 2 else parts * 2))
    except ValueError as error:
        raise Refusal("cli.simulate_months", f"“{text}”不是月份", where="--months", do="写成 2027-01..2027-12") from error
    return first, last


COMMANDS: dict[str, Callable[..., None]] = {"simulate": simulate}
