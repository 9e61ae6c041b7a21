"""`jiceng answer`: the same answers as the page, with the same cards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

import typer

from jiceng.base.refusals import Refusal
from jiceng.cli.output import Json, show, table
from jiceng.cli.site import day, known_time, open_site, today

_REQUEST = ("request", "申请")


def answer(
    subject: Annotated[str, typer.Argument(help="人员编号、身份证号或姓名；地方代码；或“申请”")],
    rule: Annotated[str, typer.Argument(help="规则的标识或中文名；不写时回答全部")] = "",
    on: Annotated[str, typer.Option("--on", help="哪一天，如 2024-03-05；不写为今天")] = "",
    known_by: Annotated[str, typer.Option("--known-by", help="按这一天（或时刻）以前已登记的内容回答")] = "",
    given: Annotated[list[str] | None, typer.Option("--given", help="申请的内容，如 requesting_level=县级；可写多次")] = None,
    place: Annotated[int, typer.Option("--place", help="申请所在地代码")] = 0,
    as_json: Json = False,
) -> None:
    """问：对一个人、一个地方或一件申请，规则怎么说，凭什么。"""
    open_site()
    from jiceng.answers.card import as_dict, as_text
    from jiceng.runs.law import installed_law

    asked, known = day(on, option="--on"), known_time(known_by)
    law = installed_law()
    name = _rule_name(law, rule)
    title, steps = _steps(law, subject, given or [], place=place, on=asked, known=known, rule=name)
    cards = {key: as_dict(step, law.terms) for key, step in steps.items()}
    result = {"subject": title, "on": asked, "known_by": known, "answers": cards}
    head = f"{title}，{asked:%Y-%m-%d}" + (f"，按 {known_by} 以前已知" if known else "")
    if name:
        show(result, "\n".join([head, *(as_text(step, law.terms) for step in steps.values())]), as_json=as_json)
        return
    rows = [(key, card["title"], card["text"], (card["clause"] or {}).get("mark", "")) for key, card in cards.items()]
    show(result, table(("规则", "结论", "答案", "依据"), rows, title=head), as_json=as_json)


def _steps(
    law: Any, subject: str, given: list[str], *, place: int, on: date, known: datetime | None, rule: str
) -> tuple[str, dict[str, Any]]:
    from jiceng.places.reading import full_name
    from jiceng.runs import ask

    if subject in _REQUEST:
        facts = _given_facts(law.terms, given)
        return "申请", ask.ask_request(facts, place=place, on=on, rule=rule)
    if given:
        raise Refusal(
            "cli.given", "只有申请可以当场给出事实", where="--given", why="人员和地方的事实在台账里", do="去掉 --given，或把对象写成“申请”"
        )
    code = _place_code(subject, on)
    if code is not None:
        return full_name(code, on=on) if code else "全国", ask.ask_place(code, on=on, today=today(), known_by=known, rule=rule)
    number = worker_number(subject, on=on)
    return f"人员 {number}", ask.ask_worker(number, on=on, known_by=known, rule=rule)


def _rule_name(law: Any, rule: str) -> str:
    if not rule:
        return ""
    found = law.named(rule)
    if len(found) != 1:
        near = found or sorted(name for name, title in law.titles.items() if rule in name or rule in title)[:8]
        names = "、".join(f"{name}（{law.titles[name]}）" for name in near)
        raise Refusal("cli.rule", f"“{rule}”不是一条规则的名称", do=f"可以写：{names}" if near else "用 jiceng law show 查看有哪些规则")
    return str(found[0])


def _place_code(subject: str, on: date) -> int | None:
    if not subject.isdigit() or len(subject) not in (1, 2, 4, 6, 9, 12) or (len(subject) == 1 and subject != "0"):
        return None
    from jiceng.places.reading import place

    return int(place(int(subject), on=on).code)


def worker_number(text: str, *, on: date) -> int:
    """A worker's subject number from the number itself, an ID number, or a name that only one worker has.

    Errors  Refusal cli.worker if nobody is found, cli.worker_names if several have the name
    """
    from jiceng.ledger.identity import find_by_id_number
    from jiceng.runs.models import TODAY, Standing

    if text.isdigit() and Standing.objects.filter(moment=TODAY, subject=int(text)).exists():
        return int(text)
    if len(text) in (15, 18) and text[:-1].isdigit():
        found = find_by_id_number(text.upper())
        if found:
            return int(found)
    matches = list(Standing.objects.filter(moment=TODAY, name=text).order_by("place", "subject")[:20])
    if len(matches) == 1:
        return int(matches[0].subject)
    if not matches:
        raise Refusal("cli.worker", f"台账里没有“{text}”", do="请写人员编号、身份证号，或全名")
    from jiceng.places.reading import full_names

    places = full_names([match.place for match in matches], on=on)
    rows = "；".join(f"{match.subject} {places.get(match.place, match.place)}" for match in matches)
    raise Refusal("cli.worker_names", f"有 {len(matches)} 人叫“{text}”", why=rows, do="请改写人员编号")


def _given_facts(terms: Any, given: list[str]) -> dict[str, int]:
    facts: dict[str, int] = {}
    for text in given:
        name, _, value = text.partition("=")
        entry = terms.names.get(name) or next((n for n in terms.names.values() if n.name == name), None)
        if entry is None or not entry.asked:
            names = "、".join(f"{n.id}（{n.name}）" for n in terms.names.values() if n.asked)
            raise Refusal("cli.given_name", f"“{name}”不是申请的内容", where="--given", do=f"可以给出：{names}")
        facts[entry.id] = _encoded(terms, entry.type, value, name)
    return facts


def _encoded(terms: Any, type: str, value: str, name: str) -> int:
    from jiceng.base.dates import day_number
    from jiceng.base.quantities import scaled

    if type in terms.codes:
        item = terms.codes[type].by_text.get(value)
        found = item.number if item else None
        choices = "、".join(i.name for i in terms.codes[type].items)
    elif type == "bool":
        found, choices = {"是": 1, "否": 0, "true": 1, "false": 0, "1": 1, "0": 0}.get(value), "是、否"
    elif type == "Date":
        return day_number(day(value, option=f"--given {name}"))
    else:
        found, choices = scaled(value, {"Yuan": 100, "Ratio": 1_000_000}.get(type, 1)), "数字"
    if found is None:
        raise Refusal("cli.given_value", f"“{value}”不能作为“{name}”", where="--given", do=f"可以写：{choices}")
    return int(found)


COMMANDS: dict[str, Callable[..., None]] = {"answer": answer}
