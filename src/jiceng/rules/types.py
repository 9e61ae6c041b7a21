"""Types of rule arguments and results, as written in annotations and in terms.yaml."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TypeRef:
    """A type by name: `int`, `Date`, `Post`, or with parameters: Table[Post, Yuan], ByDate[int], History[Assessment].

    Three words for a history, by what the rule needs to be sure of:
      History[X]  the whole history; not known to be complete → 需核实
      Recent[X]   complete from the latest record on (or known to be empty); else 需核实
      Records[X]  whatever is recorded; asks nothing about completeness
    """

    name: str
    parameters: tuple[TypeRef, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}[{', '.join(map(str, self.parameters))}]" if self.parameters else self.name


HISTORIES = ("History", "Recent", "Records")
