"""The tree on a day: places, what lies inside them, what lies above them, their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from django.db.models import Q, QuerySet

from jiceng.base.dates import OPEN_END, chinese_date
from jiceng.base.refusals import Refusal
from jiceng.places import tree
from jiceng.places.models import Basis, Place
from jiceng.places.tree import Level

# Names that only hold a place in the code table; nobody says them in an address.
UNSAID = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_SOME = 900


def on_day(on: date) -> QuerySet[Place]:
    """Every place that there is on a day; to be narrowed."""
    return Place.objects.filter(since__lte=on, until__gt=on)


def place(code: int, *, on: date) -> Place:
    """The place with this code on a day. The nation (0) has no row and is made up here.

    Errors  Refusal place.unknown if there is no such code on that day
    """
    if code == tree.NATION:
        return Place(code=0, level=Level.nation, name="全国", since=date.min, until=OPEN_END, basis=Basis(title=""))
    found = on_day(on).filter(code=code).select_related("basis").first()
    if found is None:
        raise Refusal("place.unknown", f"{chinese_date(on)}没有代码为 {code} 的区划", do="请核对代码和日期")
    return found


def children(code: int, *, on: date, level: Level | None = None) -> list[Place]:
    """Places one level below, by code; or those of `level` inside `code`.

    Empty   a community has none
    """
    own = tree.level_of(code)
    if own is Level.community:
        return []
    return within(code, on=on, level=Level(own + 1) if level is None else level)


def within(code: int, *, on: date, level: Level) -> list[Place]:
    """Places of one level inside `code` (itself, at its own level), by code."""
    if level < tree.level_of(code):
        return []
    return list(on_day(on).filter(code__range=_codes(code, level)).order_by("code"))


def within_on(code: int, days: Sequence[date], *, level: Level) -> dict[date, list[Place]]:
    """Places of one level inside `code` on each of these days, by code, in one statement; as `within` for one."""
    if not days or level < tree.level_of(code):
        return {day: [] for day in days}
    spanning = Place.objects.filter(since__lte=max(days), until__gt=min(days))
    found = list(spanning.filter(code__range=_codes(code, level)).order_by("code"))
    return {day: [place for place in found if place.since <= day < place.until] for day in days}


def _codes(code: int, level: Level) -> tuple[int, int]:
    """The codes of a level inside a place; inside the nation those of wider levels, which have fewer digits, are left out."""
    shortest = 10 ** (tree.WIDTHS[level] - 1) if level > Level.nation else 0
    return max(tree.start(code, level), shortest), tree.upto(code, level)


def ancestors_of(code: int, *, on: date) -> list[Place]:
    """Places above `code`, the widest first; the nation is not among them."""
    return list(on_day(on).filter(code__in=tree.ancestors(code)).order_by("code"))


def full_name(code: int, *, on: date) -> str:
    """四川省甘孜藏族自治州九龙县呷尔镇民族广场社区居民委员会.

    Errors  Refusal place.unknown if there is no such code on that day
    """
    place(code, on=on)
    return full_names([code], on=on)[code]


def full_names(codes: Iterable[int], *, on: date, above: int = tree.NATION) -> dict[int, str]:
    """Full names by code, without the part that `above` and what lies over it contribute.

    Empty   a code that is not there on that day has no entry
    """
    wanted = set(codes)
    names = names_of(wanted | {up for code in wanted for up in tree.ancestors(code)}, on=on)
    named = {}
    for code in wanted & names.keys():
        chain = [up for up in (*tree.ancestors(code), code) if up == code or not tree.contains(up, above)]
        named[code] = _joined(names[up] for up in chain if up in names)
    return named


def names_of(codes: Iterable[int], *, on: date) -> dict[int, str]:
    """Own names by code; a code that is not there on that day has no entry."""
    wanted = set(codes)
    names = {tree.NATION: "全国"} if tree.NATION in wanted else {}
    rest = iter(sorted(wanted - {tree.NATION}))
    while some := list(islice(rest, _SOME)):  # SQLite binds no more than 999 values in older builds
        names.update(on_day(on).filter(code__in=some).values_list("code", "name"))
    return names


def search(text: str, *, scope: int, on: date, limit: int = 20) -> list[Place]:
    """Places inside `scope` whose name holds `text`, the widest first; for a look-up field on a page.

    Empty   no text, no place
    """
    wanted = text.strip()
    if not wanted:
        return []
    inside = Q()
    for first, last in tree.ranges(scope):
        inside |= Q(code__range=(first, last))
    return list(on_day(on).filter(inside, name__contains=wanted).order_by("level", "code")[:limit])


def _joined(names: Iterator[str]) -> str:
    """东莞市东莞市东城街道 → 东莞市东城街道; 北京市市辖区东城区 → 北京市东城区."""
    said: list[str] = []
    for name in names:
        if name not in UNSAID and said[-1:] != [name]:
            said.append(name)
    return "".join(said)
