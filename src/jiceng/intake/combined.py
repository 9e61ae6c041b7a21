"""Cells that say two things: 大学／法学学士, 书记（2021.3）, 2022.1.1—2024.12.31. Each half goes to its own column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jiceng.intake.days import Day, NotRead, read_day
from jiceng.intake.texts import NONE, cell_text, folded, is_none, kept

OPEN_ENDED: Final = frozenset({"无固定期限", "长期", "长期有效", "永久", "至退休", "届满", "任期届满", "本届任期", "换届", "不限"})
_BRACKET = re.compile(r"[(\[【](.*?)[)\]】]")
_DEGREES = (("博士", "doctor"), ("硕士", "master"), ("学士", "bachelor"))
_GENERIC = ("文化程度", "文化", "学历", "毕业")
_IN_SERVICE = re.compile(
    r"^(?:中央|[\u4e00-\u9fff]{0,5}?[省州市县]委|省)?(?:党校|函授|自考|自学考试|成人教育|成人|成教|电大|广播电视大学|网络教育|夜大|业余|在职)(?:学历|教育)?(?=大|本|专|研|中专|硕|博)"
)
"""Ways of studying beside work, written before the level: 省委党校大专, 自考本科."""
_OF_PLACE = re.compile(r"^.{1,16}?社区(?=党|居|支|总支|书|主|副|委|综|两委|专|网|工作|社|民|治)")
_BODIES = (
    "社区党组织",
    "社区党委",
    "社区党总支",
    "社区党支部",
    "党组织",
    "党委",
    "党总支",
    "党支部",
    "总支",
    "支部",
    "社区居委会",
    "社区居民委员会",
    "居委会",
    "居民委员会",
    "社区",
    "党",
)
_RANKS = ("书记", "主任", "副书记", "副主任", "委员")
_STAFF = ("专干", "干事", "专职工作者", "专职人员", "社区工作者", "工作者", "专员")
_GRID = ("网格员", "网格长")
_AND = re.compile(r"[、,，;；/和及\n]|兼任|兼")
_MORE = re.compile(r"[、,;/及]|兼")
_PERIOD = re.compile(r"^(.*?\d[日号年月]?)(?:至|到|~|～|--+|—+|–+|-(?=(?:19|20)\d{2}))(.*)$")
_LEADING_DATE = re.compile(r"^((?:19|20)\d{2}[年./-]\d{1,2}(?:[月./-](?:\d{1,2}[日号]?)?)?)(.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date taken to the day. `rounded`: only the month was written and its first day stands for it."""

    iso: str
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class InService:
    """An education that the cell says was got beside work, under a heading that does not say so."""

    level: str


@dataclass(frozen=True, slots=True)
class Period:
    """From and to of one cell; the end NONE for a contract without an end."""

    start: Moment | None
    end: Any


@dataclass(frozen=True, slots=True)
class Trained:
    """A training's day and what else the cell said about it."""

    day: Moment
    course: str


def _looser_post(text: str) -> tuple[str, ...]:
    """Words a post may stand under: 党总支书记兼居委会主任 → 书记、主任; 民政专干 → 专干."""
    whole = _rank(_OF_PLACE.sub("社区", folded(_BRACKET.sub("", folded_lines(text)))))
    if whole and not _MORE.search(folded(text)):  # a line break inside a cell is no second post: 社区专职 / 工作者
        return (whole,)
    parts = [_OF_PLACE.sub("社区", part) for part in _AND.split(_OF_PLACE.sub("社区", _BRACKET.sub("", folded_lines(text)))) if part]
    ranks = [_rank(part) for part in parts]
    if set(ranks) == {"书记", "主任"}:
        return ("书记、主任",)
    if len(set(ranks)) == 1 and ranks[0]:
        return (ranks[0],)
    return ("".join(parts).removesuffix("一肩挑"),)


def folded_lines(text: str) -> str:
    """Folded, with line breaks kept as signs that part."""
    return "\n".join(folded(line) for line in text.splitlines())


def _rank(part: str) -> str:
    for body in (*_BODIES, ""):
        if part.startswith(body) and part[len(body) :] in _RANKS:
            return part[len(body) :]
    for endings, word in ((_GRID, "网格员"), (_STAFF, "专干")):
        if part.endswith(endings) and not any(rank in part for rank in _RANKS):
            return word
    return ""


def _looser_education(text: str) -> tuple[str, ...]:
    """大学\\n法学学士 → 大学; 大专文化 → 大专."""
    first = _IN_SERVICE.sub("", folded(re.split(r"[\n\s、,，/(（]", text.strip())[0]))
    forms = [first]
    for word in _GENERIC:
        forms.append(first.removesuffix(word))
    found = re.match(r"^(.*?(?:大学|本科|研究生))(?:.*(?:学士|硕士|博士).*)$", first)
    return (*forms, found[1]) if found else tuple(forms)


def education_pieces(text: str) -> tuple[str, ...]:
    """What an education cell says piece by piece; 硕士 behind 大学 is a degree: 大学/工学硕士."""
    pieces = re.split(r"[\n\s、,，/;；(（)）]+", text.strip())
    return tuple(short for piece in pieces if (short := _IN_SERVICE.sub("", folded(piece))) not in ("", "硕士", "博士"))


def studied_in_service(text: str) -> bool:
    """Whether an education cell says that it was got beside work: 省委党校大专, 本科（函授）."""
    short = folded(text)
    inside = _BRACKET.search(short)
    return bool(_IN_SERVICE.match(short) or (inside and _IN_SERVICE.match(inside[1] + "大")))


def community_in(post: str) -> str:
    """The community that a post names: 清河街社区党总支书记 → 清河街社区; "" for none."""
    found = _OF_PLACE.match(folded(post))
    return found[0] if found else ""


def _looser_contract(text: str) -> tuple[str, ...]:
    short = folded(text)
    return (short.removesuffix("制"), short.removesuffix("用工"), short.removeprefix("签订"), short.removesuffix("人员"))


def _looser_kind(text: str) -> tuple[str, ...]:
    """社会工作师证书 → 社会工作师; 已取得中级 → 中级."""
    short = folded(text)
    return (short.removesuffix("证书"), short.removesuffix("证"), short.removeprefix("已取得"), short.removeprefix("持有"))


LOOSER: Final[Mapping[str, Callable[[str], tuple[str, ...]]]] = {
    "post": _looser_post,
    "education_full": _looser_education,
    "education_service": _looser_education,
    "contract": _looser_contract,
    "certificate": _looser_kind,
}
"""Further spellings to try where a cell is no word of its code list as it stands, by column."""


TWOFOLD: Final = frozenset({"post", "political_status", "education_full", "education_service"})
"""Columns whose raw cells are looked at once more for a second thing."""


def moment(cell: object) -> Moment | None:
    """A date to the day or the month; None if the cell is none."""
    day = read_day(cell)
    return Moment(day.day.isoformat(), day.precision == "month") if isinstance(day, Day) and day.precision in ("day", "month") else None


def read_period(cell: object) -> Any:
    """Beginning and end of a contract written into one cell."""
    text = folded(cell_text(cell))
    if not text:
        return None
    if is_none(text):
        return NONE
    if text in OPEN_ENDED:
        return Period(None, NONE)
    found = _PERIOD.match(text)
    start, end = (moment(found[1]), found[2]) if found else (None, "")
    until = NONE if end in OPEN_ENDED else moment(end)
    if start is None or until is None or (isinstance(until, Moment) and until.rounded):
        return NotRead("intake.period", f"“{text[:40]}”看不出起止日期", "请写成 2022.1.1-2024.12.31，起止都到日")
    return Period(start, until)


def read_training(cell: object) -> Any:
    """The day of the last training, and what else was written behind it."""
    if not isinstance(cell, str):
        return moment(cell) or read_day(cell)
    short = folded(cell_text(cell))
    if not short:
        return None
    if is_none(short):
        return NONE
    day = moment(cell)
    if day is not None:
        return day
    found = _LEADING_DATE.match(short)
    day = moment(found[1].rstrip("-./")) if found else None
    if found and day is not None and found[2]:
        return Trained(day, kept(found[2]))
    read = read_day(cell)
    if isinstance(read, Day):
        return NotRead("intake.date_short", f"“{short}”只写到年", "“最近一次培训”请写到月或日")
    return read


def expanded(values: dict[str, list[Any]], cells: dict[str, list[Any]]) -> dict[str, str]:
    """Adds the columns that stand in others' cells; gives derived column id → the column it was found in."""
    found: dict[str, str] = {}
    if "contract_period" in values:
        periods = values.pop("contract_period")
        for column, part in (("contract_signed", "start"), ("contract_ends", "end")):
            if column not in values:
                values[column] = [getattr(value, part) if isinstance(value, Period) else value for value in periods]
                found[column] = "contract_period"
    if any(isinstance(value, Trained) for value in values.get("training", ())):
        values["course"] = [value.course if isinstance(value, Trained) else None for value in values["training"]]
        values["training"] = [value.day if isinstance(value, Trained) else value for value in values["training"]]
        found["course"] = "training"
    _part_by_mode(values, found, cells)
    for source, target in (("post", "post_since"), ("political_status", "joined")):
        _put(values, found, source, target, cells, _bracketed)
    for suffix in ("full", "service"):
        if "degree" not in values:
            _put(values, found, f"education_{suffix}", f"degree_{suffix}", cells, _degree)
    return found


def _part_by_mode(values: dict[str, list[Any]], found: dict[str, str], cells: dict[str, list[Any]]) -> None:
    """Educations that say themselves that they were got beside work go where those belong."""
    full = values.get("education_full", [])
    if not any(type(value) is InService for value in full):
        return
    if "education_service" not in values:
        values["education_service"] = [None] * len(full)
        found["education_service"] = "education_full"
    beside = cells.setdefault("education_service", [""] * len(full))
    service = values["education_service"]
    for at, value in enumerate(full):
        if type(value) is InService:
            full[at] = None
            if service[at] is None:
                service[at] = value.level
                beside[at], cells["education_full"][at] = cells["education_full"][at], ""  # its degree goes with it
            elif service[at] != value.level:
                service[at] = NotRead(
                    "intake.code_doubtful", "两栏都写了在职取得的学历，而且不一样", "请把全日制学历和最高的在职学历各写一栏"
                )


def _put(
    values: dict[str, list[Any]],
    found: dict[str, str],
    source: str,
    target: str,
    cells: Mapping[str, Sequence[object]],
    read: Callable[[str], Any],
) -> None:
    if source not in values or target in values:
        return
    seen: dict[object, Any] = {}
    column = [
        seen[cell] if cell in seen else seen.setdefault(cell, read(cell) if isinstance(cell, str) else None) for cell in cells[source]
    ]
    if any(value is not None for value in column):
        values[target] = column
        found[target] = source


def _bracketed(text: str) -> Moment | NotRead | None:
    """A date in brackets behind something else; what looks like one and is none is said, not passed over."""
    inside = _BRACKET.search(folded(text)) if "(" in text or "（" in text else None
    if inside is None:
        return None
    day = read_day(inside[1])
    if isinstance(day, NotRead):
        return day if day.id in ("intake.date_impossible", "intake.date_range") else None
    if day.precision == "year":
        return NotRead("intake.date_short", f"“{inside[1]}”只写到年", "请写到月或日")
    return Moment(day.day.isoformat(), day.precision == "month")


def _degree(text: str) -> str | None:
    short = folded(text)
    if len(short) < 4 or short in ("硕士研究生", "博士研究生"):
        return None
    return next((code for word, code in _DEGREES if word in short), None)
