"""What answers about returns, movements, trends and attached documents look like."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jiceng.api.shapes import Brief, Kind, Shape, Told

ReturnState = Literal["draft", "submitted", "returned", "locked", "corrected"]


class ReturnLine(Shape):
    """A return in a list. `known_by`, `hash`: of what is frozen; null and empty in a draft."""

    number: int = Field(description="表的编号")
    form: str
    place: int
    place_name: str
    since: str
    on: str
    version: int
    corrects: int | None = Field(description="订正的是哪一张")
    state: ReturnState
    state_name: str
    changed: str
    known_by: str | None
    hash: str


class ReturnsAnswer(Shape):
    """Returns, the newest number first; `before` is passed back as it is for the older ones."""

    before: int | None
    returns: list[ReturnLine]


class ReturnStep(Shape):
    """Something done with a return."""

    at: str
    actor: str
    act: Literal["draft", "submit", "send_back", "lock", "correct"]
    act_name: str
    why: str
    hash: str


class ReturnColumn(Shape):
    """A column. `rule`: the rule that decides it, empty where people are counted by what is recorded."""

    id: str
    title: str
    group: str
    group_title: str
    counted: bool = Field(description="true：数的是人；false：规则对地方的结论")
    type: str
    unit: str
    rule: str


class Cell(Shape):
    """A cell: a number only where `kind` is value. `untold`: places that have not told; `partial`: the value over the others."""

    kind: Kind
    value: int | None = Field(description="准确的整数：人数；规则的结论看列的 type（Ratio 为百万分之一）")
    text: str
    clause: str = Field(description="所据条款", examples=["〔意见·8〕"])
    missing: list[str]
    why: str
    untold: list[int]
    partial: int | None


class ReturnRow(Shape):
    """A place of the return. `own`: who belongs to the place above and to no place below it."""

    key: str
    code: int
    own: bool
    name: str
    depth: int
    cells: list[Cell] = Field(description="与 columns 一一对应")


class Figures(Shape):
    """The table: the place first, then what lies below it, level by level."""

    columns: list[ReturnColumn]
    rows: list[ReturnRow]


class ReturnAnswer(Shape):
    """One return. `whole`: what is kept agrees with its hash."""

    of: ReturnLine
    whole: bool
    corrected_by: int | None
    steps: list[ReturnStep]
    figures: Figures


class PreviewAnswer(Told):
    """A return as it would stand; nothing is kept. `there`: the return of this place and period, if there is one."""

    place: int
    since: str
    there: int | None
    figures: Figures


class Mover(Shape):
    """A worker who came into a cell or went out of it."""

    subject: int
    name: str


class Change(Shape):
    """A cell that differs. `hidden`: how many more came and went whose names are not told here."""

    key: str
    place_name: str
    column: str
    column_title: str
    before: Cell | None
    after: Cell | None
    came: list[Mover]
    gone: list[Mover]
    hidden: int


class ChangesAnswer(Shape):
    """Cell by cell what differs. `against` null: compared with what is known now."""

    of: int
    version: int
    against: int | None = Field(description="与第几版比较；null 为与台账现在比较")
    count: int
    people: int
    changes: list[Change]


class ReturnMade(Shape):
    """What an act on a return made. `repeated`: this key was used before for the same request; nothing was done again."""

    of: ReturnLine
    repeated: bool


class Move(Shape):
    """One step of somebody. `cause` only of departures: an id of the word list, empty where nobody recorded one."""

    subject: int
    name: str
    day: str
    way: Literal["arrivals", "moved_in", "departures", "moved_out"]
    way_name: str
    origin_name: str
    destination_name: str
    cause: str
    cause_name: str


class MovesAnswer(Told):
    """Who came, left and moved. opening + arrivals − departures + moved_in − moved_out is who serves at the end."""

    place: int
    since: str
    arrivals: int
    departures: int
    moved_in: int
    moved_out: int
    by_cause: dict[str, int]
    count: int
    after: int | None = Field(description="下一页从第几步起；null 为最后一页")
    moves: list[Move]


class Month(Shape):
    """A month-end and what the month brought. `untold`: counties left out of `partial`."""

    on: str
    in_service: int
    answers: dict[str, Brief]
    partial: dict[str, Brief]
    untold: int
    arrivals: int
    departures: int
    moved_in: int
    moved_out: int


class TrendAnswer(Told):
    """The last 24 month-ends, the earliest first."""

    place: int
    months: list[Month]


class DocumentOne(Shape):
    """An attached document. Its content is not given here."""

    fact: int
    title: str
    file_name: str
    media: Literal["pdf", "jpg", "png", "docx", "xlsx"]
    size: int
    hash: str = Field(description="密封文件的摘要，写在台账里")
    since: str
    known: str
    entry: int
    about: int | None = Field(description="证明哪一条事实")


class DocumentsAttached(Told):
    """Documents attached. Without the right to names only how many there are."""

    count: int
    shown: bool = Field(description="false：令牌不能看姓名，只告诉有几份")
    documents: list[DocumentOne]
