"""Which place a row means: county, street and community as written, the sheet's name or title where a column is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jiceng.base.refusals import Refusal
from jiceng.intake.texts import folded
from jiceng.places import lookup
from jiceng.places.reading import full_names
from jiceng.places.tree import Level, level_of

_PARTS = re.compile(
    r"^(?:.{2,8}?(?:省|自治区|州|地区|盟))?(?:.{2,6}?市)?(.{2,8}?(?:县|(?<!社)区|旗|市))?(.{2,10}?(?:街道办事处|街道|镇|乡))?(.{2,}?)$"
)
_BY_STREET = re.compile(r"^()(.{2,10}?(?:街道办事处|街道|镇|乡))(.{2,})$")
_TITLE = re.compile(
    r"(?:\d{4}年?(?:度)?)?(?:关于)?(?:社区工作者|社区工作人员|工作者|工作人员|专职|花名册|登记表|汇总表|信息表|统计表|名册|人员|一览表|台账|附件).*$"
)
_NUMBERED = re.compile(
    r"^(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．)）]|\d{1,3}(?!\d))[、.．)）]?(?=\D{2})"
)
"""一、 （三） 2. 4；九龙县 begins with no number."""
_COUNTED = re.compile(r"[(（]?(?:共|合计)?\d+(?:人|名)[)）]?[:：]?$|[:：]$")
_LEADING = re.compile(r"^(?:\d{4}年?(?:度)?)?(.{2,24}?社区)(?!.*社区)")
_STREETS = ("街道", "镇", "乡", "办事处", "县", "市", "州", "全区", "城乡")
_PATH = re.compile(r"[/\\>＞»|·→-]+")
_ENDS = ("社区", "社区居委会", "村", "居委会", "委员会", "村委会")


@dataclass(frozen=True)
class NoPlace:
    """A row's place was not found; `candidates` are code and name, to choose from."""

    id: str
    why: str
    do: str
    candidates: tuple[tuple[int, str], ...] = ()


class Whereabouts:
    """Places of one import; each written combination is looked up once.

    `choices`: written names joined by “/” → code, as chosen on the page.
    """

    def __init__(self, *, scope: int, on: date, choices: Mapping[str, int], hints: Sequence[str] = ()) -> None:
        self.scope, self.on, self.choices = scope, on, choices
        self.find = lookup.finder(scope=scope, on=on)
        self.seen: dict[tuple[str, str, str], int | NoPlace] = {}
        self.hint, self.hint_text = self._from_hints(hints)

    def place(self, county: str, street: str, community: str) -> int | NoPlace:
        """Code of the place that a row names; a row without any name stands for the sheet's own place."""
        key = (county, street, community)
        if key not in self.seen:
            self.seen[key] = self._place(key)
        return self.seen[key]

    def _place(self, key: tuple[str, str, str]) -> int | NoPlace:
        chosen = self.choices.get("/".join(part for part in key if part))
        if chosen is not None:
            return chosen
        if not any(key):
            return self.hint or NoPlace("intake.place_blank", "没有写在哪个社区", "请填写社区（合并单元格请拆开填满）")
        try:
            return self.find(key).code
        except Refusal as refused:
            apart = self._apart(key)
            if apart:
                return apart
            return self._said(refused)

    def _apart(self, key: tuple[str, str, str]) -> int | None:
        """九龙县呷尔镇民族广场社区 written into one cell."""
        county, street, community = key
        short = _PATH.sub("", folded(community))
        for found in (_PARTS.match(short), _BY_STREET.match(short)):
            if not found or not (found[1] or found[2]) or found[3] in _ENDS:
                continue
            above = found[1] or county
            for names in ((above, found[2] or street, found[3]), ("", found[2] or street, found[3])):
                # A county may be left aside only where no such county is and the street is written: 康定县炉城街道 of old.
                if not names[0] and above and (self._is_county(above) or not names[1]):
                    continue
                try:
                    return self.find(names).code
                except Refusal:
                    continue
        return None

    def _is_county(self, name: str) -> bool:
        """Whether a written county is one, inside the scope or out of it."""
        try:
            return bool(self.find((name, "", "")).code)
        except Refusal as refused:
            return refused.id != "place.not_found"

    def _said(self, refused: Refusal) -> NoPlace:
        near = refused.candidates if isinstance(refused, lookup.Unplaced) else ()
        names = full_names([place.code for place in near], on=self.on, above=self.scope) if near else {}
        why = "。".join(part for part in (refused.what, refused.why) if part)
        return NoPlace(refused.id, why, refused.do, tuple((place.code, names.get(place.code, place.name)) for place in near))

    def named_in(self, text: str) -> int:
        """The community that a heading between the rows names (一、向阳社区（3人）), or 0."""
        short = _COUNTED.sub("", _NUMBERED.sub("", folded(text)))
        if not 2 <= len(short) <= 40 or not short.endswith(_ENDS) or short in _ENDS:
            return 0
        try:
            return self.find(("", "", short)).code
        except Refusal:
            return self._apart(("", "", short)) or 0

    def _from_hints(self, hints: Sequence[str]) -> tuple[int, str]:
        """The one community that the sheet's name and titles name, and how; several are none."""
        if level_of(self.scope) is Level.community:
            return self.scope, "本次办理的社区"
        for hint in hints:
            short = folded(hint)
            code = self.named_in(_TITLE.sub("", short)) or self._leading(short)
            if code:
                return code, hint
        # A sheet may be called by the bare name (新区, 甘孜镇新区); that is enough where only a 社区 can be meant.
        code = self._bare(folded(hints[0])) if hints else 0
        return code, hints[0] if code else ""

    def _leading(self, short: str) -> int:
        """呷尔镇文化路社区工作人员情况表 → 文化路社区; 榆林街道社区工作者花名册 is about a street's communities."""
        found = _LEADING.match(short)
        return self.named_in(found[1]) if found and not found[1].removesuffix("社区").endswith(_STREETS) else 0

    def _bare(self, short: str) -> int:
        """A community by its name without 社区."""
        short = _COUNTED.sub("", _NUMBERED.sub("", short))
        return self.named_in(f"{short}社区") if 2 <= len(short) <= 20 and not short.endswith((*_STREETS, *_ENDS)) else 0
