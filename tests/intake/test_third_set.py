"""The third set as it is read after mending. What was read at first sight stands in docs/intake/third-set.md."""

from __future__ import annotations

import pytest

from tests.intake.third_set import OFFICES
from tests.intake.third_share import share

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_nothing_of_the_third_set_is_read_wrongly_without_a_word(ganzi):
    shares = [share(office()) for office in OFFICES]
    assert [(found.title, found.wrong) for found in shares if found.wrong] == []
    assert [found.title for found in shares if found.whole_file] == []


def test_what_is_left_of_the_third_set_is_said(ganzi):
    shares = [share(office()) for office in OFFICES]
    assert {found.title: (found.refused, found.not_taken) for found in shares if found.refused or found.not_taken} == {
        "从Word粘贴": ([("沙马阿依", "post")], []),  # the date in the cell of the post is impossible: the cell is refused
        "UTF-8带标记文本": ([("小扎西", "post_since")], []),  # not 16 by the number, so not 16 by the date either
        "合同台账随手日期": ([], [(name, "post_since") for name in ("木乃", "罗小芳", "阿呷", "陈冬梅")]),  # 何时到现岗位
        "汇总加一社区一表": ([("贺兰", "post")], []),  # 委员、妇联主席: two posts, one of them in no list
    }
    right = sum(found.right + found.rightly_refused for found in shares)
    assert (sum(found.rows_whole for found in shares), right, sum(found.cells for found in shares)) == (48, 570, 577)
