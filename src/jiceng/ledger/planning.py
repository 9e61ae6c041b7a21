"""What an entry will write: facts ended and facts (re)stated, worked out in memory. Framework-free.

Nothing is implied at read time: putting a line into a slot ends every believed line of that slot which it overlaps and
restates what remains of it to the left and right. Lines put and cut again within one entry leave no trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jiceng.ledger.periods import overlap, remainders


class Line(NamedTuple):
    """A fact as stored, or to be stored (id 0). Dates are ISO texts. `event`: keeps no period, only a key if any."""

    id: int
    subject: int
    kind: int
    slot: str | None
    since: str
    until: str
    place: int | None
    data: str
    sealed: bytes | None


Slot = tuple[int, int, str | None]


class Plan:
    """Believed lines of the touched slots, and what becomes of them."""

    def __init__(self, held: Iterable[Line], *, events: frozenset[int]) -> None:
        """`held`: every believed line of the slots to be touched. `events`: numbers of the kinds that are events."""
        self.events = events
        self.endings: list[int] = []
        self._slots: dict[Slot, list[Line]] = {}
        for line in held:
            self._slots.setdefault((line.subject, line.kind, line.slot), []).append(line)

    def put(self, line: Line) -> None:
        """A new line, taking the place of what its slot believed in that period; a keyed event takes it whole."""
        key = line[1:4]
        there = self._slots.get(key)
        if there is None:
            self._slots[key] = [line]
            return
        if line.kind in self.events:
            if line.slot is not None:
                self._end_all(there)
                there.clear()
            there.append(line)
            return
        kept: list[Line] = []
        for old in there:
            if not overlap(line.since, line.until, old.since, old.until):
                kept.append(old)
                continue
            if old.id:
                self.endings.append(old.id)
            for since, until in remainders(old.since, old.until, line.since, line.until):
                kept.append(old._replace(id=0, since=since, until=until))
        kept.append(line)
        self._slots[key] = kept

    def end(self, line: Line) -> bool:
        """A believed line ends. False if it is not believed (any more) in this plan."""
        there = self._slots.get((line.subject, line.kind, line.slot), [])
        for at, old in enumerate(there):
            if old.id == line.id:
                del there[at]
                self.endings.append(old.id)
                return True
        return False

    def clash(self, line: Line) -> Line | None:
        """A believed line that stands where `line` would have to stand."""
        for old in self._slots.get((line.subject, line.kind, line.slot), []):
            if line.kind in self.events:
                if line.slot is not None:
                    return old
            elif overlap(line.since, line.until, old.since, old.until):
                return old
        return None

    def lines(self) -> Iterator[Line]:
        """Every line as it will be believed, of the slots this plan knows."""
        for lines in self._slots.values():
            yield from lines

    @property
    def facts(self) -> list[Line]:
        """The lines to write, in the order of their slots."""
        return [line for line in self.lines() if not line.id]

    def _end_all(self, lines: Iterable[Line]) -> None:
        self.endings.extend(line.id for line in lines if line.id)
