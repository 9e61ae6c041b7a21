"""Two counties side by side: what the one has must not be found out by the other. Everything of 泸定县 (B) bears a name of its own.

`DOORS` says for every address of the site what of B's is put into it; an address that is not there fails the test, so a
new page is attacked from the day it exists.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import docx
from django.test import Client
from django.urls import URLPattern, get_resolver
from pypdf import PdfReader

from jiceng.access.accounts import create_account, grant
from jiceng.access.models import Account, ListView
from jiceng.access.tokens import issue
from jiceng.desks.policy import trials
from jiceng.desks.workforce.models import BulkAct
from jiceng.intake import uploads
from jiceng.law.drafting import begun
from jiceng.law.drafting.pieces import heading_text
from jiceng.ledger import reading
from jiceng.packets import filling, rounds
from jiceng.packets.models import Delivery
from jiceng.places import reading as places
from jiceng.places import tree
from jiceng.reports import states
from jiceng.reports.returns import Period
from jiceng.runs import attaching, kept, kept_files
from jiceng.runs.commit import Record
from jiceng.runs.drafts import drafts_root
from jiceng.runs.law import installed_law
from jiceng.runs.scenarios import Scenario, ValueChange
from tests.packets.conftest import HEAD, roster
from tests.runs.world import PLAIN_COMMUNITY, TODAY, Worker, book, id_number, population

A, B = 513324, 513322
ROLES = ("viewer", "clerk", "officer", "admin")
NAMES = (
    "尉迟恭誓", "澹台灭明", "泸定甲子收表", "泸定丙寅要表", "泸定丁卯任命", "泸定戊辰视图", "泸定己巳令牌", "luding-officer",
    "泸定庚午花名册", "泸定辛未计算",
)  # fmt: skip
PHONE = "13977771234"
ID = id_number(877, date(1985, 6, 1))
CANARIES = (*NAMES, PHONE, ID, f"********{ID[-4:]}", "yuchi", "尉**")
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Field:
    """B's things by what an address calls them, and the same of things that do not exist."""

    there: dict[str, Any]
    nothing: dict[str, Any]


def clock() -> datetime:
    return NOW


def account(name: str, **roles: int) -> Account:
    made = create_account(name, display_name=name, office="示例办公室", password="Gaoshan-2024-liu", by=None, must_change=False)
    for role, place in roles.items():
        grant(made, role=role, place=place, since=date(2016, 1, 1), by=None)
    return made


def signed_in(made: Account | None, **named: Any) -> Client:
    client = Client(**named)
    if made is not None:
        client.force_login(made, backend="django.contrib.auth.backends.ModelBackend")
    return client


def build(*, place: int = B, community: int = PLAIN_COMMUNITY, names: tuple[str, ...] = NAMES, number: int = 877) -> Field:
    """A county's people, files, rounds, acts and accounts: B's, or to see the pages themselves A's. A's people are those of tests/web."""
    book(place)
    him = Worker(names[0], n=number, community=community)
    him.appoint(date(2019, 3, 1), post="secretary")
    him.write([Record(him.subject, "contact", date(2019, 3, 1), None, {}, sealed={"phone": PHONE})], on=date(2019, 3, 2))
    him.train(date(2024, 3, 10))
    population(place, 78_000, on=date(2026, 1, 1))
    owner = account(names[7], officer=place, admin=place)
    here = _papers(him.subject, place, owner, names) | _files(place, community, owner, names) | _acts(him.subject, owner)
    view = ListView.objects.create(account=owner, listing="roster", name=names[5], columns=["post"], query=f"place={place}")
    waits = {"account": owner.pk, "state": "waiting", "on": TODAY.isoformat(), "rows": 1, "done": 0, "at": NOW.isoformat()}
    export = kept_files.begin(waits)
    month = Period(date(2026, 10, 1), date(2026, 10, 31))
    sent_up = states.submit("status", place, month, by=states.By(owner.username, TODAY), clock=clock, today=TODAY)
    runs = [_run(place, names[9], day, owner) for day in (TODAY, date(2026, 10, 31))]
    token, _ = issue(owner, name=names[6], role="viewer", place=place, until=date(2027, 6, 1), today=TODAY, by=None)
    there = here | {
        "subject": him.subject, "code": place, "community": community, "view": view.pk, "export": export, "return": sent_up.pk,
        "run": runs[0], "earlier_run": runs[1], "draft": _draft(place, names[1], owner), "trial": _trial(place, names[9], owner),
        "account": owner.pk, "token": token.pk, "name": names[0], "id": id_number(number, date(1985, 6, 1)),
        "town": community // 1000, "owner": owner,
    }  # fmt: skip
    return Field(there, _nothing(there))


def _draft(place: int, title: str, owner: Account) -> str:
    """A draft of a policy folder; gives the second part of its id."""
    said = {"title": title, "short": title, "jurisdiction": str(place), "in_force": "2027-01-01", "trust": "unverified"}
    text = heading_text(said, sources=(), version=1, example=True, note="")
    shutil.rmtree(drafts_root() / f"cn-{place}", ignore_errors=True)
    begun(f"cn-{place}/2027-{owner.pk}", {"document.yaml": text}, root=drafts_root(), by=owner.username, at=NOW, what="新建")
    return f"2027-{owner.pk}"


def _run(place: int, name: str, on: date, owner: Account) -> int:
    """A kept run."""
    identity = kept.identified(("in_service",), place=place, on=on, known_by=None, clock=clock, law=installed_law())
    return int(kept.keep(kept.calculated(identity), identity, name=name, actor=owner.username, clock=clock).pk)


def _trial(place: int, name: str, owner: Account) -> int:
    """A saved simulation."""
    scenario = Scenario(date(2027, 1, 1), (ValueChange("workers_per_10k_residents", "20"),))
    trial = trials.begin(scenario, place=place, on=date(2027, 1, 31), known_by=None, account=owner, clock=clock)
    return int(trials.save(trial, name, actor=owner.username, clock=clock).pk)


def _papers(subject: int, place: int, owner: Account, names: tuple[str, ...]) -> dict[str, Any]:
    """Documents attached to a worker and to the place, and the facts of both by kind."""
    of_place = tree.subject_of(place)
    said = {"since": TODAY, "about": 0, "actor": owner.username, "basis": names[4], "why": "测试", "clock": clock}
    for about in (subject, of_place):
        paper = attaching.hold(about, title=names[4], file_name=f"{names[4]}.pdf", content=PDF)
        attaching.commit(book(place).id, [], [paper], **said)
    told = {one.fact.kind: one.fact for one in reading.everything(subject)}
    figures = {one.fact.kind: one.fact for one in reading.everything(of_place)}
    return {
        "fact": told["training"].id, "entry": told["training"].entry, "paper": told["attachment"].id,
        "place_fact": figures["population"].id, "place_paper": figures["place_attachment"].id,
    }  # fmt: skip


def _files(place: int, community: int, owner: Account, names: tuple[str, ...]) -> dict[str, Any]:
    """An upload, one pasted, a collection round with a delivery, a department's form."""
    terms, town = installed_law().terms, community // 1000
    called = places.names_of([community, town], on=TODAY)
    row = {"姓名": names[1], "身份证号": id_number(878, date(1990, 1, 1)), "街道（乡镇）": called[town], "岗位": "专职工作人员",
           "社区": called[community], "人员类别": "社区专职工作人员", "任现岗时间": "2021-03-05"}  # fmt: skip
    content = roster([[row.get(column, "") for column in HEAD]])
    sent = uploads.keep(content, name=f"{names[8]}.xlsx", account=owner, place=place, as_of=TODAY, clock=clock)
    uploads.look(sent, terms=terms)
    pasted = uploads.keep(content, name=f"粘贴{names[8]}.xlsx", account=owner, place=place, as_of=TODAY, clock=clock)
    asked = rounds.new_round(
        title=names[2], place=place, places=[town], columns=(), on=date(2026, 11, 20), due=date(2026, 11, 30),
        office="县委社会工作部（示例）", account=owner, clock=clock, today=TODAY, terms=terms,
    )  # fmt: skip
    delivery = Delivery.objects.create(round=asked, account=owner, at=NOW, done=True)
    form = filling.keep_form(content, name=f"{names[3]}.xlsx", department="某局", place=place, on=TODAY, account=owner, clock=clock)
    return {"upload": sent.pk, "pasted": pasted.pk, "round": asked.pk, "delivery": delivery.pk, "filling": form.pk}


def _acts(subject: int, owner: Account) -> dict[str, Any]:
    """An act for many only chosen, and one that has been recorded."""
    act = BulkAct.objects.create(account=owner, at=NOW, kind="training", on=TODAY, subjects=[subject])
    client = signed_in(owner)
    landed = int(client.post("/bulk/", {"kind": "training", "who": "ticked", "one": [str(subject)]})["Location"].split("/")[2])
    client.post(f"/bulk/{landed}/", {"f_level": "county", "f_kind": "in_service", "since": "2026-10-20", "basis": "名单", "why": "补记"})
    client.post(f"/bulk/{landed}/confirm/")
    return {"act": act.pk, "landed": landed, "batch": BulkAct.objects.get(pk=landed).batch}


def _nothing(there: dict[str, Any]) -> dict[str, Any]:
    """Numbers as long as those, of things that are not there."""
    far = {key: value + 40_000 for key, value in there.items() if isinstance(value, int)}
    # Places of the same level: there is no such county, street, community.
    return {**there, **far, "code": 513399, "community": 513399100001, "town": 513399100, "export": "0" * len(there["export"])}


# What of B's an argument of an address is; by the address's name where a word means several things.
ARGUMENTS = {"place": "town"} | {word: word for word in ("subject", "code", "act", "upload", "delivery", "view", "account")}
BY_NAME = {
    ("roster_correct", "fact"): "fact", ("place_correct", "fact"): "place_fact", ("roster_paper", "fact"): "paper",
    ("place_paper", "fact"): "place_paper", ("roster_export_kept", "token"): "export", ("roster_export_file", "token"): "export",
    ("tokens_revoke", "token"): "token", ("batch", "number"): "batch", ("paste_upload", "upload"): "pasted",
    ("bulk_undo", "act"): "landed",
}  # fmt: skip
NUMBERS = {"round": "round", "filling": "filling", "entry": "entry", "bulk": "act", "returns": "return", "runs": "run",
           "simulation": "trial"}
WORDS = {
    "rule": {"place": "quota_exact", "roster": "training_due", "simulation": "quota_exact"},
    "kind": {"place": "population", "roster": "training", "returns": "xlsx", "pay": "xlsx"},
    "since": {"returns": "2026-10-01"}, "what": {"returns": "lock", "pay": "lock"}, "name": {"runs": "in_service", "draft": "{draft}"},
    "area": {"draft": "cn-{code}"}, "at": {"draft": "0"}, "value": {"draft": "new"},
    "pattern": {"draft": "sum"},
    "month": {"pay": "2026-10"}, "line": {"pay": "month_basic"}, "which": {"pay": "bank"},
}  # fmt: skip

# Addresses without anything of B's in them, and how they are tried with B's things all the same.
TRIED = {
    "pay": ["/pay/?place={code}", "/pay/?place={code}&month=2026-09", "/pay/?month=2026-10"],
    "workbench": ["/?place={code}", "/?place={community}"], "workbench_asks": ["/asks/", "/asks/?place={code}"],
    "transfers": ["/transfers/?place={code}"], "career": ["/career/?place={code}", "/career/?show=unchecked&after=0-0"],
    "trend": ["/trend/?place={code}"], "moves": ["/moves/?place={code}"],
    "returns": ["/returns/?place={code}", "/returns/?place={community}", "/returns/?period=20261001-20261031"],
    "contradictions": ["/policy/contradictions/?place={code}", "/policy/contradictions/?all=1&by=document"],
    "contradictions_one": ["/policy/contradictions/0123456789abcdef/",
                           "POST /policy/contradictions/0123456789abcdef/ office=x&basis=x&why=x"],
    "simulation_home": ["/policy/simulations/", "/policy/simulations/?before=99999999"],
    "simulation_new": ["/policy/simulations/new/", "/policy/simulations/new/?place={code}",
                       "POST /policy/simulations/new/ place={code}&since=2027-01-01&v=career_years&to-career_years=8&run=1"],
    "simulation_compare": ["/policy/simulations/compare/?one={trial}&one={trial}1"],
    "draft_home": ["/policy/drafts/"], "draft_take_in": ["/policy/drafts/take-in/"],
    "draft_new": ["/policy/drafts/new/",
                  "POST /policy/drafts/new/ title=x&short=x&name=x1&place={code}&in_force=2027-01-01&trust=unverified"],
    "runs": ["/policy/runs/"], "runs_compare": ["/policy/runs/compare/?r={run}&r={earlier_run}"],
    "runs_new": ["/policy/runs/new/", "/policy/runs/new/?place={code}", "POST /policy/runs/new/ place={code}&rule=in_service&name=x"],
    "runs_movers": ["/policy/runs/compare/people/?r={run}&r={earlier_run}&name=in_service&way=came"],
    "briefing": ["/briefing/?place={code}"], "briefing_word": ["/briefing/briefing.docx?place={code}"],
    "briefing_pdf": ["/briefing/briefing.pdf?place={code}"],
    "roster": ["/roster/?place={code}", "/roster/?q={name}", "/roster/?q=yuchi", "/roster/?q=yqgs", "/roster/?q={id}", "/roster/?state=all",
               "/roster/?place={code}&due=training_overdue", "/roster/?after=0-0", "/roster/?before=999999999999-999999999999999",
               "/roster/?sort=name", "/roster/?sort=-training_due&cols=name,training_due", "/roster/?on=2024-01-01&state=all",
               "/roster/?known=2024-01-01&state=all"],
    "roster_columns": ["/roster/columns/"], "roster_view_save": ["POST /roster/views/ name=我的视图&query=place%3D{code}"],
    "roster_export": ["/roster/export/?place={code}", "/roster/export/?q={name}", "/roster/export/?state=all",
                      "POST /roster/export/ query=place%3D{code}", "POST /roster/export/ query=q%3D{name}",
                      "POST /roster/export/ query=state%3Dall"],
    "bulk_choose": ["POST /bulk/ kind=training&who=ticked&one={subject}", "POST /bulk/ kind=training&who=all&query=place%3D{code}",
                    "POST /bulk/ kind=training&who=all&query=q%3D{name}"],
    "roster_new": ["/workers/new/?place={code}", "POST /workers/new/?place={code} name=x"],
    "place_home": ["/places/", "/places/?q=泸定"], "round_home": ["/rounds/"],
    "round_new": ["/rounds/new/", "/rounds/new/?place={code}", "POST /rounds/new/ place={code}&title=x&places={town}"],
    "filling_home": ["/filling/", "POST /filling/ place={code}&department=x&on=2026-11-20"],
    "import_home": ["/import/", "POST /import/ place={code}&as_of=2026-11-20"],
    "paste": ["/import/paste/", "POST /import/paste/ place={code}&as_of=2026-11-20&text=x"],
    "import_template": ["/import/template/?place={code}"], "law": ["/law/"], "entries": ["/entries/", "/entries/?before=9999999999999999"],
    "accounts": ["/accounts/"], "tokens": ["/tokens/"],
    "accounts_new": ["/accounts/new/",
                     "POST /accounts/new/ username=xx1&display_name=x&office=x&role=viewer&place={code}&since=2026-01-01"],
    "tokens_new": ["/tokens/new/", "POST /tokens/new/ name=x&account={account}&role=viewer&place={code}&until=2027-01-01"],
    "reveals": ["/reveals/", "/reveals/?before=99999999"], "api_docs": ["/api/v1/docs/"], "api_schema": ["/api/v1/openapi.json"],
    # The same for everybody: public policy.
    "law_rule": ["/law/rule/quota/?place={code}"], "law_adopt": ["/law/adopt/cn/2024-community-workers/"],
    "law_text": ["/law/text/cn/2024-community-workers/"], "law_clause": ["/law/read/cn/2024-community-workers/8/"],
    "law_document": ["/law/cn/2024-community-workers/"],
    # Of the account's own.
    "account_login": ["/account/login/"], "account_logout": ["/account/logout/"], "account_inactive": ["/account/inactive/"],
    "account_reauthenticate": ["/account/reauthenticate/"], "account_change_password": ["/account/password/"],
    "mfa_index": ["/account/second/"],
    "mfa_authenticate": ["/account/second/check/"], "mfa_reauthenticate": ["/account/second/again/"],
    "mfa_activate_totp": ["/account/second/totp/on/"], "mfa_deactivate_totp": ["/account/second/totp/off/"],
    "mfa_view_recovery_codes": ["/account/second/codes/"], "mfa_generate_recovery_codes": ["/account/second/codes/new/"],
    "mfa_download_recovery_codes": ["/account/second/codes/file/"], "favicon": ["/favicon.ico"],
}  # fmt: skip


def patterns(resolver: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site but the operations of the API: (route, pattern)."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if not isinstance(one, URLPattern):
            yield from patterns(one, route)
        elif not getattr(one.callback, "for_programs", False):
            yield route, one


def aimed() -> dict[str, str]:
    """Address name → template, for those that take something of B's."""
    found = {}
    for route, pattern in patterns():
        name = str(pattern.name)
        if name in TRIED or "<" not in route:
            continue
        found[name] = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part, name=name: _argument(name, part.group(1)), route)
    return found


def _argument(name: str, word: str) -> str:
    head = name.partition("_")[0]
    if word in WORDS:
        return WORDS[word][head]
    if (name, word) in BY_NAME:
        return f"{{{BY_NAME[name, word]}}}"
    if (head, word) == ("returns", "place"):
        return "{code}"
    return f"{{{NUMBERS[head] if word == 'number' else ARGUMENTS[word]}}}"


def text_of(answer: Any) -> str:
    """All that an answer says, files unpacked: a name inside a workbook is told just as well."""
    body = b"".join(answer.streaming_content) if getattr(answer, "streaming", False) else answer.content
    said = body.decode("utf-8", "replace") + " ".join(f"{key}: {value}" for key, value in answer.items())
    if body[:2] == b"PK":
        said += _unpacked(body)
    if body[:4] == b"%PDF":
        said += "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return said


def _unpacked(body: bytes) -> str:
    said = ""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            said += name + (_unpacked(inner) if inner[:2] == b"PK" else inner.decode("utf-8", "replace"))
        if "word/document.xml" in archive.namelist():
            said += "\n".join(one.text for one in docx.Document(io.BytesIO(body)).paragraphs)
    return said


def leaks(text: str, asked: str = "") -> list[str]:
    """B's own words in a text; what the request itself held may come back in it."""
    return [one for one in CANARIES if one in text and one not in asked]


def plain(text: str) -> str:
    """An answer without what is different every time, or is the number asked for."""
    text = re.sub(r"[A-Za-z0-9]{64}", "stamp", text)
    return re.sub(r"\d+", "#", text)

