"""How the compiled loop reaches tables, bands, dated values and record fields: flat arrays of integers, every access checked.

The counterpart of `tables`, which Python uses. Nothing here raises: what has no value is noted once in `F` (the kind), the
garbage that follows is never read, and no exception crosses compiled code (which would leak what it holds). `loops` copies
this text into what it compiles. A table lies in `flat` from its offset: number of axes, low and size of each, cells by row;
bands: their number, then low, high, value of each.
"""

from __future__ import annotations

from numpy import int64
from numpy.typing import NDArray

from jiceng.rules.language import LOW

Numbers = NDArray[int64]


def fail(F: Numbers, kind: int) -> int:
    if F[0] == 0:
        F[0] = kind
    return 0


def checked(F: Numbers, value: int) -> int:
    return fail(F, value - LOW + 8) if value <= LOW else value


def known(value: int) -> bool:
    return value > LOW


def present(F: Numbers, value: int) -> int:
    return fail(F, 1) if value <= LOW else value


def filled(rows: Numbers, column: int, record: int) -> bool:
    return bool(rows[column, record] > LOW)


def field(F: Numbers, rows: Numbers, column: int, record: int) -> int:
    return present(F, rows[column, record])


def inside(flat: Numbers, at: int, key: int) -> bool:
    return bool(flat[at] <= key and key - flat[at] < flat[at + 1])


def cell1(F: Numbers, flat: Numbers, table: int, a: int) -> int:
    if not inside(flat, table + 1, a):
        return fail(F, 3)
    return checked(F, flat[table + 3 + a - flat[table + 1]])


def cell2(F: Numbers, flat: Numbers, table: int, a: int, b: int) -> int:
    if not (inside(flat, table + 1, a) and inside(flat, table + 3, b)):
        return fail(F, 3)
    row = a - flat[table + 1]
    return checked(F, flat[table + 5 + row * flat[table + 4] + b - flat[table + 3]])


def cell3(F: Numbers, flat: Numbers, table: int, a: int, b: int, c: int) -> int:
    if not (inside(flat, table + 1, a) and inside(flat, table + 3, b) and inside(flat, table + 5, c)):
        return fail(F, 3)
    row = (a - flat[table + 1]) * flat[table + 4] + b - flat[table + 3]
    return checked(F, flat[table + 7 + row * flat[table + 6] + c - flat[table + 5]])


def band(F: Numbers, flat: Numbers, bands: int, number: int) -> int:
    hits, found = 0, 0
    for k in range(flat[bands]):
        at = bands + 1 + 3 * k
        if flat[at] <= number and number <= flat[at + 1]:
            hits += 1
            found = flat[at + 2]
    if hits == 1:
        return checked(F, found)
    return fail(F, 3 if hits == 0 else 5)


def at2(F: Numbers, laws: Numbers, regimes: Numbers, column: int, record: int) -> int:
    return checked(F, laws[regimes[record], column])


def at3(F: Numbers, laws: Numbers, regimes: Numbers, column: int, record: int, default: int) -> int:
    value = laws[regimes[record], column]
    kind = value - LOW + 8
    if kind == 1 or kind == 7 or kind == 8:
        return default
    return checked(F, value)
