"""The worker roster (花名册) as a declaration: what each column is called, how its cells are read, which fact it makes.

A column people use under another name is one alias more here; nothing else changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Aliases = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One column of the roster.

    `reader` names the way its cells are read (see `cells.READERS`); `kind.field` is what the cell states. `under` holds words
    of a heading above (全日制教育 over 学历). `month`: a date that stops at the month is taken as its first day, with a notice.
    `needed`: a row without it is refused. `offered`: it stands in the template that goes out. `assumed`: names that do not say
    enough (学历 without 全日制 or 在职); they are taken for this column and the user is asked to look.
    """

    id: str
    name: str
    reader: str
    kind: str
    field: str
    aliases: Aliases = ()
    under: Aliases = ()
    code: str = ""
    month: bool = False
    needed: bool = False
    offered: bool = True
    assumed: Aliases = ()


_FULL = ("全日制", "第一学历")
_SERVICE = ("在职", "非全日制")
_SCHOOLS = ("毕业院校及专业（全日制）", "毕业院校系及专业（全日制）", "毕业学校（全日制）")

ROSTER: Final[tuple[Column, ...]] = (
    Column("name", "姓名", "name", "person", "name", ("姓 名", "名字", "人员姓名", "社工姓名", "社区工作者姓名", "工作人员姓名", "本人姓名"), needed=True),
    Column("sex", "性别", "code", "sex", "sex", ("男女", "性别（男/女）"), code="Sex"),
    Column("id_number", "身份证号", "id_number", "person", "id_number",
           ("身份证号码", "身份证", "公民身份号码", "公民身份证号码", "居民身份证号", "居民身份证号码", "证件号码", "证件号", "身份号码", "身份证件号码", "ID号码"), needed=True),
    Column("birth", "出生年月", "birth", "birth", "date", ("出生日期", "出生年月日", "生日", "出生时间", "出生")),
    Column("nation", "民族", "code", "nation", "nation", ("民族别",), code="Nation"),
    Column("political_status", "政治面貌", "code", "political_status", "status", ("面貌", "党派", "政治身份", "政治面目"), code="PoliticalStatus"),
    Column("joined", "入党时间", "date", "political_status", "joined", ("加入日期", "入党日期", "入党年月", "加入党派时间", "入团（党）时间"), month=True, offered=False),
    Column("education_full", "学历（全日制）", "code", "education", "full_time.level",
           ("全日制学历", "全日制教育学历", "全日制", "第一学历", "全日制最高学历", "全日制教育", "学历全日制", "初始学历"), _FULL, code="EducationLevel",
           assumed=("学历", "学历学位", "学历及学位", "文化程度", "最高学历", "学历层次", "文化", "文化水平", "学历情况")),
    Column("education_service", "学历（在职）", "code", "education", "in_service.level",
           ("在职学历", "在职教育学历", "在职教育", "学历在职", "非全日制学历", "后续学历", "在职最高学历"), _SERVICE, code="EducationLevel"),
    Column("degree", "学位", "code", "education", "degree", ("学位名称", "最高学位", "获得学位"), code="Degree"),
    Column("major", "专业", "text", "education", "major", ("所学专业", "专业名称", "学习专业", "毕业专业")),
    Column("school", "毕业院校", "text", "education", "school",
           ("毕业学校", "学校", "院校", "毕业院校系及专业", "毕业院校及专业", "毕业院校专业", "院校系及专业", "毕业院系及专业"), offered=False),
    Column("degree_full", "学位（全日制）", "code", "education", "full_time.degree", (), _FULL, code="Degree", offered=False),
    Column("degree_service", "学位（在职）", "code", "education", "in_service.degree", (), _SERVICE, code="Degree", offered=False),
    Column("major_full", "专业（全日制）", "text", "education", "full_time.major", ("所学专业（全日制）",), _FULL, offered=False),
    Column("major_service", "专业（在职）", "text", "education", "in_service.major", ("所学专业（在职）",), _SERVICE, offered=False),
    Column("school_full", "毕业院校（全日制）", "text", "education", "full_time.school", _SCHOOLS, _FULL, offered=False),
    Column("school_service", "毕业院校（在职）", "text", "education", "in_service.school",
           ("毕业院校及专业（在职）", "毕业院校系及专业（在职）", "毕业学校（在职）"), _SERVICE, offered=False),
    Column("certificate", "社工证等级", "code", "certificate", "kind",
           ("社会工作者职业资格", "社工证", "社会工作者职业水平等级", "职业资格等级", "社会工作职业资格", "社工职业资格", "社会工作者证书", "社工资格证", "职业资格", "社工师等级",
            "持证情况", "社会工作者职业资格证书", "社工证书等级", "社会工作师等级", "社会工作者职业资格等级", "专业资格", "社工持证情况", "持有社会工作者职业水平证书情况", "社会工作者职业水平证书", "社工证书", "社会工作专业人才职业资格"), code="CertificateKind"),
    Column("certificate_number", "证书编号", "text", "certificate", "number", ("社工证编号", "资格证书编号", "证书号", "资格证编号"), offered=False),
    Column("certificate_registered", "证书登记日期", "date", "certificate", "registered",
           ("登记日期", "社工证登记日期", "证书登记时间", "社工证登记时间", "证书注册日期", "登记时间", "资格证登记日期"), ("社工证", "证书", "职业资格"), month=True),
    Column("county", "区县", "place", "place", "county", ("区（县）", "县（市、区）", "县区", "县（区）", "县市区", "所属区县", "所在区县", "县", "区", "县（市）", "区市县", "县级行政区")),
    Column("street", "街道（乡镇）", "place", "place", "street",
           ("乡镇（街道）", "街道", "乡镇", "街道乡镇", "乡镇街道", "所属街道", "所在街道", "所属乡镇", "镇街", "街镇", "镇（街道）", "乡（镇）", "街道办", "街道（镇）", "乡镇（街道）名称",
            "所在乡镇（街道）", "所属镇街", "街道名称", "乡镇名称", "街道办事处", "镇（街）")),
    Column("community", "社区", "place", "place", "community",
           ("社区名称", "所在社区", "所属社区", "任职社区", "工作社区", "村（社区）", "社区（村）", "所在村（社区）", "社区居委会", "现任职社区", "服务社区", "村社区", "所在社区名称", "所属区划", "行政区划", "所在区划", "所属区域", "所在区域", "所属社区（村）", "工作单位",
            "所在单位", "单位名称", "现工作社区", "社区居民委员会", "单位", "居委会"), needed=True),
    Column("class", "人员类别", "code", "appointment", "class", ("人员类型", "类别", "人员性质", "人员身份", "人员属性", "身份类别", "人员分类", "用工性质", "社区工作者类别", "岗位类别", "身份"), code="WorkerClass"),
    Column("post", "岗位", "code", "appointment", "post",
           ("职务", "现任职务", "现任岗位", "岗位名称", "任职岗位", "现职务", "职务（岗位）", "岗位（职务）", "岗位职务", "担任职务", "社区职务", "现任社区职务", "职位", "工作岗位", "现岗位", "从事岗位", "本届职务"), code="Post", needed=True),
    Column("post_since", "任现岗时间", "date", "appointment", "since",
           ("任现职时间", "任现岗位时间", "任现职务时间", "现岗位任职时间", "任职时间", "现职时间", "任现职", "到岗时间", "上岗时间", "任现职年月", "任职日期", "现岗位起始时间", "任现岗日期", "到现岗位时间", "任职起始时间", "现职务任职时间", "任职起止时间"), month=True),
    Column("community_start", "从事社区工作时间", "date", "community_start", "date",
           ("参加社区工作时间", "进入社区工作时间", "从事社区工作年月", "开始从事社区工作时间", "社区工作起始时间", "到社区工作时间", "从事社区工作起始时间", "入职社区时间", "入职时间", "进社区工作时间",
            "从事社区工作日期", "社区工作开始时间", "参加社区工作年月", "到社区工作年月"), month=True),
    Column("contract", "合同类型", "code", "contract", "kind",
           ("劳动合同类型", "合同性质", "用工形式", "用工类型", "合同类别", "签订合同类型", "用工方式", "劳动合同签订情况", "合同签订情况", "合同种类", "合同签订主体", "合同主体", "签订主体"), ("合同",), code="EmployerKind"),
    Column("contract_signed", "合同签订日期", "date", "contract", "signed", ("合同签订时间", "签订日期", "合同起始日期", "签订时间", "合同开始", "合同开始日期"), ("合同",), offered=False),
    Column("contract_ends", "合同到期日", "date", "contract", "ends",
           ("合同到期日期", "合同到期时间", "合同终止日期", "合同期满日", "合同截止日期", "合同结束", "合同结束日期", "到期日", "到期日期", "合同止期", "合同期限至", "劳动合同到期日", "合同截止日", "到期时间"), ("合同",)),
    Column("contract_period", "合同期限", "period", "contract", "signed", ("劳动合同期限", "合同起止时间", "合同起止日期", "合同起止期限", "合同有效期"), ("合同",), offered=False),
    Column("training", "最近一次培训", "training", "training", "since",
           ("最近培训时间", "最近一次培训时间", "最近培训日期", "最近一次参加培训时间", "上次培训时间", "最近一次培训日期", "最后一次培训时间", "培训时间", "最近参训时间", "近期培训时间", "最近一次参加培训情况", "最近培训情况", "培训情况", "参加培训情况"), month=True),
    Column("assessment", "最近年度考核", "assessment", "assessment", "result",
           ("年度考核", "最近年度考核结果", "年度考核结果", "最近一次年度考核", "考核结果", "上年度考核结果", "考核等次", "年度考核等次", "最近年度考核等次", "考核情况", "考核", "考核等级", "年度考核情况", "最终等次", "评定等次")),
    Column("phone", "手机号", "phone", "contact", "phone",
           ("手机号码", "联系电话", "电话", "手机", "联系方式", "移动电话", "本人电话", "电话号码", "联系手机")),
    Column("address", "家庭住址", "text", "contact", "address", ("住址", "现住址", "居住地址", "家庭地址", "联系地址", "现居住地"), offered=False),
    Column("bank_account", "银行账号", "account", "pay_account", "bank_account",
           ("银行卡号", "工资卡号", "工资账号", "银行账户", "工资卡账号", "工资发放账号", "社保卡金融账号", "卡号", "账号"), offered=False),
    Column("bank_name", "开户银行", "text", "pay_account", "bank_name", ("开户行", "开户行名称", "开户银行名称", "工资卡开户行"), offered=False),
    Column("remark", "备注", "text", "remark", "text", ("说明", "备 注", "备注说明", "其他说明")),
)  # fmt: skip

COLUMNS: Final[dict[str, Column]] = {column.id: column for column in ROSTER}

SERIAL_NAMES: Final = frozenset({"序号", "编号", "序", "No", "NO", "no", "No.", "NO.", "行号", "排序", "号", "#", "顺序号", "学号", "工号", "empno", "employeeno", "employeeid", "xh", "xuhao", "系统编号"})  # fmt: skip
"""Serial numbers are for the eye; they are not taken and not listed as unknown."""

DERIVED_NAMES: Final = frozenset({"年龄", "周岁", "社区工作年限", "工作年限", "从事社区工作年限", "社龄", "连续工作年限", "任职年限"})
"""Columns that follow from others: not taken, because a stated age is wrong on the next birthday."""

OTHER_NAMES: Final = frozenset(
    {"入团时间", "入团日期", "参加工作时间", "工作时间", "籍贯", "出生地", "户籍地", "户籍地址", "健康状况", "婚姻状况", "年度考核奖", "岗位工资", "岗位等级", "等级", "职级", "特长", "照片", "任职文号",
     "社保缴纳时间", "工资", "薪酬", "基本工资", "应发工资", "微信号", "电子邮箱", "邮箱", "QQ", "参保情况", "退役军人", "是否退役军人", "是否网格员", "网格",
     "所在网格", "网格名称", "曾任职务", "兼任职务", "职称", "编制", "办公电话", "紧急联系人", "紧急联系人电话", "家庭成员", "毕业时间", "毕业日期", "取得时间", "取得证书时间", "证书取得时间"}
)  # fmt: skip
"""Columns known to mean something else, however near their names are to ours. Listed as not taken."""

LATIN_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name", "employeename", "fullname", "xingming", "xm"),
    "sex": ("gender", "sex", "xingbie", "xb"),
    "id_number": ("idnumber", "idno", "idcard", "idcardno", "idcardnumber", "identitynumber", "nationalid", "shenfenzheng", "shenfenzhenghao", "sfz", "sfzh", "sfzhm"),
    "birth": ("dateofbirth", "birthdate", "birthday", "dob", "chushengnianyue", "csny", "csrq"),
    "nation": ("ethnicgroup", "ethnicity", "minzu", "mz"),
    "political_status": ("politicalstatus", "zhengzhimianmao", "zzmm"),
    "education_full": ("xueliquanrizhi",),
    "degree": ("degree", "xuewei", "xw"),
    "major": ("major", "zhuanye", "zy"),
    "school": ("school", "university", "biyeyuanxiao", "byyx"),
    "county": ("county", "quxian", "qx"),
    "street": ("subdistrict", "street", "township", "jiedao", "xiangzhen", "jd", "xz"),
    "community": ("community", "shequ", "sq", "sqmc"),
    "class": ("category", "employeetype", "renyuanleibie", "rylb"),
    "post": ("jobtitle", "position", "post", "gangwei", "zhiwu", "gw", "zw"),
    "post_since": ("positionstartdate", "positiondate", "renzhishijian", "rxgsj", "rzsj", "rzrq"),
    "community_start": ("hiredate", "dateofhire", "joindate", "entrydate", "onboarddate", "ruzhishijian"),
    "contract": ("contracttype", "hetongleixing", "htlx"),
    "contract_signed": ("contractstart", "contractstartdate", "htqsrq"),
    "contract_ends": ("contractend", "contractenddate", "contractexpiry", "contractexpirydate", "htdqr", "htdqrq"),
    "phone": ("mobile", "mobilephone", "mobileno", "cellphone", "phone", "phonenumber", "shouji", "shoujihao", "sjh", "sjhm", "lxdh", "dianhua", "dh"),
    "address": ("address", "dizhi", "dz"),
    "remark": ("remark", "remarks", "note", "notes", "comments", "beizhu", "bz"),
}  # fmt: skip
"""Headings of exports: English without spaces, pinyin whole and by initials; small letters."""

LATIN_ASSUMED: Final = frozenset({"education", "educationlevel", "xueli", "xl"})
"""学历 without a mode, in the same spellings."""

ANOTHERS: Final = ("家属", "配偶", "联系人", "紧急", "父", "母", "子女", "填表", "审核", "成员", "领导", "负责人", "机构", "曾", "原", "拟", "前任",
                   "离任", "离职", "辞职", "退休", "免职", "解聘", "调离", "毕业")  # fmt: skip
"""With one of these a heading is about somebody else or another time, however near it is to ours: 配偶姓名, 原职务, 离任日期."""

LEFT_NAMES: Final = ("离任", "离职", "辞职", "免职", "解聘", "调离", "离岗")
"""Columns that tell when or why somebody left: whoever has an entry there is not in service."""

STANDING_NAMES: Final = ("状态", "在岗状态", "在职状态", "人员状态", "在岗情况", "在职情况", "是否在岗", "是否在职")
"""Columns that tell whether somebody is in service."""

OWN_NAMES: Final = ("退回原因", "怎么改")
"""Columns that a returned workbook has more; they are not read back."""

KEY_NAME: Final = "系统编号（请勿改动）"
"""The hidden last column of a prefilled workbook: the worker's number, by which a row is known when it comes back."""

GUIDE_SHEET: Final = "先看这里"
"""The sheet of a prefilled workbook that says how to fill it in; it is no roster."""

LISTS_SHEET: Final = "可选项"
"""The sheet of our templates that holds the lists to choose from; it is no roster."""
