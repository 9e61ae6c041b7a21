"""Columns of encoded answers in the narrowest whole numbers that hold them: a million due dates are two megabytes, not eight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiceng.base.kinds import LOWEST, AnswerKind

Array = NDArray[np.signedinteger]

LEAST_VALUE = LOWEST + int(AnswerKind.no_rule) + 1
"""Every value lies at or above it; the marks of answers without a value lie below."""
HIGH = (1 << 63) - 1
_MARKS = int(AnswerKind.no_rule) + 1
_WIDTHS = (np.int8, np.int16, np.int32)


def narrow(values: NDArray[np.int64]) -> Array:
    """The same answers in fewer bytes; marks move to the lowest numbers of the narrower kind."""
    marks = values < LEAST_VALUE
    plain = values[~marks]
    low, high = (int(plain.min()), int(plain.max())) if len(plain) else (0, 0)
    for width in _WIDTHS:
        bounds = np.iinfo(width)
        if low >= bounds.min + _MARKS and high <= bounds.max:
            return _moved(values, marks, np.dtype(width))
    return values


def wide(held: Array) -> NDArray[np.int64]:
    """The answers as they are encoded everywhere else."""
    if held.dtype == np.int64:
        return held
    bottom = np.iinfo(held.dtype).min
    values = held.astype(np.int64)
    marks = values < bottom + _MARKS
    values[marks] += LOWEST - bottom
    return values


def joined(parts: Sequence[Array]) -> Array:
    """Several stretches of one column as one, as wide as the widest."""
    kind = np.result_type(*(part.dtype for part in parts)) if parts else np.dtype(np.int8)
    return np.concatenate([part if part.dtype == kind else _widened(part, kind) for part in parts]) if parts else np.empty(0, kind)


def _widened(held: Array, kind: np.dtype[Any]) -> Array:
    values = wide(held)
    if kind == np.int64:
        return values
    return _moved(values, values < LEAST_VALUE, kind)


def _moved(values: NDArray[np.int64], marks: NDArray[np.bool_], kind: np.dtype[Any]) -> Array:
    """The values in another width, the marks at its bottom."""
    held: Array = np.where(marks, values - LOWEST + int(np.iinfo(kind).min), values).astype(kind)
    return held


def equal(held: Array, value: int) -> NDArray[np.bool_]:
    """Where the column holds exactly this encoded answer, value or mark."""
    sought = _sought(held, value)
    return np.zeros(len(held), bool) if sought is None else held == sought


def between(held: Array, low: int, high: int) -> NDArray[np.bool_]:
    """Where the column holds a value from `low` to before `high`; never a mark."""
    bounds = np.iinfo(held.dtype)
    least = LEAST_VALUE if held.dtype == np.int64 else int(bounds.min) + _MARKS
    low, last = max(low, least), min(high - 1, int(bounds.max))
    if low > last:
        return np.zeros(len(held), bool)
    return (held >= held.dtype.type(low)) & (held <= held.dtype.type(last))


def _sought(held: Array, value: int) -> np.signedinteger | None:
    bounds = np.iinfo(held.dtype)
    if held.dtype == np.int64:
        return np.int64(value)
    if value < LEAST_VALUE:
        return held.dtype.type(value - LOWEST + int(bounds.min))
    return held.dtype.type(value) if bounds.min + _MARKS <= value <= bounds.max else None
