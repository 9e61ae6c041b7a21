"""A rule as read from a policy folder: checked, with its function ready to run as it stands."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jiceng.rules.types import TypeRef


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED = _Required()


@dataclass(frozen=True)
class Argument:
    """One argument, found by name. `default`: REQUIRED, None (only read by known()), or an encoded integer."""

    name: str
    type: TypeRef
    default: Any = REQUIRED


@dataclass(frozen=True)
class RuleDef:
    """One rule of one document.

    `of` is the subject kind: worker, place, request. `total` is set for a set rule that sums a worker rule over a
    place's subtree: the name of the summed rule; such a rule has no arguments of its own. `to` is the level of place that
    sum is meant for ("": any); at another it is not applicable. `asked` is "month" for what is asked about a whole month, on its
    last day: it has an answer on any day, but no row keeps it, since it changes from day to day. `names` gives locals of a
    history rule their Chinese names, `locals` their types, so that their states can be printed.
    """

    id: str
    title: str
    clause: str
    of: str
    result: TypeRef
    arguments: tuple[Argument, ...]
    path: str
    line: int
    source: str
    unit: str = ""
    doc: str = ""
    names: dict[str, str] = field(default_factory=dict)
    locals: dict[str, TypeRef] = field(default_factory=dict)
    assumes: tuple[str, ...] = ()
    total: str = ""
    to: str = ""
    asked: str = ""
    node: ast.FunctionDef | None = None
    function: Callable[..., Any] | None = None
    text_hash: str = ""
