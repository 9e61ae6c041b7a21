"""Places: the tree, one place, its figures, its answers, its facts."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path, Query, Router, Schema
from pydantic import Field

from jiceng.answers.card import as_dict
from jiceng.api import shapes
from jiceng.api.facts import briefs, day, facts_at
from jiceng.api.moments import When, told
from jiceng.api.signing import Asking
from jiceng.api.writing import MOST
from jiceng.desks.workforce.lists import LISTS, counted
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.places.models import KINDS, Place
from jiceng.places.tree import LEVEL_NAMES, Level
from jiceng.runs.ask import ask_place
from jiceng.runs.law import installed_law
from jiceng.runs.overview import overview
from jiceng.ui.moment import Moment

router = Router(tags=["地方"])
Code = Annotated[int, Path(ge=0, le=MOST, description="区划代码：省 2 位、市 4 位、县 6 位、街道 9 位、社区 12 位", example=513301)]
FOUND = 50


class Wanted(Schema):
    """A name, or a part of one."""

    q: str | None = Field(None, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$", description="名称或其中一段")


def place_seen(asking: Asking, code: int, moment: Moment) -> Place:
    """The place, where the token may see it and it is there on the day.

    Errors  Concealed for any other code, whatever is wrong with it
    """
    scope = asking.auth.scope
    known = len(str(code)) in tree.WIDTHS.values() or code == tree.NATION
    if not known or not scope.may("see", code):
        raise scope.conceal("see", what=f"查看区划 {code}", place=code if known else None)
    return places.place(code, on=moment.on)


@router.get("", response=shapes.Places, operation_id="places", summary="令牌管到的地方，或其中名称含一段文字的")
def roots(request: Asking, when: Query[When], wanted: Query[Wanted]) -> Any:
    """不写 `q` 时是令牌管到的最上一级地方；写 `q` 时在其中按名称查找，最多 50 个。"""
    scope, moment = request.auth.scope, when.moment
    own = scope.places_for("see")
    if wanted.q:
        found = [place for code in own for place in places.search(wanted.q, scope=code, on=moment.on, limit=FOUND)][:FOUND]
    else:
        found = [places.place(code, on=moment.on) for code in places.names_of(own, on=moment.on)]
    return {**told(moment), "places": [_line(place) for place in found]}


@router.get("/{int:code}", response=shapes.PlaceAnswer, operation_id="place", summary="一个地方")
def one(request: Asking, code: Code, when: Query[When]) -> Any:
    """名称、级别、存续期间、上级。"""
    moment = when.moment
    place = place_seen(request, code, moment)
    above = [_line(up) for up in places.ancestors_of(code, on=moment.on)] if code else []
    shown = {
        **_line(place).model_dump(), "full_name": places.full_name(code, on=moment.on), "kind": KINDS.get(place.kind, ""),
        "since": place.since.isoformat(), "until": day(place.until), "above": above,
    }  # fmt: skip
    return {**told(moment), "place": shown}


@router.get("/{int:code}/below", response=shapes.Places, operation_id="places_below", summary="下一级的地方")
def below(request: Asking, code: Code, when: Query[When]) -> Any:
    """社区没有下一级，列表为空。"""
    moment = when.moment
    place_seen(request, code, moment)
    return {**told(moment), "places": [_line(place) for place in places.children(code, on=moment.on)]}


@router.get("/{int:code}/overview", response=shapes.OverviewAnswer, operation_id="overview", summary="一个地方的数：与工作台相同")
def figures(request: Asking, code: Code, when: Query[When]) -> Any:
    """在册人数、应配与缺额（带依据）、各类到期与核实人数、下一级逐个地方的数、还没有报人口的地方。"""
    moment = when.moment
    place_seen(request, code, moment)
    seen = overview(code, on=moment.on, today=moment.today, known_by=moment.known_by, counted=counted())
    return {
        **told(moment),
        "place": code,
        "in_service": seen.in_service,
        "answers": briefs(seen.steps),
        "partial": briefs(seen.partial),
        "counts": [
            {"due": key, "title": entry.title, "meaning": entry.meaning, "rule": entry.rule, "number": count.number}
            for (key, entry), count in zip(LISTS.items(), seen.counts, strict=True)
        ],
        "lines": [
            {"code": line.code, "name": line.name, "members": line.members, "answers": briefs(line.steps)} for line in seen.lines
        ],
        "to_ask": [{"code": code, "name": name} for code, name in seen.to_ask],
    }


@router.get("/{int:code}/answers", response=shapes.CardAnswers, operation_id="place_answers", summary="关于一个地方的全部答案")
def answers(request: Asking, code: Code, when: Query[When]) -> Any:
    """规则名 → 结论、条款、缺什么；一个答案怎么来的，用下面的网址问那一条规则。"""
    moment = when.moment
    place_seen(request, code, moment)
    return {**told(moment), "answers": briefs(ask_place(code, on=moment.on, today=moment.today, known_by=moment.known_by))}


@router.get("/{int:code}/answers/{slug:rule}", response=shapes.CardAnswer, operation_id="place_answer", summary="关于一个地方的一个答案")
def answer(request: Asking, code: Code, rule: str, when: Query[When]) -> Any:
    """一张答案卡。"""
    moment = when.moment
    place_seen(request, code, moment)
    step = ask_place(code, on=moment.on, today=moment.today, known_by=moment.known_by, rule=rule)[rule]
    return {**told(moment), "answer": as_dict(step, installed_law().terms)}


@router.get("/{int:code}/facts", response=shapes.FactsAnswer, operation_id="place_facts", summary="一个地方的事实：人口、户数等")
def facts(request: Asking, code: Code, when: Query[When]) -> Any:
    """每条事实带记下它的分录和经办人。"""
    moment = when.moment
    place_seen(request, code, moment)
    return {**told(moment), "facts": facts_at(tree.subject_of(code, tree.level_of(code)), moment)}


def _line(place: Place) -> shapes.PlaceLine:
    level = Level(place.level)
    return shapes.PlaceLine(code=place.code, name=place.name, level=level.name, level_name=LEVEL_NAMES[level])
