"""What stands against what in the law: one finding, its kinds, how grave each is, and what to do about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiceng.base.refusals import Problem
from jiceng.law.model import Document

SEVERITIES = {"refused": "不能生效", "check": "要核对", "note": "供参考"}
"""The gravest first."""


@dataclass(frozen=True)
class Kind:
    """A kind of finding. `why` says what comes of it, `do` what a policy office should do."""

    title: str
    severity: str
    why: str
    do: str


KINDS = {
    "outside": Kind(
        "越过上级的限制", "refused", "上级定了范围、最低或最高，下级不得越过，整套法规不换用", "改下级的数值，或核对上级的限制抄得对不对"
    ),
    "forbidden": Kind("上级不许另定", "refused", "上级写明下级不得另定，整套法规不换用", "删去下级这一项"),
    "same_name": Kind("同日施行的两份文件写同一名称", "refused", "分不出以哪一份为准，整套法规不换用", "留一处，或写清两份的施行日"),
    "refused": Kind("文件夹不能载入", "refused", "有写法问题，整套法规不换用，原来的照常", "按所指的文件和行修改"),
    "about": Kind("与上级的“约”不同", "check", "上级写的是“约”，下级可以有出入，答案照下级的算", "与上级核对是否认可，认可的注明依据"),
    "bands_overlap": Kind("两档重叠", "check", "落在重叠处的答“条文不明”，不替条文挑一档", "请制定机关明确边界归哪一档，再改数值"),
    "bands_gap": Kind("档间有空", "check", "落在空处的答“无法回答”", "请制定机关补上这一档，再改数值"),
    "hole": Kind("表里有空格", "check", "落在空格的答“无法回答”，不推算", "找到原表补齐；原文确实没有的，请制定机关明确"),
    "copied": Kind("两地同数", "check", "两个互不相属的地方写着同样的数，可能有一处是误植", "各与原文核对；核对过的由本单位“本地确认”"),
    "upper_ended": Kind(
        "所依的上级文件已经失效", "check", "上级文件失效以后，下级文件还靠它的规定", "查有没有接续的文件；没有的，请制定机关明确"
    ),
    "dates": Kind(
        "日期先后不顺",
        "check",
        "成文、公布、施行、失效一般依次在后；数值的起始日应在施行期间",
        "与原文核对日期；确实溯及以前的，在说明里写明",
    ),
    "conflict": Kind("来源互相冲突", "check", "几处说法不一，只答“规定冲突”，不挑一处", "取得原文，改成一种说法"),
    "unset": Kind(
        "交由下级，尚未确定",
        "check",
        "上级交给下级定，这里没有人定，要用它的答案是“无法回答”或按读法暂算",
        "由当地发文确定，在法规文件夹里写上",
    ),
    "unbounded": Kind("上级有限制，这里由规则算出", "note", "由规则算出的，载入时不能核对是否符合上级的限制", "用算例核对两端"),
    "overrides": Kind("下级另定，与上级不同", "note", "下级写了同名的规定，在当地盖住上级的", "核对上级是否允许另定"),
    "succeeds": Kind("后文件接替前文件", "note", "同一地方的两份文件写同一名称，以后施行的为准", "前一份整份失效的，写上它的失效日"),
    "same_title": Kind("两个名称中文相同", "note", "用中文名问不出是哪一个", "改其中一个的中文名"),
    "undigested": Kind("没有逐句摘要", "note", "数值和规则引的条款没有摘要，看不出是否有遗漏", "在“起草”里补条款的逐句摘要，写明处置"),
    "no_sentence": Kind("没有一句指到它", "note", "文件夹里的规则或数值没有出现在任何一句的体现里", "在所依的那一句写上它，或删去"),
    "no_point": Kind("所指的名称没有", "note", "流程、职责的句子里写了不存在的名称", "改成有的名称，或删去"),
    "no_case": Kind("没有算例", "note", "没有手工核过的结果，改动以后看不出算错没有", "在 cases.yaml 里至少写一个算例，边上的那一天要有"),
    "unasked": Kind("没有规则用到", "note", "没有规则用它，也没有算例问它", "条文就是这样写的可以不管；否则删去，或补上规则"),
    "unverified": Kind("未核实的文件在用", "note", "每张答案卡都印“未核实”，不能用于锁定的工资表", "取得原文核对，由本单位“本地确认”"),
}


@dataclass(frozen=True)
class Side:
    """One document's word in the matter: its clause and what it says there, as printed."""

    document: str
    clause: str = ""
    says: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing found between documents, or in one.

    `places` the divisions it concerns, the narrowest document's first; `name` the identifier it is about, if any;
    `sides` the documents, the upper or earlier one first
    """

    kind: str
    what: str
    places: tuple[int, ...]
    sides: tuple[Side, ...]
    name: str = ""
    since: date | None = None
    path: str = ""
    line: int = 0

    @property
    def place(self) -> int:
        """The division the finding is about; 0 is the nation."""
        return self.places[0]

    @property
    def documents(self) -> tuple[str, ...]:
        """Documents that are part of it, each once, in the order of the sides."""
        return tuple(dict.fromkeys(side.document for side in self.sides))

    @property
    def clauses(self) -> tuple[tuple[str, str], ...]:
        """(document, clause) of every side that names a clause."""
        return tuple(dict.fromkeys((side.document, side.clause) for side in self.sides if side.clause))

    @property
    def before(self) -> str:
        """What the upper or earlier document says; nothing where there is only one."""
        return self.sides[0].says if len(self.sides) > 1 else ""

    @property
    def after(self) -> str:
        """What the lower or later document says."""
        return self.sides[-1].says if self.sides else ""

    @property
    def severity(self) -> str:
        """A key of SEVERITIES."""
        return KINDS[self.kind].severity

    @property
    def words(self) -> str:
        """What, why and what to do, in one paragraph."""
        kind = KINDS[self.kind]
        return f"{self.what.rstrip('。')}。{kind.why}。{kind.do}。"

    @property
    def key(self) -> str:
        """The same as long as the same documents say the same; another word or figure makes another finding of it."""
        sides = "\0".join(f"{side.document}\1{side.clause}\1{side.says}" for side in self.sides)
        # What nobody has set is one matter, at however many places.
        more = "" if self.kind == "unset" else f"{self.places}\0{self.what}"
        return hashlib.sha256(f"{self.kind}\0{self.name}\0{sides}\0{more}".encode()).hexdigest()[:16]

    @property
    def problem(self) -> Problem:
        """The same as a finding of loading; only what may not stand refuses the folder."""
        return Problem(f"law.{self.kind}", self.what, self.path, self.line, notice=self.severity != "refused")

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        kind = KINDS[self.kind]
        said = {key: getattr(self, key) for key in ("key", "kind", "severity", "name", "before", "after", "since", "what", "path", "line")}
        sides = [vars(side) for side in self.sides]
        return said | {"title": kind.title, "why": kind.why, "do": kind.do, "places": list(self.places), "sides": sides}


def about_one(kind: str, what: str, document: Document, clause: str = "", says: str = "", **more: Any) -> Finding:
    """A finding in one document."""
    return Finding(kind, what, (document.jurisdiction,), (Side(document.id, clause, says),), **more)


def about_two(kind: str, what: str, upper: tuple[Document, str, str], lower: tuple[Document, str, str], **more: Any) -> Finding:
    """A finding between two documents, each with its clause and what it says; the place is the lower one's."""
    sides = tuple(Side(document.id, clause, says) for document, clause, says in (upper, lower))
    places = tuple(dict.fromkeys((lower[0].jurisdiction, upper[0].jurisdiction)))
    return Finding(kind, what, places, sides, **more)
