"""Drafts of this site: in DATA/drafts, each for a place and seen by those who may draft there; put in force and taken back.

What is put in force lies in DATA/policies afterwards; the ledger says who put it there, when, why and with which hash.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jiceng.access.scope import Scope
from jiceng.answers.drafted import Drafted, checked
from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Problems, Refusal
from jiceng.law.drafting import folders, packing
from jiceng.law.drafting.pieces import Draft, pieces
from jiceng.law.folding import folder_hash
from jiceng.law.load import folder_id
from jiceng.ledger import reading
from jiceng.ledger.books import book_of
from jiceng.ledger.models import Entry
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.runs.commit import Clock, Record, commit, local_day, undo
from jiceng.runs.law import document_subject, installed_law, site_policies

KIND, ACT = "enactment", "put_in_force"
_REPLACED = ".replaced"


@dataclass(frozen=True)
class Opened:
    """A draft as it lies here: its folder, text and pieces, the hash that a change has to name."""

    folder: Path
    files: Mapping[str, str]
    draft: Draft
    hash: str

    @property
    def id(self) -> str:
        return folder_id(self.folder)

    @property
    def place(self) -> int:
        """Where it is for; the nation if its heading does not say."""
        return self.draft.jurisdiction or tree.NATION

    @property
    def title(self) -> str:
        return str(self.draft.heading.get("title", "")) or self.id

    @property
    def last(self) -> folders.Version | None:
        """Who saved it last, and what was done."""
        kept = folders.versions(self.folder)
        return kept[0] if kept else None


@dataclass(frozen=True)
class Standing:
    """Whether a folder of this id is in force here: by which entry, whether the files are still those of the entry."""

    entry: int = 0
    hash: str = ""
    known: datetime | None = None
    actor: str = ""
    there: bool = False
    intact: bool = False
    replaced: str = ""


def drafts_root() -> Path:
    """Folder of the drafts, beside the database."""
    return Path(settings.DATA) / "drafts"


def _open(folder: Path) -> Opened:
    hash = folder_hash(folder)
    files = folders.contents(folder)
    return Opened(folder, files, pieces(files), hash)


def visible(scope: Scope) -> list[Opened]:
    """Drafts for places where the account may draft, by id."""
    return [one for one in map(_open, folders.drafts_in(drafts_root())) if scope.may("draft_law", one.place)]


def opened(scope: Scope, id: str) -> Opened:
    """A draft, if the account may draft for its place.

    Errors  Concealed for a draft that is not there or of another place: the same words for both
    """
    folder = drafts_root() / id
    if folders.ID.fullmatch(id) and (folder / "document.yaml").is_file():
        found = _open(folder)
        if scope.may("draft_law", found.place):
            return found
        raise scope.conceal("draft_law", what=f"打开草稿 {id}", place=found.place)
    raise scope.conceal("draft_law", what=f"打开草稿 {id}"[:200])


def check(found: Opened, *, instead: Mapping[str, str] | None = None) -> Drafted:
    """The draft laid over the law in use here."""
    return checked(found.folder, law=installed_law(), instead=instead)


def standing_of(id: str) -> Standing:
    """Whether and by whose act a folder is in force here."""
    folder = site_policies() / id
    there = (folder / "document.yaml").is_file()
    told = _told(id)
    if not told:
        return Standing(there=there)
    last = told[-1]
    hash = str(last.data["hash"])
    intact = there and folder_hash(folder) == hash
    by = reading.entries_by_id([last.entry])[last.entry]
    return Standing(last.entry, hash, last.known, by.actor, there, intact, str(last.data.get("replaced", "")))


def _told(id: str) -> list[FactRow]:
    told = reading.history([document_subject(id)], on=OPEN_END - timedelta(days=1), kinds=[KIND])
    return sorted(told, key=lambda row: (row.known, row.id))


def put_in_force(found: Opened, *, actor: str, basis: str, why: str, clock: Clock) -> Entry:
    """Copy the draft into DATA/policies, with an entry in the book of its place; the law in use has it at once.

    Errors  Problems draft.not_ready with every finding if it does not check or a case does not come out; Refusal draft.same if
            this very folder is in force, draft.older if one with a higher version is
    """
    told = check(found)
    _ready(found, told)
    target = site_policies() / found.id
    replaced = folder_hash(target) if (target / "document.yaml").is_file() else ""
    if replaced == found.hash:
        raise Refusal("draft.same", f"“{found.title}”已在施行，内容一样", do="不用再办")
    _not_older(found, installed_version(found.id))
    version = packing.heading_of(found.files)[1]
    data = {"document": found.id, "title": found.title, "hash": found.hash, "version": version}
    data |= {"replaced": replaced} if replaced else {}
    change = Record(document_subject(found.id), KIND, local_day(clock), None, data)
    if replaced:
        kept = drafts_root() / _REPLACED / found.id / replaced
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(target, kept)
    with transaction.atomic():
        entry = commit(book_of(found.place or tree.NATION).id, [change], actor=actor, act=ACT, basis=basis, why=why, clock=clock)
        folders.replaced_by(target, found.folder)
    installed_law(reload=True)
    return entry


def _ready(found: Opened, told: Drafted) -> None:
    if told.problems:
        raise Problems("draft.not_ready", f"“{found.title}”还有 {len(told.problems)} 处问题，不能施行", list(told.problems), do="请先改好")
    if told.wrong:
        why = "；".join(result.text for result in told.wrong[:5])
        raise Refusal("draft.not_ready", f"有 {len(told.wrong)} 个算例与应得不符，不能施行", why=why, do="请核对是规则写错，还是算例算错")


def _not_older(found: Opened, held: int) -> None:
    own = packing.heading_of(found.files)[1]
    if own < held or (own == held and any(d.id == found.id and site_policies() not in d.folder.parents for d in installed_law().documents)):
        why = f"本机施行的是第 {held} 版，草稿是第 {own} 版；同编号的以版本高的为准"
        raise Refusal("draft.older", f"“{found.title}”的版本不够高", why=why, do=f"请在“抬头”里把版本改成 {held + 1}，再施行")


def installed_version(id: str) -> int:
    """The version of the document of this id in use here; 0 without one."""
    return next((document.version for document in installed_law().documents if document.id == id), 0)


def take_back(id: str, *, actor: str, why: str, clock: Clock) -> Entry:
    """Undo the last putting in force: the folder goes, the one it had replaced comes back; both on record.

    Errors  Refusal draft.not_in_force; draft.others_rest if another folder asks for what this one brings
    """
    standing = standing_of(id)
    if not standing.entry:
        raise Refusal("draft.not_in_force", f"没有“{id}”由本系统施行的记载", do="手工放进 policies 目录的，请由管理员移走")
    target, earlier = site_policies() / id, drafts_root() / _REPLACED / id / standing.replaced
    aside = drafts_root() / _REPLACED / id / f".taken-{standing.hash}"
    if target.is_dir():
        shutil.rmtree(aside, ignore_errors=True)
        shutil.copytree(target, aside)
    with transaction.atomic():
        entry = undo(standing.entry, actor=actor, why=why, clock=clock)
        _removed(target, earlier if standing.replaced and earlier.is_dir() else None)
        try:
            installed_law(reload=True)
        except Problems as refused:
            if aside.is_dir():
                folders.replaced_by(target, aside)
            installed_law(reload=True)
            raise Refusal(
                "draft.others_rest", f"“{id}”还不能收回", why=f"收回以后别的文件夹不能载入：{refused.why}", do="请先改好或收回那些文件夹"
            ) from refused
    return entry


def _removed(target: Path, earlier: Path | None) -> None:
    if earlier is not None:
        folders.replaced_by(target, earlier)
    elif target.is_dir():
        gone = target.with_name(f".gone-{target.name}")
        shutil.rmtree(gone, ignore_errors=True)
        target.rename(gone)
        shutil.rmtree(gone)


def in_force_day(found: Opened) -> date | None:
    """The day the heading says; None if it says none."""
    from jiceng.law.scalars import calendar_day

    return calendar_day(str(found.draft.heading.get("in_force", "")))


def held(id: str) -> Opened:
    """A draft by its id, for the command line, which runs as the site.

    Errors  Refusal draft.none
    """
    folder = drafts_root() / folders.checked_id(id)
    if not (folder / "document.yaml").is_file():
        raise Refusal("draft.none", f"没有草稿“{id}”", do="用 jiceng law new 建一个，或在“起草”页查看编号")
    return _open(folder)


def taken_in(scope: Scope, told: packing.Packed, *, replacing: bool, actor: str, clock: Clock) -> Opened:
    """A packed folder as a draft here, if the account may draft for its place.

    Errors  Denied; those of `landed`
    """
    scope.require("draft_law", _place_of(told), what="导入法规文件夹")
    if (drafts_root() / told.id / "document.yaml").is_file():
        opened(scope, told.id)  # a draft of this id that another place holds stays unseen
    return landed(told, replacing=replacing, actor=actor, clock=clock)


def _place_of(told: packing.Packed) -> int:
    place = pieces(told.files).jurisdiction
    if place is None:
        raise Refusal("draft.not_packed", "文件里没有写明施行地方", do="请让对方在“抬头”里写明后重新导出")
    return place


def landed(told: packing.Packed, *, replacing: bool, actor: str, clock: Clock) -> Opened:
    """A packed folder as a draft. The same content once more changes nothing.

    Errors  Refusal draft.held if a draft or a folder in force of this id says something else and `replacing` is not said
    """
    folder = drafts_root() / told.id
    _place_of(told)
    if not (folder / "document.yaml").is_file():
        current = installed_version(told.id)
        if current and not replacing and not _same_installed(told):
            raise _held(told, f"本机施行着第 {current} 版，文件里是第 {told.version} 版，内容不同")
        return _open(folders.begun(told.id, told.files, root=drafts_root(), by=actor, at=clock(), what="导入"))
    own = _open(folder)
    if own.hash == told.hash:
        return own
    if not replacing:
        version = packing.heading_of(own.files)[1]
        raise _held(told, f"本机有同编号的草稿，第 {version} 版；文件里是第 {told.version} 版，内容不同")
    gone: dict[str, str | None] = dict.fromkeys(own.files)
    folders.changed(folder, {**gone, **told.files}, seen=own.hash, by=actor, at=clock(), what="导入代替")
    return _open(folder)


def _same_installed(told: packing.Packed) -> bool:
    return any(one.id == told.id and one.hash == told.hash for one in installed_law().documents)


def _held(told: packing.Packed, why: str) -> Refusal:
    do = "确要用文件里的，勾选“用文件里的代替”再导入（命令行加 --replace）；原来的留在版本里"
    return Refusal("draft.held", f"“{told.title or told.id}”没有导入", why=why, do=do)
