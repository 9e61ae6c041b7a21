"""The law page of a folder that declares a pay sheet says it in Chinese; other folders have no such part."""

from __future__ import annotations

import pytest

from tests.web.test_office import COUNTY, OPINION

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PAY = "cn-5133-ganzi/2026-pay-demo"


def test_the_pay_sheet_is_told_line_by_line(world, signed_in):
    client = signed_in(viewer=COUNTY)
    answer = client.get(f"/law/{PAY}/?tab=pay")
    assert [(line.title, group, rule) for line, group, rule in answer.context["lines"]] == [
        ("基本工资", "应发", "本月基本工资"), ("绩效工资", "应发", "本月绩效工资"), ("证书补贴", "应发", "本月证书补贴"),
        ("事假扣款", "扣款", "本月事假扣发"), ("个人社保", "扣款", "个人社会保险"), ("个人公积金", "扣款", "个人住房公积金"),
        ("单位社保", "单位缴纳", "单位社会保险"), ("单位公积金", "单位缴纳", "单位住房公积金"),
    ]  # fmt: skip
    assert answer.context["totals"] == ["应发合计", "扣款合计", "补发补扣", "实发工资", "单位缴纳合计"]
    text = answer.content.decode()
    for part in ("每人按当月最后一个在岗日计算", "不足整月按在岗天数计发", "“应发合计”不低于“最低工资标准”", "银行代发表", "每行写“工资”"):
        assert part in text
    assert client.get(f"/law/{PAY}/").context["tabs"]["pay"] == "工资表"


def test_a_folder_without_one_has_no_such_part(world, signed_in):
    client = signed_in(viewer=COUNTY)
    assert "pay" not in client.get(f"/law/{OPINION}/").context["tabs"]
    assert client.get(f"/law/{OPINION}/?tab=pay").status_code == 404
