"""Patterns about money: post, table, base and coefficient, performance, allowances, probation, retained pay, the sum."""

from __future__ import annotations

from jiceng.law.drafting.patterns import RECORDED, Given, Need, Option, Pattern, also_seen, any_of, block, history

GRADES = Option(
    "grade", "等级取自", (("recorded_grade", "台账登记的等级"), ("grade_due", "按本办法推算的应定等级")), default=("recorded_grade",),
    help="选“推算”的，另加“应定等级”一条",
)  # fmt: skip
_ROUNDING = Need("pay_rounding", "工资取整", "Rounding", reading="四舍五入", note="原文没有写取整办法；按四舍五入到分")


def _classes(given: Given) -> tuple[tuple[str, str], ...]:
    chief, deputy, member = (given.get(one, ()) for one in ("chief", "deputy", "committee"))
    lines = ["serving = False", "best = PostClass.general", "for a in appointments:", "    if a.since <= on and on < a.until:"]
    lines += ["        serving = True", f"        if {any_of('a.post', 'Post', chief)}:", "            best = PostClass.chief"]
    if deputy:
        lines += [f"        elif best != PostClass.chief and ({any_of('a.post', 'Post', deputy)}):", "            best = PostClass.deputy"]
    if member:
        lines += [f"        elif best == PostClass.general and ({any_of('a.post', 'Post', member)}):"]
        lines += ["            best = PostClass.committee"]
    lines += ["if not serving:", '    return not_applicable("台账中没有现任职")', "return best"]
    return (
        block(
            "post_class", title="岗位类别", arguments="appointments: Records[Appointment], on: Date", gives="PostClass",
            doc="按现任岗位归类，没有列出的为一般。", body="\n".join(lines), assumes="同时任几个岗位的，按最高的一个",
            names={"serving": "现在任职", "best": "最高的岗位"},
        ),
    )  # fmt: skip


def _range(given: Given) -> tuple[tuple[str, str], ...]:
    arguments = "post_class: PostClass, recorded_grade: int, grade_floor: Table[PostClass, int], grade_cap: Table[PostClass, int]"
    body = "return grade_floor[post_class] <= recorded_grade and recorded_grade <= grade_cap[post_class]"
    doc = "台账等级不低于本类岗位的最低级，不高于最高级。"
    return (block("grade_allowed", title="等级在岗位范围内", arguments=arguments, gives="bool", doc=doc, body=body),)


def _monthly(given: Given, arguments: str, body: str, doc: str) -> tuple[tuple[str, str], ...]:
    return (block("monthly_pay", title="工资标准", unit="元", arguments=arguments, gives="Yuan", doc=doc, body=body),)


def _post_and_grade(given: Given) -> tuple[tuple[str, str], ...]:
    grade = given["grade"][0]
    arguments = f"post_class: PostClass, {grade}: int, post_pay: Table[PostClass, Yuan], grade_pay: Table[int, Yuan]"
    return _monthly(given, arguments, f"return post_pay[post_class] + grade_pay[{grade}]", "岗位工资加等级工资。")


def _table(given: Given) -> tuple[tuple[str, str], ...]:
    grade = given["grade"][0]
    arguments = f"post_class: PostClass, {grade}: int, post_grade_pay: Table[PostClass, int, Yuan]"
    return _monthly(given, arguments, f"return post_grade_pay[post_class, {grade}]", "按岗位类别和等级查表。")


def _grade_table(given: Given) -> tuple[tuple[str, str], ...]:
    grade = given["grade"][0]
    return _monthly(given, f"{grade}: int, grade_pay: Table[int, Yuan]", f"return grade_pay[{grade}]", "各类岗位共用一张表，按等级查。")


def _base(given: Given) -> tuple[tuple[str, str], ...]:
    if given["coefficient"] == ("own",):
        arguments = "pay_base: Yuan, coefficient: Ratio, pay_rounding: Rounding"
        return _monthly(given, arguments, "return times(pay_base, coefficient, pay_rounding)", "基数乘台账登记的工资系数。")
    grade = given["grade"][0]
    if given["coefficient"] == ("post",):
        table = "post_grade_coefficient: Table[PostClass, int, Ratio]"
        arguments = f"post_class: PostClass, {grade}: int, pay_base: Yuan, {table}, pay_rounding: Rounding"
        body = f"return times(pay_base, post_grade_coefficient[post_class, {grade}], pay_rounding)"
        return _monthly(given, arguments, body, "基数乘岗位和等级的系数。")
    arguments = f"{grade}: int, pay_base: Yuan, grade_coefficient: Table[int, Ratio], pay_rounding: Rounding"
    return _monthly(given, arguments, f"return times(pay_base, grade_coefficient[{grade}], pay_rounding)", "基数乘等级系数。")


def _base_needs(given: Given) -> tuple[Need, ...]:
    needs = (Need("pay_base", "工资基数", "元"), _ROUNDING)
    if given["coefficient"] == ("post",):
        return (*needs, Need("post_grade_coefficient", "岗位等级系数", "倍", ("PostClass", "int")))
    return needs if given["coefficient"] == ("own",) else (*needs, Need("grade_coefficient", "等级系数", "倍", ("int",)))


def _split(given: Given) -> tuple[tuple[str, str], ...]:
    arguments = "monthly_pay: Yuan, performance_share: Ratio, pay_rounding: Rounding"
    body = "return times(monthly_pay, performance_share, pay_rounding)"
    doc = "工资标准里归绩效的部分，按月计。"
    return (
        block("performance_standard", title="绩效工资标准", unit="元", arguments=arguments, gives="Yuan", doc=doc, body=body),
        block(
            "basic_pay", title="基本工资", unit="元", arguments="monthly_pay: Yuan, performance_standard: Yuan", gives="Yuan",
            doc="工资标准减去绩效部分，两部分相加正好是工资标准。", body="return monthly_pay - performance_standard",
        ),
    )  # fmt: skip


def _failed(given: Given) -> tuple[tuple[str, str], ...]:
    last = given["year"] == ("last",)
    when, word = ("year(on) - 1", "上年") if last else ("year(on)", "当年")
    results = any_of("a.result", "Result", given["results"])
    body = f"failed = False\nfor a in assessments:\n    if a.year == {when} and ({results}):\n        failed = True\nreturn failed"
    name, title = ("assessment_failed_last_year", "上年考核不合格") if last else ("assessment_failed", "当年考核不合格")
    arguments, assumes = "assessments: Records[Assessment], on: Date", f"{word}考核结果还没有登记的，先按没有不合格计"
    doc = f"{word}有登记为所列等次的考核。"
    paid = f"if {name}:\n    return 0\nreturn performance_standard"
    return (
        block(name, title=title, arguments=arguments, gives="bool", doc=doc, body=body, assumes=assumes),
        block(
            "performance", title="绩效工资", unit="元", arguments=f"performance_standard: Yuan, {name}: bool", gives="Yuan",
            doc=f"{title}的没有绩效工资。", body=paid,
        ),
    )  # fmt: skip


def _instalment(given: Given) -> tuple[tuple[str, str], ...]:
    arguments = "performance: Yuan, performance_period_months: int"
    return (
        block(
            "performance_instalment", title="每次发放的绩效工资", unit="元", arguments=arguments, gives="Yuan",
            doc="按月标准乘发放周期的月数。", body="return performance * performance_period_months",
        ),
    )  # fmt: skip


def _certificate(given: Given) -> tuple[tuple[str, str], ...]:
    start = {
        "month": ("month_start(c.registered) <= on", "从登记的当月起"),
        "next": ("add_months(month_start(c.registered), 1) <= on", "从登记的次月起"),
        "day": ("c.registered <= on", "从登记之日起"),
    }[given["from"][0]]
    body = "amount = 0\nfor c in certificates:\n"
    body += f"    if known(c.registered) and {start[0]}:\n        amount = max(amount, certificate_allowance[c.kind])\nreturn amount"
    arguments = f"certificates: {history(given, 'Certificate')}, certificate_allowance: Table[CertificateKind, Yuan], on: Date"
    return (
        block(
            "certificate_pay", title="证书补贴", unit="元", arguments=arguments, gives="Yuan", doc=f"只认已登记的证书，{start[1]}。",
            body=body, assumes=also_seen(given, "有几个证书的，按最高的一个"), names={"amount": "最高的一项"},
        ),
    )  # fmt: skip


def _post_allowance(given: Given) -> tuple[tuple[str, str], ...]:
    arguments = "post_class: PostClass, post_allowance: Table[PostClass, Yuan]"
    return (
        block(
            "post_allowance_amount", title="应发岗位津贴", unit="元", arguments=arguments, gives="Yuan",
            doc="按岗位类别查表。", body="return post_allowance[post_class]",
        ),
    )  # fmt: skip


def _seniority(given: Given) -> tuple[tuple[str, str], ...]:
    return (
        block(
            "seniority_pay", title="年限补贴", unit="元", gives="Yuan",
            arguments="community_years: int, seniority_rate: Yuan, seniority_years_cap: int",
            doc="从事社区工作每满一年发一份，至多计到封顶的年数。",
            body="return seniority_rate * min(community_years, seniority_years_cap)",
        ),
    )  # fmt: skip


def _probation(given: Given) -> tuple[tuple[str, str], ...]:
    general = given["who"] == ("general",)
    body = "if post_class != PostClass.general:\n    return False\n" if general else ""
    body += "if known(probation_ends):\n    return on <= probation_ends\nlast = add_days(on, -1)\nfor a in appointments:\n"
    body += "    last = add_days(add_months(a.since, probation_months), -1)\n    break\nreturn on <= last"
    arguments = ("post_class: PostClass, " if general else "") + "appointments: Records[Appointment], probation_months: int, on: Date, "
    told = ("没有登记试用期的，从最早一段任职起算", "只对一般工作人员") if general else ("没有登记试用期的，从最早一段任职起算",)
    paid = 'if not in_probation:\n    return not_applicable("不在试用期")\nreturn times(monthly_pay, probation_share, pay_rounding)'
    return (
        block(
            "in_probation", title="在试用期内", arguments=arguments + "probation_ends: Date = None", gives="bool",
            doc="试用期最后一天还在试用期内。", body=body, assumes=told, names={"last": "试用期最后一天"},
        ),
        block(
            "probation_pay", title="试用期工资", unit="元", gives="Yuan", doc="工资标准的一部分。", body=paid,
            arguments="in_probation: bool, monthly_pay: Yuan, probation_share: Ratio, pay_rounding: Rounding",
        ),
    )  # fmt: skip


PARTS = (
    ("monthly_pay", "工资标准"), ("basic_pay", "基本工资"), ("performance", "绩效工资"), ("certificate_pay", "证书补贴"),
    ("post_allowance_amount", "应发岗位津贴"), ("seniority_pay", "年限补贴"), ("retained_pay", "保留工资"),
)  # fmt: skip


def _sum(given: Given) -> tuple[tuple[str, str], ...]:
    parts = list(given["parts"])
    arguments, body = ", ".join(f"{one}: Yuan" for one in parts), f"return {' + '.join(parts)}"
    if given["probation"] == ("yes",):
        rest = "".join(f" + {one}" for one in parts if one not in ("monthly_pay", "basic_pay", "performance"))
        body = f"if in_probation:\n    return times(monthly_pay, probation_share, pay_rounding){rest}\n{body}"
        arguments += "" if "monthly_pay" in parts else ", monthly_pay: Yuan"
        arguments += ", in_probation: bool, probation_share: Ratio, pay_rounding: Rounding"
    return (block("gross_pay", title="应发各项合计", unit="元", arguments=arguments, gives="Yuan", doc="按月发的各项相加。", body=body),)


def _retained(given: Given) -> tuple[tuple[str, str], ...]:
    body = "if not known(carried_as_of):\n    return 0\nrise = max(0, monthly_pay - carried_pay_here)\n"
    body += "return max(0, carried_pay - carried_pay_here - rise)"
    carried = "carried_as_of: Date = None, carried_pay: Yuan = None, carried_pay_here: Yuan = None"
    return (
        block(
            "retained_pay", title="保留工资", unit="元", arguments=f"monthly_pay: Yuan, {carried}", gives="Yuan",
            doc="调入时的差额，减去调入后工资标准的提高，不低于零；不是调入的没有。", body=body, names={"rise": "调入后提高"},
            assumes="调入后的提高按当日工资标准与调入时的工资标准之差；降下来的不另补",
        ),
    )  # fmt: skip


def _none(given: Given) -> tuple[Need, ...]:
    return ()


def _fixed(*needs: Need):  # type: ignore[no-untyped-def]
    return lambda given: needs


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "post_class", "岗位", "岗位分类", "书记、主任为正职，副书记、副主任为副职，其余为一般。",
        (
            Option("chief", "正职包括", codes="Post", many=True, default=("secretary_director", "secretary", "director")),
            Option("deputy", "副职包括", codes="Post", many=True, default=("deputy_secretary", "deputy_director")),
            Option("committee", "另设专职委员一类，包括", codes="Post", many=True, help="不选就不设这一类；没有列出的岗位都归“一般”"),
        ),
        _none, _classes,
    ),
    Pattern(
        "grade_range", "岗位", "各类岗位的等级范围", "正职五至十二级，副职三至十级，一般一至八级。", (),
        _fixed(Need("grade_floor", "最低等级", "级", ("PostClass",)), Need("grade_cap", "最高等级", "级", ("PostClass",))), _range,
        ("post_class",),
    ),
    Pattern(
        "pay_post_grade", "工资标准", "岗位工资加等级工资", "月工资为岗位工资加等级工资。", (GRADES,),
        _fixed(Need("post_pay", "岗位工资", "元", ("PostClass",)), Need("grade_pay", "等级工资", "元", ("int",))), _post_and_grade,
        ("post_class",),
    ),
    Pattern(
        "pay_table", "工资标准", "按岗位和等级查表", "月工资按岗位类别和等级查附表。", (GRADES,),
        _fixed(Need("post_grade_pay", "岗位等级工资表", "元", ("PostClass", "int"))), _table, ("post_class",),
    ),
    Pattern(
        "pay_grade", "工资标准", "只按等级查表", "各类岗位共用一张等级工资表。", (GRADES,),
        _fixed(Need("grade_pay", "等级工资", "元", ("int",))), _grade_table,
    ),
    Pattern(
        "pay_base", "工资标准", "基数乘系数", "月工资为工资基数乘等级系数。",
        (
            Option(
                "coefficient", "系数取自", (("table", "等级系数表"), ("post", "岗位和等级系数表"), ("own", "台账登记的工资系数")),
                default=("table",), help="基数是平均工资的几成的，先加“基数按平均工资的比例”",
            ),
            GRADES,
        ),
        _base_needs, _base,
    ),
    Pattern(
        "performance_split", "绩效", "分出绩效部分", "工资标准的八成为基本工资，二成为绩效工资。", (),
        _fixed(Need("performance_share", "绩效占比", "比"), _ROUNDING), _split, ("monthly_pay",),
    ),
    Pattern(
        "performance_failed", "绩效", "考核不合格没有绩效", "当年考核不合格的，没有绩效工资。",
        (
            Option("year", "看哪一年", (("this", "当年"), ("last", "上年")), default=("this",)),
            Option("results", "哪些等次没有绩效", codes="Result", many=True, default=("fail",)),
        ),
        _none, _failed, ("performance_standard",),
    ),
    Pattern(
        "performance_instalment", "绩效", "绩效几个月发一次", "绩效工资每季度发一次。", (),
        _fixed(Need("performance_period_months", "绩效发放周期", "个月")), _instalment, ("performance",),
    ),
    Pattern(
        "certificate", "津贴补贴", "证书补贴", "取得社会工作者职业资格的，从登记的当月起每月发补贴。",
        (Option("from", "从何时起", (("month", "登记的当月"), ("next", "登记的次月"), ("day", "登记之日")), default=("month",)), RECORDED),
        _fixed(Need("certificate_allowance", "证书补贴标准", "元", ("CertificateKind",))), _certificate,
    ),
    Pattern(
        "post_allowance", "津贴补贴", "按岗位的津贴", "正职、副职每月另发岗位津贴。", (),
        _fixed(Need("post_allowance", "岗位津贴标准", "元", ("PostClass",))), _post_allowance, ("post_class",),
    ),
    Pattern(
        "seniority", "津贴补贴", "年限补贴", "从事社区工作每满一年，每月发年限补贴，至多计若干年。", (),
        _fixed(Need("seniority_rate", "每满一年的年限补贴", "元"), Need("seniority_years_cap", "年限补贴封顶年数", "年")), _seniority,
        ("community_years",),
    ),
    Pattern(
        "probation", "试用", "试用期工资", "试用期三个月，发工资标准的八成。",
        (Option("who", "对哪些人", (("general", "只对一般工作人员"), ("all", "全部")), default=("general",)),),
        _fixed(Need("probation_months", "试用期长度", "个月"), Need("probation_share", "试用期工资比例", "比"), _ROUNDING), _probation,
        ("monthly_pay",),
    ),
    Pattern(
        "retained", "试用", "保留工资", "调入以前工资高于现在的，差额予以保留，随以后增资冲减。", (), _none, _retained, ("monthly_pay",)
    ),
    Pattern(
        "sum", "合计", "应发合计", "按月发的各项相加为应发工资。",
        (
            Option(
                "parts", "由哪些相加", PARTS, many=True, default=("basic_pay", "performance"),
                help="选了“工资标准”就不要再选基本工资和绩效",
            ),
            Option(
                "probation", "试用期内", (("no", "照发"), ("yes", "基本工资和绩效改发试用期工资")), default=("no",),
                help="选后一种的，要先有“试用期工资”",
            ),
        ),
        _none, _sum,
    ),
)  # fmt: skip
