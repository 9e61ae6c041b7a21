"""Documents on the pages: sent as evidence with an act or by themselves, listed, opened by whom it concerns, withdrawn."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jiceng.access.models import Denial, Reveal
from jiceng.ledger import reading
from jiceng.ledger.models import Entry
from jiceng.runs import attaching
from jiceng.terms.registry import base_terms
from tests.web.conftest import COUNTY, PLAIN_COUNTY, TODAY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PDF = b"%PDF-1.4\n%%EOF\n" + b"x" * 2000
TRAINING = {"f_level": "county", "f_kind": "in_service", "since": "2026-10-20", "basis": "培训结业名单", "why": "补记"}


@pytest.fixture(autouse=True)
def data(settings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def sent(content: bytes = PDF, name: str = "证书.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def with_evidence(client, subject: int, **more):
    """A training recorded with a document: the look, then the act."""
    address = f"/workers/{subject}/record/training/"
    looked = client.post(address, {**TRAINING, "papers": sent(), "papers_title": "结业证书", **more})
    held = [token for _, token in looked.context["held"]]
    return looked, client.post(address, {**TRAINING, "held": held, "confirmed": "yes"})


def papers(subject: int) -> list[attaching.Document]:
    return attaching.documents(subject, on=TODAY, terms=base_terms())


def test_evidence_is_recorded_in_the_same_entry_as_its_fact(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    looked, done = with_evidence(client, world.staff)
    assert ([paper.title for paper, _ in looked.context["held"]], done.status_code) == (["结业证书"], 302)
    entry = Entry.objects.order_by("-known").first()
    assert sorted(row.kind for row in reading.entry(entry.id).wrote) == ["attachment", "training"]
    assert [(one.title, one.file_name, one.entry, one.since) for one in papers(world.staff)] == [
        ("结业证书", "证书.pdf", entry.id, date(2026, 10, 20))
    ]  # fmt: skip
    shown = client.get(f"/workers/{world.staff}/history/").context["pages"].object_list
    assert [[paper.title for paper in one.documents] for one in shown if one.item.fact.kind.id == "training"] == [["结业证书"]]
    assert "attachment" not in [one.item.fact.kind.id for one in shown]


def test_going_back_keeps_the_document_that_was_sent(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    address = f"/workers/{world.staff}/record/training/"
    looked = client.post(address, {**TRAINING, "papers": sent()})
    held = [token for _, token in looked.context["held"]]
    back = client.post(address, {**TRAINING, "held": held, "back": "yes"})
    assert [paper.title for paper, _ in back.context["held"]] == ["证书"]
    # Signed anew each time, the form carries it on.
    assert f'name="held" value="{back.context["held"][0][1]}"' in back.content.decode()


def test_a_document_held_for_one_person_cannot_be_put_to_another(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    looked = client.post(f"/workers/{world.staff}/record/training/", {**TRAINING, "papers": sent()})
    held = [token for _, token in looked.context["held"]]
    for tokens in (held, ["forged", held[0][:-2] + "xx"]):
        client.post(f"/workers/{world.head}/record/training/", {**TRAINING, "held": tokens, "confirmed": "yes"})
    assert papers(world.head) == []


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script></html>", b"MZ\x90\0" + b"\0" * 400, b""])
def test_what_is_no_document_by_its_content_is_refused_on_the_form(signed_in, world: World, data: Path, content):
    client = signed_in(clerk=COUNTY)
    before = Entry.objects.count()
    answer = client.post(f"/workers/{world.staff}/record/training/", {**TRAINING, "papers": sent(content, "证书.pdf")})
    assert (answer.status_code, list(answer.context["form"].errors), Entry.objects.count()) == (422, ["papers"], before)
    assert list(data.rglob("*.sealed")) == []


def test_a_document_attached_to_a_fact_is_listed_and_opened_and_the_view_is_logged(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    fact = next(told.fact.id for told in reading.everything(world.head) if told.fact.kind == "training")
    form = client.get(f"/workers/{world.head}/documents/new/?fact={fact}")
    assert form.context["form"]["about"].value() == str(fact)
    given = {"since": "2024-03-10", "about": str(fact), "basis": "本人提交", "why": "存档", "papers_title": "证书", "papers": sent()}
    assert client.post(f"/workers/{world.head}/documents/new/", given)["Location"] == f"/workers/{world.head}/documents/"
    one = papers(world.head)[0]
    assert one.about == fact
    listed = client.get(f"/workers/{world.head}/documents/").context["papers"]
    assert [(paper.title, actor, proves) for paper, actor, _, proves in listed] == [
        ("证书", "示例办公室 clerk（示例）", "培训：培训层级 县级骨干培训，培训类别 在职培训（2024-03-10）")
    ]  # fmt: skip
    before = Reveal.objects.count()
    opened = client.get(f"/workers/{world.head}/documents/{one.fact}/")
    assert (opened.content, Reveal.objects.count() - before, Reveal.objects.latest("at").fields) == (PDF, 1, f"附件 {one.fact}")
    assert {name: opened[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control")} == {
        "Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store",
    }  # fmt: skip
    assert opened["Content-Disposition"] == "attachment; filename*=utf-8''%E8%AF%81%E4%B9%A6.pdf"


def test_who_sees_no_names_sees_only_that_there_is_a_document(signed_in, world: World):
    with_evidence(signed_in(clerk=COUNTY), world.staff)
    one = papers(world.staff)[0]
    viewer = signed_in(viewer=COUNTY)
    for address in ("documents/", "history/", "history/?view=known", "history/?kind=attachment", ""):
        page = viewer.get(f"/workers/{world.staff}/{address}").content.decode()
        assert ("结业证书" in page, "证书.pdf" in page, f"/documents/{one.fact}/" in page) == (False, False, False)
    assert "有 1 份附件" in viewer.get(f"/workers/{world.staff}/documents/").content.decode()
    denials, views = Denial.objects.count(), Reveal.objects.count()
    refused = viewer.get(f"/workers/{world.staff}/documents/{one.fact}/")
    assert (refused.status_code, refused.content.count(b"%PDF"), Denial.objects.count() - denials) == (403, 0, 1)
    assert (viewer.post(f"/workers/{world.staff}/documents/new/", {}).status_code, Reveal.objects.count()) == (403, views)


def test_an_account_of_another_county_opens_nothing(signed_in, world: World):
    with_evidence(signed_in(clerk=COUNTY), world.staff)
    one = papers(world.staff)[0]
    other = signed_in(officer=PLAIN_COUNTY)
    assert other.get(f"/workers/{world.staff}/documents/{one.fact}/").status_code == 403
    assert other.get(f"/workers/{world.elsewhere}/documents/{one.fact}/").context["refusal"].id == "attachment.unknown"


def test_a_changed_file_is_not_opened_and_says_why(signed_in, world: World, data: Path):
    client = signed_in(clerk=COUNTY)
    with_evidence(client, world.staff)
    path = next(data.rglob("*.sealed"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    refused = client.get(f"/workers/{world.staff}/documents/{papers(world.staff)[0].fact}/")
    assert (refused.status_code, refused.context["refusal"].id) == (422, "attachment.changed")


def test_withdrawing_a_document_and_undoing_that(signed_in, world: World):
    officer = signed_in(officer=COUNTY)
    with_evidence(officer, world.staff)
    fact = papers(world.staff)[0].fact
    address = f"/workers/{world.staff}/facts/{fact}/"
    looked = officer.post(address, {"how": "never", "basis": "核对", "why": "传错了文件"})
    assert (looked.context["asked"].was, looked.context["impact"].nothing) == ("结业证书", True)
    assert "没有影响任何结论" in looked.content.decode()
    officer.post(address, {"how": "never", "basis": "核对", "why": "传错了文件", "confirmed": "yes"})
    assert papers(world.staff) == []
    entry = Entry.objects.order_by("-known").first()
    officer.post(f"/entries/{entry.id}/undo/", {"why": "没有传错"})
    assert [one.title for one in papers(world.staff)] == ["结业证书"]


def test_a_place_has_documents(signed_in, world: World):
    client = signed_in(clerk=COUNTY)
    given = {"f_urban_residents": "256000", "since": "2026-01-01", "until": "", "basis": "示例统计公报", "why": "年度更新"}
    address = f"/places/{COUNTY}/record/population/"
    looked = client.post(address, {**given, "papers": sent(name="函.pdf")})
    client.post(address, {**given, "held": [token for _, token in looked.context["held"]], "confirmed": "yes"})
    listed = client.get(f"/places/{COUNTY}/documents/").context["papers"]
    assert [paper.title for paper, *_ in listed] == ["函"]
    assert client.get(f"/places/{COUNTY}/documents/{listed[0][0].fact}/").content == PDF
    assert client.get(f"/places/{COUNTY}/").context["documents_number"] == 1
    viewer = signed_in(viewer=COUNTY)
    assert viewer.get(f"/places/{COUNTY}/documents/{listed[0][0].fact}/").status_code == 403
    assert client.get(f"/places/{COUNTY}/record/place_attachment/").context["refusal"].id == "fact.kind"
