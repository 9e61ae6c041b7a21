"""Kept runs as an account may see them: which there are, how an answer is said, and the workbook. Page and command line ask here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db.models import Q, QuerySet

from jiceng.access.models import Export
from jiceng.access.scope import Scope
from jiceng.answers.printing import number_text
from jiceng.base.dates import day_date
from jiceng.base.kinds import KIND_NAMES, AnswerKind, kind_of
from jiceng.base.quantities import MILLION
from jiceng.base.refusals import Refusal
from jiceng.documents import stamp
from jiceng.documents.sheets import write_xlsx
from jiceng.documents.tables import Column, Kind, Row, Table, Value
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.rules.types import TypeRef
from jiceng.runs import reading
from jiceng.runs.kept import Difference, Rows, difference, rows_of
from jiceng.runs.models import KeptRun
from jiceng.terms.registry import Terms

GONE = "（不在名册）"
_KINDS: dict[str, Kind] = {"Yuan": "number", "Ratio": "number", "int": "integer", "Date": "date"}


def permission_of(kind: str) -> str:
    """What it takes to see runs of a kind: pay is for who prepares it."""
    return "pay" if kind == KeptRun.Kind.pay else "see"


def runs_in(scope: Scope) -> QuerySet[KeptRun]:
    """The runs at places an account may see, the latest first."""
    others = scope.holding("place", permission="see") & ~Q(kind=KeptRun.Kind.pay)
    pay = scope.holding("place", permission="pay") & Q(kind=KeptRun.Kind.pay)
    return KeptRun.objects.filter(others | pay).defer("heads").order_by("-made", "-id")


def run_seen(scope: Scope, number: int) -> KeptRun:
    """A run, if the account may see its place; whether there is one elsewhere is not told.

    Errors  Concealed (access.concealed)
    """
    run = KeptRun.objects.filter(pk=number).first()
    permission = permission_of(run.kind) if run else "see"
    if run is None or not scope.may(permission, run.place):
        # Of a run that is not there nobody could say that it is pay: the row of the log must not either.
        raise scope.conceal("see", what=f"查看第 {number} 号计算", place=run.place if run else None)
    return run


def said_of(run: KeptRun) -> dict[str, dict[str, Any]]:
    """Each name of a run with its title, type, unit, sum and how many of each kind, in the order asked for."""
    told: dict[str, dict[str, Any]] = run.summary["names"]  # a database may keep it in another order
    return {name: told[name] for name in dict.fromkeys([*run.names, *sorted(told)]) if name in told}


def answer_text(value: int, said: Mapping[str, Any], terms: Terms) -> str:
    """An encoded answer as printed: 3,400.00 元, 是, or why there is none."""
    kind = kind_of(value)
    return KIND_NAMES[kind] if kind is not AnswerKind.value else value_text(value, said, terms)


def value_text(value: int | None, said: Mapping[str, Any], terms: Terms) -> str:
    """A value, or a sum of values, as printed; yes and no are counted when summed."""
    return "—" if value is None else number_text(value, TypeRef(said["type"]), said["unit"], terms)


def sum_text(value: int | None, said: Mapping[str, Any], terms: Terms) -> str:
    """A sum as printed; of yes and no it is how many say yes."""
    return f"{value:,} 人" if value is not None and said["type"] == "bool" else value_text(value, said, terms)


def people_named(rows: Rows, scope: Scope | None) -> list[str]:
    """The names of rows' people as they may be seen; without a scope in full. An erased person has none."""
    names = reading.names_of(rows.subjects.tolist())
    found = zip(rows.subjects.tolist(), rows.places.tolist(), strict=True)
    told = [(names.get(subject, (GONE, 0))[0], place) for subject, place in found]
    return [name if scope is None or name == GONE else scope.shown_name(name, place=place) for name, place in told]


def between(first: KeptRun, second: KeptRun) -> tuple[KeptRun, KeptRun, Difference, int]:
    """Two runs as earlier and later, their difference under the names both have, at the narrower of their places.

    Errors  Refusal runs.places_apart, runs.nothing_common, and those of `rows_of`
    """
    old, new = sorted((first, second), key=lambda run: (run.on, run.known_by, run.pk))
    place = next((a.place for a, b in ((old, new), (new, old)) if tree.contains(b.place, a.place)), None)
    if place is None:
        why = "一次算的人不在另一次的范围里"
        raise Refusal("runs.places_apart", "这两次计算的地方不同，不能比较", why=why, do="请选同一地方，或一个在另一个之内的两次计算")
    before, after = rows_of(old), rows_of(new)
    names = [name for name in after.answers if name in before.answers]
    if not names:
        raise Refusal("runs.nothing_common", "这两次计算没有共同的规则", do="请选算过同一条规则的两次计算")
    whole = difference(before, after, names=names)
    return old, new, (whole if old.place == new.place else whole.at(place)), place


def workbook(run: KeptRun, rows: Rows, *, scope: Scope | None, terms: Terms, by: str, at: datetime) -> bytes:
    """Every row of a run as a workbook: who, where, each answer as a number where it is one.

    Shape   names as the scope shows them at the place of each row; without a scope in full
    """
    said = said_of(run)
    full = places.full_names(rows.places.tolist(), on=run.on)
    columns = (
        Column("姓名", "text", 10), Column("人员编号", "identity", 16), Column("所在地方", "text", 40),
        *(Column(one["title"], _KINDS.get(one["type"], "text"), 14, digits=2) for one in said.values()),
    )  # fmt: skip
    table = Table(
        run.name, columns,
        notes=(
            f"地方：{places.names_of([run.place], on=run.on).get(run.place, run.place)}　　共 {len(rows):,} 人",
            f"法规集：{run.law_hash}", f"结果摘要：{run.algorithm} {run.hash}　　软件版本：{run.software}",
        ),
        foot=stamp.lines(stamp.Stamp(on=run.on, known_by=run.known_by, by=by, at=at, unit=_unit(said))), sheet="计算结果", kept=1,
        filters=True,
    )  # fmt: skip
    answers = [(rows.answers[name].tolist(), one) for name, one in said.items()]
    lines: list[Row] = [
        (name, str(subject), full.get(place, str(place)), *(_cell(told[n], one, terms) for told, one in answers))
        for n, (name, subject, place) in enumerate(
            zip(people_named(rows, scope), rows.subjects.tolist(), rows.places.tolist(), strict=True)
        )
    ]
    out = BytesIO()
    write_xlsx(table, lines, out, made=at)
    return out.getvalue()


def _unit(said: Mapping[str, Mapping[str, Any]]) -> str:
    return "元" if any(one["type"] == "Yuan" for one in said.values()) else ""


def _cell(value: int, said: Mapping[str, Any], terms: Terms) -> Value:
    if kind_of(value) is not AnswerKind.value:
        return answer_text(value, said, terms)
    of = said["type"]
    if of == "Yuan":
        return Decimal(value) / 100
    if of == "Ratio":
        return Decimal(value) / MILLION
    if of == "Date":
        return day_date(value)
    return value if of == "int" else answer_text(value, said, terms)


def log_export(run: KeptRun, rows: Rows, *, scope: Scope) -> None:
    """On record before it is sent: what was taken out of the house, by whom, for which place."""
    titles: Sequence[str] = [one["title"] for one in said_of(run).values()]
    Export(
        account_id=scope.account, place=run.place, what=f"保存的计算 第 {run.pk} 号", filters=run.name,
        columns="、".join(("姓名", "人员编号", "所在地方", *titles))[:500], rows=len(rows), on=run.on, known_by=run.known_by,
        address=scope.address,
    ).save()  # fmt: skip
