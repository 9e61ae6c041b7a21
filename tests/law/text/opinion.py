"""A newspaper page for the shipped opinion, made of the folder's own digests: no sentence of it is official text."""

from __future__ import annotations

from jiceng.law.model import Document
from jiceng.law.text.columns import tidy
from tests.law.text import articles

PARTS = {1: "二、第一组", 5: "三、第二组", 9: "四、第三组", 12: "五、第四组", 15: "六、第五组"}
OPENING = "（紧接第一版）以下各条用摘要代替原文，只供测试。"


def sentence(digest: str) -> str:
    """A digest as one sentence, without spaces around figures."""
    return tidy(digest.rstrip("。").replace("。", "；") + "。")


def opinion(document: Document) -> list[str]:
    """The digests as numbered clauses with their titles, parts from the second on."""
    paragraphs = [OPENING]
    for clause in document.clauses:
        if int(clause.number) in PARTS:
            paragraphs.append(PARTS[int(clause.number)])
        paragraphs.append(f"{clause.number}.{clause.title}。{''.join(sentence(one.digest) for one in clause.sentences)}")
    return paragraphs


def page(document: Document) -> str:
    """Four texts: a story, a report, a plan, and the digests in the opinion's place, its title last."""
    lines = [
        *articles.stacked(articles.CARPENTER, 28), articles.CARPENTER_NAME, "", articles.CARPENTER_TITLE, articles.CARPENTER_BYLINE, "",
        *articles.stacked(articles.FAIR, 30), articles.FAIR_BYLINE, "",
        *articles.stacked(articles.CANTEEN, 30), articles.CANTEEN_NAME, "", articles.CANTEEN_TITLE, "", *articles.FAIR_TITLES, "",
        "图为展销现场。", "", *articles.stacked(opinion(document), 36), "（据示例社）", "", document.title, "",
    ]  # fmt: skip
    return "\n".join(lines)
