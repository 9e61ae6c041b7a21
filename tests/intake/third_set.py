"""The third set: fifteen files as fifteen offices of 甘孜州 would send them, written without looking at the reader.

Every person is invented. Beside each file stands what the office meant, cell by cell. The first eight are here, the others in `third_more`.
"""

# fmt: off
# ruff: noqa: DTZ001, E501  (rows read better as lines; a cell of a workbook has no time zone)

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tests.intake import third_more
from tests.intake.third_people import (
    BEIDUAN,
    GONGZHUQIAO,
    GUANGMING,
    HUOER,
    JIEFANG,
    NANDUAN,
    QINGGE,
    QINGHE,
    REFUSED,
    SHABA,
    SHUIJING,
    SIMAQIAO,
    WANGGUO,
    WENHUALU,
    XIANGYANG,
    XINGFU,
    XURILIN,
    ZHANGGU,
    ZIER,
    Either,
    Office,
    book,
    number,
    truth,
)


def street_office() -> Office:
    """Headings in row 3 with line breaks, community cells merged down, subtotals, signatures."""
    a, b, c = number("19780314", 21), number("19850609", 42), number("19911120", 62)
    d, e, f = number("19880102", 84), number("19940730", 105), number("19690815", 127)
    wrong = c[:17] + ("0" if c[17] != "0" else "1")
    rows = [
        ["榆林街道社区工作者花名册"],
        ["填报单位（盖章）：康定市榆林街道办事处", None, None, None, None, None, None, None, "填报时间：2024年4月28日"],
        ["序\n号", "所在\n社区", "姓  名", "性\n别", "身 份 证\n号 码", "民\n族", "政治面貌\n（入党时间）", "学历/\n学位", "现任\n职务", "任现职\n时间",
         "从事社区\n工作时间", "联系\n电话", "备注"],
        [1, "公主桥\n社区", "扎西多吉", "男", a, "藏", "中共党员（2005.07）", "大专", "党支部书记、居委会主任", "2021.01", "2012.03", "139-9041-0021", None],
        [2, None, "王　 芳", "女", b, "汉", "中共党员（2012.06）", "本科/学士", "党支部副书记", "2021.01", "2015.08", "13990410042", None],
        [3, None, "卓玛 拉姆", "女", wrong, "藏", "群众", "本科", "网格员", "2022.03", "2020.10", "13990410063", "产假中"],
        [None, "小计", "3人"],
        [4, "驷马桥\n社区", "李 强", "女", d, "羌", "团员", "大专", "专干", "2019.07", "2019.07", "13990410084", None],
        [5, None, "泽仁旺姆", "男", e, "藏", "预备党员（2023.12）", "本科/学士", "社区专职工作者", "2022.9", "2018.9", "13990410105", "借调街道"],
        [None, "小计", "2人"],
        [6, "情歌社区", "陈 国 富", "男", f, "汉", "党员（1998.07.01）", "高中", "居委会委员", "2021年1月", "2009年", "0836-2822127", None],
        [None, "合计", "6人"],
        ["审核人：罗某某", None, None, "填表人：杨某某", None, None, None, "联系电话：0836-2822000"],
        ["注：1.学历填写最高学历；2.备注栏填写借调、产假等情况。"],
    ]
    meant = truth(
        "place sex id_number nation political_status joined education degree post post_since community_start phone remark",
        ("扎西多吉", GONGZHUQIAO, "male", a, "藏", "party", "2005-07", "college", None, "secretary_director", "2021-01", "2012-03", "13990410021", None),
        ("王芳", GONGZHUQIAO, "female", b, "汉", "party", "2012-06", "bachelor", "bachelor", "deputy_secretary", "2021-01", "2015-08", "13990410042", None),
        ("卓玛拉姆", GONGZHUQIAO, "female", REFUSED, "藏", "masses", None, "bachelor", None, "grid", "2022-03", "2020-10", "13990410063", "产假中"),
        ("李强", SIMAQIAO, "female", d, "羌", "league", None, "college", None, "staff", "2019-07", "2019-07", "13990410084", None),
        ("泽仁旺姆", SIMAQIAO, "male", e, "藏", "probationary", "2023-12", "bachelor", "bachelor", "staff", "2022-09", "2018-09", "13990410105", "借调街道"),
        ("陈国富", QINGGE, "male", f, "汉", "party", "1998-07-01", "senior_middle", None, "committee", "2021-01", REFUSED,
         "08362822127", None),
    )
    return Office("街道办花名册", book(("Sheet1", rows, ["A1:M1", "B4:B6", "B8:B9"])), meant)


def organisation_department() -> Office:
    """Two heading rows as of a cadre roster: full-time and in-service education, school and major in one cell, posts written out."""
    a, b, c, d = number("19820511", 11), number("19900923", 32), number("19750228", 53), number("19951201", 74)
    rows = [
        ["甘孜县社区干部名册（2024年3月31日）"],
        ["序号", "姓名", "性别", "民族", "出生\n年月", "身份证号码", "入党\n时间", "学历学位", None, None, None, "现任职务", "任职\n时间"],
        [None, None, None, None, None, None, None, "全日制\n教育", "毕业院校系\n及专业", "在职\n教育", "毕业院校系\n及专业", None, None],
        [1, "洛绒尼玛", "男", "藏族", "1982.05", a, "2006.06", "大专", "康定民族师范高等专科学校汉语言文学", "大学", "四川省委党校行政管理",
         "清河街社区党总支书记、居委会主任", "2020.12"],
        [2, "杨秀英", "女", "汉族", "1990.09", b, "2014.12", "大学\n法学学士", "西南民族大学法学专业", None, None, "旭日林社区党支部副书记", "2021.03"],
        [3, "格桑次仁", "男", "藏族", "1975.02", c, "1999.07", "中专", "甘孜州农业学校", "省委党校大专", "经济管理", "解放街社区居民委员会副主任", "2017.11"],
        [4, "白玛央金", "女", "藏族", "1995.11", d, "群众", "大学", "四川民族学院社会工作", "无", None, "清河街社区综合服务专干", "2022.07"],
        [],
        ["说明：出生年月以干部档案为准。", None, None, None, None, None, None, None, None, None, None, "中共甘孜县委组织部制"],
    ]
    meant = truth(
        "sex nation birth id_number joined education_full degree_full education_service post post_since place",
        ("洛绒尼玛", "male", "藏", "1982-05", a, "2006-06", "college", None, "bachelor", "secretary_director", "2020-12", QINGHE),
        ("杨秀英", "female", "汉", "1990-09", b, "2014-12", "bachelor", "bachelor", None, "deputy_secretary", "2021-03", XURILIN),
        ("格桑次仁", "male", "藏", "1975-02", c, "1999-07", "secondary", None, "college", "deputy_director", "2017-11", JIEFANG),
        ("白玛央金", "female", "藏", REFUSED, d, Either((REFUSED, None)), "bachelor", None, "无", "staff", "2022-07", QINGHE),
    )
    return Office("组织部两行表头", book(("名册", rows, ["A1:M1", "H2:K2", "A2:A3", "B2:B3", "L2:L3", "M2:M3"])), meant)


def civil_affairs() -> Office:
    """Wide year columns under a merged heading, certificate columns, an unknown community, a part-time committee member."""
    a, b, c, d = number("19870707", 13), number("19930218", 34), number("19801010", 55), number("19980606", 76)
    rows = [
        ["附件2"],
        ["泸定县城乡社区工作者基本情况及年度考核统计表"],
        ["乡镇", "社区名称", "姓名", "性别", "公民身份号码", "人员身份", "岗位职务", "社会工作者职业水平证书", None, "近三年年度考核情况", None, None, "手机号码"],
        [None, None, None, None, None, None, None, "等级", "登记时间", "2021年", "2022年", "2023年", None],
        ["泸桥镇", "南段社区", "何建军", "男", a, "专职", "社区工作者", "社会工作师（中级）", "2022.11", "合格", "优秀", "优秀", "18090410013"],
        ["泸桥镇", "北段社区", "周敏", "女", b, "专职", "网格员", "助理社会工作师（初级）", "2021/9/1", "—", "合格", "称职", "18090410034"],
        ["泸桥镇", "沙坝社区", "刘德华山", "男", c, "两委（兼职）", "委员", "无", None, "合格", "合格", "基本合格", "18090410055"],
        ["泸桥镇", "桥头社区", "吴晓燕", "女", d, "专职", "社区工作者", "未取得", None, None, None, "未定等次", "18090410076"],
    ]
    meant = truth(
        "place sex id_number class post certificate certificate_registered assessment assessment_2022 assessment_2021 phone",
        ("何建军", NANDUAN, "male", a, "full_time_staff", "staff", "social_worker", "2022-11", (2023, "excellent"), (2022, "excellent"),
         (2021, "pass"), "18090410013"),
        ("周敏", BEIDUAN, "female", b, "full_time_staff", "grid", "assistant", "2021-09-01", (2023, "pass"), (2022, "pass"), None, "18090410034"),
        ("刘德华山", SHABA, "male", c, "committee_part_time", "committee", "无", None, (2023, "basic"), (2022, "pass"), (2021, "pass"), "18090410055"),
        ("吴晓燕", REFUSED, "female", d, "full_time_staff", "staff", "无", None, (2023, "undetermined"), None, None, "18090410076"),
    )
    return Office("民政局三年考核", book(("表2", rows, ["A2:M2", "H3:I3", "J3:L3"])), meant)


def party_school() -> Office:
    """A class list of a party school: class, dates of the course as a range, hours; numbers written with dashes and spaces."""
    a, b, c = number("19860404", 15), number("19920519", 36), number("19790909", 57)
    rows = [
        ["炉霍县2023年社区工作者能力提升培训班学员名册"],
        ["学号", "学员姓名", "性别", "民族", "身份证号", "工作单位", "职务", "培训班次", "培训起止时间", "学时", "手机"],
        ["01", "四郎曲珍", "女", "藏", b, "新都镇望果社区", "党支部书记", "县级骨干培训", "2023年6月12日—16日", 40, "136 8410 0036"],
        ["02", "蒋文彬", "男", "汉", a, "新都镇章谷社区居委会", "主任", "县级骨干培训", "2023.6.12-6.16", 40, "136-8410-0015"],
        ["03", "丁真旺堆", "男", "藏", c, "新都镇霍尔社区", "综治专干", "县级骨干培训", "2023年6月31日", 40, "+86 13684100057"],
    ]
    meant = truth(
        "sex nation id_number place post training phone",
        ("四郎曲珍", "female", "藏", b, WANGGUO, "secretary", Either(("2023-06-12", "2023-06-16")), "13684100036"),
        ("蒋文彬", "male", "汉", a, ZHANGGU, "director", Either(("2023-06-12", "2023-06-16")), "13684100015"),
        ("丁真旺堆", "male", "藏", c, HUOER, "staff", REFUSED, "13684100057"),
    )
    return Office("党校学员名册", book(("学员", rows, ["A1:K1"])), meant)


def contractor_export() -> Office:
    """English headings from a dispatch contractor's HR system; dates as text with a time, an Excel date, an ID with an apostrophe."""
    a, b, c = number("19950505", 17), number("19970812", 38), number("20000229", 59)
    rows = [
        ["Emp No.", "Name", "Gender", "Ethnic Group", "ID Number", "Date of Birth", "Education", "Sub-district", "Community", "Job Title", "Hire Date",
         "Contract Type", "Contract End Date", "Mobile", "Remarks"],
        ["GZ0007", "赵雪梅", "F", "汉", "'" + b, "1997-08-12 00:00:00", "大专", "炉城街道", "向阳社区", "网格员", "2021-03-01 00:00:00", "劳务派遣",
         "2025-02-28 00:00:00", "15208360038", None],
        ["GZ0008", "罗布", "M", "藏", "'" + a, "1995-05-05 00:00:00", "本科", "炉城街道", "光明社区", "网格员", datetime(2022, 9, 1), "劳务派遣",
         datetime(2025, 8, 31), "15208360017", "N/A"],
        ["GZ0009", "马小龙", "M", "回", c, "2000-02-29 00:00:00", "高中", "炉城街道", "水井子社区", "网格员", "2023-02-29 00:00:00", "劳务派遣",
         "2026-02-28 00:00:00", "15208360059", ""],
    ]
    meant = truth(
        "sex nation id_number birth education place post community_start contract contract_ends phone",
        ("赵雪梅", "female", "汉", b, "1997-08-12", "college", XIANGYANG, "grid", "2021-03-01", "dispatch", "2025-02-28", "15208360038"),
        ("罗布", "male", "藏", a, "1995-05-05", "bachelor", GUANGMING, "grid", "2022-09-01", "dispatch", "2025-08-31", "15208360017"),
        ("马小龙", "male", "回", c, "2000-02-29", "senior_middle", SHUIJING, "grid", REFUSED, "dispatch", "2026-02-28", "15208360059"),
    )
    return Office("派遣公司英文导出", book(("Export", rows, [])), meant)


def pinyin_system() -> Office:
    """A GBK text file of an old system: pinyin headings, a tab behind long numbers, compact dates."""
    a, b, c = number("19830117", 19), number("19891225", 40), number("19961003", 62)
    lines = [
        "xh,xingming,xingbie,sfzh,csny,mz,zzmm,xueli,jiedao,shequ,gangwei,rzsj,lxdh,bz",
        f"1,黄志勇,男,{a}\t,198301,汉族,中共党员,大专,炉城街道,子耳社区,主任,201912,13568410019\t,",
        f"2,央宗,女,{b}\t,198912,藏族,群众,中专,炉城街道,水井子社区,委员,202101,13568410040\t,",
        f"3,谢婷,女,{c}\t,199610,汉族,共青团员,本科,炉城街道,子耳社区,社工,202213,13568410061\t,待岗",
    ]
    meant = truth(
        "sex id_number birth nation political_status education place post post_since phone remark",
        ("黄志勇", "male", a, "1983-01", "汉", "party", "college", ZIER, "director", "2019-12", "13568410019", None),
        ("央宗", "female", b, "1989-12", "藏", "masses", "secondary", SHUIJING, "committee", "2021-01", "13568410040", None),
        ("谢婷", "female", c, "1996-10", "汉", "league", "bachelor", ZIER, "staff", REFUSED, "13568410061", "待岗"),
    )
    return Office("老系统拼音表头", "\r\n".join(lines).encode("gbk"), meant)


def pasted_from_word() -> Office:
    """Pasted from a Word table: line breaks inside cells, two-digit years, an ID in groups, full-width letters and digits."""
    a, b, c = number("19770623", 23), number("19880808", 44), number("19931111", 66)
    wide = a.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    rows = [
        ["呷尔镇文化路社区工作人员情况表"],
        ["姓    名", "性    别", "民    族", "出生年月", "身份证号", "文化程度", "政治面貌", "岗位及\n任职时间", "进社区工作时间", "联系方式"],
        ["吉\n木", "男", "彝\n族", "77年6月", wide, "大专\n文化", "中共\n党员", "居委会\n副主任\n（19年7月）", "16年3月", "１３５４８４１００２３"],
        ["许\u00a0静", "女", "汉族", "88.8", f"{b[:6]} {b[6:14]} {b[14:]}", "大学本科", "群 众", "社区专职\n工作者\n（2020年5月）", "2020年5月", "135 4841 0044"],
        ["沙马\n阿依", "女", "彝族", "1993年\n11月", f"{c[:6]}\n{c[6:14]}\n{c[14:]}", "本科", "共青\n团员", "网格员\n（2022年\n13月）", "2022年1月", "13548410065"],
    ]
    meant = truth(
        "sex nation birth id_number education political_status post post_since community_start phone place",
        ("吉木", "male", "彝", "1977-06", a, "college", "party", "deputy_director", "2019-07", "2016-03", "13548410023", WENHUALU),
        ("许静", "female", "汉", "1988-08", b, "bachelor", "masses", "staff", "2020-05", "2020-05", "13548410044", WENHUALU),
        ("沙马阿依", "female", "彝", "1993-11", c, "bachelor", "league", "grid", REFUSED, "2022-01", "13548410065", WENHUALU),
    )
    return Office("从Word粘贴", book(("Sheet1", rows, ["A1:J1"])), meant)


def form_per_person() -> Office:
    """A registration form, one sheet a person: label, value, label, value."""
    a, b = number("19840216", 25), number("19900330", 46)

    def form(name: str, sex: str, nation: str, birth: str, identity: str, status: str, level: str, community: str, post: str, since: str, phone: str):
        return (
            name,
            [
                ["社区工作者登记表"],
                ["姓名", name, "性别", sex, "民族", nation],
                ["出生年月", birth, "政治面貌", status, "学历", level],
                ["身份证号", identity, None, None, "联系电话", phone],
                ["所在社区", community, None, "岗位", post, None],
                ["任现岗时间", since, None, "从事社区工作时间", since, None],
                ["个人简历", "2008.09—2011.06 某某学校读书\n2011.07至今 社区工作", None, None, None, None],
                ["所在街道意见", None, None, "（盖章）", None, "年  月  日"],
            ],
            ["A1:F1", "B4:D4"],
        )

    raw = book(
        form("尼玛泽仁", "男", "藏族", "1984年2月", a, "中共党员", "大专", "新都镇幸福社区", "党支部书记", "2018年4月", "13408360025"),
        form("唐丽华", "女", "汉族", "1990年3月", b, "群众", "本科", "新都镇霍尔社区", "专职工作人员", "2017年2月29日", "13408360046"),
    )
    meant = truth(
        "sex nation birth political_status education id_number phone place post post_since community_start",
        ("尼玛泽仁", "male", "藏", "1984-02", "party", "college", a, "13408360025", XINGFU, "secretary", "2018-04", "2018-04"),
        ("唐丽华", "female", "汉", "1990-03", "masses", "bachelor", b, "13408360046", HUOER, "staff", REFUSED, REFUSED),
    )
    return Office("一人一张登记表", raw, meant)


OFFICES: tuple[Callable[[], Office], ...] = (
    street_office,
    organisation_department,
    civil_affairs,
    party_school,
    contractor_export,
    pinyin_system,
    pasted_from_word,
    form_per_person,
    *third_more.OFFICES,
)
