"""湖北类型：四类岗位各在十八级的一段里。"""

from jiceng.rules import Date, Records, Table, not_applicable, rule
from jiceng.terms import Appointment, Post, PostClass, WorkerClass


@rule(clause="等级", title="岗位类别", assumes="同时任几个岗位的，按最高的一个")
def post_class(appointments: Records[Appointment], on: Date) -> PostClass:
    """书记、主任为正职，副书记、副主任为副职，专职的“两委”委员单列一类，其余为工作人员。"""
    serving = False
    best = PostClass.general
    for a in appointments:
        if a.since <= on and on < a.until:
            serving = True
            if a.post == Post.secretary_director or a.post == Post.secretary or a.post == Post.director:
                best = PostClass.chief
            elif best != PostClass.chief and (a.post == Post.deputy_secretary or a.post == Post.deputy_director):
                best = PostClass.deputy
            elif best == PostClass.general and a.post == Post.committee and a.class_ == WorkerClass.committee_full_time:
                best = PostClass.committee
    if not serving:
        return not_applicable("台账中没有现任职")
    return best


@rule(clause="等级", title="等级在岗位范围内")
def grade_allowed(post_class: PostClass, recorded_grade: int, grade_floor: Table[PostClass, int], grade_cap: Table[PostClass, int]) -> bool:
    """台账等级不低于本类岗位的最低级，不高于最高级。"""
    return grade_floor[post_class] <= recorded_grade and recorded_grade <= grade_cap[post_class]
