"""关于加强社区工作者队伍建设的意见：现在就能从台账算出的结论。

每条规则只说一件事，下级文件可以按名称改写其中一条而不动别的。条文没有写的，不在这里补。
"""

from jiceng.rules import (
    Date,
    History,
    Ratio,
    Recent,
    Records,
    Rounding,
    Table,
    add_days,
    add_months,
    add_years,
    ambiguous,
    full_months,
    full_years,
    known,
    needs_decision,
    not_applicable,
    province,
    ratio,
    rule,
    total,
    whole,
    year_end,
)
from jiceng.terms import (
    Appointment,
    Backup,
    BodyLevel,
    Break,
    Certificate,
    CertificateKind,
    Decision,
    Departure,
    EmployerKind,
    Filing,
    FilingKind,
    FilingReply,
    Origin,
    Post,
    ProbationOutcome,
    Secondment,
    SkillLevel,
    SkillRecord,
    Term,
    Training,
    TrainingReading,
    Vetting,
    VettingResult,
    WorkerClass,
)

# ---- 第 1 条：谁是社区工作者 ----


@rule(clause="1", title="在册")
def in_service(appointments: Records[Appointment], departures: Records[Departure], on: Date) -> bool:
    """当日有任职，且没有在该任职之后离任。"""
    if len(appointments) == 0:
        return not_applicable("台账中没有任职记录")
    serving = False
    for a in appointments:
        if a.since <= on and on < a.until:
            left = False
            for d in departures:
                if a.since < d.since and d.since <= on:
                    left = True
            if not left:
                serving = True
    return serving


@rule(clause="1", title="现任职起始日")
def post_since(in_service: bool, appointments: Records[Appointment], on: Date) -> Date:
    """同时有几个任职的，以最后开始的一个为现任。"""
    if not in_service:
        return not_applicable("不在册")
    start = on
    for a in appointments:
        if a.since <= on and on < a.until:
            start = a.since
    return start


@rule(clause="1", title="现任岗位")
def main_post(post_since: Date, appointments: Records[Appointment], on: Date) -> Post:
    """现任职所登记的岗位。"""
    for a in appointments:
        if a.since == post_since and on < a.until:
            return a.post
    return not_applicable("台账中没有现任职")


@rule(clause="1", title="人员类别")
def worker_class(post_since: Date, appointments: Records[Appointment], on: Date) -> WorkerClass:
    """现任职所登记的类别；与岗位、进入方式是否一致另有一条核对。"""
    for a in appointments:
        if a.since == post_since and on < a.until:
            return a.class_
    return not_applicable("台账中没有现任职")


@rule(clause="1", title="人员类别与岗位、进入方式一致")
def class_agrees(worker_class: WorkerClass, main_post: Post, post_since: Date, appointments: Records[Appointment], on: Date) -> bool:
    """“两委”专职成员须任“两委”岗位并经选举或任命；专职工作人员须任工作岗位并经招聘或转聘。"""
    staff_post = main_post == Post.staff or main_post == Post.grid or main_post == Post.station
    if worker_class == WorkerClass.committee_full_time:
        for a in appointments:
            if a.since == post_since and on < a.until:
                return not staff_post and (a.origin == Origin.elected or a.origin == Origin.appointed)
    if worker_class == WorkerClass.full_time_staff:
        for a in appointments:
            if a.since == post_since and on < a.until:
                return staff_post and (a.origin == Origin.open_recruitment or a.origin == Origin.converted)
    return not_applicable("这一类人员的产生方式不由本意见规定")


@rule(clause="1", title="由市、县统一招聘", assumes="有几次招聘登记的，看最后一次；意见施行以前的招聘同样列出，供清理和转聘时用")
def recruitment_proper(worker_class: WorkerClass, appointments: Records[Appointment]) -> bool:
    """专职工作人员的招聘由市地级或县级统一组织为是，街道、社区或部门自行招聘为否。"""
    if worker_class != WorkerClass.full_time_staff:
        return not_applicable("只对社区专职工作人员")
    recruited = False
    proper = False
    for a in appointments:
        if a.origin == Origin.open_recruitment or a.origin == Origin.converted:
            recruited = True
            proper = a.appointed_by == BodyLevel.city or a.appointed_by == BodyLevel.county
    if not recruited:
        return not_applicable("台账中没有招聘登记")
    return proper


@rule(clause="1", title="可转聘为专职工作人员")
def convertible(worker_class: WorkerClass, main_post: Post, post_since: Date, duty_since: Date) -> bool:
    """意见施行前招聘、还没有成为社区工作者的网格员，合条件的可以转聘；条件由县级确定。"""
    if worker_class == WorkerClass.committee_full_time or worker_class == WorkerClass.full_time_staff:
        return not_applicable("已是社区工作者")
    if main_post != Post.grid:
        return not_applicable("不是网格员等专职人员")
    if post_since >= duty_since:
        return False
    return needs_decision("转聘条件由县级公开招聘的组织单位确定")


@rule(clause="1", title="属于社区工作者")
def in_scope(worker_class: WorkerClass) -> bool:
    """“两委”专职成员和社区专职工作人员。"""
    return worker_class == WorkerClass.committee_full_time or worker_class == WorkerClass.full_time_staff


@rule(clause="1", title="本意见适用于本人")
def covered(in_scope: bool) -> bool:
    """不是社区工作者的，以下各项都不适用，也不去问缺什么。"""
    if not in_scope:
        return not_applicable("不属于本意见所称的社区工作者")
    return True


# ---- 第 14、3 条：单列的人员 ----


@rule(clause="14", title="“两委”兼职成员")
def part_time_member(worker_class: WorkerClass) -> bool:
    """单列，不计入社区工作者。"""
    return worker_class == WorkerClass.committee_part_time


@rule(clause="3", title="下派干部")
def sent_cadre(worker_class: WorkerClass) -> bool:
    """机关事业单位选派到社区的干部，单列，不计入社区工作者。"""
    return worker_class == WorkerClass.sent_cadre


# ---- 第 2 条：政治把关、后备人才 ----


@rule(clause="2", title="进入时有合格的政治审查", assumes="原文没有写审查的形式；按台账登记的政治审查，审查日不晚于进入之日")
def vetting_present(hired: Date, in_service: bool, vettings: Records[Vetting], duty_since: Date) -> bool:
    """只看意见施行以后进入的人。"""
    if not in_service:
        return not_applicable("不在册")
    if hired < duty_since:
        return not_applicable("意见施行以前进入")
    passed = False
    for v in vettings:
        if v.since <= hired:
            passed = v.result == VettingResult.passed
    return passed


@rule(clause="2", title="书记后备人选")
def is_backup(in_service: bool, backups: Records[Backup], on: Date) -> bool:
    """当日登记为社区党组织书记的后备人选。"""
    if not in_service:
        return not_applicable("不在册")
    listed = False
    for b in backups:
        if b.since <= on and on < b.until and (b.post == Post.secretary or b.post == Post.secretary_director):
            listed = True
    return listed


@total(rule="is_secretary", clause="2", title="书记人数", unit="人")
def secretaries_total() -> int:
    """本地在册的社区党组织书记。"""


@total(rule="is_backup", clause="2", title="书记后备人数", unit="人")
def backups_total() -> int:
    """本地在册的书记后备人选。"""


@rule(
    clause="2",
    title="缺书记后备人选",
    of="place",
    assumes=("原文没有写人才库设在哪一级；按每个社区都要有后备人选", "后备人选按其任职的社区计"),
)
def backup_missing(secretaries_total: int, backups_total: int) -> bool:
    """一个社区有书记而没有后备人选为是。"""
    if secretaries_total == 0:
        return not_applicable("没有在册的书记")
    if secretaries_total > 1:
        return not_applicable("只对一个社区作答")
    return backups_total == 0


# ---- 第 3 条：配备标准 ----


@rule(clause="3", title="计入配备人数")
def in_quota(in_scope: bool) -> bool:
    """属于社区工作者的都计入；派遣、返聘、兼职和下派人员不计。"""
    return in_scope


@total(rule="in_quota", clause="3", title="在册社区工作者", unit="人")
def workers_total() -> int:
    """本地计入配备人数的人。"""


@rule(clause="3", title="应配人数（未取整）", of="place", unit="人")
def quota_exact(urban_residents: int, workers_per_10k_residents: int, residents_per_quota_unit: int) -> Ratio:
    """城镇常住人口乘标准，除以一万。"""
    return ratio(urban_residents * workers_per_10k_residents, residents_per_quota_unit)


@rule(clause="3", title="应配人数", of="place", unit="人")
def quota(quota_exact: Ratio, quota_rounding: Rounding) -> int:
    """按地方确定的取整方式；没有确定就不能作答。"""
    return whole(quota_exact, quota_rounding)


@rule(clause="3", title="缺额（未取整）", of="place", unit="人")
def gap_exact(quota_exact: Ratio, workers_total: int) -> Ratio:
    """应配减在册；负数是超配。"""
    return quota_exact - ratio(workers_total, 1)


@rule(clause="3", title="缺额", of="place", unit="人")
def gap(quota: int, workers_total: int) -> int:
    """取整后的应配减在册；负数是超配。"""
    return quota - workers_total


@rule(clause="3", title="每万城镇常住人口社区工作者", of="place", unit="人")
def rate_per_10k(workers_total: int, urban_residents: int, residents_per_quota_unit: int, rate_rounding: Rounding) -> Ratio:
    """在册人数除以城镇常住人口，再乘一万。"""
    return ratio(workers_total * residents_per_quota_unit, urban_residents, rate_rounding)


# ---- 第 4 条：社区工作年限 ----


@rule(
    clause="4",
    title="社区工作月数（累计）",
    unit="个月",
    names={"months": "已计月数"},
    assumes=("各段任职分别算足月后相加，原文没有写算法", "只计社区工作者身份的任职"),
)
def community_months(appointments: History[Appointment], on: Date) -> int:
    """省内流动的累计；换了省的，从到新省起算。同时任两处的不重复计。"""
    months = 0
    spells = 0
    end = on
    where = 0
    for a in appointments:
        if a.class_ == WorkerClass.committee_full_time or a.class_ == WorkerClass.full_time_staff:
            if spells == 0 or province(a.place) != where:
                where = province(a.place)
                months = 0
                end = a.since
            spells += 1
            start = max(a.since, end)
            finish = min(a.until, on)
            if start < finish:
                months += full_months(start, finish)
                end = finish
    return months


# ---- 第 4 条：职业水平与职业技能等级相互比照 ----


@rule(clause="4", title="登记的职业技能等级", assumes="有几个的，看最后登记的一个")
def skill_level(skill_levels: Records[SkillRecord]) -> SkillLevel:
    """台账登记的职业技能等级。"""
    if len(skill_levels) == 0:
        return not_applicable("没有登记职业技能等级")
    found = SkillLevel.five
    for s in skill_levels:
        found = s.level
    return found


@rule(clause="4", title="登记的职业资格证书", assumes="有几个的，看最后登记的一个")
def certificate_held(certificates: Records[Certificate]) -> CertificateKind:
    """台账登记的社会工作者职业资格。"""
    if len(certificates) == 0:
        return not_applicable("没有登记职业资格证书")
    found = CertificateKind.assistant
    for c in certificates:
        found = c.kind
    return found


@rule(clause="4", title="职业技能等级比照的证书")
def certificate_from_level(skill_level: SkillLevel, certificate_by_level: Table[SkillLevel, CertificateKind]) -> CertificateKind:
    """按比照表；没有文件填表以前不能作答。"""
    return certificate_by_level[skill_level]


@rule(clause="4", title="证书比照的职业技能等级")
def level_from_certificate(certificate_held: CertificateKind, level_by_certificate: Table[CertificateKind, SkillLevel]) -> SkillLevel:
    """按比照表；没有文件填表以前不能作答。"""
    return level_by_certificate[certificate_held]


# ---- 第 8 条：培训 ----


@rule(clause="8", title="书记或主任")
def is_head(main_post: Post) -> bool:
    """社区党组织书记、居委会主任及一肩挑的。"""
    return main_post == Post.secretary_director or main_post == Post.secretary or main_post == Post.director


@rule(clause="8", title="进入社区之日", assumes="没有登记从事社区工作时间的，以台账最早一段任职为准；中断后再来的，从再来之日起算")
def hired(appointments: Records[Appointment], on: Date, community_start: Date = None) -> Date:
    """连续任职的第一天。"""
    if len(appointments) == 0:
        return not_applicable("台账中没有任职记录")
    start = on
    end = on
    spells = 0
    for a in appointments:
        if spells == 0 or a.since > end:
            spells += 1
            start = a.since
            end = a.until
        else:
            end = max(end, a.until)
    if spells == 1 and known(community_start):
        return min(start, community_start)
    return start


@rule(clause="8", title="最近一次培训", assumes="各级、各类培训都算一次；只认某一级的，由地方改写")
def last_trained(trainings: Recent[Training], on: Date) -> Date:
    """最近一次培训的日期。"""
    if len(trainings) == 0:
        return not_applicable("从未参加过培训")
    last = on
    for t in trainings:
        last = t.since
    return last


@rule(clause="8", title="培训周期起点", assumes="进入以前的培训不算；岗位变动不重新起算")
def training_from(hired: Date, last_trained: Date = None) -> Date:
    """最近一次培训；从未培训的从进入社区之日起。"""
    if known(last_trained):
        return max(hired, last_trained)
    return hired


@rule(clause="8", title="培训到期日")
def training_due(
    training_from: Date,
    is_head: bool,
    covered: bool,
    training_cycle_heads: int,
    training_cycle_others: int,
    training_reading: TrainingReading,
    duty_since: Date,
) -> Date:
    """下一次培训最晚应完成的那一天；不早于意见施行之日。"""
    if not covered:
        return not_applicable("不属于本意见所称的社区工作者")
    due = add_years(training_from, training_cycle_heads if is_head else training_cycle_others)
    if training_reading == TrainingReading.calendar_year:
        due = year_end(due)
    return max(due, duty_since)


@rule(clause="8", title="培训逾期自")
def training_overdue_from(training_due: Date) -> Date:
    """到期日的次日。"""
    return add_days(training_due, 1)


@rule(clause="8", title="培训已逾期")
def training_overdue(training_due: Date, on: Date) -> bool:
    """到期日当天还不算逾期。"""
    return on > training_due


# ---- 第 9 条：试用、任期、备案 ----


@rule(clause="9", title="应有试用期")
def probation_expected(worker_class: WorkerClass, hired: Date, duty_since: Date) -> bool:
    """意见施行以后新招聘的社区专职工作人员。"""
    if worker_class != WorkerClass.full_time_staff:
        return not_applicable("只对新招聘的社区专职工作人员")
    if hired < duty_since:
        return not_applicable("意见施行以前进入")
    return True


@rule(clause="9", title="按规定推算的试用期满日")
def probation_planned_end(probation_expected: bool, hired: Date, probation_months: int) -> Date:
    """从进入之日起满试用期的最后一天。"""
    if not probation_expected:
        return not_applicable("没有试用期")
    return add_days(add_months(hired, probation_months), -1)


@rule(clause="9", title="试用期满日", assumes="以台账登记的为准；原文没有写试用期长短")
def probation_end(worker_class: WorkerClass, hired: Date, duty_since: Date, probation_ends: Date = None) -> Date:
    """新招聘专职工作人员试用期的最后一天。"""
    if worker_class != WorkerClass.full_time_staff:
        return not_applicable("只对新招聘的社区专职工作人员")
    if not known(probation_ends) and hired < duty_since:
        return not_applicable("意见施行以前进入，没有登记试用期")
    return probation_ends


@rule(clause="9", title="试用期满待定")
def probation_due(probation_end: Date, probation_outcome: ProbationOutcome = None) -> Date:
    """还没有试用结果的，应在这一天以前作出结果。"""
    if known(probation_outcome) and probation_outcome != ProbationOutcome.extended:
        return not_applicable("已有试用结果")
    return probation_end


@rule(clause="9", title="任期届满日")
def term_due(in_service: bool, terms: Records[Term], on: Date) -> Date:
    """当日所在任期的最后一天；几个任期并行的，取先到的。"""
    if not in_service:
        return not_applicable("不在册")
    current = 0
    due = on
    for t in terms:
        if t.since <= on and on < t.until:
            due = t.to if current == 0 else min(due, t.to)
            current += 1
    if current == 0:
        return not_applicable("没有登记任期")
    return due


@rule(clause="9", title="社区党组织书记")
def is_secretary(main_post: Post) -> bool:
    """含书记、主任一肩挑的。"""
    return main_post == Post.secretary or main_post == Post.secretary_director


@rule(clause="9", title="书记已备案", assumes="事前备案、事后备案都算；答复为不同意的不算")
def secretary_filed(is_secretary: bool, post_since: Date, filings: Records[Filing]) -> bool:
    """现任书记在任职前后有备案登记。"""
    if not is_secretary:
        return not_applicable("不是社区党组织书记")
    filed = False
    for f in filings:
        before = False
        if known(f.kind):
            before = f.kind == FilingKind.before
        refused = False
        if known(f.reply):
            refused = f.reply == FilingReply.refused
        if before or f.since >= post_since:
            filed = not refused
    return filed


# ---- 第 12 条：劳动合同 ----


@rule(clause="12", title="与街道（乡镇）订立劳动合同")
def contract_with_street(covered: bool, contract_kind: EmployerKind) -> bool:
    """派遣和购买服务的为否。"""
    if not covered or contract_kind == EmployerKind.establishment:
        return not_applicable("公务员、事业单位工作人员除外")
    if contract_kind == EmployerKind.elected_office:
        return ambiguous("原文只说“原则上”，没有写选任职务是否例外", True, False)
    return contract_kind == EmployerKind.street


@rule(clause="12", title="应有合同登记")
def contract_expected(part_time_member: bool, sent_cadre: bool) -> bool:
    """兼职成员和下派干部不由街道（乡镇）订立合同。"""
    if part_time_member or sent_cadre:
        return not_applicable("兼职成员、下派干部不订立这样的合同")
    return True


@rule(clause="12", title="合同期满日")
def contract_due(contract_expected: bool, contract_kind: EmployerKind, contract_ends: Date = None) -> Date:
    """在册人员现行合同的最后一天。"""
    if not contract_expected or contract_kind == EmployerKind.establishment or contract_kind == EmployerKind.elected_office:
        return not_applicable("没有劳动合同")
    return contract_ends


# ---- 第 13 条：职业发展 ----


@rule(
    clause="13",
    title="连续社区工作起始日",
    names={"start": "连续起始"},
    assumes=("两段任职之间有一天空档就不算连续", "换了省的，从到新省起算", "登记为中断的期间不算连续；没有登记中断就是没有中断"),
)
def consecutive_since(in_service: bool, appointments: History[Appointment], breaks: Records[Break], on: Date) -> Date:
    """到当日为止没有间断的社区工作从哪天开始。"""
    if not in_service:
        return not_applicable("不在册")
    start = on
    end = on
    where = 0
    spells = 0
    for a in appointments:
        if a.class_ == WorkerClass.committee_full_time or a.class_ == WorkerClass.full_time_staff:
            if spells == 0 or province(a.place) != where or a.since > end:
                where = province(a.place)
                start = a.since
                end = a.until
            else:
                end = max(end, a.until)
            spells += 1
    for b in breaks:
        if b.until > start:
            start = min(on, b.until)
    return start if on < end else on


@rule(clause="13", title="连续社区工作年限", unit="年")
def consecutive_years(consecutive_since: Date, on: Date) -> int:
    """满整年数。"""
    return full_years(consecutive_since, on)


@rule(
    clause="13",
    title="书记任满的届数",
    unit="届",
    names={"served": "任满"},
    assumes=("一届就是台账登记的任期起止，不另设长度", "中途上任或提前离任的不算满一届"),
)
def full_terms(terms: History[Term], on: Date) -> int:
    """从任期起到任期止都在任的届数。"""
    served = 0
    for t in terms:
        as_secretary = t.post == Post.secretary or t.post == Post.secretary_director
        if as_secretary and t.since <= t.from_ and t.to <= on and t.to <= t.until:
            served += 1
    return served


@rule(clause="13", title="任书记满届")
def full_term(full_terms: int, career_terms: int) -> bool:
    """任满的届数达到要求。"""
    return full_terms >= career_terms


@rule(clause="13", title="理由：现任社区党组织书记")
def career_secretary(is_secretary: bool) -> bool:
    """这条路只对社区党组织书记。"""
    if not is_secretary:
        return not_applicable("不是现任社区党组织书记")
    return True


@rule(clause="13", title="理由：连续工作年限达到")
def career_years_met(consecutive_years: int, career_years: int) -> bool:
    """“以上”含本数。"""
    return consecutive_years >= career_years


@rule(clause="13", title="理由：任满一届")
def career_term_met(full_term: bool) -> bool:
    """任书记满一届。"""
    return full_term


@rule(clause="13", title="年限、任期条件都具备")
def career_conditions(career_secretary: bool, career_years_met: bool, career_term_met: bool) -> bool:
    """可以从台账算出的几项条件。"""
    return career_secretary and career_years_met and career_term_met


@rule(clause="13", title="理由：表现优秀")
def career_performance(career_conditions: bool) -> bool:
    """原文没有写怎样才算表现优秀；地方可以改写这一条。"""
    if not career_conditions:
        return not_applicable("其他条件还不具备，不必认定")
    return needs_decision("“表现优秀”没有写明认定办法，由组织招聘的单位认定")


@rule(clause="13", title="可按规定择优聘用为事业单位工作人员")
def career_route(career_conditions: bool, career_performance: bool = False) -> bool:
    """各项理由合起来的结论。"""
    return career_conditions and career_performance


# ---- 第 17 条：借调 ----


@rule(clause="17", title="借调申请怎样处理", of="request")
def secondment_decision(requesting_level: BodyLevel, approved_by_county: bool = False) -> Decision:
    """县级及以上不得借调；街道（乡镇）须先报县级党委社会工作部门批准。"""
    if requesting_level == BodyLevel.community:
        return not_applicable("社区之间的借用不由本条规定")
    if requesting_level == BodyLevel.department:
        return ambiguous("没有写明这个部门（单位）属于哪一级", Decision.needs_approval, Decision.refused)
    if requesting_level == BodyLevel.street:
        return Decision.allowed if approved_by_county else Decision.needs_approval
    return Decision.refused


@rule(clause="17", title="现有借调是否合规")
def secondment_state(covered: bool, secondments: Records[Secondment], on: Date) -> Decision:
    """当日登记的借调；有几个的，取最严的结论。"""
    if not covered:
        return not_applicable("不属于本意见所称的社区工作者")
    current = 0
    refused = False
    pending = False
    for s in secondments:
        if s.since <= on and on < s.until:
            current += 1
            if s.to_level == BodyLevel.street:
                approved = False
                if known(s.approved):
                    approved = s.approved
                if not approved:
                    pending = True
            elif s.to_level != BodyLevel.community:
                refused = True
    if current == 0:
        return not_applicable("没有登记借调")
    if refused:
        return Decision.refused
    return Decision.needs_approval if pending else Decision.allowed
