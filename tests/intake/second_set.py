"""Fourteen rosters in the styles of fourteen offices, written after the reader was frozen, each with what a clerk would read in it.

A truth is what the ledger should get: column id → code id, ISO date, text, (year, result), 无, or the place's code. A cell that a
person would also have to ask about is not in the truth. Names and numbers are invented.
"""
# ruff: noqa: DTZ001  (tables of cells read better as lines)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from tests.intake.ugly import id_number

Truth = dict[str, Any]
XIANGYANG, SHUIJINGZI, MINZU, WENHUA, GONGZHU = 513301001001, 513301001002, 513324100001, 513324100002, 513301002001


@dataclass(frozen=True)
class Office:
    """One office's file and the truth by name of the person."""

    title: str
    raw: bytes
    truth: dict[str, Truth]


def ident(n: int, year: int, month: int, day: int, male: bool) -> str:
    return id_number(n, birth=date(year, month, day), male=male, area="513301")


FIVE = (
    ("张建华", ident(11, 1978, 6, 3, True)),
    ("李秀兰", ident(12, 1985, 11, 20, False)),
    ("王芳", ident(13, 1992, 1, 9, False)),
    ("扎西多吉", ident(14, 1990, 10, 15, True)),
    ("陈静", ident(15, 1996, 4, 30, False)),
)


def _saved(draw: Callable[[Worksheet], None], name: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = name
    draw(book.active)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _truths(*rows: Truth) -> dict[str, Truth]:
    return {name: {"id_number": number, **row} for (name, number), row in zip(FIVE, rows, strict=False)}


def cadre_style() -> Office:
    """组织部门的名册：学历和学位写在一格，出生年月带年龄，任职时间在括号里。"""

    def draw(s: Worksheet) -> None:
        s.append(["康定市炉城街道社区“两委”干部名册"])
        s.merge_cells("A1:L1")
        s.append(["填报单位（盖章）：炉城街道党工委", "", "", "", "", "", "", "", "填报时间：2024年4月"])
        s.append(
            [
                "序号",
                "单位",
                "姓　名",
                "性\n别",
                "民族",
                "出生年月\n（年龄）",
                "学历学位",
                "",
                "政治\n面貌",
                "现任职务",
                "任现职\n时　间",
                "身份证号码",
            ]
        )
        s.append(["", "", "", "", "", "", "全日制\n教育", "在职\n教育", "", "", "", ""])
        for area in ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:F4", "G3:H3", "I3:I4", "J3:J4", "K3:K4", "L3:L4"):
            s.merge_cells(area)
        ids = [number for _, number in FIVE]
        s.append(
            [
                1,
                "向阳社区",
                "张建华",
                "男",
                "汉",
                "1978.06\n（45岁）",
                "大专",
                "大学\n法学学士",
                "中共党员",
                "党委书记、居委会主任",
                "2021.03",
                ids[0],
            ]
        )
        s.append([2, "", "李秀兰", "女", "汉", "1985.11\n（38岁）", "大专", "", "中共党员", "党委副书记", "2021.03", ids[1]])
        s.append([3, "", "王　芳", "女", "藏", "1992.01\n（32岁）", "大学\n管理学学士", "", "共青团员", "居委会副主任", "2021.03", ids[2]])
        s.merge_cells("B5:B7")
        s.append(
            [4, "水井子社区", "扎西多吉", "男", "藏", "1990.10\n（33岁）", "高中", "大专", "中共预备党员", "居委会委员", "2021.03", ids[3]]
        )
        s.append(["分管领导：", "", "", "审核人：", "", "", "", "填表人：", "", "", "", ""])

    return Office(
        "组织部门名册", _saved(draw),
        _truths(
            {"sex": "male", "nation": "n01", "birth": "1978-06", "education_full": "college", "education_service": "bachelor", "degree": "bachelor", "political_status": "party", "post": "secretary_director", "post_since": "2021-03-01", "place": XIANGYANG},
            {"sex": "female", "nation": "n01", "birth": "1985-11", "education_full": "college", "political_status": "party", "post": "deputy_secretary", "post_since": "2021-03-01", "place": XIANGYANG},
            {"sex": "female", "nation": "n04", "birth": "1992-01", "education_full": "bachelor", "degree": "bachelor", "political_status": "league", "post": "deputy_director", "post_since": "2021-03-01", "place": XIANGYANG},
            {"sex": "male", "nation": "n04", "birth": "1990-10", "education_full": "senior_middle", "education_service": "college", "political_status": "probationary", "post": "committee", "post_since": "2021-03-01", "place": SHUIJINGZI},
        ),
    )  # fmt: skip


def grouped_by_section() -> Office:
    """按社区分段：没有社区列，段落标题写着社区和人数。"""

    def draw(s: Worksheet) -> None:
        s.append(["炉城街道社区工作者花名册（2024年4月）"])
        s.merge_cells("A1:G1")
        s.append(["序号", "姓名", "身份证号", "职务", "参加社区工作时间", "联系电话", "备注"])
        s.append(["一、向阳社区（3人）"])
        s.merge_cells("A3:G3")
        s.append([1, "张建华", FIVE[0][1], "书记", "2010年3月", "13990000011", ""])
        s.append([2, "李秀兰", FIVE[1][1], "副主任", "2014年9月", "13990000012", "女代表"])
        s.append([3, "王芳", FIVE[2][1], "工作人员", "2019年7月", "13990000013", ""])
        s.append(["二、水井子社区（2人）"])
        s.merge_cells("A7:G7")
        s.append([1, "扎西多吉", FIVE[3][1], "主任", "2013年1月", "13990000014", ""])
        s.append([2, "陈静", FIVE[4][1], "网格员", "2021年5月", "13990000015", ""])

    rows = (("secretary", "2010-03-01", "13990000011", XIANGYANG), ("deputy_director", "2014-09-01", "13990000012", XIANGYANG), ("staff", "2019-07-01", "13990000013", XIANGYANG), ("director", "2013-01-01", "13990000014", SHUIJINGZI), ("grid", "2021-05-01", "13990000015", SHUIJINGZI))  # fmt: skip
    truth = _truths(*({"post": p, "community_start": c, "phone": t, "place": where} for p, c, t, where in rows))
    truth["李秀兰"]["remark"] = "女代表"
    return Office("分段名册", _saved(draw), truth)


def contract_period() -> Office:
    """人社口径：合同期限一格写起止，日期六位数字，岗位带类别。"""

    def draw(s: Worksheet) -> None:
        s.append(["附件2"])
        s.append(["社区专职工作者劳动合同签订情况统计表"])
        s.merge_cells("A2:I2")
        s.append(["序号", "姓名", "公民身份号码", "所在社区", "岗位名称", "用工形式", "劳动合同期限", "进入社区工作年月", "联系方式"])
        s.append(
            [1, "张建华", FIVE[0][1], "康定市炉城街道向阳社区", "社区专职工作者", "劳动合同制", "2022.1.1-2024.12.31", 201003, 13990000011]
        )
        s.append(
            [
                2,
                "李秀兰",
                FIVE[1][1],
                "康定市炉城街道向阳社区",
                "社区专职工作者",
                "劳动合同制",
                "2022年1月1日至2024年12月31日",
                201409,
                13990000012,
            ]
        )
        s.append([3, "王芳", FIVE[2][1], "康定市炉城街道水井子社区", "专职网格员", "劳务派遣", "2023/7/1—2025/6/30", 201907, 13990000013])

    return Office(
        "劳动合同统计表", _saved(draw),
        _truths(
            {"post": "staff", "contract": "street", "contract_signed": "2022-01-01", "contract_ends": "2024-12-31", "community_start": "2010-03-01", "phone": "13990000011", "place": XIANGYANG},
            {"post": "staff", "contract": "street", "contract_signed": "2022-01-01", "contract_ends": "2024-12-31", "community_start": "2014-09-01", "phone": "13990000012", "place": XIANGYANG},
            {"post": "grid", "contract": "dispatch", "contract_signed": "2023-07-01", "contract_ends": "2025-06-30", "community_start": "2019-07-01", "phone": "13990000013", "place": SHUIJINGZI},
        ),
    )  # fmt: skip


def tick_matrix() -> Office:
    """打勾的表：证书等级三列打√，性别两列打√。"""

    def draw(s: Worksheet) -> None:
        s.append(["呷尔镇社区工作者持证情况表"])
        s.merge_cells("A1:I1")
        s.append(["序号", "社区", "姓名", "身份证号", "职务", "社会工作者职业资格证书", "", "", "电话"])
        s.append(["", "", "", "", "", "初级", "中级", "高级", ""])
        for area in ("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3", "F2:H2", "I2:I3"):
            s.merge_cells(area)
        s.append([1, "民族广场社区", "张建华", FIVE[0][1], "主任", "", "√", "", "13990000011"])
        s.append([2, "民族广场社区", "李秀兰", FIVE[1][1], "委员", "√", "", "", "13990000012"])
        s.append([3, "文化路社区", "王芳", FIVE[2][1], "网格员", "", "", "", "13990000013"])

    return Office(
        "打勾表", _saved(draw),
        _truths(
            {"post": "director", "certificate": "social_worker", "phone": "13990000011", "place": MINZU},
            {"post": "committee", "certificate": "assistant", "phone": "13990000012", "place": MINZU},
            {"post": "grid", "phone": "13990000013", "place": WENHUA},
        ),
    )  # fmt: skip


def three_years() -> Office:
    """三年考核三列：2021、2022、2023 年度各一列。"""

    def draw(s: Worksheet) -> None:
        s.append(["姓名", "身份证号", "乡镇（街道）", "村（社区）", "职务", "年度考核等次", "", ""])
        s.append(["", "", "", "", "", "2021年", "2022年", "2023年"])
        for area in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:E2", "F1:H1"):
            s.merge_cells(area)
        s.append(["张建华", FIVE[0][1], "呷尔镇", "民族广场社区", "书记", "合格", "合格", "优秀"])
        s.append(["李秀兰", FIVE[1][1], "呷尔镇", "民族广场社区", "副书记", "合格", "优秀", "合格"])
        s.append(["王芳", FIVE[2][1], "呷尔镇", "文化路社区", "专干", "", "不定等次", "称职"])

    return Office(
        "三年考核", _saved(draw),
        _truths(
            {"post": "secretary", "assessment": (2023, "excellent"), "place": MINZU},
            {"post": "deputy_secretary", "assessment": (2023, "pass"), "place": MINZU},
            {"post": "staff", "assessment": (2023, "pass"), "place": WENHUA},
        ),
    )  # fmt: skip


def sheets_by_community() -> Office:
    """一个社区一张表，表名是社区；职务两字中间有空格；底部有签字栏。"""
    book = openpyxl.Workbook()
    book.remove(book.active)
    truth: dict[str, Truth] = {}
    for name, code, persons in (("向阳社区", XIANGYANG, FIVE[:3]), ("公主桥社区", GONGZHU, FIVE[3:])):
        s = book.create_sheet(name)
        s.append([f"{name}工作人员基本情况表"])
        s.append([])
        s.append(["序 号", "姓 名", "性 别", "身 份 证 号", "职 务", "学 历", "进社区时间", "手 机"])
        for at, (person, number) in enumerate(persons, 1):
            sex = "男" if int(number[16]) % 2 else "女"
            s.append(
                [at, person, sex, number, "两委委员" if at == 1 else "工作人员", "大专", datetime(2016 + at, 7, 1), f"1399000{at:04d}"]
            )
            truth[person] = {
                "id_number": number, "sex": "male" if sex == "男" else "female", "post": "committee" if at == 1 else "staff", "education_full": "college",
                "community_start": f"{2016 + at}-07-01", "phone": f"1399000{at:04d}", "place": code,
            }  # fmt: skip
        s.append([])
        s.append(["社区书记签字：", "", "", "", "年   月   日"])
    out = BytesIO()
    book.save(out)
    return Office("一社区一表", out.getvalue(), truth)


def platform_export() -> Office:
    """平台导出的网页，扩展名 .xls；多出平台自己的列。"""
    heads = ["人员编号", "人员姓名", "证件类型", "证件号码", "所属区划", "任职岗位", "人员状态", "手机号码", "创建时间"]
    rows = [
        ["P0001", "张建华", "居民身份证", FIVE[0][1], "甘孜藏族自治州康定市炉城街道向阳社区居民委员会", "社区党组织书记", "在职", "13990000011", "2023-01-05 10:22:31"],
        ["P0002", "李秀兰", "居民身份证", FIVE[1][1], "甘孜藏族自治州康定市炉城街道水井子社区居民委员会", "专职网格员", "在职", "13990000012", "2023-01-05 10:23:02"],
    ]  # fmt: skip
    page = "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head><meta charset='utf-8'></head><body><table border=1><thead><tr>"
    page += "".join(f"<th>{head}</th>" for head in heads) + "</tr></thead><tbody>"
    page += "".join("<tr>" + "".join(f"<td style='mso-number-format:\\@'>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return Office(
        "平台导出网页", (page + "</tbody></table></body></html>").encode(),
        _truths({"post": "secretary", "phone": "13990000011", "place": XIANGYANG}, {"post": "grid", "phone": "13990000012", "place": SHUIJINGZI}),
    )  # fmt: skip


def post_with_date() -> Office:
    """职务和时间写在一格，政治面貌带入党时间，备注里写调动。"""

    def draw(s: Worksheet) -> None:
        s.append(["九龙县呷尔镇社区干部信息表"])
        s.append(["姓名", "身份证号", "籍贯", "政治面貌及入党时间", "文化程度", "现任职务及任职时间", "社区"])
        s.append(["张建华", FIVE[0][1], "四川康定", "中共党员（2005.7）", "大专文化", "书记（2021.3）", "民族广场"])
        s.append(["李秀兰", FIVE[1][1], "四川九龙", "群众", "高中文化", "副主任（2021.3）", "民族广场"])
        s.append(["王芳", FIVE[2][1], "四川泸定", "中共党员（2018.12）", "本科文化", "委员（2023.9）", "文化路"])

    return Office(
        "职务带时间", _saved(draw),
        _truths(
            {"political_status": "party", "joined": "2005-07-01", "education_full": "college", "post": "secretary", "post_since": "2021-03-01", "place": MINZU},
            {"political_status": "masses", "education_full": "senior_middle", "post": "deputy_director", "post_since": "2021-03-01", "place": MINZU},
            {"political_status": "party", "joined": "2018-12-01", "education_full": "bachelor", "post": "committee", "post_since": "2023-09-01", "place": WENHUA},
        ),
    )  # fmt: skip


def long_instructions() -> Office:
    """十几行填表说明在上，表头在后；培训写成一句话；证书写全称。"""

    def draw(s: Worksheet) -> None:
        s["A1"] = "社区工作者培训情况登记表"
        for at in range(2, 14):
            s.cell(at, 1).value = f"{at - 1}. 填表说明：姓名、身份证号、社区请如实填写，培训时间请填写最近一次。"
            s.merge_cells(start_row=at, start_column=1, end_row=at, end_column=7)
        s.append(["序号", "姓名", "身份证号", "所在社区", "岗位", "最近一次参加培训情况", "持有社会工作者职业水平证书情况"])
        s.append([1, "张建华", FIVE[0][1], "向阳社区", "社区书记", "2023年6月参加州级示范班", "助理社会工作师"])
        s.append([2, "李秀兰", FIVE[1][1], "向阳社区", "社区副书记", "2022.11.15 县级轮训", "社会工作师（中级）"])
        s.append([3, "王芳", FIVE[2][1], "水井子社区", "社区工作者", "未参加过", "未取得证书"])

    return Office(
        "培训登记", _saved(draw),
        _truths(
            {"post": "secretary", "training": "2023-06-01", "certificate": "assistant", "place": XIANGYANG},
            {"post": "deputy_secretary", "training": "2022-11-15", "certificate": "social_worker", "place": XIANGYANG},
            {"post": "staff", "training": "无", "certificate": "无", "place": SHUIJINGZI},
        ),
    )  # fmt: skip


def many_posts() -> Office:
    """五花八门的岗位叫法，电话写两个，出生日期是日期格。"""

    def draw(s: Worksheet) -> None:
        s.append(["呷尔镇社区专职人员通讯录"])
        s.append(["NO", "社区名称", "姓名", "性别", "身份证", "出生日期", "岗位（职务）", "电话"])
        s.append(
            [
                1,
                "民族广场社区居委会",
                "张建华",
                "男",
                FIVE[0][1],
                datetime(1978, 6, 3),
                "党总支书记兼居委会主任",
                "13990000011/0836-2345678",
            ]
        )
        s.append([2, "民族广场社区居委会", "李秀兰", "女", FIVE[1][1], datetime(1985, 11, 20), "社区妇联主席", "13990000012"])
        s.append([3, "民族广场社区居委会", "王芳", "女", FIVE[2][1], datetime(1992, 1, 9), "民政专干", "13990000013"])
        s.append([4, "文化路社区居委会", "扎西多吉", "男", FIVE[3][1], datetime(1990, 10, 15), "支部委员", "13990000014"])
        s.append([5, "文化路社区居委会", "陈静", "女", FIVE[4][1], datetime(1996, 4, 30), "综治网格员", "13990000015"])

    return Office(
        "通讯录", _saved(draw),
        _truths(
            {"sex": "male", "birth": "1978-06-03", "post": "secretary_director", "phone": "13990000011", "place": MINZU},
            {"sex": "female", "birth": "1985-11-20", "phone": "13990000012", "place": MINZU},
            {"sex": "female", "birth": "1992-01-09", "post": "staff", "phone": "13990000013", "place": MINZU},
            {"sex": "male", "birth": "1990-10-15", "post": "committee", "phone": "13990000014", "place": WENHUA},
            {"sex": "female", "birth": "1996-04-30", "post": "grid", "phone": "13990000015", "place": WENHUA},
        ),
    )  # fmt: skip


def beside_a_summary() -> Office:
    """表从 C 列开始，右边另有一块汇总；有筛选隐藏行；末尾人数公式。"""

    def draw(s: Worksheet) -> None:
        s["C2"] = "康定市榆林街道社区工作者"
        heads = ["序号", "社区", "姓名", "民族", "身份证号码", "人员类型", "担任职务", "到岗时间"]
        for at, head in enumerate(heads, 3):
            s.cell(4, at).value = head
        s["M4"], s["N4"] = "类型", "人数"
        s["M5"], s["N5"] = "两委", 1
        s["M6"], s["N6"] = "专职", 2
        rows = [("公主桥社区", "张建华", "汉族", FIVE[0][1], "两委专职", "书记", "2021-3-18"), ("公主桥社区", "李秀兰", "汉族", FIVE[1][1], "专职", "工作人员", "2020-7-1"), ("公主桥社区", "王芳", "藏族", FIVE[2][1], "专职", "网格员", "2022-11-1")]  # fmt: skip
        for at, row in enumerate(rows, 5):
            s.cell(at, 3).value = at - 4
            for column, cell in enumerate(row, 4):
                s.cell(at, column).value = cell
        s.row_dimensions[6].hidden = True
        s["C9"] = "合计"
        s["D9"] = "=COUNTA(E5:E7)"

    return Office(
        "右侧带汇总", _saved(draw),
        _truths(
            {"nation": "n01", "class": "committee_full_time", "post": "secretary", "post_since": "2021-03-18", "place": GONGZHU},
            {"nation": "n01", "class": "full_time_staff", "post": "staff", "post_since": "2020-07-01", "place": GONGZHU},
            {"nation": "n04", "class": "full_time_staff", "post": "grid", "post_since": "2022-11-01", "place": GONGZHU},
        ),
    )  # fmt: skip


def old_csv() -> Office:
    """从老系统导出的 GBK 文本，分号分隔，带引号，身份证末尾有制表符，日期连写。"""
    lines = [
        '"XM(姓名)";"SFZH(身份证号)";"MZ(民族)";"SQ(社区)";"GW(岗位)";"CSSQGZSJ(从事社区工作时间)"',
        f'"张建华";"{FIVE[0][1]}\t";"汉族";"向阳社区";"主任";"20100301"',
        f'"李秀兰";"{FIVE[1][1]}\t";"汉族";"向阳社区";"委员";"20140915"',
        f'"王芳";"{FIVE[2][1]}\t";"藏族";"水井子社区";"网格长";"20190701"',
    ]
    return Office(
        "老系统文本", "\r\n".join(lines).encode("gbk"),
        _truths(
            {"nation": "n01", "post": "director", "community_start": "2010-03-01", "place": XIANGYANG},
            {"nation": "n01", "post": "committee", "community_start": "2014-09-15", "place": XIANGYANG},
            {"nation": "n04", "post": "grid", "community_start": "2019-07-01", "place": SHUIJINGZI},
        ),
    )  # fmt: skip


def wide_cadre_archive() -> Office:
    """档案式宽表：两组学历各有院校和专业，退役军人、编制等多列，日期点分到月，表头竖排换行。"""

    def draw(s: Worksheet) -> None:
        head = ["编\n号", "姓\n名", "性\n别", "民\n族", "身份证\n号码", "政治\n面貌", "入党\n时间", "全日制", "", "", "在职", "", "", "是否\n退役\n军人", "单位及职务", "",
                "进入社区\n工作时间", "社工\n证书", "年度\n考核\n(2023)", "联系\n电话"]  # fmt: skip
        sub = ["", "", "", "", "", "", "", "学历", "毕业院校", "专业", "学历", "毕业院校", "专业", "", "社区", "职务", "", "", "", ""]
        s.append(["2024年社区工作者基本信息采集表"])
        s.append(head)
        s.append(sub)
        s.merge_cells("H2:J2")
        s.merge_cells("K2:M2")
        s.merge_cells("O2:P2")
        s.append(
            [
                1,
                "张建华",
                "男",
                "汉族",
                FIVE[0][1],
                "党员",
                "2005.07",
                "大专",
                "康定民族师专",
                "中文",
                "本科",
                "四川大学",
                "法学",
                "是",
                "向阳社区",
                "书记主任一肩挑",
                "2010.03",
                "中级",
                "优秀",
                "13990000011",
            ]
        )
        s.append(
            [
                2,
                "王芳",
                "女",
                "藏族",
                FIVE[2][1],
                "群众",
                "",
                "本科",
                "西南民族大学",
                "社会工作",
                "",
                "",
                "",
                "否",
                "向阳社区",
                "专干",
                "2019.07",
                "初级",
                "合格",
                "13990000013",
            ]
        )
        for cell in s[2]:
            cell.alignment = Alignment(wrap_text=True)

    truth = {
        "张建华": {"id_number": FIVE[0][1], "sex": "male", "nation": "n01", "political_status": "party", "joined": "2005-07-01", "education_full": "college", "major_full": "中文", "school_full": "康定民族师专", "education_service": "bachelor", "school_service": "四川大学", "major_service": "法学", "post": "secretary_director", "community_start": "2010-03-01", "certificate": "social_worker", "assessment": (2023, "excellent"), "phone": "13990000011", "place": XIANGYANG},
        "王芳": {"id_number": FIVE[2][1], "sex": "female", "nation": "n04", "political_status": "masses", "education_full": "bachelor", "major_full": "社会工作", "school_full": "西南民族大学", "post": "staff", "community_start": "2019-07-01", "certificate": "assistant", "assessment": (2023, "pass"), "phone": "13990000013", "place": XIANGYANG},
    }  # fmt: skip
    return Office("档案式宽表", _saved(draw), truth)


def loose_dates() -> Office:
    """日期写得随意：2021.03至今、2018-07-、21年3月、二〇一五年七月、数字 2016.7。"""

    def draw(s: Worksheet) -> None:
        s.append(["社区", "姓名", "身份证号", "岗位", "任职起止时间", "从事社区工作时间", "合同到期时间", "合同性质"])
        s.append(["民族广场社区", "张建华", FIVE[0][1], "书记", "2021.03至今", "二〇一〇年三月", "无固定期限", "劳动合同"])
        s.append(["民族广场社区", "李秀兰", FIVE[1][1], "主任", "2021.03-", "2014年9月份", "2025年6月30日", "劳动合同"])
        s.append(["文化路社区", "王芳", FIVE[2][1], "网格员", "21年3月", 2019.7, "2025-6-30", "派遣"])
        s.append(["文化路社区", "扎西多吉", FIVE[3][1], "社工", "2021年3月15日起", "2013/1", datetime(2025, 6, 30), "劳务派遣"])

    return Office(
        "随意日期", _saved(draw),
        _truths(
            {"post": "secretary", "post_since": "2021-03-01", "community_start": "2010-03-01", "contract": "street", "contract_ends": "无", "place": MINZU},
            {"post": "director", "post_since": "2021-03-01", "community_start": "2014-09-01", "contract": "street", "contract_ends": "2025-06-30", "place": MINZU},
            {"post": "grid", "post_since": "2021-03-01", "community_start": "2019-07-01", "contract": "dispatch", "contract_ends": "2025-06-30", "place": WENHUA},
            {"post": "staff", "post_since": "2021-03-15", "community_start": "2013-01-01", "contract": "dispatch", "contract_ends": "2025-06-30", "place": WENHUA},
        ),
    )  # fmt: skip


OFFICES = (
    cadre_style, grouped_by_section, contract_period, tick_matrix, three_years, sheets_by_community, platform_export, post_with_date, long_instructions, many_posts,
    beside_a_summary, old_csv, wide_cadre_archive, loose_dates,
)  # fmt: skip
