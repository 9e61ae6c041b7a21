"""The second set as it is read after mending. What was read at first sight stands in docs/intake/second-set.md."""

from __future__ import annotations

import pytest

from tests.intake.second_set import OFFICES
from tests.intake.second_share import share

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_second_set_is_read_but_for_the_one_post_nobody_can_place(ganzi):
    shares = [share(office()) for office in OFFICES]
    assert [found.title for found in shares if found.rows_right != found.rows] == ["通讯录"]
    assert {found.title: found.wrong for found in shares if found.wrong} == {}
    assert (sum(found.right for found in shares), sum(found.cells for found in shares)) == (362, 362)
    assert [found.reasons for found in shares if found.reasons] == [{"intake.code_unknown": 1}]  # 社区妇联主席
