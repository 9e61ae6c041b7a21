"""What a trial found, kept in a file without names: rows before and after, money by person, answers of places; cut by place."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from jiceng.answers.codes import at_level
from jiceng.base.kinds import LOWEST, AnswerKind
from jiceng.base.refusals import Refusal
from jiceng.places import tree
from jiceng.runs.kept_difference import VALUES
from jiceng.runs.kept_rows import Array, padded_all
from jiceng.runs.simulated import Share, Simulation

FOLDER = "trials"
WHAT = {
    "winners": "多拿的", "losers": "少拿的", "even": "钱不变的", "unknown": "钱算不出的", "partly": "钱只算得出一部分的",
    "changed": "有答案变了的", "unchanged": "答案都不变的", "kinds": "答案从有变没有、从没有变有的", "all": "在册的",
}  # fmt: skip
"""Groups of people that a number opens. The first four together are everybody."""
_PAID_NOTHING = (int(AnswerKind.no_rule), int(AnswerKind.not_applicable))
_MONEY = ("gain", "cost", "cost_before", "cost_after", "hand_before", "hand_after", "unknown")


@dataclass(frozen=True, eq=False)
class Figures:
    """Rows of a trial in tree order of their places, one a worker, and one a place for place rules.

    `columns`: those of `Money` (fen a month), and `changed`, `kinds`: whether somebody has another answer, another kind of answer.
    `before`, `after`: answers by name, as encoded; `around_*` those of the places `around`
    """

    subjects: Array
    places: Array
    columns: Mapping[str, Array]
    before: Mapping[str, Array]
    after: Mapping[str, Array]
    around: Array
    around_before: Mapping[str, Array]
    around_after: Mapping[str, Array]
    summed: Mapping[str, Array]
    """Worker rules that place rules sum and that the scenario does not move, by person."""

    def __len__(self) -> int:
        return len(self.subjects)

    @cached_property
    def keys(self) -> Array:
        """Padded place codes, rising."""
        found: Array = np.array(padded_all(self.places), np.int64)
        return found

    def inside(self, place: int) -> slice:
        """The rows of a place and everything inside it."""
        low, high = tree.span(place)
        return slice(int(np.searchsorted(self.keys, low, "left")), int(np.searchsorted(self.keys, high, "right")))

    def group(self, what: str, *, place: int, rule: str = "") -> Array:
        """Row numbers of a group at a place, in tree order; with `rule` only those whose answer to it differs."""
        part = self.inside(place)
        gain = self.columns["gain"][part]
        changed, unknown = self.columns["changed"][part].astype(bool), self.columns["unknown"][part].astype(bool)
        mask = {
            "winners": gain > 0, "losers": gain < 0, "changed": changed, "kinds": self.columns["kinds"][part].astype(bool),
            "even": (gain == 0) & ~unknown, "unknown": (gain == 0) & unknown, "partly": (gain != 0) & unknown, "unchanged": ~changed,
            "all": np.ones(len(gain), bool),
        }[what]  # fmt: skip
        if rule:
            mask = mask & (self.before[rule][part] != self.after[rule][part])
        found: Array = np.flatnonzero(mask) + part.start
        return found

    def reasons(self, place: int, lines: Iterable[str]) -> list[tuple[AnswerKind, int]]:
        """Why the money of those for whom it is unknown is not known: the gravest kind among each one's lines of pay, and how many."""
        at = self.group("unknown", place=place)
        worst = np.zeros(len(at), np.int64)
        for held in (self.before, self.after):
            for name in lines:
                kinds = np.where(held[name][at] <= VALUES, held[name][at] - LOWEST, 0)
                worst = np.maximum(worst, np.where(np.isin(kinds, _PAID_NOTHING), 0, kinds))
        found = ((AnswerKind(int(kind)), int(count)) for kind, count in zip(*np.unique(worst, return_counts=True), strict=True))
        return [(kind, count) for kind, count in found if kind is not AnswerKind.value]

    def share(self, place: int) -> Share:
        """One place's part of the whole."""
        part = self.inside(place)
        return self._summed(place, np.arange(part.start, part.stop))

    def below(self, place: int) -> list[Share]:
        """Shares of the places one level below, in tree order; who stands above that level stands under the place itself."""
        level = tree.level_of(place)
        if level >= tree.Level.community:
            return []
        part = self.inside(place)
        codes = at_level(self.places[part], tree.Level(level + 1))
        found = [self._summed(int(code), np.flatnonzero(codes == code) + part.start) for code in np.unique(codes).tolist()]
        return sorted(found, key=lambda one: (tree.padded(one.place), one.place))

    def _summed(self, place: int, at: Array) -> Share:
        gain, cost, before, changed, kinds = (self.columns[name][at] for name in ("gain", "cost", "cost_before", "changed", "kinds"))
        return Share(
            place, len(at), int(changed.sum()), int((gain > 0).sum()), int((gain < 0).sum()), int(kinds.sum()),
            int(gain.sum()), int(cost.sum()), int(before.sum()),
        )  # fmt: skip


def figures_of(simulation: Simulation) -> Figures:
    """The figures of a simulation just made."""
    money, before = simulation.money, simulation.before
    columns = {name: np.asarray(getattr(money, name)) for name in _MONEY}
    columns |= {"changed": simulation.changed, "kinds": simulation.kinds}
    return Figures(
        before.subjects, before.places, columns, before.answers, simulation.after.answers, simulation.places_before.places,
        simulation.places_before.answers, simulation.places_after.answers, simulation.extra,
    )  # fmt: skip


def put(number: int, figures: Figures) -> str:
    """Write the figures of a trial; gives the hash of the file."""
    told = {"subjects": figures.subjects, "places": figures.places, "around": figures.around}
    parts = {
        "column": figures.columns, "before": figures.before, "after": figures.after, "pbefore": figures.around_before,
        "pafter": figures.around_after, "summed": figures.summed,
    }  # fmt: skip
    told |= {f"{head}.{name}": one for head, held in parts.items() for name, one in held.items()}
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **told)
    path = _path(number)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(out.getvalue())
    part.replace(path)
    return hashlib.sha256(out.getvalue()).hexdigest()


def read(number: int, digest: str) -> Figures | None:
    """The figures of a trial; None if its file is not there (a restored home, an old one).

    Errors  Refusal simulation.file_changed if it is not what was written
    """
    try:
        stamp = _path(number).stat()
        return _read(_path(number), (stamp.st_mtime_ns, stamp.st_size), digest)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=3)
def _read(path: Path, stamp: tuple[int, int], digest: str) -> Figures:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise Refusal(
            "simulation.file_changed", "试算结果的文件与摘要对不上", where=path.name, why="文件损坏或被改过",
            do="请按同样的方案重新试算，或从备份恢复",
        )  # fmt: skip
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        told = {name: held[name] for name in held.files}

    def under(head: str) -> dict[str, Array]:
        return {name.removeprefix(f"{head}."): one for name, one in told.items() if name.startswith(f"{head}.")}

    return Figures(
        told["subjects"], told["places"], under("column"), under("before"), under("after"), told["around"], under("pbefore"),
        under("pafter"), under("summed"),
    )  # fmt: skip


def drop(number: int) -> None:
    """Take the file of a trial away."""
    _path(number).unlink(missing_ok=True)


def _path(number: int) -> Path:
    return Path(settings.DATA) / FOLDER / f"{number}.npz"
