"""A collection round from asking to closing: whom it may be sent to, the workbooks, who sees which of them."""

from __future__ import annotations

import hashlib
import secrets
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.db import transaction

from jiceng.access.models import Account
from jiceng.access.reveals import note_reveals
from jiceng.access.scope import Scope
from jiceng.base.dates import chinese_date
from jiceng.base.refusals import Refusal
from jiceng.intake.held_cells import SEALED, HeldRow, serving, serving_by_place
from jiceng.intake.prefilled import Sending, columns_of, write_prefilled
from jiceng.intake.roster import COLUMNS
from jiceng.intake.sent_back import Base
from jiceng.ledger.reading import pinned
from jiceng.packets.models import Round, Sent
from jiceng.places import reading, tree
from jiceng.places.tree import Level
from jiceng.terms.registry import Terms

Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]
LEVELS = {Level.county: "县（市、区）", Level.street: "街道（乡镇）", Level.community: "社区"}


@dataclass(frozen=True)
class Candidate:
    """A place a round may be sent to; `above` is the name of what it lies in, below the place that asks."""

    code: int
    name: str
    above: str
    workers: int


def levels_below(place: int) -> dict[int, str]:
    """Levels a round of a place may go to, the nearest first; a community asks itself."""
    own = tree.level_of(place)
    return {int(level): name for level, name in LEVELS.items() if level > own} or {int(own): LEVELS.get(own, "")}


def candidates(place: int, *, level: int, on: date, terms: Terms) -> list[Candidate]:
    """Every place of a level inside a place, by code, with how many serve there; those without workers too.

    Shape   at the level of communities only residents' committees
    """
    found = reading.within(place, on=on, level=Level(level))
    if level == Level.community:
        found = [one for one in found if tree.is_residents_committee(one.code)]
    counts: Counter[int] = Counter()
    for community, workers in serving_by_place(place, on=on, known_by=None, terms=terms).items():
        counts[tree.up(community, Level(level)) if tree.level_of(community) >= level else community] += workers
    above = reading.full_names({one.code for one in found}, on=on, above=place)
    return [Candidate(one.code, one.name, above.get(one.code, one.name).removesuffix(one.name), counts[one.code]) for one in found]


def new_round(
    *, title: str, place: int, places: Sequence[int], columns: Sequence[str], on: date, due: date, office: str, account: Account | None,
    clock: Clock, today: date, terms: Terms, note: str = "",
) -> Round:  # fmt: skip
    """A round with one workbook a place; nothing is made yet.

    Time    what stands in the workbooks is the state of `on` as known at this moment, whenever they are downloaded
    Errors  Refusal packets.no_place, packets.days, packets.column, packets.overlap; place.outside
    """
    if not places:
        raise Refusal("packets.no_place", "没有选收表的地方", do="请至少勾选一个地方")
    if on > today or due < today:
        raise Refusal("packets.days", "截至日不能晚于今天，交回期限不能早于今天", why=f"截至日 {on}，期限 {due}", do="请更正日期")
    if any(column not in COLUMNS for column in columns):
        raise Refusal("packets.column", "选了花名册没有的列", do="请从列表中选择")
    if any(not tree.contains(place, code) for code in places):
        raise Refusal("place.outside", "所选的地方不在收表范围内", do="请选择范围内的地方")
    if any(one != two and tree.contains(one, two) for one in places for two in places):
        raise Refusal("packets.overlap", "所选的地方有一个在另一个里面", why="同一个人会在两张表里", do="请只选同一层级的地方")
    known_by = pinned(clock)
    counts = serving_by_place(place, on=on, known_by=known_by, terms=terms)
    with transaction.atomic():
        made = Round.objects.create(
            title=title, place=place, office=office, account=account, columns=list(columns), on=on, due=due, note=note,
            at=clock(), known_by=known_by, word=secrets.token_hex(4),
        )  # fmt: skip
        Sent.objects.bulk_create(
            Sent(round=made, place=code, workers=sum(n for community, n in counts.items() if tree.contains(code, community)))
            for code in sorted(set(places))
        )
    return made


def close(round: Round, *, clock: Clock) -> None:
    """No more files are taken; what has landed stays."""
    round.closed = clock()
    round.save(update_fields=["closed"])


def visible_rounds(scope: Scope) -> list[Round]:
    """Rounds in which the account may import somewhere, newest first."""
    asked = {pk for pk, place in Sent.objects.filter(scope.holding("place", permission="import")).values_list("round_id", "place")}
    return [one for one in Round.objects.select_related("account") if one.pk in asked or scope.may("import", one.place)]


def round_for(scope: Scope, number: int) -> tuple[Round, list[Sent]]:
    """A round and its workbooks of the places where the account may import.

    Errors  Concealed for a round that is not there or asks none of the account's places
    """
    found = Round.objects.select_related("account").filter(pk=number).first()
    # Asked for whether there is a round or not: nobody learns from the time it takes.
    sent = [one for one in Sent.objects.select_related("round").filter(round=number) if scope.may("import", one.place)]
    if found is None or not (sent or scope.may("import", found.place)):
        raise scope.conceal("import", what=f"查看编号 {number} 的收表", place=found.place if found is not None else None)
    return found, sent


def sent_for(scope: Scope, number: int, place: int) -> tuple[Round, Sent]:
    """One place's workbook.

    Errors  Denied outside the account's places; Refusal packets.not_asked if the round does not ask the place
    """
    found, sent = round_for(scope, number)
    scope.require("import", place, what=f"查看收表 {number} 中区划 {place} 的表")
    for one in sent:
        if one.place == place:
            return found, one
    raise Refusal("packets.not_asked", "这次收表没有发给这个地方", do="请从收表页的列表进入")


def code_of(sent: Sent) -> str:
    """The number that stands in a workbook and that it is known by."""
    return f"JC-{sent.round_id}-{sent.place}-{sent.round.word}"


def base_of(sent: Sent) -> Base:
    """When and of which place a workbook was filled."""
    return Base(sent.place, sent.round.on, sent.round.known_by)


def names_in(round: Round) -> dict[int, str]:
    """Names of the places of a round."""
    return reading.names_of(round.sent.values_list("place", flat=True), on=round.on)


def filename(sent: Sent, names: dict[int, str]) -> str:
    """炉城街道-513301001.xlsx."""
    return f"{names.get(sent.place, '')}-{sent.place}.xlsx"


def workbook(sent: Sent, *, plain: bool, clock: Clock, terms: Terms) -> tuple[bytes, list[HeldRow]]:
    """A place's workbook and the rows in it, made from the ledger at the round's moment: the same bytes each time.

    Units   `plain`: sealed columns as they are; ask `may_reveal` and note it before handing it out
    """
    rows = serving(sent.place, on=sent.round.on, known_by=sent.round.known_by, terms=terms)
    out = BytesIO()
    write_prefilled(rows, out, sending=sending_of(sent), columns=columns_of(sent.round.columns), plain=plain, terms=terms)
    content = out.getvalue()
    if not sent.hash:
        sent.hash, sent.made = hashlib.sha256(content).hexdigest(), clock()
        sent.save(update_fields=["hash", "made"])
    return content, rows


def may_plain(scope: Scope, round: Round, sent: Sequence[Sent], *, reason: str) -> None:
    """Nothing if the account may see the sealed columns of all these places and says why; asked before the first byte leaves.

    Errors  Denied; Refusal access.reason
    """
    for one in sent:
        scope.require("reveal", one.place, what=f"收表 {round.pk} 导出证件号码")
    note_reveals(scope, {}, fields=(), reason=reason)


def sending_of(sent: Sent) -> Sending:
    """What stands around the rows of a place's workbook."""
    round = sent.round
    lines = [f"收表单位：{round.office}", f"交回期限：{chinese_date(round.due)}"]
    if round.note:
        lines.append(f"要求：{round.note}")
    name = reading.full_name(sent.place, on=round.on)
    return Sending(code_of(sent), sent.place, name, round.title, round.on, round.known_by, tuple(lines))


def note_plain(scope: Scope, round: Round, rows: Sequence[HeldRow], *, reason: str) -> None:
    """Writes down whose sealed columns are handed out in plain, before they are.

    Errors  Denied; Refusal access.reason
    """
    sealed = [column for column in columns_of(round.columns) if column.id in SEALED]
    note_reveals(scope, {row.subject: row.place for row in rows}, fields=[column.name for column in sealed], reason=reason)


def zipped(
    sent: Sequence[Sent], *, plain: bool, scope: Scope | None, reason: str, clock: Clock, terms: Terms, progress: Progress | None = None
) -> Iterator[bytes]:
    """All workbooks as one zip, in pieces as they are made: three hundred of them never stand in memory together.

    Errors  as `note_plain`, before the first piece
    """
    names = reading.names_of({one.place for one in sent}, on=sent[0].round.on) if sent else {}
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # the workbooks are compressed themselves
        for at, one in enumerate(sent, 1):
            content, rows = workbook(one, plain=plain, clock=clock, terms=terms)
            if plain and scope is not None:
                note_plain(scope, one.round, rows, reason=reason)
            archive.writestr(zipfile.ZipInfo(filename(one, names), date_time=one.round.known_by.timetuple()[:6]), content)
            if progress:
                progress(at, len(sent))
            yield sink.taken()
    yield sink.taken()


class _Sink:
    """Takes what a zip writes and gives it out again."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.at = 0

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        self.at += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self.at

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        pieces, self.pieces = b"".join(self.pieces), []
        return pieces
