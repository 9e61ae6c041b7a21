"""The sentences of a briefing. Each takes what is held and says it, or says what is missing; none of them guesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from jiceng.answers.card import value_text
from jiceng.answers.step import Step, missing
from jiceng.base.dates import chinese_date, day_after
from jiceng.base.kinds import KIND_NAMES, AnswerKind
from jiceng.base.rounded import Unit, exact_text, rounded_text
from jiceng.law.bounds import cite
from jiceng.places import tree
from jiceng.places.tree import Level
from jiceng.reports.prose import Figure, Mark, Part, Sentence, Target, Way, joined, named
from jiceng.runs.ask import Steps
from jiceng.runs.law import installed_law
from jiceng.runs.movements import UNRECORDED, Movement, Movements
from jiceng.runs.overview import Line, Overview, has_value

COUNTED: Final = "workers_total"
QUOTA: Final = "quota_exact"
ROUNDED: Final = "quota"
GAP: Final = "gap_exact"
ROUNDED_GAP: Final = "gap"
RATE: Final = "rate_per_10k"
_NUMBERS: Final = "一二三四五六七八九"


@dataclass(frozen=True)
class Period:
    """A day before, named, and everything that changed from it to the day of the briefing."""

    title: str
    end: date
    moved: Movements


@dataclass(frozen=True)
class Listed:
    """A list of workers that is a problem when it is long. `counted`: kind of count and rule, as `runs.overview` takes them."""

    key: str
    title: str
    meaning: str
    counted: tuple[str, str]


@dataclass(frozen=True)
class Problem:
    """A list that is not empty: how many, and the clause by which somebody is on it."""

    listed: Listed
    number: int
    mark: Mark


# ---- 提要 ----


def lead(seen: Overview, year: Period, *, name: str) -> Sentence:
    """The whole in one sentence; the number in service by the words for rounded numbers."""
    if not seen.in_service:
        return (f"{name}没有在册的社区工作者。",)
    serving: list[Part] = [f"{name}现有社区工作者", Figure(rounded_text(seen.in_service, unit="人"), Target("roster", seen.place))]
    net = year.moved.net
    change: list[Part] = [f"比{year.title}{_more(net)}", _net(year)] if net else [f"与{year.title}人数相同"]
    return (*joined([serving, change, _short(seen)]), "。")


def _short(seen: Overview) -> list[Part]:
    """How many are short, in half a sentence; of a place without a quota rule nothing."""
    gap = seen.steps.get(GAP)
    if gap is None or gap.definition is None:
        return []
    if not has_value(gap):
        return ["缺额尚不能作答"]
    rounded = seen.steps.get(ROUNDED_GAP)
    if rounded is not None and has_value(rounded):
        gap = rounded
    value = _value(gap)
    return ["按规定已配齐"] if value == 0 else [f"按规定{'尚缺' if value > 0 else '超出'}", _figure(gap, seen.place, positive=True)]


# ---- 总体情况 ----


def totals(seen: Overview, *, name: str) -> tuple[Sentence, ...]:
    """In service, quota, gap and rate."""
    day = f"截至{chinese_date(seen.on)}，"
    if not seen.in_service:
        first: Sentence = (f"{day}{name}没有在册的社区工作者。",)
    else:
        serving: list[Part] = [f"{day}{name}在册社区工作者", Figure(exact_text(seen.in_service, unit="人"), Target("roster", seen.place))]
        counted = seen.steps.get(COUNTED)
        first = (*joined([serving, _said("其中计入配备的", counted, seen.place) if has_value(counted) else []]), "。")
    return (first, *_quota(seen, name))


def _quota(seen: Overview, name: str) -> tuple[Sentence, ...]:
    quota = seen.steps.get(QUOTA)
    if quota is None or quota.definition is None:
        return (("当日没有施行配备人数的规定，不计算应配和缺额。",),)
    if has_value(quota):
        return ((*_staffing(seen.steps, seen.place), "。"),)
    told: list[Sentence] = [(*_unanswered(seen, name), "。")]
    if has_value(seen.partial.get(QUOTA)):
        apart = seen.untold[0][1] if len(seen.untold) == 1 else f"这{len(seen.untold)}个{_level(seen.untold[0][0])}"
        told.append((f"不含{apart}，", *_staffing(seen.partial, seen.place, whole=False), "。"))
    return tuple(told)


def _unanswered(seen: Overview, name: str) -> list[Part]:
    """Why there is no quota: who has not told what, or what kind of answer it is instead."""
    quota = seen.steps[QUOTA]
    mark = _mark(quota, seen.place)
    if seen.untold:
        return [f"{named([one for _, one in seen.untold])}城镇常住人口未填报，{name}的应配和缺额不能作答", mark]
    if quota.kind == AnswerKind.missing:
        return [f"{name}没有登记{'、'.join(title for _, title in missing(quota))}，应配和缺额不能作答", mark]
    return [f"{name}的应配人数{KIND_NAMES[quota.kind]}", mark, f"：{quota.why}" if quota.why else ""]


def _staffing(steps: Steps, place: int, *, whole: bool = True) -> list[Part]:
    """应配…（取整…），缺额…，每万城镇常住人口配备…; over a part of the place they have no card, the workbench shows them."""
    quota, gap, rate = steps[QUOTA], steps.get(GAP), steps.get(RATE)
    groups: list[list[Part]] = [[*_said("应配", quota, place, whole=whole), *_rounding(steps.get(ROUNDED), place, whole)]]
    if has_value(gap):
        assert gap is not None
        value = _value(gap)
        word = "缺额" if value > 0 else "超出应配"
        even: list[Part] = ["已配齐", _mark(gap, place)]
        told = [*_said(word, gap, place, positive=True, whole=whole), *_rounded_gap(steps.get(ROUNDED_GAP), place, whole)]
        groups.append(told if value else even)
    if has_value(rate):
        groups.append(_said("每万城镇常住人口配备", rate, place, whole=whole))
    return joined(groups)


def _rounding(rounded: Step | None, place: int, whole: bool) -> list[Part]:
    if rounded is None or not whole:
        return ["（未取整）"]
    if not has_value(rounded):
        return ["（未取整，取整办法尚未规定）"]
    return ["（取整后", _figure(rounded, place), _mark(rounded, place), "）"]


def _rounded_gap(rounded: Step | None, place: int, whole: bool) -> list[Part]:
    """After the gap, where the place has said how the quota is rounded."""
    if rounded is None or not whole or not has_value(rounded):
        return []
    return ["（取整后", _figure(rounded, place, positive=True), _mark(rounded, place), "）"]


# ---- 变动情况 ----


def changes(period: Period, closing: int) -> Sentence:
    """What changed since a day before, by direction and cause."""
    moved, place = period.moved, period.moved.places[0]
    before = f"{period.title}（{chinese_date(period.end)}）"
    opening = Figure(exact_text(closing - moved.net, unit="人"), Target("roster", place, on=period.end))
    if not (moved.arrivals or moved.departures or moved.moved_in or moved.moved_out):
        return (f"与{before}的", opening, "相比，没有人员进出。")
    head: list[Part] = [f"比{before}的", opening, _more(moved.net), _net(period)] if moved.net else [f"与{before}的", opening, "相同"]
    groups = [_moves("进入", moved.arrivals, period, "arrivals"), _moves("从其他地方调入", moved.moved_in, period, "moved_in")]
    groups += [_departures(period), _moves("调往其他地方", moved.moved_out, period, "moved_out")]
    return (*head, "：", *joined(groups), "。")


def _departures(period: Period) -> list[Part]:
    by_cause = period.moved.by_cause
    if not by_cause:
        return ["无人离任"]
    names = {item.id: item.name for item in installed_law().terms.codes["DepartureCause"].items} | {UNRECORDED: "未登记原因"}
    causes = [_moves(names.get(cause, cause), steps, period, "departures", cause=cause) for cause, steps in by_cause.items()]
    return [*_moves("离任", period.moved.departures, period, "departures"), "（", *joined(causes, "、"), "）"]


def _moves(word: str, steps: Sequence[Movement], period: Period, way: Way, *, cause: str | None = None) -> list[Part]:
    """离任3人; 人次 where somebody is counted twice."""
    if not steps:
        return []
    unit: Unit = "人" if len({step.subject for step in steps}) == len(steps) else "人次"
    target = Target("moves", period.moved.places[0], since=day_after(period.end), way=way, cause=cause)
    return [word, Figure(exact_text(len(steps), unit=unit), target)]


def _net(period: Period) -> Figure:
    target = Target("moves", period.moved.places[0], since=day_after(period.end))
    return Figure(exact_text(abs(period.moved.net), unit="人"), target)


def _more(net: int) -> str:
    return "增加" if net > 0 else "减少"


# ---- 各地情况 ----


def comparison(seen: Overview) -> tuple[Sentence, ...]:
    """The highest and the lowest of the places below, by residents and by gap. Places only: nobody is ranked."""
    if not seen.lines:
        return ()
    level = _level(seen.lines[0].code)
    if len(seen.lines) == 1:
        return ((f"有在册人员的{level}只有{seen.lines[0].name}，不作比较。",),)
    rated, short = ([line for line in seen.lines if has_value(line.steps.get(rule))] for rule in (RATE, GAP))
    if len(rated) < 2:
        held = f"只有{rated[0].name}有城镇常住人口数" if rated else "没有各自的城镇常住人口数"
        return ((f"所辖有在册人员的{level}{len(seen.lines)}个，{held}，每万人配备和缺额不作比较。",),)
    lacking = [line.name for line in seen.lines if not has_value(line.steps.get(RATE))]
    said: list[Sentence] = [(f"所辖有在册人员的{level}{len(seen.lines)}个，", *_extremes(rated, RATE, "每万城镇常住人口配备"), "。")]
    if len(short) > 1:
        said.append((*_gaps(short, level), "。"))
    if lacking:
        said.append((f"{named(lacking)}没有城镇常住人口数，不参加比较。",))
    return tuple(said)


def _extremes(lines: Sequence[Line], rule: str, what: str) -> list[Part]:
    values = [_value(line.steps[rule]) for line in lines]
    mark = _mark(lines[0].steps[rule], lines[0].code)
    if min(values) == max(values):
        return [f"{what}相同，均为", _figure(lines[0].steps[rule], lines[0].code), mark]
    return [f"{what}最多的是", *_at(lines, rule, max(values)), mark, "，最少的是", *_at(lines, rule, min(values))]


def _gaps(lines: Sequence[Line], level: str) -> list[Part]:
    values = [_value(line.steps[GAP]) for line in lines]
    mark, largest, least = _mark(lines[0].steps[GAP], lines[0].code), max(values), min(values)
    short: list[Part] = ["缺额最大的是", *_at(lines, GAP, largest), mark] if largest > 0 else [f"各{level}都没有缺额", mark]
    return joined([short, ["超出应配最多的是", *_at(lines, GAP, least)] if least < 0 else []])


def _at(lines: Sequence[Line], rule: str, value: int) -> list[Part]:
    """甲县、乙县（12.5人）: every place with this value."""
    found = [line for line in lines if _value(line.steps[rule]) == value]
    names: list[Part] = joined([[Figure(line.name, Target("report", line.code))] for line in found], "、")
    return [*names, "（", _figure(found[0].steps[rule], found[0].code, positive=True), "）"]


# ---- 主要问题 ----


def untold(seen: Overview) -> Sentence:
    """Residents that nobody has told; empty if that is not what is missing."""
    quota = seen.steps.get(QUOTA)
    if quota is None or quota.kind != AnswerKind.missing or tree.level_of(seen.place) > Level.county:
        return ()  # residents are told by county; below it nobody is asked for them
    if not seen.untold:
        return (f"没有登记{'、'.join(title for _, title in missing(quota))}，应配和缺额不能作答", _mark(quota, seen.place), "。")
    level = _level(seen.untold[0][0])
    number = Figure(exact_text(len(seen.untold), unit="个"), Target("asks", seen.place))
    names = named([one for _, one in seen.untold])
    return ("城镇常住人口未填报的", level, number, f"（{names}），应配和缺额不能作答", _mark(quota, seen.place), "。")


def longest(problem: Problem, in_service: int) -> Sentence:
    """培训已逾期的123人〔意见·8〕，占在册的10.4%。…"""
    number = Figure(exact_text(problem.number, unit="人"), Target("roster", problem.mark.place, problem.listed.key))
    share = (Decimal(problem.number * 100) / in_service).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return (f"{problem.listed.title}的", number, problem.mark, f"，占在册的{share}%（{problem.listed.meaning}）。")


def numbered(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """（一）…（二）…, one alone without a number."""
    return tuple(sentences) if len(sentences) == 1 else tuple((f"（{_NUMBERS[at]}）", *one) for at, one in enumerate(sentences))


# ---- an answer as a figure with its mark ----


def _said(word: str, step: Step | None, place: int, *, positive: bool = False, whole: bool = True) -> list[Part]:
    assert step is not None
    return [word, _figure(step, place, positive=positive, whole=whole), _mark(step, place)]


def _figure(step: Step, place: int, *, positive: bool = False, whole: bool = True) -> Figure:
    return Figure(figure_text(step, positive=positive), Target("answer" if whole else "bench", place, step.name))


def figure_text(step: Step, *, positive: bool = False) -> str:
    """460.8人; a quotient keeps two places; a number that words already say is negative stands without its sign."""
    value = abs(_value(step)) if positive else _value(step)
    if step.name == RATE:
        value = round(value, -4)
    return value_text(value, step.type, step.unit, installed_law().terms).replace(" ", "")


def _level(code: int) -> str:
    return tree.LEVEL_NAMES[tree.level_of(code)]


def _value(step: Step) -> int:
    return int(step.value)


def _mark(step: Step, place: int) -> Mark:
    assert step.definition is not None
    return Mark(cite(step.definition.document, step.definition.clause), step.name, place)
