"""Half-open periods [since, until): do they overlap, and what remains when one is cut out of another.

Works on ISO texts and on dates alike: both order the same way.
"""

from __future__ import annotations

from typing import TypeVar

Day = TypeVar("Day", bound=str)


def overlap(since: Day, until: Day, other_since: Day, other_until: Day) -> bool:
    """Whether the two periods share a day."""
    return since < other_until and other_since < until


def remainders(since: Day, until: Day, cut_since: Day, cut_until: Day) -> list[tuple[Day, Day]]:
    """What is left of [since, until) outside [cut_since, cut_until): none, one or two periods, the earlier first."""
    left = [(since, cut_since)] if since < cut_since else []
    right = [(cut_until, until)] if cut_until < until else []
    return left + right
