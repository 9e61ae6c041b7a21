"""怀柔区 2018 年：新招的博士、硕士试用期满以后才按正职、副职。"""

from jiceng.rules import Date, rule


@rule(clause="学位", title="学位可以计入待遇", assumes="本文件施行以前已在社区工作的，不是新招人员，照计")
def degree_counts(on: Date, community_start: Date, new_hire_from: Date, probation_ends: Date = None) -> bool:
    """新招人员从试用期满次日起。"""
    if community_start < new_hire_from:
        return True
    return on > probation_ends
