"""One sheet judged: every cell read, every row held against its own ID number, its own dates and the tree of places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from jiceng.base.dates import chinese_date
from jiceng.base.refusals import Refusal
from jiceng.intake.cells import Assessed, Value, read_column, reader
from jiceng.intake.combined import TWOFOLD, InService, Moment, community_in, expanded
from jiceng.intake.days import Day, NotRead
from jiceng.intake.headings import bare
from jiceng.intake.identity import Identity, read_identities
from jiceng.intake.layout import ColumnRead, Layout
from jiceng.intake.outcome import CheckedSheet, RowRefusal
from jiceng.intake.roster import COLUMNS, LEFT_NAMES, ROSTER, STANDING_NAMES, Column
from jiceng.intake.texts import NONE, cell_text, folded, is_none
from jiceng.intake.whereabouts import NoPlace, Whereabouts
from jiceng.places.tree import Level, level_of
from jiceng.terms.registry import Terms

YOUNGEST = 16
"""Years of age below which nobody can have been hired."""


_SAID_TO_HAVE_LEFT = re.compile("已(?:经)?(?:离职|离任|离岗|辞职|调离|解聘|去世|病故)|^(?:离职|离任|辞职|去世|病故|已故)")
_NOT_IN_SERVICE = re.compile("^(?!.*返聘).*(?:离|辞|退|免|解聘|调出|去世|病故|已故)|^否|不在|^0$")
_ANYTHING = re.compile(".")


class Judged:
    """One sheet while it is judged.

    Errors  Refusal intake.column_missing if neither a column nor a title says which community
    """

    def __init__(self, layout: Layout, *, scope: int, as_of: date, terms: Terms, choices: Mapping[str, int]) -> None:
        self.layout, self.as_of = layout, as_of
        self.taken = layout.by_id()
        self.bad: set[int] = set()
        self.refusals: list[RowRefusal] = []
        self.remarks: dict[str, int] = {}
        self.values: dict[str, list[Value]] = {}
        twofold: dict[str, list[Any]] = {}
        further: dict[str, ColumnRead] = {}
        for column_id, read in self.taken.items():
            column = read.column
            assert column is not None
            if column.reader != "id_number":
                cells = layout.cells(read)
                self.values[column_id] = read_column(cells, reader(column, terms, read.heading))
                if column_id in TWOFOLD:
                    twofold[column_id] = cells
            for index in read.further:
                other = layout.columns[index]
                key = f"{column_id}:{other.letter}"
                self.values[key] = read_column(layout.cells(other), reader(column, terms, other.heading))
                further[key] = other
        self.taken.update(further)
        beside_work = sum(type(value) is InService for value in self.values.get("education_full", ()))
        if beside_work:
            self.remark("学历格里写明是党校、函授、自考等，记为在职学历", beside_work)
        self.identities = read_identities(layout.cells(self.taken["id_number"]))
        for derived, source in expanded(self.values, twofold).items():
            self.taken[derived] = self.taken[source]
        self._refuse_unread()
        self._refuse_missing()
        self._against_identity()
        self._dates()
        self._refuse_left()
        self.places = self._places(scope, choices)

    def refuse(
        self, position: int, column_id: str, id: str, message: str, do: str, candidates: tuple[tuple[int, str], ...] = (), written: str = ""
    ) -> None:
        """Notes a refusal of the row at a position."""
        read = self.taken.get(column_id)
        self.bad.add(position)
        letter, heading = (read.letter, read.heading) if read else ("", "")
        self.refusals.append(
            RowRefusal(self.layout.sheet.name, self.layout.rows[position] + 1, letter, heading, id, message, do, written, candidates)
        )

    def remark(self, text: str, times: int = 1) -> None:
        """Counts something that was taken, but not quite as written."""
        self.remarks[text] = self.remarks.get(text, 0) + times

    def result(self) -> CheckedSheet:
        """What is left when all has been judged."""
        accepted = [position for position in range(len(self.layout.rows)) if position not in self.bad]
        return CheckedSheet(self.layout, self.values, self.identities, self.places, accepted)

    def _refuse_unread(self) -> None:
        for column_id, values in self.values.items():
            rounded = 0
            for position, value in enumerate(values):
                if type(value) is NotRead:
                    if column_id == "contract_ends" and self.taken.get("contract_signed") is self.taken["contract_ends"]:
                        continue  # one cell, refused once
                    if column_id == "birth" and isinstance(self.identities[position], NotRead):
                        continue
                    self.refuse(position, column_id, value.id, value.why, value.do)
                elif type(value) is Moment and value.rounded:
                    rounded += 1
            if rounded:
                self.remark(f"“{COLUMNS[column_id].name}”只写到月，按当月 1 日计", rounded)
        undated = sum(type(value) is Assessed and not value.year for value in self.values.get("assessment", ()))
        if undated:
            self.remark(f"考核没有写年度，按 {self.as_of.year - 1} 年度计", undated)
        for position, identity in enumerate(self.identities):
            if type(identity) is NotRead:
                self.refuse(position, "id_number", identity.id, identity.why, identity.do)

    def _refuse_missing(self) -> None:
        for column in ROSTER:
            if not column.needed or column.reader == "place":
                continue
            values: Sequence[Any] = self.identities if column.id == "id_number" else self.values[column.id]
            for position, value in enumerate(values):
                if value is None or value is NONE:
                    self.refuse(position, column.id, "intake.blank_cell", f"没有填{column.name}", f"请补填{column.name}，或删去这一行")

    def _against_identity(self) -> None:
        """Birth date and sex as written against what the ID number says."""
        births, sexes = self.values.get("birth"), self.values.get("sex")
        earliest = self.as_of.replace(year=self.as_of.year - YOUNGEST, day=min(self.as_of.day, 28))
        short = 0
        for position, identity in enumerate(self.identities):
            if type(identity) is not Identity:
                continue
            short += identity.short
            if identity.birth > earliest:
                self.refuse(
                    position,
                    "id_number",
                    "intake.too_young",
                    f"按身份证号，截至{chinese_date(self.as_of)}不满 {YOUNGEST} 周岁",
                    "请核对身份证号",
                )
            if births is not None and type(births[position]) is Day and not _agrees(births[position], identity.birth):
                written = births[position]
                shown = chinese_date(written.day) if written.precision == "day" else f"{written.day.year}年{written.day.month}月"
                self.refuse(
                    position, "birth", "intake.birth_mismatch", f"出生年月写的是{shown}，身份证号里是{chinese_date(identity.birth)}",
                    "请对照证件更正其中一个；档案与证件不一致的，先按干部人事档案认定程序认定",
                )  # fmt: skip
            if sexes is not None and type(sexes[position]) is str and sexes[position] != identity.sex:
                said, meant = ("男", "女") if sexes[position] == "male" else ("女", "男")
                self.refuse(position, "sex", "intake.sex_mismatch", f"性别写的是{said}，身份证号里是{meant}", "请对照证件更正其中一个")
        if short:
            self.remark("15 位身份证号已换算成 18 位", short)

    def _dates(self) -> None:
        """No date after the day the roster states, none before working age, and the pairs in order."""
        last = self.as_of.isoformat()
        for column in ROSTER:
            if column.reader not in ("date", "training") or column.id not in self.values or column.id == "contract_ends":
                continue
            for position, value in enumerate(self.values[column.id]):
                if type(value) is not Moment:
                    continue
                if value.iso > last:
                    self.refuse(
                        position, column.id, "intake.date_after",
                        f"{column.name} {_shown(value)} 晚于本表的截至日 {chinese_date(self.as_of)}",
                        "请核对日期，或把截至日改晚",
                    )  # fmt: skip
                elif column.id in ("post_since", "community_start"):
                    self._old_enough(position, column, value)
        self._ordered("community_start", "post_since", "从事社区工作时间", "任现岗时间")
        self._ordered("contract_signed", "contract_ends", "合同签订日期", "合同到期日")
        contract_kinds = self.values.get("contract")
        for position, value in enumerate(self.values.get("contract_ends", ())):
            if type(value) is Moment and (contract_kinds is None or type(contract_kinds[position]) is not str):
                none = contract_kinds is not None and contract_kinds[position] is NONE
                self.refuse(
                    position,
                    "contract_ends",
                    "intake.contract_kind",
                    "有合同到期日，" + ("却写着没有合同" if none else "没有写合同类型"),
                    "请补填合同类型，或清空到期日",
                )

    def _refuse_left(self) -> None:
        """Somebody who has left is not to come in as one in service."""
        for read in self.layout.columns:
            heading = bare(read.heading)
            if read.column and read.column.id == "remark":
                left = _SAID_TO_HAVE_LEFT
            elif read.rule == "unknown" and heading in STANDING_NAMES:
                left = _NOT_IN_SERVICE
            elif read.rule == "unknown" and heading.startswith(LEFT_NAMES):
                left = _ANYTHING
            else:
                continue
            self.taken.setdefault(f"left:{read.letter}", read)
            for position, cell in enumerate(self.layout.cells(read)):
                text = folded(cell_text(cell))
                if text and not is_none(text) and left.search(text):
                    self.refuse(
                        position, f"left:{read.letter}", "intake.left", f"写着“{text[:20]}”，这人已不在册",
                        "名册只收在册的人：请删去这一行，再到人员页办理离任；仍在册的请改正这一格",
                    )  # fmt: skip

    def _old_enough(self, position: int, column: Column, value: Moment) -> None:
        identity = self.identities[position]
        if type(identity) is Identity and int(value.iso[:4]) - identity.birth.year < YOUNGEST:
            self.refuse(position, column.id, "intake.date_before", f"{column.name} {_shown(value)} 时不满 {YOUNGEST} 周岁", "请核对日期")

    def _ordered(self, first: str, then: str, first_name: str, then_name: str) -> None:
        if first not in self.values or then not in self.values:
            return
        for position, (one, two) in enumerate(zip(self.values[first], self.values[then], strict=True)):
            if type(one) is not Moment or type(two) is not Moment or one.iso <= two.iso:
                continue
            if (one.rounded or two.rounded) and one.iso[:7] == two.iso[:7]:
                continue
            self.refuse(
                position, then, "intake.date_order", f"{then_name} {_shown(two)} 早于{first_name} {_shown(one)}", "请核对这两个日期"
            )

    def _places(self, scope: int, choices: Mapping[str, int]) -> list[int | NoPlace]:
        has_community = "community" in self.taken
        named = self._named_by_posts() if not has_community else []
        hints = () if has_community else (self.layout.sheet.name, *self.layout.titles)
        where = Whereabouts(scope=scope, on=self.as_of, choices=choices, hints=hints)
        sections = self._sections(where)
        if not has_community and not where.hint and "street" not in self.taken and not any(sections) and not any(named):
            raise Refusal(
                "intake.column_missing", "缺少“社区”列，表名和标题里也看不出是哪个社区", where=f"工作表“{self.layout.sheet.name}”",
                do="请在表里补上“社区”列；如果整张表是一个社区的，请在上传时选择这个社区",
            )  # fmt: skip
        blank = [""] * len(self.layout.rows)
        if not has_community and where.hint and not any(sections):
            self.remark(f"没有“社区”列，按表名或标题里的“{where.hint_text}”计", len(blank))
        columns = [
            [v if type(v) is str else "" for v in self.values[c]] if c in self.values else blank for c in ("county", "street", "community")
        ]
        found: list[int | NoPlace] = []
        for position, key in enumerate(zip(*columns, strict=True)):
            if not key[2] and sections and sections[position]:
                found.append(sections[position])
                continue
            if named and named[position]:
                key = (key[0], key[1], named[position])
            place = where.place(*key)
            found.append(place)
            if type(place) is NoPlace:
                written = "/".join(part for part in key if part)
                column = "community" if has_community else "post" if named else "street"
                self.refuse(position, column, place.id, place.why, place.do, place.candidates, written)
            elif has_community and not key[2] and level_of(scope) is not Level.community:
                self.refuse(position, "community", "intake.place_blank", "没有写在哪个社区", "请填写社区（合并单元格请拆开填满）")
        return found

    def _named_by_posts(self) -> list[str]:
        """The community in each row's post (清河街社区党总支书记); empty if no post names any."""
        named = [community_in(cell_text(cell)) for cell in self.layout.cells(self.taken["post"])]
        if any(named):
            self.remark("没有“社区”列，按岗位里写的社区计", sum(map(bool, named)))
        return named if any(named) else []

    def _sections(self, where: Whereabouts) -> list[int]:
        """The community that the heading above each row names; 0 where none does. Empty if no heading names any."""
        named = [(row, where.named_in(text)) for row, text in self.layout.sections]
        if not any(code for _, code in named):
            return []
        found, here = [], 0
        following = iter(named)
        upcoming = next(following, None)
        for row in self.layout.rows:
            while upcoming is not None and upcoming[0] < row:
                here, upcoming = upcoming[1], next(following, None)
            found.append(here)
        return found


def _agrees(written: Day, birth: date) -> bool:
    """Whether a birth date as written can be the one in the ID number, at the precision it was written in."""
    day = written.day
    if written.precision == "lost":  # 1990.1 as a number: January or October
        return day.year == birth.year and birth.month in (1, 10)
    if written.precision == "year":
        return day.year == birth.year
    if written.precision == "month" or day.day == 1:  # a cell formatted as year and month holds the first
        return (day.year, day.month) == (birth.year, birth.month)
    return day == birth


def _shown(value: Moment) -> str:
    return chinese_date(date.fromisoformat(value.iso))
