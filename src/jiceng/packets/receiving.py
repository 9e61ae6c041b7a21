"""What comes back: each file recognised, kept as an upload, looked at with the same checks as any import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from jiceng.access.models import Account
from jiceng.access.scope import Denied, Scope
from jiceng.base.refusals import Refusal
from jiceng.intake import uploads
from jiceng.intake.held_cells import serving
from jiceng.intake.identity import Identity, read_identities
from jiceng.intake.layout import understand
from jiceng.intake.models import Upload
from jiceng.intake.roster import ROSTER
from jiceng.intake.sheets import Sheet
from jiceng.packets.models import Delivery, Returned, Round, Sent
from jiceng.packets.opening import Dropped, code_in, opened, sheets_of
from jiceng.packets.rounds import base_of, code_of
from jiceng.places import reading
from jiceng.terms.registry import Terms

Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Receipt:
    """What became of one file: received, again (the same file was there), or refused; of which place; in words."""

    file: str
    state: str
    text: str
    place: int = 0
    upload: int = 0
    refusal: str = ""


def receive(
    round: Round, files: Iterable[tuple[str, bytes]], *, scope: Scope | None, account: Account | None, clock: Clock, terms: Terms,
    only: int = 0, progress: Progress | None = None,
) -> list[Receipt]:  # fmt: skip
    """Files of a round taken in, each by its own number, whatever it is called now.

    Shape   one receipt a workbook, those inside zips too; one refused file keeps none of the others out
    Errors  Refusal packets.closed
    """
    if round.closed:
        raise Refusal("packets.closed", f"“{round.title}”已经结束，不再收表", do="确需补交的，请收表单位另发一次，或到导入页导入")
    sent = {one.place: one for one in round.sent.all()}
    for one in sent.values():
        one.round = round
    names = reading.names_of(sent, on=round.on)
    receipts = []
    dropped = list(opened(files))
    for at, one in enumerate(dropped, 1):
        try:
            receipts.append(_receive(one, sent, names, scope=scope, account=account, clock=clock, terms=terms, only=only))
        except Denied as denied:
            denied.keep()
            receipts.append(Receipt(one.name, "refused", "这份表所属的地方不在您的办理范围，没有收；本次已记入日志", refusal=denied.id))
        except Refusal as refusal:
            receipts.append(Receipt(one.name, "refused", refusal.text, refusal=refusal.id))
        if progress:
            progress(at, len(dropped))
    return receipts


def _receive(
    one: Dropped, sent: dict[int, Sent], names: dict[int, str], *, scope: Scope | None, account: Account | None, clock: Clock,
    terms: Terms, only: int,
) -> Receipt:  # fmt: skip
    if one.refusal is not None:
        raise one.refusal
    sheets = sheets_of(one.content)
    place = _place_of(one, sheets, sent, terms, scope, only)
    if scope is not None:
        scope.require("import", place, what=f"交回收表 {sent[place].round_id} 中区划 {place} 的表")
    if only and place != only:
        raise Refusal("packets.other_place", f"这是“{names.get(place, '别处')}”的表", do="请交到它自己那一行，或从收表页一起交")
    return _kept(one, sent[place], names[place], account=account, clock=clock, terms=terms)


def _place_of(one: Dropped, sheets: Sequence[Sheet], sent: dict[int, Sent], terms: Terms, scope: Scope | None, only: int) -> int:
    """The place whose workbook this is: by its number, else by the persons in it, else the place it was handed in for.

    Errors  Refusal packets.other_round, packets.unknown_file
    """
    code = code_in(one.content, sheets)
    if code:
        place = int(code.split("-")[2])
        if place in sent and code_of(sent[place]) == code:
            return place
        raise Refusal(
            "packets.other_round",
            "这不是这次收表发出的表",
            why=f"表上的编号是 {code}",
            do="请核对是不是别的收表的；这次的表可从本页下载",
        )
    numbers = _numbers(sheets)
    reach = [place for place in sent if scope is None or scope.may("import", place)]
    found: Counter[int] = Counter()
    for place in reach:
        rows = serving(place, on=sent[place].round.on, known_by=sent[place].round.known_by, terms=terms) if numbers else ()
        found[place] = sum(row.text("id_number") in numbers for row in rows)
    best = [place for place, times in found.items() if times and times == max(found.values())]
    if len(best) == 1:
        return best[0]
    if only in sent:
        return only
    raise Refusal(
        "packets.unknown_file", "认不出这是哪里的表", why="表上的编号和系统编号都没有了，按身份证号也对不上一个地方",
        do="请点开这个地方那一行，在它自己的页上交",
    )  # fmt: skip


def _numbers(sheets: Sequence[Sheet]) -> set[str]:
    """ID numbers that stand in the rosters of a workbook."""
    found: set[str] = set()
    for sheet in sheets:
        try:
            layout = understand(sheet, ROSTER, {})
        except Refusal:
            continue
        read = layout.by_id().get("id_number")
        if read:
            found.update(one.number for one in read_identities(layout.cells(read)) if isinstance(one, Identity))
    return found


def _kept(one: Dropped, sent: Sent, name: str, *, account: Account | None, clock: Clock, terms: Terms) -> Receipt:
    upload = uploads.keep(
        one.content, name=one.name, account=account, place=sent.place, as_of=sent.round.on, clock=clock, base=base_of(sent)
    )
    before = Returned.objects.filter(sent=sent, upload__hash=upload.hash).exclude(upload__state=Upload.State.undone).first()
    if before is not None:
        upload.delete()
        return Receipt(one.name, "again", f"{name}：与以前交过的是同一份文件，没有重复收", sent.place, before.upload_id)
    returned = Returned.objects.create(sent=sent, upload=upload, at=clock())
    return _receipt(one.name, returned, name, terms)


def _receipt(file: str, returned: Returned, name: str, terms: Terms) -> Receipt:
    place, number = returned.sent.place, returned.upload_id
    try:
        looked = uploads.look(returned.upload, terms=terms)
    except Refusal as refusal:
        return Receipt(file, "received", f"{name}：收到了，但整份读不了。{refusal.text}", place, number, refusal.id)
    said = f"新进 {looked.new}，有变化 {looked.changed}，没有变化 {looked.unchanged}，有问题 {looked.refused} 行"
    missing = len(looked.checked.missing)
    return Receipt(file, "received", f"{name}：{said}" + (f"，表中缺少 {missing} 人" if missing else ""), place, number)


def deliver(round: Round, files: Sequence[tuple[str, bytes]], *, account: Account | None, clock: Clock, place: int = 0) -> Delivery:
    """Dropped files kept until a job has looked at them.

    Errors  Refusal intake.empty_file, intake.too_large, packets.no_file, packets.closed
    """
    if not files:
        raise Refusal("packets.no_file", "没有选文件", do="请选择或拖入交回的表格或压缩包")
    if round.closed:
        raise Refusal("packets.closed", f"“{round.title}”已经结束，不再收表", do="确需补交的，请收表单位另发一次，或到导入页导入")
    kept = [{"name": name[-200:], "hash": uploads.store(content)} for name, content in files]
    return Delivery.objects.create(round=round, account=account, at=clock(), place=place, files=kept)


def take_in(delivery: Delivery, *, scope: Scope, clock: Clock, terms: Terms, progress: Progress | None = None) -> list[Receipt]:
    """The files of a delivery received; what became of each is kept with it. The zips themselves are then thrown away."""
    files = [(one["name"], uploads.stored(one["hash"]).read_bytes()) for one in delivery.files]
    receipts = receive(
        delivery.round, files, scope=scope, account=delivery.account, clock=clock, terms=terms, only=delivery.place, progress=progress
    )
    told(delivery, receipts)
    for one in delivery.files:
        uploads.forget(one["hash"])
    return receipts


def told(delivery: Delivery, receipts: Sequence[Receipt]) -> None:
    """Keeps what became of the files."""
    delivery.receipts, delivery.done = [asdict(one) for one in receipts], True
    delivery.save(update_fields=["receipts", "done"])
