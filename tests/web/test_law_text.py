"""Import of official text by page: sent up, texts chosen, taken over, shown beside the digests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from jiceng.runs.law import installed_law
from jiceng.runs.texts import kept_text
from tests.law.text import articles, opinion
from tests.web.conftest import COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]
OPINION = "cn/2024-community-workers"
DOOR = f"/law/text/{OPINION}/"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    shutil.rmtree(Path(settings.DATA) / "texts", ignore_errors=True)
    yield
    shutil.rmtree(Path(settings.DATA) / "texts", ignore_errors=True)


def sent(client, text: str | bytes, name: str = "page.txt"):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(DOOR, {"file": SimpleUploadedFile(name, content)})


def page() -> str:
    return opinion.page(installed_law().document(OPINION))


def taken(client, text: str):
    """Sends a page and takes its text over as the page offers it."""
    shown = client.get(sent(client, text)["Location"]).context
    form = {"page": shown["page_digest"], "file": shown["file"], "text": shown["position"]}
    return client.post(DOOR, form | ({"replace": "1"} if shown["looked"].differs else {}))


def test_a_page_sent_up_shows_its_texts_and_what_is_missing(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    shown = client.get(sent(client, page())["Location"]).context
    assert [(text.title, own) for text, own in shown["texts"]] == [
        (articles.CARPENTER_TITLE, False), ("　".join(articles.FAIR_TITLES), False), (articles.CANTEEN_TITLE, False),
        (installed_law().document(OPINION).title, True),
    ]  # fmt: skip
    assert (shown["clauses_found"], shown["sentences_found"], shown["same"]) == (17, 76, False)
    assert shown["looked"].matched.missing[0] == "缺开头：本页从半截开始，注明“紧接第一版”"
    assert kept_text(OPINION) is None


def test_taken_over_it_stands_beside_the_digests_with_who_and_from_where(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    assert taken(client, page())["Location"] == f"/law/{OPINION}/"
    answer = client.get(f"/law/{OPINION}/")
    kept = answer.context["kept"]
    assert (kept.file, kept.source, kept.by, len(kept.clauses), answer.context["broken"]) == ("page.txt", "据示例社", "officer", 17, [])
    document = installed_law().document(OPINION)
    for (clause, text, rows), own in zip(answer.context["beside"], document.clauses, strict=True):
        assert (clause.number, text.intact) == (own.number, True)
        assert [(original, sentence) for original, sentence, _ in rows] == [(opinion.sentence(one.digest), one) for one in own.sentences]
    third = {title: words for _, _, rows in answer.context["beside"][2:3] for *_, does in rows for _, title, words in does["points"]}
    assert third[installed_law().titles["workers_per_10k_residents"]] == "18 人"
    assert third[installed_law().titles["quota_rounding"]] == "取整未定：原文没有写应配人数怎样取整，由市或县确定"


def test_a_changed_character_is_marked_and_replaces_only_when_said(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    taken(client, page())
    changed = page().replace("人口18名", "人口19名")
    answer = client.get(sent(client, changed)["Location"])
    assert answer.context["looked"].differs == ("3",)
    assert '1<del class="tag red">8</del><ins class="tag green">9</ins>名' in answer.content.decode()
    shown = answer.context
    refused = client.post(DOOR, {"page": shown["page_digest"], "file": shown["file"], "text": ""})
    assert (refused.status_code, refused.context["refusal"].id) == (422, "lawtext.changed")
    taken(client, changed)
    assert "人口19名" in kept_text(OPINION).clauses[2].printed


def test_a_kept_file_that_was_touched_is_shown_on_the_law_page(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    taken(client, page())
    path = Path(settings.DATA) / "texts" / f"{OPINION}.json"
    path.write_text(path.read_text(encoding="utf-8").replace("一万名", "二万名"), encoding="utf-8")
    answer = client.get(f"/law/{OPINION}/")
    assert answer.context["broken"] == ["3"]
    assert "哈希不符：第 3 条" in answer.content.decode()


def test_a_clause_without_digest_and_a_digest_without_clause_are_both_shown(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    taken(client, page().replace("17.深化", "18.深化"))
    answer = client.get(f"/law/{OPINION}/")
    assert [clause.number for clause in answer.context["undigested"]] == ["18"]
    assert [clause.number for clause, text, _ in answer.context["beside"] if text is None] == ["17"]
    assert answer.content.decode().count(opinion.OPENING) == 1


def test_the_law_page_with_its_text_stays_small(signed_in, world: World, django_assert_max_num_queries):
    client = signed_in(officer=COUNTY)
    taken(client, page())
    with django_assert_max_num_queries(10):
        size = len(client.get(f"/law/{OPINION}/").content)
    assert size < 60_000


def test_a_page_without_the_document_offers_its_texts_to_choose_from(signed_in, world: World):
    client = signed_in(officer=COUNTY)
    answer = client.get(sent(client, "\n".join(articles.stacked(articles.duty_paragraphs(), 30)))["Location"])
    assert answer.context["refusal_text"].startswith("不能断定哪一篇是")
    assert [own for _, own in answer.context["texts"]] == [False]
    chosen = client.get(answer.wsgi_request.get_full_path() + "&text=1").context
    assert [own for _, own in chosen["texts"]] == [True]
    assert len(chosen["looked"].matched.problems) == 17


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00", b" "])
def test_a_file_that_is_no_text_is_refused_at_the_form(signed_in, world: World, content):
    answer = sent(signed_in(officer=COUNTY), content)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def test_an_address_of_a_page_that_is_not_there(signed_in, world: World):
    answer = signed_in(officer=COUNTY).get(f"{DOOR}?page=../../keys")
    assert (answer.status_code, answer.context["refusal"].id) == (422, "lawtext.page_gone")


def test_only_who_may_confirm_law_imports_it_and_everybody_reads_it(signed_in, world: World):
    taken(signed_in(officer=COUNTY), page())
    clerk, viewer = signed_in(clerk=COUNTY), signed_in(viewer=COUNTY)
    assert (clerk.get(DOOR).status_code, sent(clerk, page()).status_code, viewer.get(DOOR).status_code) == (403, 403, 403)
    assert len(viewer.get(f"/law/{OPINION}/").context["beside"]) == 17
