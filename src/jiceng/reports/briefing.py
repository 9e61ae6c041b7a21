"""简报 of a place: totals, changes with their causes, highest and lowest places, the largest problems. Content; it has no looks.

Sentences are composed from what is held on the day: what is missing is said, and nothing is said of what does not apply.
Places are compared, never persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from jiceng.base.dates import chinese_date, day_after
from jiceng.base.kinds import KIND_NAMES
from jiceng.documents.content import Block, Document, Grid, Heading, Paragraph
from jiceng.documents.stamp import Stamp, lines
from jiceng.documents.tables import Column, Row, Table
from jiceng.law.bounds import cite
from jiceng.places import tree
from jiceng.reports.prose import Mark, Sentence, flat
from jiceng.reports.sentences import (
    RATE,
    Listed,
    Period,
    Problem,
    changes,
    comparison,
    figure_text,
    lead,
    longest,
    numbered,
    totals,
    untold,
)
from jiceng.runs.law import installed_law
from jiceng.runs.movements import Movements, movements
from jiceng.runs.overview import Line, Overview, has_value, overview

MOST_PROBLEMS: Final = 3
MOST_LINES: Final = 40
LINE_FIGURES: Final = (
    ("workers_total", "计入配备"), ("quota_exact", "应配"), ("gap_exact", "缺额"), ("rate_per_10k", "每万人配备"),
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """`lines`: the places of the table, in the order of their codes; only the section that compares them has any."""

    title: str
    sentences: tuple[Sentence, ...]
    lines: tuple[Line, ...] = ()

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """Rule and heading of the table's columns: those that at least one place has a value of."""
        return tuple(one for one in LINE_FIGURES if any(has_value(line.steps.get(one[0])) for line in self.lines))


@dataclass(frozen=True)
class Briefing:
    """A place on a day, in words. `laws`: titles of the documents the figures rest on."""

    place: int
    name: str
    on: date
    known_by: datetime | None
    lead: Sentence
    sections: tuple[Section, ...]
    laws: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.name}社区工作者队伍情况简报"


def briefing(
    place: int, *, name: str, on: date, today: date, known_by: datetime | None, listed: Sequence[Listed]
) -> Briefing:  # fmt: skip
    """The briefing of a place of this name.

    Shape   four sections: 总体情况, 变动情况, 各地情况, 主要问题; a place without places below has no third
    Time    state at the end of `on` against the last month-end and the last year-end before it, as known by `known_by`
    Errors  Refusal runs.catching_up, runs.building
    """
    seen = overview(place, on=on, today=today, known_by=known_by, counted=[one.counted for one in listed])
    year, month = _periods(place, on=on, known_by=known_by)
    found = problems(seen, listed)
    parts = [
        ("总体情况", totals(seen, name=name), ()),
        ("变动情况", (changes(month, seen.in_service), changes(year, seen.in_service)), ()),
        ("各地情况", comparison(seen), seen.lines),
        ("主要问题", _problems(seen, found), ()),
    ]
    kept = [(title, sentences, below) for title, sentences, below in parts if sentences]
    sections = tuple(Section(f"{'一二三四'[at]}、{title}", sentences, below) for at, (title, sentences, below) in enumerate(kept))
    return Briefing(place, name, on, known_by, lead(seen, year, name=name), sections, _laws(seen, found))


def _periods(place: int, *, on: date, known_by: datetime | None) -> tuple[Period, Period]:
    """Since the last year-end and since the last month-end before the day; the steps are read once."""
    year, month = date(on.year, 1, 1) - timedelta(days=1), on.replace(day=1) - timedelta(days=1)
    moved = movements(place, since=day_after(year), until=day_after(on), known_by=known_by)
    late = Movements(moved.places, day_after(month), moved.until, tuple(step for step in moved.steps if step.day > month))
    return Period("上年末", year, moved), Period("上月末", month, late)


def problems(seen: Overview, listed: Sequence[Listed]) -> tuple[Problem, ...]:
    """The lists that have somebody on them and a rule in force, the longest first; equal ones in the order given."""
    definitions = installed_law().regime(seen.place, seen.on).definitions
    found = []
    for one, count in zip(listed, seen.counts, strict=True):
        definition = definitions.get(count.rule)
        if definition is not None and count.number:
            found.append(Problem(one, count.number, Mark(cite(definition.document, definition.clause), count.rule, seen.place)))
    return tuple(sorted(found, key=lambda problem: -problem.number))


def _problems(seen: Overview, found: Sequence[Problem]) -> tuple[Sentence, ...]:
    """At most three: first the figure whose want keeps the totals from being told, then the longest lists."""
    said = [one for one in (untold(seen),) if one]
    said += [longest(one, seen.in_service) for one in found[: MOST_PROBLEMS - len(said)]]
    if said:
        return numbered(said)
    definitions = installed_law().regime(seen.place, seen.on).definitions
    ruled = any(count.rule in definitions for count in seen.counts)
    return (("没有逾期、到期和需要核实的事项。" if ruled else "当日没有施行的规定，没有可以核对的事项。",),)


def _laws(seen: Overview, found: Sequence[Problem]) -> tuple[str, ...]:
    definitions = installed_law().regime(seen.place, seen.on).definitions
    asked = [*(rule for rule, _ in LINE_FIGURES), *(one.mark.rule for one in found[:MOST_PROBLEMS])]
    return tuple(dict.fromkeys(f"《{definitions[rule].document.title}》" for rule in asked if rule in definitions))


def as_document(said: Briefing, *, by: str, at: datetime) -> Document:
    """The briefing for Word and PDF."""
    blocks: list[Block] = [Paragraph(flat(said.lead))]
    for section in said.sections:
        blocks += [Heading(section.title), *(Paragraph(flat(sentence)) for sentence in section.sentences)]
        if section.lines:
            blocks.append(_grid(said, section))
            if len(section.lines) > MOST_LINES:
                blocks.append(Paragraph(f"表中列出前{MOST_LINES}个地方，其余{len(section.lines) - MOST_LINES}个见系统工作台。"))
    stamp = Stamp(said.on, said.known_by, by, at, sources=("本系统台账", *said.laws))
    return Document(said.title, tuple(blocks), lines(stamp))


def _grid(said: Briefing, section: Section) -> Grid:
    title = f"各地配备情况（{chinese_date(said.on)}，单位：人）"
    rated = any(rule == RATE for rule, _ in section.figures)
    notes = ("注：应配、缺额未取整，每万城镇常住人口配备保留两位小数。",) if rated else ()
    columns = [Column("地方", width=16), Column("在册", "integer", 12), *(Column(name, "number", 12) for _, name in section.figures)]
    rows: list[Row] = [
        (line.name, line.members, *(cell_of(line, rule) for rule, _ in section.figures)) for line in section.lines[:MOST_LINES]
    ]
    return Grid(Table(title, tuple(columns), notes), tuple(rows))


def cell_of(line: Line, rule: str) -> str:
    """An answer of a place in a cell: the number without its unit, else in words why there is none; blank without a rule."""
    step = line.steps.get(rule)
    if step is None or step.definition is None:
        return ""
    return figure_text(step).removesuffix(step.unit) if has_value(step) else KIND_NAMES[step.kind]


def as_data(said: Briefing) -> dict[str, object]:
    """The briefing for `--json` and the API: sentences as text."""
    return {
        "place": said.place,
        "title": said.title,
        "on": said.on.isoformat(),
        "known_by": said.known_by.isoformat() if said.known_by else None,
        "lead": flat(said.lead),
        "sections": [
            {
                "title": section.title,
                "sentences": [flat(sentence) for sentence in section.sentences],
                "lines": [
                    {"place": line.code, "name": line.name, "in_service": line.members}
                    | {rule: cell_of(line, rule) for rule, _ in LINE_FIGURES}
                    for line in section.lines
                ],
            }
            for section in said.sections
        ],
        "laws": list(said.laws),
        "level": tree.LEVEL_NAMES[tree.level_of(said.place)],
    }


def as_text(said: Briefing) -> str:
    """The briefing for a terminal: titles and sentences."""
    parts = [said.title, flat(said.lead)]
    for section in said.sections:
        parts += ["", section.title, *(flat(sentence) for sentence in section.sentences)]
    return "\n".join(parts)
