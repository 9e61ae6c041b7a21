"""The board of a round: each place, what it has done, what to do next. No place is ranked by how quick it was."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

from jiceng.base.dates import chinese_date
from jiceng.base.refusals import Refusal
from jiceng.intake import uploads
from jiceng.intake.held_cells import HeldRow, serving
from jiceng.intake.models import Upload
from jiceng.packets.models import Returned, Round, Sent
from jiceng.places import reading
from jiceng.terms.registry import Terms

Clock = Callable[[], datetime]


class State(StrEnum):
    """Where a place stands."""

    waiting = "未交"
    late = "逾期未交"
    received = "已收待核"
    landing = "正在并入"
    back = "退回待改"
    merged = "已并入"


COLOURS = {
    State.waiting: "grey", State.late: "red", State.received: "amber", State.landing: "amber", State.back: "amber", State.merged: "green",
}  # fmt: skip
NEXT = {
    State.waiting: "等待交回",
    State.late: "请催办",
    State.received: "请核对后并入，或退回",
    State.landing: "正在写入，请稍候",
    State.back: "等待改好再交",
    State.merged: "已办完",
}


@dataclass(frozen=True)
class Line:
    """One place on the board. `refused` rows of its latest workbook; `merged` at any time.

    `whole_one` is the last that was not only the refused rows mended: who is `missing` is asked of it.
    `pending` is what merging lands, in order: the latest, and before it a workbook of which only the refused rows came again.
    """

    sent: Sent
    name: str
    state: State
    latest: Returned | None = None
    merged: bool = False
    whole_one: Returned | None = None
    pending: tuple[Returned, ...] = ()

    @property
    def counts(self) -> dict[str, Any]:
        """What is to be merged, or was merged last, as the uploads say."""
        shown = [one.upload.summary for one in self.pending] or ([self.latest.upload.summary] if self.latest else [])
        summed = {key: sum(int(one.get(key, 0)) for one in shown) for key in ("rows", "accepted", "new", "changed", "unchanged")}
        return {**summed, "refused": self.refused, "missing": self.missing} if shown else {}

    @property
    def refused(self) -> int:
        return int(self.latest.upload.summary.get("refused", 0)) if self.latest else 0

    @property
    def missing(self) -> int:
        return int(self.whole_one.upload.summary.get("missing", 0)) if self.whole_one else 0

    @property
    def whole(self) -> bool:
        """Whether every row of the latest workbook can land, and it left nobody out."""
        return bool(self.latest) and self.latest.upload.state == Upload.State.checked and not self.refused and not self.missing  # type: ignore[union-attr]

    @property
    def colour(self) -> str:
        return COLOURS[self.state]

    @property
    def next(self) -> str:
        if self.state is State.merged and self.missing:
            return f"请确认表中缺少的 {self.missing} 人"
        if self.state is State.received and not self.may_merge:
            return "没有可以并入的行，请退回"
        if self.state is State.back and self.latest and self.latest.upload.state == Upload.State.landed:
            return f"其余已并入，{self.refused} 行等待改好再交"
        return NEXT[self.state]

    @property
    def may_merge(self) -> bool:
        return (
            self.state in (State.received, State.back)
            and bool(self.pending)
            and self.latest is not None
            and self.latest.upload.state == Upload.State.checked
        )

    @property
    def may_send_back(self) -> bool:
        return self.state is State.received and self.latest is not None and self.latest.sent_back is None

    def as_dict(self) -> dict[str, Any]:
        """As the command line and the API say it."""
        keys = ("rows", "new", "changed", "unchanged", "refused", "missing")
        return {
            "place": self.sent.place, "name": self.name, "state": self.state.name, "state_name": self.state.value,
            "sent_workers": self.sent.workers, "upload": self.latest.upload_id if self.latest else None,
            "at": self.latest.at.isoformat() if self.latest else None, **{key: self.counts.get(key, 0) for key in keys},
        }  # fmt: skip


WAITED_FOR = (State.waiting, State.late, State.back)
"""States in which a place has to hand something in."""


def sent_in(found: Sequence[Round], *, may: Callable[[int], bool]) -> list[Sent]:
    """The workbooks of several rounds that somebody may see."""
    rows = Sent.objects.filter(round__in=list(found)).select_related("round")
    return [one for one in rows if may(one.place)]


def boards(found: Sequence[Round], sent: Sequence[Sent], *, today: date) -> dict[int, list[Line]]:
    """The lines of several rounds, by round, in two statements; without names."""
    came = _returned(sent)
    lines: dict[int, list[Line]] = {one.pk: [] for one in found}
    for one in sent:
        lines[one.round_id].append(_line(one, "", came.get(one.pk, ()), today))
    return lines


def board(round: Round, sent: Sequence[Sent], *, today: date) -> list[Line]:
    """Each place with its latest workbook, by place code, in three statements.

    Time    late from the day after the due date; a round that has been closed is no longer waited for
    """
    came = _returned(sent)
    names = reading.names_of({one.place for one in sent}, on=round.on)
    for one in sent:
        one.round = round
    return [_line(one, names.get(one.place, str(one.place)), came.get(one.pk, ()), today) for one in sent]


def _returned(sent: Sequence[Sent]) -> dict[int, list[Returned]]:
    by_sent: dict[int, list[Returned]] = {}
    for row in Returned.objects.filter(sent__in=list(sent)).select_related("upload").order_by("id"):
        by_sent.setdefault(row.sent_id, []).append(row)
    return by_sent


def _line(sent: Sent, name: str, came: Sequence[Returned], today: date) -> Line:
    kept = [row for row in came if row.upload.state != Upload.State.undone]
    latest = kept[-1] if kept else None
    late = sent.round.due < today and not sent.round.closed
    merged = any(row.upload.state == Upload.State.landed for row in kept)
    begins = max((at for at, row in enumerate(kept) if not _part(row.upload)), default=0)
    pending = tuple(row for row in kept[begins:] if row.upload.state == Upload.State.checked and row.upload.summary.get("accepted"))
    whole_one = kept[begins] if kept and not _part(kept[begins].upload) else None
    return Line(sent, name, _state(latest, late), latest, merged, whole_one, pending)


def _part(upload: Upload) -> bool:
    """Whether a workbook holds only rows that had been sent back: it has the column of the reasons, which we wrote."""
    return any(column["rule"] == "own" for sheet in upload.summary.get("sheets", ()) for column in sheet["columns"])


def came(sent: Sent) -> list[Returned]:
    """Everything a place has handed in, newest first."""
    return list(Returned.objects.filter(sent=sent).select_related("upload__account").order_by("-id"))


def missing(line: Line, *, terms: Terms) -> list[HeldRow]:
    """The persons whose rows did not come back with the last whole workbook, to be asked about."""
    if not line.missing or line.whole_one is None:
        return []
    round = line.sent.round
    try:
        gone = set(uploads.look(line.whole_one.upload, terms=terms).checked.missing)
    except Refusal:
        return []
    return [row for row in serving(line.sent.place, on=round.on, known_by=round.known_by, terms=terms) if row.subject in gone]


def _state(latest: Returned | None, late: bool) -> State:
    if latest is None:
        return State.late if late else State.waiting
    state, refused = latest.upload.state, latest.upload.summary.get("refused", 0)
    if state == Upload.State.landing:
        return State.landing
    if latest.sent_back and (state != Upload.State.landed or refused):
        return State.back
    nobody = state == Upload.State.checked and not any(latest.upload.summary.get(key, 0) for key in ("rows", "missing"))
    if state == Upload.State.landed or nobody:
        return State.merged  # a place without workers sends an empty workbook: there is nothing to land
    return State.received


def totals(lines: Sequence[Line]) -> dict[State, int]:
    """How many places stand where."""
    found = Counter(line.state for line in lines)
    return {state: found.get(state, 0) for state in State}


def sums(lines: Sequence[Line]) -> dict[str, int]:
    """One preview of several workbooks: rows new, changed, unchanged, refused, and persons left out."""
    return {key: sum(int(line.counts.get(key, 0)) for line in lines) for key in ("new", "changed", "unchanged", "refused", "missing")}


def merge(line: Line, *, actor: str, clock: Clock, terms: Terms) -> dict[str, int]:
    """A place's workbook into the ledger, at once; its batch is the upload's number, by which it is undone.

    Shape   what landed, summed where the refused rows of a workbook came again by themselves: each is a batch
    Errors  Refusal packets.not_ready; refusals of `uploads.confirm`
    """
    done = [uploads.confirm(one, actor=actor, clock=clock, terms=terms, basis=basis_of(line), why=WHY) for one in ready(line)]
    send_back_rest(line, clock=clock)
    return {key: sum(getattr(landed, key) for landed in done) for key in ("new", "changed", "unchanged")}


WHY = "收表并入"


def basis_of(line: Line) -> str:
    """On what the entry of a merged workbook rests."""
    return f"收表“{line.sent.round.title}”：{line.name}交回，截至{chinese_date(line.sent.round.on)}"


def ready(line: Line) -> list[Upload]:
    """The uploads that merging a place lands, in order.

    Errors  Refusal packets.not_ready
    """
    if not line.may_merge:
        raise Refusal("packets.not_ready", f"{line.name}的表现在不能并入", why=f"状态是“{line.state.value}”", do="请刷新后再看")
    return [one.upload for one in line.pending]


def send_back_rest(line: Line, *, clock: Clock) -> None:
    """Notes that the refused rows of a merged workbook wait for mending."""
    if line.latest and line.refused:
        send_back(line, clock=clock)


def send_back(line: Line, *, clock: Clock) -> None:
    """Notes that a workbook was sent back; it may come again as often as need be.

    Errors  Refusal packets.not_ready if nothing has come
    """
    if line.latest is None:
        raise Refusal("packets.not_ready", f"{line.name}还没有交表", do="可以催办")
    line.latest.sent_back = clock()
    line.latest.save(update_fields=["sent_back"])


def returned_workbook(line: Line, *, terms: Terms) -> bytes:
    """The refused rows of a place's latest workbook with the reasons; empty if none was refused or the file cannot be read."""
    if line.latest is None:
        return b""
    try:
        return uploads.refused_workbook(uploads.look(line.latest.upload, terms=terms))
    except Refusal:
        return b""


def returned_zip(lines: Sequence[Line], *, terms: Terms) -> bytes:
    """The refused rows of several places, one workbook a place; empty if none has any."""
    out = BytesIO()
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for line in lines:
            content = returned_workbook(line, terms=terms) if line.refused else b""
            if content:
                archive.writestr(f"退回-{line.name}-{line.sent.place}.xlsx", content)
                count += 1
    return out.getvalue() if count else b""
