"""居委会可不可以出具一项证明。"""

from jiceng.rules import Table, known, needs_decision, rule
from jiceng.terms import Decision, ProofKind


@rule(clause="清单", title="在不得出具的清单里", of="request")
def proof_listed(asked_proof: ProofKind, proof_banned: Table[ProofKind, bool]) -> bool:
    """按当地当日的清单；省里的清单可以增减。"""
    return proof_banned[asked_proof]


@rule(clause="原则", title="证明可否出具", of="request")
def proof_decision(proof_listed: bool, proof_has_basis: bool = None) -> Decision:
    """清单里的不得出具；清单以外的，要有法律依据或在保留清单内，而且属于职责。"""
    if proof_listed:
        return Decision.refused
    if not known(proof_has_basis):
        return needs_decision("清单以外的，先看有没有法律依据或保留清单")
    return Decision.allowed if proof_has_basis else Decision.refused
