"""Patterns about what is paid in a month: pay by days served and in probation, performance by quarter, a bonus, insurance.

The patterns of `pattern_pay` say what somebody's pay is; these say what a pay sheet puts down for one month of it.
"""

from __future__ import annotations

from jiceng.law.drafting.patterns import Given, Need, Option, Pattern, block

_ROUNDING = Need("pay_rounding", "工资取整", "Rounding", reading="四舍五入", note="原文没有写取整办法；按四舍五入到分")
_RATES = {
    "month_personal_insurance": ("个人社会保险", "personal_insurance_rate", "个人社会保险费率"),
    "month_personal_fund": ("个人住房公积金", "fund_rate", "住房公积金缴存比例"),
    "month_employer_insurance": ("单位社会保险", "employer_insurance_rate", "单位社会保险费率"),
    "month_employer_fund": ("单位住房公积金", "fund_rate", "住房公积金缴存比例"),
}


def _month(name: str, title: str, arguments: str, doc: str, body: str, **mark: object) -> tuple[str, str]:
    return block(name, title=title, asked="month", unit="元", arguments=arguments, gives="Yuan", doc=doc, body=body, **mark)


def _days() -> tuple[tuple[str, str], ...]:
    served = "if known(stay_days):\n    return stay_days\nfirst = max(month_start(on), post_since)\nreturn month_end(on) - first + 1"
    return (
        block(
            "month_days_served", title="当月在岗天数", asked="month", unit="天", gives="int", body=served, names={"first": "从哪天起"},
            arguments="post_since: Date, on: Date, stay_days: int = None", doc="编表时是本表在岗的天数；平时按现任职做到月末看。",
        ),
        block(
            "month_days", title="当月天数", asked="month", unit="天", gives="int", arguments="on: Date", doc="当月的日历天数。",
            body="return month_end(on) - month_start(on) + 1",
        ),
    )  # fmt: skip


def _paid(given: Given) -> tuple[tuple[str, str], ...]:
    probation, by_days = given["probation"] == ("yes",), given["partial"] == ("days",)
    asked = ", in_probation: bool, probation_share: Ratio" if probation else ""
    asked += ", month_days_served: int, month_days: int" if by_days else ""
    rounding = ", pay_rounding: Rounding" if probation or by_days else ""
    told = "试用期内打折" if probation else "试用期内不打折"
    told += "，不足整月按天折算" if by_days else "，不足整月发整月"
    part = "basic_pay" if given["split"] == ("yes",) else "monthly_pay"
    name, title = ("month_basic", "本月基本工资") if part == "basic_pay" else ("month_pay", "本月工资")
    head = f"amount = {part}\n"
    head += f"if in_probation:\n    amount = times({part}, probation_share, pay_rounding)\n" if probation else ""
    share = "return divide(amount * {times}month_days_served, month_days, pay_rounding)" if by_days else "return amount{whole}"
    assumes = "试用期在月中满的，按当月最后一个在岗日定全月" if probation else ""
    body = head + share.format(times="", whole="")
    rules = [*(_days() if by_days else ())]
    rules.append(_month(name, title, f"{part}: Yuan{asked}{rounding}", f"{told}。", body, names={"amount": "当月标准"}, assumes=assumes))
    if part == "basic_pay":
        head = head.replace("basic_pay", "performance") + "months = performance_months_paid[month(on)]\n"
        head += "if months > 1:\n    return amount * max(min(months, full_months(hired, add_days(month_end(on), 1))), 0)\n"
        body = head + share.format(times="months * ", whole=" * months")
        also = (assumes,) if assumes else ()
        rules.append(
            _month(
                "month_performance", "本月绩效工资",
                f"performance: Yuan, performance_months_paid: Table[int, int], hired: Date{asked}{rounding}, on: Date",
                f"当月发几个月的绩效，{told}；合发的按满整月的月数。", body, names={"amount": "当月标准", "months": "合发的月数"},
                assumes=("合发几个月绩效的，都按发放当月的标准；中途离开的，以前月份未发的另行结算", *also),
            )
        )  # fmt: skip
    return tuple(rules)


def _paid_needs(given: Given) -> tuple[Need, ...]:
    probation, by_days, split = (given[one][0] for one in ("probation", "partial", "split"))
    needs = [Need("performance_months_paid", "当月发放几个月的绩效工资", "个月", ("int",))] if split == "yes" else []
    needs += [Need("probation_share", "试用期工资比例", "比")] if probation == "yes" else []
    return (*needs, _ROUNDING) if probation == "yes" or by_days == "days" else tuple(needs)


def _average(given: Given) -> tuple[tuple[str, str], ...]:
    return (
        block(
            "pay_base", title="工资基数", unit="元", arguments="published_average_wage: Yuan, base_share: Ratio, pay_rounding: Rounding",
            gives="Yuan", doc="公布的月平均工资乘比例。", body="return times(published_average_wage, base_share, pay_rounding)",
        ),
    )  # fmt: skip


def _average_needs(given: Given) -> tuple[Need, ...]:
    return Need("published_average_wage", "公布的月平均工资", "元"), Need("base_share", "基数占平均工资的比例", "比"), _ROUNDING


def _bonus(given: Given) -> tuple[tuple[str, str], ...]:
    last = given["year"] == ("last",)
    when, word = ("year(on) - 1", "上年") if last else ("year(on)", "当年")
    body = "amount = 0\nif month(on) == excellent_bonus_month:\n    for a in assessments:\n"
    body += f"        if a.year == {when} and a.result == Result.excellent:\n            amount = excellent_bonus_amount\nreturn amount"
    arguments = "assessments: Records[Assessment], excellent_bonus_amount: Yuan, excellent_bonus_month: int, on: Date"
    return (
        _month(
            "excellent_bonus", "考核优秀奖励", arguments, f"{word}考核优秀的，在规定的那个月发一次，别的月没有。", body,
            names={"amount": "奖励"}, assumes=f"到发放的月还没有登记{word}考核的，按不是优秀计",
        ),
    )  # fmt: skip


def _bonus_needs(given: Given) -> tuple[Need, ...]:
    return Need("excellent_bonus_amount", "考核优秀奖励标准", "元"), Need("excellent_bonus_month", "考核优秀奖励在几月发", "月")


def _insurance(given: Given) -> tuple[tuple[str, str], ...]:
    base = " + ".join(given["base"])
    arguments = ", ".join(f"{one}: Yuan" for one in given["base"]) + ", insurance_floor: Yuan, insurance_cap: Yuan"
    rules = [
        block(
            "insurance_base", title="缴费基数", unit="元", arguments=arguments, gives="Yuan", doc="不低于下限，不高于上限。",
            body=f"return min(max({base}, insurance_floor), insurance_cap)",
        )
    ]  # fmt: skip
    for name in given["lines"]:
        title, rate, told = _RATES[name]
        body = f"return times(insurance_base, {rate}, pay_rounding)"
        arguments = f"insurance_base: Yuan, {rate}: Ratio, pay_rounding: Rounding"
        rules.append(_month(name, title, arguments, f"缴费基数乘{told}。", body, assumes="当月有一天在岗的缴整月"))
    return tuple(rules)


def _insurance_needs(given: Given) -> tuple[Need, ...]:
    rates = {rate: Need(rate, told, "比") for _, rate, told in (_RATES[one] for one in given["lines"])}
    return Need("insurance_floor", "缴费基数下限", "元"), Need("insurance_cap", "缴费基数上限", "元"), *rates.values(), _ROUNDING


def _yes_no(id: str, label: str, *, default: str, help: str = "") -> Option:
    return Option(id, label, (("yes", "是"), ("no", "否")), default=(default,), help=help)


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "average_base", "工资标准", "基数按平均工资的比例", "工资基数为公布的上年月平均工资的百分之六十。", (), _average_needs, _average
    ),
    Pattern(
        "month_pay", "按月发放", "本月实发的工资", "当月不足整月的按天发，试用期打折，绩效按季度发。",
        (
            _yes_no("split", "分出绩效", default="yes", help="选“是”的，要先有“分出绩效部分”和“考核不合格没有绩效”"),
            _yes_no("probation", "试用期内打折", default="yes", help="选“是”的，要先有“试用期工资”"),
            Option("partial", "不足整月的", (("days", "按在岗天数折算"), ("whole", "发整月")), default=("days",)),
        ),
        _paid_needs, _paid, ("monthly_pay",),
    ),
    Pattern(
        "excellent_bonus", "按月发放", "考核优秀一次性奖励", "年度考核优秀的，次年一月一次性奖励一千元。",
        (Option("year", "看哪一年的考核", (("last", "发放月的上年"), ("this", "发放月的当年")), default=("last",)),),
        _bonus_needs, _bonus,
    ),
    Pattern(
        "insurance", "按月发放", "社会保险和公积金", "以工资标准加补贴为缴费基数，按比例由个人和单位分别缴纳。",
        (
            Option(
                "base", "缴费基数由哪些相加", (("monthly_pay", "工资标准"), ("certificate_pay", "证书补贴"), ("retained_pay", "保留工资")),
                many=True, default=("monthly_pay",),
            ),
            Option("lines", "缴哪些", tuple((name, told[0]) for name, told in _RATES.items()), many=True, default=tuple(_RATES)),
        ),
        _insurance_needs, _insurance, ("monthly_pay",),
    ),
)  # fmt: skip
