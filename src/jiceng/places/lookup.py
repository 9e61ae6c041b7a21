"""A place by the names in a row of a workbook: found, or refused with what it might have been."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from jiceng.base.refusals import Refusal
from jiceng.places import names as naming
from jiceng.places import tree
from jiceng.places.models import Place
from jiceng.places.reading import UNSAID, full_names, on_day, place, within
from jiceng.places.tree import Level

# Below a county or a city every candidate is looked at; above that only those an index finds by full name.
_WIDE = Level.province
_MANY = 8

Find = Callable[[Sequence[str]], Place]


class Unplaced(Refusal):
    """No place, or several; `candidates` are what a page may offer to choose from."""

    def __init__(self, id: str, what: str, *, candidates: Sequence[Place], why: str = "", do: str = "") -> None:
        self.candidates = tuple(candidates)
        super().__init__(id, what, why=why, do=do)


def find(names: Sequence[str], *, scope: int, on: date) -> Place:
    """The place that names from wide to narrow mean, inside `scope`.

    Shape   `names` end with the community: (county, street, community) or longer; blank ones are left out, so that
            (county, street, "") means the street
    Time    the tree of `on`
    Errors  Unplaced place.not_found, place.ambiguous; Refusal place.unnamed, place.outside
    """
    return finder(scope=scope, on=on)(names)


def finder(*, scope: int, on: date) -> Find:
    """`find` for many rows: remembers candidates and outcomes. For one import; not to be kept.

    Errors  Refusal place.unknown if the scope itself is not there on that day
    """
    search = _Search(place(scope, on=on), on, {}, {})
    return search.found


@dataclass(frozen=True)
class _Search:
    scope: Place
    on: date
    candidates: dict[tuple[int, Level], list[Place]]
    outcomes: dict[tuple[str, ...], Place | Refusal]

    def found(self, names: Sequence[str]) -> Place:
        key = tuple(naming.tidy(name) for name in names)
        if key not in self.outcomes:
            try:
                self.outcomes[key] = self._walk(key)
            except Refusal as refusal:
                self.outcomes[key] = refusal
        outcome = self.outcomes[key]
        if isinstance(outcome, Refusal):
            raise outcome.with_traceback(None)
        return outcome

    def _walk(self, names: tuple[str, ...]) -> Place:
        """Narrows from level to level; several places of one name stay in play until a narrower name decides."""
        if not any(names):
            raise Refusal("place.unnamed", "没有写地名", do="请填写社区，或至少填写街道（乡镇）")
        here = [self.scope]
        for level, name in zip(reversed(Level), reversed(names), strict=False):
            if name and level <= self.scope.level:
                self._same_as_scope(level, name)
        first = Level.community - len(names) + 1
        for level, name in enumerate(names, first):
            if name and level > self.scope.level:
                here = self._narrowed(here, Level(level), name)
        if len(here) > 1:
            raise self._ambiguous(next(name for name in reversed(names) if name), here)
        return here[0]

    def _narrowed(self, here: list[Place], level: Level, name: str) -> list[Place]:
        matched: list[Place] = []
        seen: list[Place] = []
        for outer in here:
            inside = self._inside(outer, level, name)
            seen.extend(inside)
            matched.extend(naming.match(name, inside))
        # Exact in one beats stripped in another: 城关镇 in one county, 城关 街道 in the next.
        best = naming.match(name, matched)
        if not best:
            raise self._not_found(name, here, level, seen)
        return list(best)

    def _inside(self, outer: Place, level: Level, name: str) -> list[Place]:
        if outer.level <= _WIDE and level > Level.county:
            found = on_day(self.on).filter(
                name__in=naming.spellings(name), level=level, code__range=(tree.start(outer.code, level), tree.upto(outer.code, level))
            )
            return list(found.order_by("code"))
        key = (outer.code, level)
        if key not in self.candidates:
            self.candidates[key] = within(outer.code, on=self.on, level=level)
        return self.candidates[key]

    def _same_as_scope(self, level: Level, name: str) -> None:
        """A wider name must be the scope's own or one above it; 市辖区 says nothing and passes."""
        own = place(tree.up(self.scope.code, level), on=self.on)
        if name not in UNSAID and own.code and not naming.match(name, [own]):
            raise Refusal(
                "place.outside",
                f"“{name}”不在本次办理的范围内",
                why=f"本次只办理“{full_names([self.scope.code], on=self.on)[self.scope.code]}”",
                do="请从这张表中移出，或由所在地办理",
            )

    def _not_found(self, name: str, here: list[Place], level: Level, seen: list[Place]) -> Unplaced:
        near = naming.near(name, seen)
        where = _here(here[0]) if len(here) == 1 else "这些地方"
        if near:
            why = f"{where}有{_quoted(near)}"
        else:
            elsewhere = self._elsewhere(name, level) if here[0].code != self.scope.code else []
            near = tuple(elsewhere)
            why = f"范围内同名的是{self._full(near)}" if near else f"{where}没有相近的名称"
        do = "请在原表更正，或在本页选择一个" if near else "请核对名称；新设的区划请管理员先登记"
        return Unplaced("place.not_found", f"找不到“{name}”", candidates=near, why=why, do=do)

    def _elsewhere(self, name: str, level: Level) -> list[Place]:
        """Places of that name elsewhere in the scope: the street was perhaps the mistake."""
        return list(naming.match(name, self._inside(self.scope, level, name)))[:_MANY]

    def _ambiguous(self, name: str, here: list[Place]) -> Unplaced:
        more = f"等 {len(here)} 处" if len(here) > _MANY else ""
        return Unplaced(
            "place.ambiguous",
            f"“{name}”不止一处",
            candidates=here,
            why=f"可能是{self._full(here[:_MANY])}{more}",
            do="请写明所在的区县和街道（乡镇），或在本页选择一个",
        )

    def _full(self, places: Sequence[Place]) -> str:
        full = full_names([p.code for p in places], on=self.on, above=self.scope.code)
        return "".join(f"“{full[p.code]}”" for p in places)


def _here(outer: Place) -> str:
    """本街道, 本镇, 本县."""
    endings = ("街道", "镇", "乡", "县", "区", "旗", "市", "州", "盟", "省")
    return next((f"本{ending}" for ending in endings if outer.name.endswith(ending)), f"“{outer.name}”")


def _quoted(places: Sequence[Place]) -> str:
    """Short names, unless two would read the same."""
    short = [naming.short_name(p.name) for p in places]
    return "".join(f"“{s if short.count(s) == 1 else p.name}”" for s, p in zip(short, places, strict=True))
