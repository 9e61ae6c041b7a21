"""What a request asks of the roster, turned into the address of the roster page: one reading of filters for both."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import QueryDict
from ninja import Schema
from pydantic import Field

from jiceng.access.scope import Scope
from jiceng.api.moments import maybe_day
from jiceng.api.writing import MOST
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.asking import CODED
from jiceng.desks.workforce.list_columns import ANSWER, offered
from jiceng.desks.workforce.lists import LISTS
from jiceng.desks.workforce.roster import Listing, listing_of
from jiceng.runs.columns import NO_CODE
from jiceng.runs.law import installed_law
from jiceng.runs.models import NONE_HELD, State
from jiceng.runs.roster import IN_TREE_ORDER
from jiceng.runs.structure import AGES, SERVICE, UNTOLD
from jiceng.ui.moment import Moment

STATES = {"in_service": "", "left": str(int(State.left)), "not_yet": str(int(State.not_yet)), "all": "all"}
UNRECORDED, NONE = "unrecorded", "none"
LARGEST, MOST_ANSWERS = 200, 10
Ids = Annotated[str, Field(max_length=400, pattern=r"^[a-z0-9_]+(,[a-z0-9_]+)*$")]


class Filters(Schema):
    """The filters of the roster page; several values of one are joined by commas, code lists are by id."""

    place: int | None = Field(None, ge=0, le=MOST, description="区划代码；不写为令牌管到的全部地方")
    state: Literal["in_service", "left", "not_yet", "all"] = Field("in_service", description="在册、已离任、未到任、全部")
    q: str | None = Field(
        None, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$",
        description="姓名、拼音或完整证件号码；不能看姓名的令牌只能查证件号码",
    )  # fmt: skip
    post: Ids | None = Field(None, description="岗位，如 secretary；几个用逗号隔开，unrecorded 为没有登记（下同）")
    worker_class: Ids | None = Field(None, description="人员类别")
    education: Ids | None = Field(None, description="最高学历")
    certificate: Ids | None = Field(None, description="职业资格；none 为登记了没有证书")
    sex: Ids | None = Field(None, description="性别")
    political: Ids | None = Field(None, description="政治面貌")
    age: Ids | None = Field(None, description="年龄段：" + "、".join(f"{band.key}（{band.title}）" for band in AGES) + "、unrecorded")
    service_years: Ids | None = Field(
        None, description="社区工作年限：" + "、".join(f"{band.key}（{band.title}）" for band in SERVICE) + "，或结论的种类，如 missing"
    )
    grade: str | None = Field(None, max_length=7, pattern=r"^\d{1,3}(-\d{1,3})?$", description="等级，如 5 或 3-7")
    due: Ids | None = Field(None, description="到期与核实：" + "、".join(LISTS))
    within: int | None = Field(None, ge=1, le=36_500, description="到期的名单看几天以内；不写为 60 天")
    until: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="或到期不晚于哪一天")
    sort: str | None = Field(
        None, max_length=60, pattern=r"^-?[a-z0-9_]+$",
        description="按哪一列或哪条规则的结论排序，前面加 - 为倒序：place、birth、post、worker_class、education、certificate、grade、"
        "political、sex、post_since，或 training_due 等规则名；不写为地方和人员编号",
    )  # fmt: skip
    answers: Ids | None = Field(None, description=f"每个人还要哪些规则的结论，最多 {MOST_ANSWERS} 条，如 training_due,career_conditions")
    after: str | None = Field(None, pattern=r"^-?\d{1,19}-\d{1,18}$", description="上一页给的 after")
    before: str | None = Field(None, pattern=r"^-?\d{1,19}-\d{1,18}$", description="上一页给的 before")
    size: int = Field(50, ge=1, le=LARGEST, description=f"一页几人，最多 {LARGEST}")


def listing_asked(asked: Filters, answers: tuple[str, ...], *, scope: Scope, moment: Moment) -> Listing:
    """The roster a request describes, read and found as the page does.

    Errors  Refusal api.filter for a filter, an order or columns that are not offered; api.day; runs.building; Denied
    """
    try:
        return listing_of(address(asked, answers), scope=scope, moment=moment, kept=())
    except Refusal as refusal:
        if refusal.id not in ("page.filter", "page.columns", "page.sort"):
            raise
        raise Refusal("api.filter", refusal.what, where="筛选", why=refusal.why, do="可用的值见接口说明") from None


def address(asked: Filters, answers: tuple[str, ...]) -> QueryDict:
    """The roster page's address for a request.

    Errors  Refusal api.filter for a code, a list or an order that there is not; api.day
    """
    query = QueryDict(mutable=True)
    until = maybe_day(asked.until)
    plain = {
        "place": asked.place or "", "state": STATES[asked.state], "q": asked.q or "", "grade": asked.grade or "",
        "within": asked.within or "", "until": until.isoformat() if until else "", "sort": asked.sort or "",
    }  # fmt: skip
    for name, value in plain.items():
        query[name] = str(value)
    for name, (_, code_list, _) in CODED.items():
        query.setlist(name, _numbers(code_list, getattr(asked, "worker_class" if name == "cls" else name)))
    query.setlist("age", [UNTOLD if one == UNRECORDED else one for one in _ids(asked.age)])
    query.setlist("years", _ids(asked.service_years))
    query.setlist("due", _ids(asked.due))
    query["cols"] = ",".join([*_sorted_by(asked.sort), *(ANSWER + rule for rule in answers)])
    return query


def answers_asked(asked: Filters) -> tuple[str, ...]:
    """The rules whose answers each line is to have.

    Errors  Refusal api.filter
    """
    rules = tuple(dict.fromkeys(_ids(asked.answers)))
    there = {column.rule for column in offered(installed_law()).values()}
    unknown = next((rule for rule in rules if rule not in there), None)
    if unknown is not None or len(rules) > MOST_ANSWERS:
        what = f"没有关于人的规则“{unknown}”" if unknown is not None else f"要了 {len(rules)} 条规则的结论"
        raise Refusal("api.filter", what, where="answers", why=f"最多 {MOST_ANSWERS} 条", do="规则名见 /workers/{编号}/answers")
    return rules


def key_in(text: str | None) -> tuple[int, int] | None:
    """A page's key: value-subject.

    Errors  Refusal api.filter for numbers that no row has
    """
    if text is None:
        return None
    value, _, subject = text.rpartition("-")
    if not -(2**63) <= int(value) < 2**63:
        raise Refusal("api.filter", "翻页的位置不能用", where="after、before", do="请把上一页给的原样带回")
    return int(value), int(subject)


def _ids(text: str | None) -> list[str]:
    return text.split(",") if text else []


def _numbers(code_list: str, text: str | None) -> list[str]:
    codes = installed_law().terms.codes[code_list]
    known = {item.id: item.number for item in codes.items} | {UNRECORDED: NO_CODE}
    if code_list == "CertificateKind":
        known[NONE] = NONE_HELD
    unknown = next((id for id in _ids(text) if id not in known), None)
    if unknown is not None:
        told = "、".join([*(f"{item.id}（{item.name}）" for item in codes.items), UNRECORDED])
        raise Refusal("api.filter", f"“{codes.name}”没有代码“{unknown}”", where="筛选", do=f"可用：{told}")
    return [str(known[id]) for id in _ids(text)]


def _sorted_by(text: str | None) -> list[str]:
    """The column that is to be there for the list to be sorted by it; the first where two are sorted alike."""
    by = (text or "").removeprefix("-")
    if not by or by == IN_TREE_ORDER:
        return []
    found = next((column.key for column in offered(installed_law()).values() if column.sort == by), None)
    if found is None:
        raise Refusal("api.filter", f"不能按“{by}”排序", where="sort", do="可用的列见接口说明，规则名见 /workers/{编号}/answers")
    return [found]
