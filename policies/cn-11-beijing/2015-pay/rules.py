"""北京市 2015 年：三类岗位，兼任只发高的一份；博士、硕士提高其中两项的岗位。"""

from jiceng.rules import Date, History, Ratio, Records, Rounding, Table, Yuan, full_years, known, not_applicable, rule, times
from jiceng.terms import Appointment, Degree, Education, Post, PostClass


@rule(clause="岗位", title="岗位类别", names={"best": "最高的岗位"})
def post_class(appointments: Records[Appointment], on: Date) -> PostClass:
    """书记、主任、站长为正职，副书记、副主任、副站长为副职，其余为一般；同时任几个岗位的，只按最高的一个。"""
    serving = False
    best = PostClass.general
    for a in appointments:
        if a.since <= on and on < a.until:
            serving = True
            head = a.post == Post.secretary_director or a.post == Post.secretary or a.post == Post.director
            if head or a.post == Post.station_head:
                best = PostClass.chief
            deputy = a.post == Post.deputy_secretary or a.post == Post.deputy_director or a.post == Post.station_deputy
            if deputy and best != PostClass.chief:
                best = PostClass.deputy
    if not serving:
        return not_applicable("台账中没有现任职")
    return best


@rule(clause="学位", title="学位可以计入待遇", assumes="登记了试用期的，期满次日起；没有登记的，看从事社区工作是否满一年")
def degree_counts(on: Date, practice_years: int, probation_ends: Date = None, community_start: Date = None) -> bool:
    """在职取得学位的也算；应届毕业生试用期满，或者已有一年社区实践。"""
    if known(probation_ends) and on > probation_ends:
        return True
    return full_years(community_start, on) >= practice_years


@rule(clause="学位", title="岗位基本工资和任职年限补贴所按的岗位", assumes="按学位登记看，不看学历", names={"best": "所按的岗位"})
def base_pay_class(post_class: PostClass, degree_counts: bool, educations: History[Education]) -> PostClass:
    """博士按正职，硕士按副职；本人岗位更高的按本人岗位。"""
    best = post_class
    if degree_counts:
        for e in educations:
            if known(e.degree):
                if e.degree == Degree.doctor:
                    best = PostClass.chief
                elif e.degree == Degree.master and best == PostClass.general:
                    best = PostClass.deputy
    return best


@rule(clause="构成", title="应发岗位基本工资", unit="元")
def base_pay_amount(base_pay_class: PostClass, post_base_pay: Table[PostClass, Yuan]) -> Yuan:
    """随学位提高。"""
    return post_base_pay[base_pay_class]


@rule(clause="构成", title="应发任职年限补贴", unit="元")
def tenure_amount(base_pay_class: PostClass, tenure_allowance: Table[PostClass, Yuan]) -> Yuan:
    """随学位提高。"""
    return tenure_allowance[base_pay_class]


@rule(clause="构成", title="应发岗位津贴", unit="元", assumes="原文在“岗位津贴”之后被截断；按实际岗位，不随学位提高，是推定")
def post_allowance_amount(post_class: PostClass, post_allowance: Table[PostClass, Yuan]) -> Yuan:
    """按实际岗位。"""
    return post_allowance[post_class]


@rule(clause="水平", title="一般岗位的参照水平", unit="元")
def reference_pay(city_average_wage: Yuan, reference_share: Ratio, pay_rounding: Rounding) -> Yuan:
    """上一年全市平均工资的七成。"""
    return times(city_average_wage, reference_share, pay_rounding)
