"""河北：六十级，按学历和年限入级；证书三等。"""

from jiceng.rules import History, Table, Yuan, not_applicable, rule
from jiceng.terms import Certificate, CertificateKind, Education, EducationLevel


@rule(clause="等级", title="岗位等级工资", unit="元")
def graded_pay(recorded_grade: int, grade_pay: Table[int, Yuan]) -> Yuan:
    """按等级查表；表没有见到。"""
    return grade_pay[recorded_grade]


@rule(
    clause="入职",
    title="入职工资",
    unit="元",
    assumes=("有几个学历的，按数额高的一个", "没有工作年限的入职人员；有年限的另入高的级，没有见到"),
)
def entry_pay(educations: History[Education], entry_education_pay: Table[EducationLevel, Yuan]) -> Yuan:
    """按学历查表。"""
    if len(educations) == 0:
        return not_applicable("没有登记学历")
    amount = 0
    for e in educations:
        amount = max(amount, entry_education_pay[e.level])
    return amount


@rule(clause="证书", title="证书补贴", unit="元", assumes="有几个证书的，按最高的一个")
def certificate_pay(certificates: History[Certificate], certificate_allowance: Table[CertificateKind, Yuan]) -> Yuan:
    """按证书等级。"""
    amount = 0
    for c in certificates:
        amount = max(amount, certificate_allowance[c.kind])
    return amount
