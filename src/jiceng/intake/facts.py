"""What a row of the roster states, as facts: kind, since when, fields. Which of them are news is decided in `compare`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from jiceng.intake.cells import Assessed, Value
from jiceng.intake.combined import Moment
from jiceng.intake.identity import Identity
from jiceng.intake.outcome import CheckedSheet
from jiceng.intake.texts import NONE


class Stated(NamedTuple):
    """One fact a row states. `dated`: the row itself says since when; `rounded`: only to the month."""

    kind: str
    since: date
    data: Mapping[str, Any]
    sealed: Mapping[str, Any] | None = None
    place: int | None = None
    dated: bool = False
    rounded: bool = False


_LEVELS = ("primary", "junior_middle", "senior_middle", "secondary", "college", "bachelor", "master", "doctor")


class _Days(dict[str, date]):
    def __missing__(self, iso: str) -> date:
        day = self[iso] = date.fromisoformat(iso)
        return day


class _Same(dict[tuple[str, str, str], Mapping[str, Any]]):
    """The same little dictionary once, not once a row."""

    def one(self, kind: str, field: str, value: str) -> Mapping[str, Any]:
        key = (kind, field, value)
        found = self.get(key)
        if found is None:
            found = self[key] = {field: value}
        return found


def statements(sheet: CheckedSheet, *, as_of: date) -> Callable[[int], list[Stated]]:
    """A function from a position in the sheet's body (an accepted one) to what that row states.

    Shape   a row of a prefilled workbook states only the kinds in which something else was written
    """
    stated, told = _Rows(sheet, as_of).stated, sheet.layout.told
    if not told:
        return stated

    def only(position: int) -> list[Stated]:
        kinds = told.get(sheet.layout.rows[position])
        facts = stated(position)
        return facts if kinds is None else [fact for fact in facts if _kind_told(fact) in kinds]

    return only


def _kind_told(fact: Stated) -> str:
    return str(fact.data["kind"]) if fact.kind == "complete" else fact.kind


class _Rows:
    def __init__(self, sheet: CheckedSheet, as_of: date) -> None:
        blank: Sequence[Value] = [None] * len(sheet.layout.rows)
        self.sheet, self.as_of = sheet, as_of
        self.get: Callable[[str], Sequence[Value]] = lambda column: sheet.values.get(column, blank)
        self.name, self.sex, self.nation = self.get("name"), self.get("sex"), self.get("nation")
        self.post, self.class_, self.post_since = self.get("post"), self.get("class"), self.get("post_since")
        self.days = _Days()
        self.same = _Same()
        self.assessments = [values for column, values in sheet.values.items() if column.startswith("assessment")]
        self.further = [
            make
            for columns, make in (
                (("political_status", "joined"), self._political),
                (("education_full", "education_service"), self._education),
                (("certificate",), self._certificate),
                (("community_start",), self._community_start),
                (("contract",), self._contract),
                (("training",), self._training),
                (("assessment",), self._assessment),
                (("phone", "address"), self._contact),
                (("bank_account", "bank_name"), self._pay_account),
                (("remark",), self._remark),
            )
            if any(column in sheet.values for column in columns)
        ]

    def stated(self, position: int) -> list[Stated]:
        identity = self.sheet.identities[position]
        assert isinstance(identity, Identity)
        born, same = identity.birth, self.same
        sex = self.sex[position]
        facts = [
            Stated("person", born, {}, {"name": self.name[position], "id_number": identity.number, "id_type": "居民身份证"}),
            Stated("birth", born, same.one("birth", "date", born.isoformat())),
            Stated("sex", born, same.one("sex", "sex", sex if type(sex) is str else identity.sex)),
        ]
        nation = self.nation[position]
        if type(nation) is str:
            facts.append(Stated("nation", born, same.one("nation", "nation", nation)))
        facts.append(self._appointment(position))
        for make in self.further:
            make(position, born, facts)
        return facts

    def _appointment(self, position: int) -> Stated:
        since, dated, rounded = self._since(self.post_since[position])
        fields: dict[str, Any] = {"post": self.post[position]}
        if type(self.class_[position]) is str:
            fields["class"] = self.class_[position]
        place = self.sheet.places[position]
        assert isinstance(place, int)
        return Stated("appointment", since, fields, None, place, dated, rounded)

    def _since(self, value: Value) -> tuple[date, bool, bool]:
        if type(value) is Moment:
            return self.days[value.iso], True, value.rounded
        return self.as_of, False, False

    def _political(self, position: int, born: date, facts: list[Stated]) -> None:
        status, joined = self.get("political_status")[position], self.get("joined")[position]
        if type(status) is not str:
            return
        if type(joined) is Moment and status not in ("masses", "nonparty"):
            facts.append(Stated("political_status", self.days[joined.iso], {"status": status, "joined": joined.iso}))
        else:
            facts.append(Stated("political_status", self.as_of, self.same.one("political_status", "status", status)))

    def _education(self, position: int, born: date, facts: list[Stated]) -> None:
        full, service = self.get("education_full")[position], self.get("education_service")[position]
        levels = {"full_time": full, "in_service": service}
        held = [mode for mode in ("in_service", "full_time") if type(levels[mode]) is str]
        # A degree, a major or a school without a mode belongs to the highest education; of two equal ones to the later, in service.
        highest = max(held, key=lambda mode: _LEVELS.index(levels[mode]), default="")
        for mode, suffix in (("full_time", "full"), ("in_service", "service")):
            level = levels[mode]
            if type(level) is not str:
                continue
            fields = {"level": level, "mode": mode}
            for name in ("degree", "major", "school"):
                own = self.get(f"{name}_{suffix}")[position]
                value = own if own is not None else self.get(name)[position] if mode == highest else None
                if type(value) is str:
                    fields[name] = value
            facts.append(Stated("education", self.as_of, fields))
        if service is NONE and full is not None:
            facts.append(self._complete("education", born))

    def _certificate(self, position: int, born: date, facts: list[Stated]) -> None:
        kind = self.get("certificate")[position]
        if kind is NONE:
            facts.append(self._complete("certificate", born))
        if type(kind) is not str:
            return
        registered, number = self.get("certificate_registered")[position], self.get("certificate_number")[position]
        fields = {"kind": kind}
        if type(registered) is Moment:
            fields["registered"] = registered.iso
        if type(number) is str:
            fields["number"] = number
        since, _, _ = self._since(registered)
        facts.append(Stated("certificate", since, fields))

    def _community_start(self, position: int, born: date, facts: list[Stated]) -> None:
        value = self.get("community_start")[position]
        if type(value) is Moment:
            fields = self.same.one("community_start", "date", value.iso)
            facts.append(Stated("community_start", self.days[value.iso], fields, None, None, True, value.rounded))

    def _contract(self, position: int, born: date, facts: list[Stated]) -> None:
        kind = self.get("contract")[position]
        if kind is NONE:
            facts.append(self._complete("contract", born))
        if type(kind) is not str:
            return
        signed, ends = self.get("contract_signed")[position], self.get("contract_ends")[position]
        fields = {"kind": kind}
        if type(signed) is Moment:
            fields["signed"] = signed.iso
        if type(ends) is Moment:
            fields["ends"] = ends.iso
        since, _, _ = self._since(signed)
        facts.append(Stated("contract", since, fields))

    def _training(self, position: int, born: date, facts: list[Stated]) -> None:
        value = self.get("training")[position]
        if value is NONE:
            facts.append(self._complete("training", born))
        elif type(value) is Moment:
            day = self.days[value.iso]
            course = self.get("course")[position]
            fields = {"course": course} if type(course) is str else {}
            facts.append(Stated("training", day, fields, None, None, True, value.rounded))
            facts.append(self._complete("training", day))

    def _assessment(self, position: int, born: date, facts: list[Stated]) -> None:
        value = self.get("assessment")[position]
        if value is NONE:
            facts.append(self._complete("assessment", born))
        # A result belongs to the last day of its year; without a year, to the last year that was over on the roster's day.
        told = {one.year or self.as_of.year - 1: one.result for values in self.assessments if type(one := values[position]) is Assessed}
        for year in sorted(told):
            if told[year]:
                facts.append(Stated("assessment", date(year, 12, 31), {"year": year, "result": told[year]}))
        if told:
            # Known to be whole from the first of the years that were told without a gap, back from the latest.
            first = max(told)
            while first - 1 in told:
                first -= 1
            facts.append(self._complete("assessment", date(first, 12, 31)))

    def _complete(self, kind: str, since: date) -> Stated:
        """From this day on the history of a kind is known to be whole; of one who never had any, from birth."""
        return Stated("complete", since, {"kind": kind, "from": since.isoformat()})

    def _contact(self, position: int, born: date, facts: list[Stated]) -> None:
        self._sealed(position, facts, "contact", ("phone", "address"))

    def _pay_account(self, position: int, born: date, facts: list[Stated]) -> None:
        self._sealed(position, facts, "pay_account", ("bank_account", "bank_name"))

    def _sealed(self, position: int, facts: list[Stated], kind: str, columns: tuple[str, ...]) -> None:
        sealed = {name: value for name in columns if type(value := self.get(name)[position]) is str}
        if sealed:
            facts.append(Stated(kind, self.as_of, {}, sealed))

    def _remark(self, position: int, born: date, facts: list[Stated]) -> None:
        value = self.get("remark")[position]
        if type(value) is str:
            facts.append(Stated("remark", self.as_of, {"text": value}))
