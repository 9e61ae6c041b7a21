"""The third set, files nine to fifteen."""

# fmt: off
# ruff: noqa: E501  (rows read better as lines)

from __future__ import annotations

import io
from collections.abc import Callable

from openpyxl import Workbook
from openpyxl.comments import Comment

from tests.intake.third_people import (
    ANKANG,
    BAITA,
    BAMUSHAN,
    GAOCHENG,
    GUANGCHANG,
    HEDONG,
    HEXI,
    JIXIANG,
    LAOJIE,
    MUYA,
    QINGGE,
    REFUSED,
    SHIZISHAN,
    WULIANG,
    XIANGBALA,
    XIANGHE,
    XIANGYANG,
    XINQU,
    Either,
    Office,
    book,
    number,
    truth,
)


def blocks_on_one_sheet() -> Office:
    """Forms stacked under each other on one sheet, a block of four rows a person."""
    a, b, c = number("19811212", 27), number("19940101", 48), number("19730330", 69)

    def block(order: str, name: str, sex: str, nation: str, identity: str, community: str, post: str, since: str, level: str, phone: str):
        return [
            [order, "姓名", name, "性别", sex, "民族", nation],
            [None, "身份证号", identity, None, None, "学历", level],
            [None, "社区", community, "岗位", post, "任现岗时间", since],
            [None, "手机号", phone, None, None, "备注", None],
            [],
        ]

    rows = [["高城镇社区干部信息采集表"], []]
    rows += block("一", "阿旺扎西", "男", "藏族", a, "高城社区", "书记", "2021.1", "大专", "13350040027")
    rows += block("二", "周琴", "女", "汉族", b, "无量河社区", "网格员", "2022.4.31", "本科", "13350040048")
    rows += block("三", "曲批", "男", "藏族", c, "白塔社区", "主任", "2017.12", "初中", "13350040069")
    meant = truth(
        "sex nation id_number place post post_since education phone",
        ("阿旺扎西", "male", "藏", a, GAOCHENG, "secretary", "2021-01", "college", "13350040027"),
        ("周琴", "female", "汉", b, WULIANG, "grid", REFUSED, "bachelor", "13350040048"),
        ("曲批", "male", "藏", c, BAITA, "director", "2017-12", "junior_middle", "13350040069"),
    )
    return Office("多人叠放的采集表", book(("采集表", rows, ["A1:G1"])), meant)


def two_tables_beside() -> Office:
    """Two tables of the same headings side by side, one community each, an empty column between."""
    a, b, c, d = number("19800420", 29), number("19910610", 50), number("19870325", 71), number("19960920", 92)
    head = ["姓名", "性别", "身份证号", "岗位", "任职时间", "电话"]
    rows = [
        ["建设镇两社区干部名单"],
        ["河东社区", None, None, None, None, None, None, "河西社区"],
        [*head, None, *head],
        ["多吉才旦", "男", a, "书记", "2021.1", "13880810029", None, "扎西央宗", "女", b, "书记", "2020.11", "13880810050"],
        ["郑海", "男", c, "委员", "2021.1", "13880810071", None, "徐梅", "女", d, "专职工作人员", "2022.10", "13880810092"],
    ]
    meant = truth(
        "sex id_number post post_since phone place",
        ("多吉才旦", "male", a, "secretary", "2021-01", "13880810029", HEDONG),
        ("扎西央宗", "female", b, "secretary", "2020-11", "13880810050", HEXI),
        ("郑海", "male", c, "committee", "2021-01", "13880810071", HEDONG),
        ("徐梅", "female", d, "staff", "2022-10", "13880810092", HEXI),
    )
    return Office("两表并排", book(("名单", rows, ["A1:M1", "A2:F2", "H2:M2"])), meant)


def web_export() -> Office:
    """A web page saved as .xls by a grid platform: entities, a statistics line at the foot, masked phone, a deceased row in the remark."""
    a, b, c = number("19850530", 31), number("19990909", 52), number("19680101", 73)
    lines = [
        "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head><meta charset='utf-8'>",
        "<style>td{mso-number-format:'\\@'}</style></head><body>",
        "<table border=1><tr><th colspan=9>网格员信息导出（导出人：admin）</th></tr>",
        "<tr><th>所属区域</th><th>网格员姓名</th><th>性别</th><th>证件号码</th><th>网格员类型</th><th>上岗日期</th><th>学历</th><th>手机号码</th><th>状态</th></tr>",
        f"<tr><td>甘孜州/乡城县/香巴拉镇/香巴拉社区</td><td>仁真</td><td>男</td><td>{a}</td><td>专职网格员</td><td>2022-03-01</td><td>大专</td>"
        "<td>13551940031</td><td>在岗</td></tr>",
        f"<tr><td>甘孜州/乡城县/香巴拉镇/巴姆山社区</td><td>余&nbsp;婷</td><td>女</td><td>{b}</td><td>专职网格员</td><td>2023-07-15</td><td>本科</td>"
        "<td>135****0052</td><td>在岗</td></tr>",
        f"<tr><td>甘孜州/乡城县/香巴拉镇/幸福社区&lt;2&gt;</td><td>陈大山</td><td>男</td><td>{c}</td><td>专职网格员</td><td>2019-02-30</td><td>初中</td>"
        "<td>13551940073</td><td>在岗</td></tr>",
        "<tr><td colspan=9>共 3 条记录，第 1/1 页</td></tr></table></body></html>",
    ]
    meant = truth(
        "place sex id_number post post_since education phone",
        ("仁真", XIANGBALA, "male", a, "grid", "2022-03-01", "college", "13551940031"),
        ("余婷", BAMUSHAN, "female", b, "grid", "2023-07-15", "bachelor", REFUSED),
        ("陈大山", REFUSED, "male", c, "grid", REFUSED, "junior_middle", "13551940073"),
    )
    return Office("平台网页导出", "\n".join(lines).encode(), meant)


def text_with_mark() -> Office:
    """UTF-8 with a mark at its start, long numbers as ="…" and quoted headings with line breaks, semicolons inside a remark."""
    a, b, c = number("19860228", 33), number("19950716", 54), number("20080520", 75)
    lines = [
        '"序号","姓名","性别","身份证\n号码","出生日期","民族","政治面貌","最高学历","所属街道","所属社区","岗位名称","人员性质","到岗日期","合同签订主体","合同起止日期","备注"',
        f'"1","次旦",男,="{a}",1986/2/28,藏,中共党员,大学专科,炉城街道,向阳社区居民委员会,党组织副书记,两委专职,2021/1/20,街道办事处,2022/7/1-2025/6/30,"借调街道;半年"',
        f'"2","苏丽",女,="{b}",1995/7/16,汉,共青团员,大学本科,榆林街道,木雅社区居民委员会,专职社区工作者,专职,2022/7/1,街道办事处,2022年7月1日至2025年6月30日,""',
        f'"3","小扎西",男,="{c}",2008/5/20,藏,共青团员,高中,榆林街道,情歌社区居委会,社区工作者,专职,2023/9/1,街道办事处,2023/9/1-2024/13/31,',
    ]
    meant = truth(
        "sex id_number birth nation political_status education place post class post_since contract contract_signed contract_ends remark",
        ("次旦", "male", a, "1986-02-28", "藏", "party", "college", XIANGYANG, "deputy_secretary", "committee_full_time", "2021-01-20", "street",
         "2022-07-01", "2025-06-30", "借调街道;半年"),
        ("苏丽", "female", b, "1995-07-16", "汉", "league", "bachelor", MUYA, "staff", "full_time_staff", "2022-07-01", "street", "2022-07-01",
         "2025-06-30", None),
        ("小扎西", "male", REFUSED, "2008-05-20", "藏", "league", "senior_middle", QINGGE, "staff", "full_time_staff", "2023-09-01", "street",
         REFUSED, REFUSED, None),
    )
    return Office("UTF-8带标记文本", ("\ufeff" + "\r\n".join(lines)).encode(), meant)


def mixed_dates() -> Office:
    """Dates of every hand: serials as text, 至今, contract ranges, open-ended contracts; and days that do not exist."""
    a, b, c, d = number("19790101", 35), number("19880811", 56), number("19930417", 77), number("19850613", 98)
    rows = [
        ["九龙县呷尔镇社区专职人员合同台账"],
        ["社区", "姓名", "公民身份证号码", "工作岗位", "何时到现岗位", "何时从事社区工作", "合同种类", "合同期限", "电话"],
        ["民族广场社区", "木乃", a, "社区专职工作者", "44197", "2011.03-至今", "劳动合同", "2022.01.01—2024.12.31", "18784630035"],
        ["狮子山社区", "罗小芳", b, "网格员", "2021年1月至今", "18年5月", "劳动合同", "2021年1月1日至2023年12月31日", "18784630056"],
        ["狮子山社区", "阿呷", c, "网格员", "201907", "2019-7", "劳务派遣", "2022.13.01-2024.12.31", "18784630077"],
        ["民族广场社区", "陈冬梅", d, "社区专职工作者", "二〇二〇年六月", "2020.6.31", "劳动合同", "无固定期限（2023.1.1起）", "18784630098"],
    ]
    meant = truth(
        "place id_number post post_since community_start contract contract_signed contract_ends phone",
        ("木乃", GUANGCHANG, a, "staff", "2021-01-01", "2011-03", "street", "2022-01-01", "2024-12-31", "18784630035"),
        ("罗小芳", SHIZISHAN, b, "grid", "2021-01", "2018-05", "street", "2021-01-01", "2023-12-31", "18784630056"),
        ("阿呷", SHIZISHAN, c, "grid", "2019-07", "2019-07", "dispatch", REFUSED, REFUSED, "18784630077"),
        ("陈冬梅", GUANGCHANG, d, "staff", "2020-06", REFUSED, "street", Either((REFUSED, "2023-01-01")), None, "18784630098"),
    )
    return Office("合同台账随手日期", book(("台账", rows, ["A1:I1"])), meant)


def abbreviations() -> Office:
    """Posts, classes and schools as said in the office: 支书, 主任（兼）, 民兵连长, 大本, 中央党校大学."""
    people = [number(birth, order) for birth, order in
              (("19760512", 37), ("19820704", 58), ("19890116", 79), ("19941130", 100), ("19710922", 121), ("19970301", 142))]
    rows = [
        ["色达县色柯镇 社区干部及工作人员名单"],
        ["社区", "姓名", "性别", "民族", "身份证", "面貌", "学历", "类别", "职务", "任现职", "社工证", "手机"],
        ["吉祥", "洛桑", "男", "藏", people[0], "党员", "省委党校大专", "两委专职", "支书", "2021.1", "无", "13989830037"],
        ["吉祥", "旺修卓玛", "女", "藏", people[1], "党员", "大本", "两委专职", "副支书", "2021.1", "助社", "13989830058"],
        ["吉祥", "李小军", "男", "汉", people[2], "预备", "大专（在读）", "专职", "综治网格员", "2022.5", "在考", "13989830079"],
        ["安康", "其美", "女", "藏", people[3], "团员", "本科", "专职", "党建专干", "2022.7", "社工师", "13989830100"],
        ["安康", "甲央", "男", "藏", people[4], "党员", "初中", "两委兼职", "主任（兼）", "2021.1", "无", "13989830121"],
        ["安康", "张燕", "女", "汉", people[5], "群众", "本科", "专职", "民兵连长", "2021.1", "无", "13989830142"],
    ]
    meant = truth(
        "place sex nation id_number political_status education class post post_since certificate phone",
        ("洛桑", JIXIANG, "male", "藏", people[0], "party", "college", "committee_full_time", "secretary", "2021-01", "无", "13989830037"),
        ("旺修卓玛", JIXIANG, "female", "藏", people[1], "party", "bachelor", "committee_full_time", "deputy_secretary", "2021-01", "assistant",
         "13989830058"),
        ("李小军", JIXIANG, "male", "汉", people[2], "probationary", REFUSED, "full_time_staff", "grid", "2022-05", REFUSED, "13989830079"),
        ("其美", ANKANG, "female", "藏", people[3], "league", "bachelor", "full_time_staff", "staff", "2022-07", "social_worker", "13989830100"),
        ("甲央", ANKANG, "male", "藏", people[4], "party", "junior_middle", "committee_part_time", Either(("director", REFUSED)), "2021-01", "无",
         "13989830121"),
        ("张燕", ANKANG, "female", "汉", people[5], "masses", "bachelor", "full_time_staff", REFUSED, "2021-01", "无", "13989830142"),
    )
    return Office("单位里的叫法", book(("sheet", rows, ["A1:L1"])), meant)


def many_sheets() -> Office:
    """A statistics sheet first, then one sheet a community in differing orders; a hidden row; an ID as a number; notes in names."""
    a, b, c = number("19830825", 39), number("19921017", 60), number("19960212", 81)
    d = number("19700707", 102)
    workbook = Workbook()
    total = workbook.active
    total.title = "汇总"
    for row in (["各社区人员汇总"], ["社区", "人数", "男", "女"], ["老街社区", 2, 1, 1], ["祥和社区", 1, 1, 0], ["新区社区", 1, 0, 1], ["合计", 4, 2, 2]):
        total.append(row)
    first = workbook.create_sheet("老街社区")
    for row in (
        ["姓名", "身份证号", "性别", "职务", "任职时间", "文化程度", "备注"],
        ["丹增（藏族）", a, "男", "社区党总支书记", "2021.1", "大专", "2024年1月起借调街道"],
        ["贺 兰(女)", b, "女", "社区居委会委员、妇联主席", "2021.1", "本科", None],
        ["制表：老街社区", None, None, None, None, None, "2024.4"],
    ):
        first.append(row)
    first.row_dimensions[3].hidden = True
    first["A2"].comment = Comment("拟提任", "办公室")
    second = workbook.create_sheet("祥和社区（1人）")
    for row in (["职务", "姓名", "学历", "身份证号", "任职时间", "性别"], ["工作人员", "曾勇", "高中", int(c[:17] + "0"), "2020.05", "男"]):
        second.append(row)
    third = workbook.create_sheet("甘孜镇新区")
    for row in (["姓名", "性别", "身份证号", "岗位", "任现岗时间", "学历"], ["青措", "女", d, "副主任", "2021-01-15", "中专"]):
        third.append(row)
    kept = io.BytesIO()
    workbook.save(kept)
    meant = truth(
        "place id_number sex post post_since education remark",
        ("丹增", LAOJIE, a, "male", "secretary", "2021-01", "college", "2024年1月起借调街道"),
        ("贺兰", LAOJIE, b, "female", "committee", "2021-01", "bachelor", None),
        ("曾勇", XIANGHE, REFUSED, "male", "staff", "2020-05", "senior_middle", None),
        ("青措", XINQU, d, "female", "deputy_director", "2021-01-15", "secondary", None),
    )
    return Office("汇总加一社区一表", kept.getvalue(), meant)


OFFICES: tuple[Callable[[], Office], ...] = (
    blocks_on_one_sheet,
    two_tables_beside,
    web_export,
    text_with_mark,
    mixed_dates,
    abbreviations,
    many_sheets,
)
