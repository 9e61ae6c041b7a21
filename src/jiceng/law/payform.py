"""pay.yaml: the pay sheet of a place as its folder declares it: lines, totals, checks, columns of the workbooks that leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiceng.base.refusals import Problem
from jiceng.law.lined import Entries, Items
from jiceng.law.scalars import calendar_day
from jiceng.rules.language import did_you_mean
from jiceng.rules.types import TypeRef

GROUPS = {"gross": "应发", "deduction": "扣款", "employer": "单位缴纳"}
TOTALS = {"gross": "应发合计", "deductions": "扣款合计", "arrears": "补发补扣", "net": "实发", "employer": "单位缴纳合计"}
PERSON_FIELDS = {
    "number": "序号", "name": "姓名", "id_number": "证件号码", "phone": "手机号", "bank_account": "银行账号", "bank_name": "开户银行",
    "place": "社区", "month": "月份",
}  # fmt: skip
DAY = "月末"
_WORDS = ("title", "clause", "day", "lines", "totals", "readings", "checks", "bank", "insurance")
_LINE = ("rule", "title", "group", "from", "until")
_CHECK = ("title", "of", "least", "most", "average_by", "only")
_COLUMN = ("title", "from", "text")
_NUMBERS = ("Yuan",)


@dataclass(frozen=True)
class PayLine:
    """One column of the sheet: the rule that answers it, and whether it is paid, taken off, or paid by the employer.

    `since`, `until`: the days between which it stands on the sheet, where the folder says so
    """

    rule: str
    title: str
    group: str
    since: date | None = None
    until: date | None = None
    line: int = 0


@dataclass(frozen=True)
class PayCheck:
    """What a sheet must satisfy before it is locked: `of` (a line's rule or a total) not below `least` or not above `most`, each
    a name of the law; with `average_by` the average over those of whom that rule says the same. `only`: a yes-or-no rule that
    says whom it is about."""

    title: str
    of: str
    least: str = ""
    most: str = ""
    average_by: str = ""
    only: str = ""
    line: int = 0


@dataclass(frozen=True)
class Column:
    """One column of a workbook: a line's rule, a total, a field of the person, or the same text in every row."""

    title: str
    take: str = ""
    text: str = ""
    line: int = 0


@dataclass(frozen=True)
class PayForm:
    """The pay sheet of a place. Rules are asked on each person's last day of service in the month, month's end for most.

    `readings`: values that say how the text is read where it is silent; printed under the sheet
    """

    document: str
    title: str
    clause: str
    lines: tuple[PayLine, ...]
    totals: Mapping[str, str] = field(default_factory=lambda: dict(TOTALS))
    readings: tuple[str, ...] = ()
    checks: tuple[PayCheck, ...] = ()
    bank: tuple[Column, ...] = ()
    insurance: tuple[Column, ...] = ()
    day: str = DAY

    def on(self, day: date) -> PayForm:
        """The form as it stands on a day: with the lines of that day."""
        lines = tuple(one for one in self.lines if (one.since is None or one.since <= day) and (one.until is None or day < one.until))
        return self if len(lines) == len(self.lines) else PayForm(**{**self.__dict__, "lines": lines})

    @property
    def names(self) -> tuple[str, ...]:
        """Names the sheet asks for: its lines in order, then what its checks need of each person."""
        asked = [one.rule for one in self.lines]
        for check in self.checks:
            asked += [name for name in (check.least, check.most, check.average_by, check.only) if name]
        return tuple(dict.fromkeys(asked))

    def of_group(self, group: str) -> tuple[PayLine, ...]:
        """The lines of one group, in order."""
        return tuple(one for one in self.lines if one.group == group)


@dataclass(frozen=True)
class _Here:
    """Where something stands, to say so in a finding."""

    path: str
    found: list[Problem]

    def refuse(self, message: str, line: int) -> None:
        self.found.append(Problem("law.pay", message, self.path, line))

    def only(self, raw: Entries, words: tuple[str, ...]) -> None:
        for key in raw:
            if key not in words:
                hint = did_you_mean(key, words) or f"：应是 {'、'.join(words)}"
                self.refuse(f"“{key}”不认识{hint}", raw.line_of(key))


def read_pay(raw: Any, *, document: str, path: str, found: list[Problem]) -> PayForm | None:
    """The pay form of one folder; None if there is none, or something in it was refused.

    Errors  appended to `found`: law.pay with line, for a shape, an unknown word, group, day or date, a title used twice
    """
    if raw in (None, ""):
        return None
    before, here = len(found), _Here(path, found)
    if not isinstance(raw, Entries):
        here.refuse("应写明 title 和 lines（“- {rule: …, title: …, group: 应发}”）", 1)
        return None
    here.only(raw, _WORDS)
    lines = _lines(raw, here)
    totals = dict(TOTALS)
    for key, title in _mapping(raw, "totals", here).items():
        if key not in TOTALS:
            here.refuse(f"totals 里的“{key}”不认识{did_you_mean(key, TOTALS) or '：应是 ' + '、'.join(TOTALS)}", raw.line_of("totals"))
        totals[key] = str(title)
    if raw.get("day", DAY) != DAY:
        here.refuse(f"day “{raw['day']}”不认识：每人按当月最后一个在岗日计算，只能写 {DAY}", raw.line_of("day"))
    form = PayForm(
        document, str(raw.get("title", "") or "工资表"), str(raw.get("clause", "")), lines, totals,
        tuple(_texts(raw, "readings", here)), tuple(_checks(raw, here)),
        tuple(_columns(raw, "bank", here)), tuple(_columns(raw, "insurance", here)),
    )  # fmt: skip
    return form if len(found) == before else None


def _lines(raw: Entries, here: _Here) -> tuple[PayLine, ...]:
    lines: list[PayLine] = []
    for item in _rows(raw, "lines", here):
        here.only(item, _LINE)
        group = next((id for id, name in GROUPS.items() if item.get("group") in (id, name)), "")
        rule, title = str(item.get("rule", "")), str(item.get("title", ""))
        if not rule or not title:
            here.refuse("一行要写 rule（规则标识）和 title（表上的名称）", item.line)
        if not group:
            words = tuple(GROUPS.values())
            hint = did_you_mean(str(item.get("group", "")), words) or f"：应是 {'、'.join(words)}"
            here.refuse(f"“{title or rule}”的 group “{item.get('group', '')}”不认识{hint}", item.line_of("group"))
        for other in lines:
            if rule == other.rule or title == other.title:
                here.refuse(f"“{title}”（{rule}）写了两次", item.line)
        since, until = (_day(item, key, here) for key in ("from", "until"))
        lines.append(PayLine(rule, title, group, since, until, item.line))
    if not any(one.group == "gross" for one in lines):
        here.refuse("lines 里没有一行“应发”", raw.line_of("lines"))
    return tuple(lines)


def _day(item: Entries, key: str, here: _Here) -> date | None:
    text = str(item.get(key, ""))
    day = calendar_day(text) if text else None
    if text and day is None:
        here.refuse(f"{key} “{text}”不是存在的日期（如 2026-07-01）", item.line_of(key))
    return day


def _checks(raw: Entries, here: _Here) -> Iterator[PayCheck]:
    for item in _rows(raw, "checks", here) if "checks" in raw else ():
        here.only(item, _CHECK)
        told = {key: str(item.get(key, "")) for key in _CHECK}
        told["of"] = _total(told["of"]) or told["of"]
        if not told["title"] or not told["of"]:
            here.refuse("一条核对要写 title 和 of（哪一行或哪个合计）", item.line)
        if not told["least"] and not told["most"]:
            here.refuse(f"核对“{told['title']}”要写 least（不低于哪个数值）或 most（不高于哪个数值）", item.line)
        yield PayCheck(**told, line=item.line)


def _columns(raw: Entries, key: str, here: _Here) -> Iterator[Column]:
    seen: set[str] = set()
    for item in _rows(raw, key, here) if key in raw else ():
        here.only(item, _COLUMN)
        title, take, text = (str(item.get(word, "")) for word in _COLUMN)
        if not title or not (take or text):
            here.refuse(f"{key} 的一列要写 title 和 from（或者 text）", item.line)
        if title in seen:
            here.refuse(f"{key} 里“{title}”写了两次", item.line)
        seen.add(title)
        yield Column(title, _total(take) or _person(take) or take, text, item.line)


def _total(word: str) -> str:
    return next((id for id, name in TOTALS.items() if word in (id, name)), "")


def _person(word: str) -> str:
    return next((id for id, name in PERSON_FIELDS.items() if word in (id, name)), "")


def _rows(raw: Entries, key: str, here: _Here) -> list[Entries]:
    rows = raw.get(key, "")
    if not isinstance(rows, Items) or not rows or not all(isinstance(one, Entries) for one in rows):
        here.refuse(f"{key} 应是“- {{…}}”的列表", raw.line_of(key))
        return []
    return list(rows)


def _mapping(raw: Entries, key: str, here: _Here) -> Mapping[str, Any]:
    told = raw.get(key, {})
    if not isinstance(told, dict):
        here.refuse(f"{key} 应是“名称: 标题”", raw.line_of(key))
        return {}
    return told


def _texts(raw: Entries, key: str, here: _Here) -> list[str]:
    told = raw.get(key, ())
    if not isinstance(told, list | tuple) or not all(isinstance(one, str) for one in told):
        here.refuse(f"{key} 应是名称的列表：[…, …]", raw.line_of(key))
        return []
    return list(told)


def check_pay(
    form: PayForm, *, path: str, types: Mapping[str, TypeRef], of: Mapping[str, str], rules: set[str], values: set[str], clauses: list[str]
) -> Iterator[Problem]:  # fmt: skip
    """Every name the form gives means what it is used for.

    Errors  law.pay: an unknown rule, value or column with near names; a line that is no amount of a worker's; an unknown clause
    """

    def refuse(message: str, line: int) -> Problem:
        return Problem("law.pay", message, path, line)

    if form.clause and clauses and form.clause not in clauses:
        yield refuse(f"工资表引的条款“{form.clause}”在 clauses.yaml 里没有{did_you_mean(form.clause, clauses)}", 1)
    for one in form.lines:
        if one.rule not in rules | values:
            yield refuse(f"“{one.title}”的规则“{one.rule}”没有{did_you_mean(one.rule, rules)}", one.line)
        elif types[one.rule].name not in _NUMBERS or of.get(one.rule, "worker") != "worker":
            yield refuse(f"“{one.title}”的规则“{one.rule}”不是一个人的金额，不能作工资表的一行", one.line)
    for name in form.readings:
        if name not in values:
            yield refuse(f"readings 里的“{name}”不是法规里的数值{did_you_mean(name, values)}", 1)
    taken = {one.rule for one in form.lines}
    for check in form.checks:
        if check.of not in taken | TOTALS.keys():
            known = [*taken, *TOTALS.values()]
            yield refuse(f"核对“{check.title}”的 of “{check.of}”不是表上的一行或合计{did_you_mean(check.of, known)}", check.line)
        for name in filter(None, (check.least, check.most, check.average_by, check.only)):
            if name not in rules | values:
                yield refuse(f"核对“{check.title}”里的“{name}”没有{did_you_mean(name, rules | values)}", check.line)
        for name in filter(None, (check.least, check.most)):
            if name in types and types[name].name not in _NUMBERS:
                yield refuse(f"核对“{check.title}”里的“{name}”不是一个金额", check.line)
        if check.only in types and types[check.only].name != "bool":
            yield refuse(f"核对“{check.title}”的 only “{check.only}”不是“是或否”的规则", check.line)
    for column in (*form.bank, *form.insurance):
        if column.take and column.take not in taken | TOTALS.keys() | PERSON_FIELDS.keys():
            hint = did_you_mean(column.take, [*taken, *TOTALS.values(), *PERSON_FIELDS.values()])
            yield refuse(f"“{column.title}”一列的 from “{column.take}”不是表上的一行、合计或人员信息{hint}", column.line)
