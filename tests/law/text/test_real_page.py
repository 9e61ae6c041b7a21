"""The newspaper page itself, which lies beside the checkout in `shared` and is not part of the repository."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from jiceng.law.folding import folded
from jiceng.law.load import find_folders, load_law, shipped_root
from jiceng.law.text.clauses import printed
from jiceng.law.text.matching import chosen, match
from jiceng.law.text.separate import separate

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT.parent / "shared" / "seed" / "newspaper-page.txt"
SENTENCES = [3, 3, 5, 6, 4, 6, 3, 6, 5, 3, 4, 3, 6, 5, 4, 3, 7]


def test_four_texts_and_seventeen_clauses_without_the_beginning(capsys):
    if not PAGE.exists():
        assert not PAGE.is_file()
        with capsys.disabled():
            print(f"\n没有 {PAGE}：真实版面的一项没有核对。")
        return
    raw = PAGE.read_text(encoding="utf-8")
    page = separate(raw)
    document = load_law(find_folders(shipped_root())).document("cn/2024-community-workers")
    opinion = chosen(page, document, position=None)
    found = match(printed(opinion.paragraphs), document)

    assert len(page.texts) == 4
    assert opinion.title == document.title
    assert [len(row.text.sentences) for row in found.clauses if row.text] == SENTENCES
    assert [row.number for row in found.clauses] == [str(number) for number in range(1, 18)]
    assert all(row.agrees for row in found.clauses)
    assert found.problems == ()
    assert found.missing == ("缺开头：本页从半截开始，注明“紧接第一版”", "缺第一部分：本页的部分从“二、健全职业体系”开始")
    assert [part[0] for part in found.printed.parts] == list("二三四五六")

    # Nothing of the other texts is mixed in: the opinion's paragraphs are exactly its own lines, one after the other.
    first, last = opinion.lines
    lines = raw.splitlines()[first - 1 : last]
    assert folded("".join(block.text for block in opinion.paragraphs)) == folded("".join(lines))
    assert Counter(folded("".join(block.text for block in page.blocks()))) == Counter(folded(raw))
    assert [len(text.paragraphs) for text in page.texts] == [7, 6, 5, 24]
    assert len(page.unplaced) == 3
