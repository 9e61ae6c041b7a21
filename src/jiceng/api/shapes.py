"""What answers look like. Numbers are exact: money in fen, ratios in millionths, days as ISO text; `text` is as a page prints it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["value", "missing", "unchecked", "open", "needs_decision", "ambiguous", "conflict", "not_applicable", "no_rule"]
Plain = str | int | bool


class Shape(BaseModel):
    """Nothing is answered that is not declared."""

    model_config = ConfigDict(extra="forbid")


class Coded(Shape):
    """One item of a code list of the registry of words."""

    id: str = Field(examples=["secretary"])
    text: str = Field(examples=["社区党组织书记"])


class Clause(Shape):
    """The clause an answer or a value rests on."""

    document: str
    document_title: str
    short: str
    issuer: str
    number: str
    clause: str
    mark: str = Field(examples=["〔意见·3〕"])
    trust: str
    trust_name: str
    adopted_by: str
    since: str
    note: str
    example: bool


class Replaced(Clause):
    """A definition of an upper document that this one replaced."""

    text: str


class Recorded(Shape):
    """The entry that recorded a fact."""

    entry: int
    fact: int
    actor: str
    known: str | None
    basis: str
    since: str | None


class Named(Shape):
    """A name of the registry of words with its title."""

    name: str
    title: str


class StateLine(Shape):
    """How a history rule stood after one record."""

    text: str


class HistoryRecord(Shape):
    """One record of a history behind an answer."""

    text: str
    since: str
    until: str | None
    recorded: Recorded


class Step(Shape):
    """One step of an answer."""

    name: str
    title: str
    type: str = Field(examples=["Yuan", "Ratio", "Date", "int", "bool", "Post"])
    kind: Kind
    kind_name: str
    value: int | None = Field(
        description="准确的整数，单位看 type：Yuan 分，Ratio 百万分之一，Date 自 1970-01-01 的天数，bool 0 或 1，代码用编号；没有结论为空"
    )
    text: str
    unit: str
    source: str
    source_name: str
    clause: Clause | None
    recorded: Recorded | None
    why: str
    options: list[str]
    assumes: list[str]
    missing: list[Named]
    replaced: list[Replaced]
    states: list[StateLine]
    records: list[HistoryRecord]
    inputs: list[Step]
    horizon: str | None = Field(description="到哪一天为止不会自己变化；null 为不会自己变化")


class Card(Step):
    """The answer card: the outermost step, as page and command line print it."""

    unverified: bool = Field(description="所据文本有没有未核实的")


class Told(Shape):
    """Every reading repeats the moment it is about."""

    on: str
    known_by: str | None


class CardAnswer(Told):
    """One answer."""

    answer: Card


class Brief(Shape):
    """The outermost step of an answer, without the steps it is made of."""

    name: str
    title: str
    type: str
    kind: Kind
    kind_name: str
    value: int | None
    text: str
    unit: str
    clause: Clause | None
    why: str
    missing: list[Named]
    assumes: list[str]
    horizon: str | None
    unverified: bool


class CardAnswers(Told):
    """Answers by rule, in short; the whole card of one is asked for by its rule."""

    answers: dict[str, Brief]


class PlaceLine(Shape):
    """A place in a list."""

    code: int
    name: str
    level: str = Field(examples=["county"])
    level_name: str = Field(examples=["县（区）"])


class PlaceOne(PlaceLine):
    """One place."""

    full_name: str
    kind: str
    since: str
    until: str | None
    above: list[PlaceLine]


class Places(Told):
    """A list of places."""

    places: list[PlaceLine]


class PlaceAnswer(Told):
    """One place at a moment."""

    place: PlaceOne


class CountLine(Shape):
    """A number of workers, and the list behind it (`due` of GET /workers)."""

    due: str
    title: str
    meaning: str
    rule: str
    number: int


class OverviewLine(Shape):
    """One place inside the one looked at."""

    code: int
    name: str
    members: int
    answers: dict[str, Brief]


class PlaceName(Shape):
    """A place by code and name."""

    code: int
    name: str


class OverviewAnswer(Told):
    """The figures of a place. `partial`: the same over the counties that have told; `to_ask`: those that have not."""

    place: int
    in_service: int
    answers: dict[str, Brief]
    partial: dict[str, Brief]
    counts: list[CountLine]
    lines: list[OverviewLine]
    to_ask: list[PlaceName]


class RowAnswer(Shape):
    """A rule's answer as the roster keeps it; why it is so stands on its card."""

    kind: Kind
    value: int | None = Field(description="准确的整数，单位看规则的 type；没有结论为空")
    text: str


class WorkerLine(Shape):
    """A worker on the roster. `name` is masked where the token may not see names; numbers are always masked."""

    subject: int
    name: str
    id_masked: str
    state: Literal["in_service", "left", "not_yet"]
    sex: Coded | None
    birth: str | None
    political: Coded | None
    education: Coded | None
    certificate: Coded | None
    no_certificate: bool = Field(description="true：登记了没有证书；certificate 为空而这里是 false，是没有登记")
    grade: int | None
    place: int
    place_name: str
    post: Coded | None
    worker_class: Coded | None
    post_since: str | None
    answers: dict[str, RowAnswer] = Field(description="名册上按参数 answers 所要的规则；其余为空")


class WorkersAnswer(Told):
    """One page of the roster. `after` and `before` are passed back as they are to turn the page."""

    count: int
    after: str | None
    before: str | None
    workers: list[WorkerLine]


class FieldValue(Shape):
    """One field of a fact: `value` as the ledger keeps it (money in fen, ratios in millionths, days as text, codes by id)."""

    title: str
    type: str
    value: Plain = Field(description="台账里的写法：钱为分，比率为百万分之一，日期为文字，代码用标识")
    text: str


class FactOne(Shape):
    """One fact believed at the moment. Sealed fields are named, never shown."""

    fact: int
    kind: str
    kind_name: str
    since: str
    until: str | None
    place: int | None
    place_name: str
    fields: dict[str, FieldValue]
    sealed: list[str]
    entry: int
    actor: str
    known: str


class WorkerAnswer(Told):
    """One worker with the facts behind him."""

    worker: WorkerLine
    facts: list[FactOne]


class FactsAnswer(Told):
    """Facts about a place."""

    facts: list[FactOne]


class EntryLine(Shape):
    """An entry of the ledger. `undone`: the entry that undid it."""

    entry: int
    name: str
    book: int
    seq: int
    act: str
    act_name: str
    actor: str
    known: str
    basis: str
    why: str
    batch: int | None
    undoes: int | None
    undone: int | None
    seal: str
    wrote: int
    ended: int


class EntryFact(Shape):
    """A fact that an entry wrote or ended."""

    fact: int
    subject: int
    kind: str
    kind_name: str
    text: str
    since: str
    until: str | None
    place: int | None
    believed: bool


class EntryAnswer(Shape):
    """One entry with at most 300 of the facts it wrote and ended."""

    entry: EntryLine
    wrote: list[EntryFact]
    ended: list[EntryFact]


class EntriesAnswer(Shape):
    """Entries, newest first; `before` is passed back as it is for the older ones."""

    before: int | None
    entries: list[EntryLine]


class EntryMade(Shape):
    """What a write did. `repeated`: this key was used before for the same request; nothing was done again."""

    entry: int
    name: str
    seal: str
    known: str
    repeated: bool


class UploadLine(Shape):
    """One file sent up."""

    upload: int
    name: str
    place: int
    as_of: str
    at: str
    state: Literal["read", "checked", "landing", "landed", "undone", "refused"]
    state_name: str
    size: int
    hash: str
    batch: int | None


class RowRefused(Shape):
    """One thing wrong with one row."""

    sheet: str
    row: int
    column: str
    heading: str
    id: str
    message: str
    do: str


class UploadAnswer(Shape):
    """An upload: what was understood, what would land or has landed, what is refused and why."""

    upload: UploadLine
    repeated: bool
    summary: dict[str, Any]
    refusals: list[RowRefused]


class UploadsAnswer(Shape):
    """The latest uploads about the token's places."""

    uploads: list[UploadLine]


class SentenceOne(Shape):
    """One sentence of a clause in our own words, and what the system does about it."""

    digest: str
    disposition: str
    disposition_name: str
    points: list[str]
    reason: str


class ClauseOne(Shape):
    """One clause."""

    number: str
    title: str
    sentences: list[SentenceOne]


class DocumentLine(Shape):
    """A document of the law set."""

    document: str
    title: str
    short: str
    number: str
    issuer: str
    jurisdiction: int
    dated: str | None
    published: str | None
    in_force: str
    until: str | None
    trust: str
    trust_name: str
    adopted_by: str
    version: int
    example: bool
    hash: str
    sentences: int
    coverage: dict[str, int] = Field(description="句子按处理方式：rule 规则、value 数值、thing 流程、duty 职责、none 不设")


class DocumentsAnswer(Shape):
    """The law set installed here."""

    law: str = Field(description="法规集的摘要")
    documents: list[DocumentLine]


class ValueDated(Shape):
    """What a value says from a day on; `since` null: until a lower level sets it, the reading that is used."""

    since: str | None
    text: str


class ValueOne(Shape):
    """A value of a document."""

    name: str
    title: str
    clause: str
    kind: str
    unit: str
    note: str
    by_date: list[ValueDated]


class RuleOne(Shape):
    """A rule of a document."""

    name: str
    title: str
    clause: str
    of: str
    type: str
    unit: str
    doc: str
    asks: list[Named]


class DocumentAnswer(Shape):
    """One document: clauses, values, rules."""

    document: DocumentLine
    clauses: list[ClauseOne]
    values: list[ValueOne]
    rules: list[RuleOne]


class DefinitionAnswer(Told):
    """The definition of a name in force at a place on a day."""

    name: str
    title: str
    place: int
    clause: Clause
    text: str | None = Field(description="数值；规则没有")
    rule: RuleOne | None
    replaced: list[Replaced]


class TokenAnswer(Shape):
    """What the token asking may do today."""

    name: str
    account: str
    role: str
    role_name: str
    place: int
    place_name: str
    permissions: list[str]
    until: str
    requests_a_minute: int
