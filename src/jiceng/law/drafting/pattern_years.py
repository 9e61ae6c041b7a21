"""Patterns about years and grades: steps every so many years, education, certificates, the grade that is due; a band."""

from __future__ import annotations

from jiceng.law.drafting.patterns import RECORDED, Given, Need, Option, Pattern, also_seen, any_of, block, history

_GRADE_NEEDS = (Need("grade_floor", "最低等级", "级", ("PostClass",)), Need("grade_cap", "最高等级", "级", ("PostClass",)))


def _community_years(given: Given) -> tuple[tuple[str, str], ...]:
    return (
        block(
            "community_years", title="从事社区工作的整年数", unit="年", arguments="community_start: Date, on: Date", gives="int",
            doc="从开始从事社区工作之日起满整年计。", body="return max(0, full_years(community_start, on))",
        ),
    )  # fmt: skip


def _counted(given: Given) -> tuple[str, str]:
    results = any_of("a.result", "Result", given["results"])
    if given["failed"] == ("restart",):
        body = f"counted = 0\nfor a in assessments:\n    if {results}:\n        counted += 1\n"
        body += "    else:\n        counted = 0\nreturn counted"
        doc = "考核在所列等次的年度逐年计；有一年不在，从下一年重新起算。"
    else:
        body = f"counted = 0\nfor a in assessments:\n    if {results}:\n        counted += 1\nreturn counted"
        doc = "考核在所列等次的年度才计，其余年度不计。"
    return block(
        "counted_years", title="计算年限", unit="年", arguments=f"assessments: {history(given, 'Assessment')}", gives="int", doc=doc,
        body=body, names={"counted": "已计"}, assumes=also_seen(given, "年限从有考核记录的年度算起"),
    )  # fmt: skip


def _steps(given: Given) -> tuple[tuple[str, str], ...]:
    years = "deemed_years" if given["education"] == ("yes",) else "counted_years"
    made = [_counted(given)]
    if years == "deemed_years":
        made.append(
            block(
                "deemed_years", title="折算后的年数", unit="年", arguments="counted_years: int, education_years: int", gives="int",
                doc="计算年限加上因学历多计的年数。", body="return counted_years + education_years",
            )
        )  # fmt: skip
    made.append(
        block(
            "rises_by_years", title="按年数可升的级数", unit="级", gives="int",
            arguments=f"{years}: int, years_per_grade: int, grade_rise_rounding: Rounding",
            doc="年数除以升一级的年数。", body=f"return divide({years}, years_per_grade, grade_rise_rounding)",
        )
    )  # fmt: skip
    return tuple(made)


def _education(given: Given) -> tuple[tuple[str, str], ...]:
    by_grade = given["effect"] == ("grade",)
    name, title, table, table_title = (
        ("education_grades", "因学历提高的等级", "education_raise", "级") if by_grade
        else ("education_years", "因学历多计的年数", "education_deemed_years", "年")
    )  # fmt: skip
    tests = []
    if given["mode"] == ("full_time",):
        tests.append("e.mode == StudyMode.full_time")
    if given["degree"] == ("yes",):
        tests.append("known(e.degree)")
    inner = f"best = max(best, {table}[e.level])"
    body = "best = 0\nfor e in educations:\n"
    body += f"    if {' and '.join(tests)}:\n        {inner}\n" if tests else f"    {inner}\n"
    full_time, degree = given["mode"] == ("full_time",), given["degree"] == ("yes",)
    doc = f"{'全日制的、' if full_time else ''}{'取得学位的' if degree else ''}学历里最高的一项。".replace("、学历", "学历")
    return (
        block(
            name, title=title, unit=table_title, gives="int", doc=doc, body=body + "return best", names={"best": "最高的一项"},
            arguments=f"educations: {history(given, 'Education')}, {table}: Table[EducationLevel, int]",
            assumes=also_seen(given, "有几个学历的，按最高的一项，不相加"),
        ),
    )  # fmt: skip


def _education_needs(given: Given) -> tuple[Need, ...]:
    if given["effect"] == ("grade",):
        return (Need("education_raise", "学历提高的等级", "级", ("EducationLevel",)),)
    return (Need("education_deemed_years", "学历折算的年数", "年", ("EducationLevel",)),)


def _certificate_grades(given: Given) -> tuple[tuple[str, str], ...]:
    body = "best = 0\nfor c in certificates:\n    if known(c.registered) and c.registered <= on:\n"
    body += "        best = max(best, certificate_raise[c.kind])\nreturn best"
    return (
        block(
            "certificate_grades", title="因证书提高的等级", unit="级", gives="int", doc="只认已登记的证书，按最高的一个。", body=body,
            arguments=f"certificates: {history(given, 'Certificate')}, certificate_raise: Table[CertificateKind, int], on: Date",
            names={"best": "最高的一项"}, assumes=also_seen(given, "有几个证书的，按最高的一个，不相加"),
        ),
    )  # fmt: skip


def _due(given: Given) -> tuple[tuple[str, str], ...]:
    parts = list(given["parts"])
    arguments = ["post_class: PostClass", *(f"{one}: int" for one in parts)]
    arguments += ["grade_floor: Table[PostClass, int]", "grade_cap: Table[PostClass, int]"]
    added = "".join(f" + {one}" for one in parts)
    return (
        block(
            "grade_due", title="应定等级", unit="级", arguments=", ".join(arguments), gives="int",
            doc="岗位最低级加上各项提高的等级，不超过岗位最高级。",
            body=f"return min(grade_cap[post_class], grade_floor[post_class]{added})",
        ),
    )  # fmt: skip


def _bands(given: Given) -> tuple[tuple[str, str], ...]:
    return (
        block(
            "minimum_by_households", title="按户数的最低配备", of="place", unit="人", gives="int", doc="户数落在哪一档。",
            arguments="households: int, household_minimum: Bands[int, int]", body="return band(household_minimum, households)",
        ),
    )  # fmt: skip


_YES = (("no", "否"), ("yes", "是"))

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "community_years", "年数和等级", "从事社区工作满几年", "从事社区工作的年数，按满整年计。", (), lambda given: (), _community_years
    ),
    Pattern(
        "steps", "年数和等级", "考核合格满几年升一级", "年度考核合格以上每满三年提高一级，不合格的年度不计。",
        (
            Option("results", "哪些等次计年", codes="Result", many=True, default=("excellent", "good", "pass")),
            Option("failed", "其余年度", (("skip", "只是不计这一年"), ("restart", "从下一年重新起算")), default=("skip",)),
            Option("education", "年数里加上学历折算的年数", _YES, default=("no",), help="选“是”的，另加“学历的作用”一条，作用选折算年数"),
            RECORDED,
        ),
        lambda given: (
            Need("years_per_grade", "升一级的年数", "年"),
            Need("grade_rise_rounding", "升级数取整", "Rounding", reading="舍去", note="原文没有写不满的年数怎样算；不满的不升"),
        ),
        _steps,
    ),
    Pattern(
        "education", "年数和等级", "学历的作用", "本科提高一级，硕士提高两级；或者大专折算一年、本科折算三年。",
        (
            Option(
                "effect", "作用", (("grade", "提高等级"), ("years", "折算年数")), default=("grade",),
                help="附表里每种学历都要有一行，不提高的写 0；没有写的，那种学历的人算不出",
            ),
            Option("mode", "哪些学历", (("any", "全日制、在职都算"), ("full_time", "只算全日制")), default=("any",)),
            Option("degree", "须取得学位", _YES, default=("no",)),
            RECORDED,
        ),
        _education_needs, _education,
    ),
    Pattern(
        "certificate_grade", "年数和等级", "证书提高等级", "取得社会工作师的提高一级，高级的提高两级。", (RECORDED,),
        lambda given: (Need("certificate_raise", "证书提高的等级", "级", ("CertificateKind",)),), _certificate_grades,
    ),
    Pattern(
        "grade_due", "年数和等级", "应定等级", "从岗位最低级起，加上各项提高的等级，不超过岗位最高级。",
        (
            Option(
                "parts", "提高的等级由哪些相加",
                (("rises_by_years", "按年数"), ("education_grades", "因学历"), ("certificate_grades", "因证书")), many=True,
                default=("rises_by_years",),
            ),
        ),
        lambda given: _GRADE_NEEDS, _due, ("post_class",),
    ),
    Pattern(
        "bands", "配备", "按户数分档配备", "千户以下一人，一千至两千户两人，以此类推。", (),
        lambda given: (Need("household_minimum", "按户数的最低配备表", "人", bands=True),), _bands,
    ),
)  # fmt: skip
