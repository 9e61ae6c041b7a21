"""Sentence patterns of pay schemes: what a clause usually says, with the few things it may say differently, as ordinary rules.

A pattern writes text into rules.py and nothing else; afterwards the text stands for itself and can be changed by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from keyword import iskeyword

from jiceng.base.refusals import Refusal

Given = Mapping[str, tuple[str, ...]]
"""Option id → what was chosen; one element where only one may be."""


@dataclass(frozen=True)
class Option:
    """One thing a sentence may say differently. `codes` names a code list whose items are the choices."""

    id: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    codes: str = ""
    many: bool = False
    default: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True)
class Need:
    """A value a pattern asks for. `reading` is how it is read until somebody sets it, with the `note` that says so."""

    name: str
    title: str
    unit: str
    axes: tuple[str, ...] = ()
    reading: str = ""
    note: str = "原文未载明"
    bands: bool = False


@dataclass(frozen=True)
class Pattern:
    """A pattern: its sentence as people say it, its options, the rules it writes and the values they need."""

    id: str
    group: str
    title: str
    sentence: str
    options: tuple[Option, ...]
    needs: Callable[[Given], tuple[Need, ...]]
    rules: Callable[[Given], tuple[tuple[str, str], ...]]
    after: tuple[str, ...] = ()
    """Names it asks for that another pattern makes."""


def given_for(pattern: Pattern, posted: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """What was chosen for each option, the default where nothing was.

    Errors  Refusal draft.option for a choice that is not offered
    """
    found: dict[str, tuple[str, ...]] = {}
    for option in pattern.options:
        chosen = tuple(one for one in posted.get(option.id, ()) if one) or option.default
        offered = {key for key, _ in option.choices}
        if not option.codes and not set(chosen) <= offered:
            raise Refusal("draft.option", f"“{option.label}”没有这一种选法", do="请重新选择")
        found[option.id] = chosen if option.many else chosen[:1]
    return found


def block(name: str, *, title: str, arguments: str, gives: str, doc: str, body: str, **mark: object) -> tuple[str, str]:
    """One rule in the house notation: (name, text). `{CLAUSE}` is filled in when it is written into a file."""
    words = [f'title="{title}"', *(f"{key}={_quoted(value)}" for key, value in mark.items() if value)]
    head = f'@rule(clause="{{CLAUSE}}", {", ".join(words)})'
    if len(head) > 130:
        head = "@rule(\n" + "".join(f"    {word},\n" for word in ('clause="{CLAUSE}"', *words)) + ")"
    line = f"def {name}({arguments}) -> {gives}:"
    if len(line) > 130:
        line = f"def {name}(\n    {arguments}\n) -> {gives}:"
    lines = "\n".join(f"    {one}" if one else "" for one in body.strip("\n").split("\n"))
    return name, f'{head}\n{line}\n    """{doc}"""\n{lines}\n'


def _quoted(value: object) -> str:
    if isinstance(value, tuple):
        return "(" + ", ".join(f'"{one}"' for one in value) + ")" if len(value) > 1 else f'"{value[0]}"'
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": "{one}"' for key, one in value.items()) + "}"
    return f'"{value}"'


RECORDED = Option(
    "recorded", "台账里的履历不知道是否登记完整的", (("whole", "答“需核实”，登记完整才算"), ("seen", "按已登记的算，答案里写明")),
    default=("whole",), help="台账里多数人没有确认“已登记完整”的，选前一种会有许多人算不出；先看“前后对比”再定",
)  # fmt: skip
_SEEN = "只按台账已登记的算，没有登记的按没有计"


def history(given: Given, record: str) -> str:
    """The annotation of a history: whole, or what is recorded of it."""
    return f"{'Records' if given['recorded'] == ('seen',) else 'History'}[{record}]"


def also_seen(given: Given, *assumed: str) -> tuple[str, ...]:
    """What a rule assumes, with the reading of a history taken as it stands."""
    return (*assumed, _SEEN) if given["recorded"] == ("seen",) else assumed


def any_of(subject: str, codes: str, chosen: Sequence[str]) -> str:
    """a.post == Post.secretary or a.post == Post.director."""
    # Python keeps `pass` for itself; the rule language writes pass_.
    return " or ".join(f"{subject} == {codes}.{one}{'_' if iskeyword(one) else ''}" for one in chosen)
