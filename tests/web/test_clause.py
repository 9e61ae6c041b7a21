"""Reading a clause: text or digest at the left, at the right what the system does, from the rules themselves."""

from __future__ import annotations

import re

import pytest

from jiceng.law.prose import prose
from jiceng.runs.law import installed_law
from tests.web.conftest import COUNTY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]
OPINION = "cn/2024-community-workers"


def read(client, number: str, document: str = OPINION):
    return client.get(f"/law/read/{document}/{number}/")


def test_a_rule_is_read_line_by_line_as_it_is_calculated(signed_in, world: World):
    law = installed_law()
    rule = next(one for one in law.document(OPINION).rules if one.id == "training_due")
    html = read(signed_in(viewer=COUNTY), "8").content.decode()
    block = html.split('id="rule-training_due"')[1].split("</ol>")[0]
    assert re.findall(r'<li class="deep-\d">(.*?)</li>', block) == [line.text for line in prose(rule, titles=law.titles, terms=law.terms)]


def test_what_a_rule_needs_says_where_it_comes_from(signed_in, world: World):
    rows = read(signed_in(viewer=COUNTY), "3").context["rows"]
    quota = next(one for _, _, does in rows for one in does["rules"] if one.rule.id == "quota_exact")
    assert [(one.title, one.source) for one in quota.asked] == [
        ("城镇常住人口", "台账：人口"), ("每万城镇常住人口社区工作者数", "法规的数值"), ("配备标准的人口单位", "法规的数值"),
    ]  # fmt: skip


def test_every_clause_of_every_document_reads_within_a_page(signed_in, world: World):
    client = signed_in(viewer=COUNTY)
    sizes = {}
    for document in installed_law().documents:
        for clause in document.clauses:
            answer = read(client, clause.number, document.id)
            assert answer.status_code == 200
            sizes[document.id, clause.number] = len(answer.content)
    assert max(sizes.values()) <= 60_000


def test_each_rule_of_a_clause_is_told_once(signed_in, world: World):
    client = signed_in(viewer=COUNTY)
    document = installed_law().document(OPINION)
    told = [name for clause in document.clauses for name in re.findall(r'id="rule-(\w+)"', read(client, clause.number).content.decode())]
    assert sorted(set(told)) == sorted(rule.id for rule in document.rules)


def test_without_the_original_the_page_says_so_and_a_clause_that_is_not_there_is_refused(signed_in, world: World):
    client = signed_in(viewer=COUNTY)
    assert "还没有导入原文" in read(client, "8").content.decode()
    assert read(client, "99").status_code == 422
