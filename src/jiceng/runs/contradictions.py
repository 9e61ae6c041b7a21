"""The contradiction report of this installation: findings of the law installed, what is unset where somebody works, and which
findings an office knows and has given a reason for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jiceng.access.models import Grant
from jiceng.base.dates import OPEN_END
from jiceng.base.refusals import Refusal
from jiceng.law.contradictions import concerns, contradictions, of_refused, ordered
from jiceng.law.findings import Finding
from jiceng.law.load import Law
from jiceng.law.unset import unset_at
from jiceng.ledger import reading
from jiceng.ledger.books import book_of
from jiceng.ledger.models import Entry
from jiceng.places.tree import contains
from jiceng.runs.commit import Clock, Record, commit
from jiceng.runs.law import document_subject, installed_law, refused_law

KIND = "known_finding"
_kept: dict[str, tuple[Finding, ...]] = {}


@dataclass(frozen=True)
class Known:
    """That an office knows a finding and why it may stand. `since` is the day it said so."""

    office: str
    why: str
    since: date
    entry: int
    known: datetime


@dataclass(frozen=True)
class Report:
    """Findings, the gravest first; `known` by the finding's key."""

    findings: tuple[Finding, ...]
    known: Mapping[str, Known]

    @property
    def counts(self) -> Counter[str]:
        """How many findings of each kind nobody has called known."""
        return Counter(finding.kind for finding in self.findings if finding.key not in self.known)

    def find(self, key: str) -> Finding:
        """The finding of this key.

        Errors  Refusal law.no_finding: what was found may have been mended meanwhile
        """
        for finding in self.findings:
            if finding.key == key:
                return finding
        raise Refusal("law.no_finding", "没有这一条", why="文件改过以后，这一条已经不在，或内容变了", do="请回到矛盾报告重新查看")


def report(*, on: date, place: int = 0, within: Iterable[int] = (0,)) -> Report:
    """What the law installed here says against itself.

    Shape   `place`: only what matters there (0: everywhere); `within`: places whose unset values are told
    Time    documents over all time; unset values at the end of `on`
    Empty   a law without findings gives none
    """
    law = installed_law()
    refused = refused_law()
    found = [*(of_refused(refused) if refused else ()), *_of(law)]
    found += unset_at(law, used_places(on=on, place=place, within=within), on=on)
    return Report(ordered(finding for finding in found if not place or concerns(finding, place)), known_findings(on))


def _of(law: Law) -> tuple[Finding, ...]:
    """The findings of a law set, worked out once."""
    if law.hash not in _kept:
        _kept.clear()
        _kept[law.hash] = contradictions(law)
    return _kept[law.hash]


def findings_of(document: str) -> int:
    """How many findings there are about a document of the law installed, whoever works with it."""
    return sum(document in finding.documents for finding in _of(installed_law()))


def used_places(*, on: date, place: int, within: Iterable[int]) -> set[int]:
    """Places at which somebody holds a role, with the one asked about."""
    held = Grant.objects.filter(since__lte=on, until__gt=on).values_list("place", flat=True).distinct()
    outer = tuple(within)
    used = {code for code in held if code and any(contains(one, code) for one in outer)}
    return {code for code in used if contains(place, code)} | ({place} if place else set())


def known_findings(on: date) -> dict[str, Known]:
    """Findings an office has called known, by key; the latest word on each."""
    rows = sorted(reading.as_of_kind(KIND, on=min(on, OPEN_END - timedelta(days=1))), key=lambda row: row.known)
    return {row.data["finding"]: Known(row.data["office"], row.data["why"], row.since, row.entry, row.known) for row in rows}


def call_known(finding: Finding, *, office: str, why: str, place: int, since: date, actor: str, basis: str, clock: Clock) -> Entry:
    """Record, in the book of the office's place, that a finding is known and why it may stand.

    Errors  Refusal law.no_finding for one that names no document; those of the ledger
    """
    if not finding.documents or finding.severity == "refused":
        raise Refusal("law.no_finding", "这一条不能标为已知", why="不能生效的要改，没有文件的无处登记", do="请先修改法规文件夹")
    said = {"finding": finding.key, "kind": finding.kind, "document": finding.documents[-1], "office": office, "why": why}
    change = Record(document_subject(finding.documents[-1]), KIND, since, None, said)
    return commit(book_of(place).id, [change], actor=actor, act="record", basis=basis, why=why, clock=clock)
