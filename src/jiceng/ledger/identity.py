"""Who a subject is: sealed fields opened with the subject's key, and the blind index that finds a person by ID number."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import msgspec
from django.db import transaction

from jiceng.base.refusals import Refusal
from jiceng.ledger.keys import ring, subject_keys
from jiceng.ledger.models import Lookup
from jiceng.ledger.sealing import open_blob
from jiceng.ledger.tables import BELIEVED, among, believed_lines, insert, rows, run, streamed
from jiceng.terms.registry import base_terms

PERSON = base_terms().kinds["person"].number
_ID_NUMBER = 1  # number of this look-up in the table and under the digest


class Sealed(Protocol):
    """A row with a sealed blob: a FactRow or a planned line."""

    @property
    def id(self) -> int: ...
    @property
    def subject(self) -> int: ...
    @property
    def sealed(self) -> bytes | None: ...


def open_sealed(facts: Sequence[Sealed]) -> dict[int, dict[str, Any] | None]:
    """Fact id → its sealed fields in plain; None where the subject's identity has been erased. Unsealed facts are left out.

    Errors  Refusal ledger.blob, ledger.ring_key
    """
    sealed = [(fact.id, fact.subject, fact.sealed) for fact in facts if fact.sealed is not None]
    keys = subject_keys({subject for _, subject, _ in sealed})
    return {
        number: msgspec.json.decode(open_blob(keys[subject], subject, bytes(blob))) if subject in keys else None
        for number, subject, blob in sealed
    }


def identity_of(subjects: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Subject → name, id_number, id_type as believed now (of several periods the latest). Erased subjects are left out."""
    lines = believed_lines(subjects, [PERSON])
    opened = open_sealed(lines)
    found: dict[int, dict[str, Any]] = {}
    for line in sorted(lines, key=lambda line: (line.since, line.id)):
        fields = opened.get(line.id)
        if fields is not None:
            found[line.subject] = fields
    return found


def plain_number(text: str) -> str:
    """An ID number as the blind index knows it: half width, no spaces, capital X."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def find_by_id_number(number: str) -> int | None:
    """The worker with this ID number, or None."""
    return find_by_id_numbers([number]).get(number)


def find_by_id_numbers(numbers: Sequence[str]) -> dict[str, int]:
    """ID number as given → worker, for those that are known. Thousands at a time."""
    digests = dict(zip(ring().blind_indexes(_ID_NUMBER, [plain_number(n) for n in numbers]), numbers, strict=True))
    return {digests[digest]: subject for digest, subject in _known(list(digests)).items()}


def _known(digests: Sequence[bytes]) -> dict[bytes, int]:
    """Digest → subject, for those that are in the table."""
    found: dict[bytes, int] = {}
    for at in range(0, len(digests), 500):
        some = digests[at : at + 500]
        marks = ",".join(["%s"] * len(some))
        sql = f"SELECT digest, subject FROM ledger_lookup WHERE kind = %s AND digest IN ({marks})"
        found.update((bytes(digest), subject) for digest, subject in rows(sql, [_ID_NUMBER, *some]))
    return found


def add_lookups(numbers: Mapping[int, str]) -> None:
    """Look-ups for subjects that have none (subject → ID number).

    Errors  Refusal ledger.identity_taken if a number belongs to another subject, or two of these share one
    """
    plain = {subject: plain_number(number) for subject, number in numbers.items()}
    digests = ring().blind_indexes(_ID_NUMBER, list(plain.values()))
    if len(set(digests)) != len(digests):
        raise _taken(_repeated(list(plain.values())))
    there = find_by_id_numbers(list(plain.values()))
    if there:
        raise _taken(next(iter(there)))
    insert("ledger_lookup", ("digest", "kind", "subject"), [(d, _ID_NUMBER, s) for d, s in zip(digests, plain, strict=True)])


def refresh_lookups(subjects: Iterable[int]) -> None:
    """Make the look-ups of these subjects follow what is believed of them now.

    Errors  Refusal ledger.identity_taken
    """
    subjects = list(subjects)
    condition, numbers = among("subject", subjects)
    lines = believed_lines(subjects, [PERSON])
    opened = open_sealed(lines)
    wanted: dict[bytes, int] = {}
    for line in lines:
        number = (opened.get(line.id) or {}).get("id_number")
        if number:
            digest = ring().blind_index(_ID_NUMBER, number)
            if wanted.setdefault(digest, line.subject) != line.subject:
                raise _taken(number)
    run(f"DELETE FROM ledger_lookup WHERE {condition}", [numbers])
    if _known(list(wanted)):
        raise _taken("")
    insert("ledger_lookup", ("digest", "kind", "subject"), [(digest, _ID_NUMBER, subject) for digest, subject in wanted.items()])


def refuse_taken(numbers: Mapping[int, str]) -> None:
    """Nothing if these subjects could take these ID numbers (subject → number); nothing is written.

    Errors  Refusal ledger.identity_taken
    """
    plain = {subject: plain_number(number) for subject, number in numbers.items()}
    if len(set(plain.values())) != len(plain):
        raise _taken(_repeated(list(plain.values())))
    for number, holder in find_by_id_numbers(list(plain.values())).items():
        if holder not in plain:
            raise _taken(number)


def rebuild_lookups(*, block: int = 5_000) -> int:
    """All look-ups made anew, as after a restore or a change of the index key. Returns how many subjects were read."""
    with transaction.atomic():
        Lookup.objects.all().delete()
        sql = f"SELECT DISTINCT f.subject FROM ledger_fact f WHERE f.kind = %s AND {BELIEVED}"
        subjects = [row[0] for row in streamed(sql, [PERSON])]
        for at in range(0, len(subjects), block):
            refresh_lookups(subjects[at : at + block])
    return len(subjects)


def _repeated(values: Sequence[str]) -> str:
    seen: set[str] = set()
    return next(value for value in values if value in seen or seen.add(value))  # type: ignore[func-returns-value]


def _taken(number: str) -> Refusal:
    shown = f"{number[:3]}***********{number[-4:]}" if len(number) >= 15 else ""
    return Refusal(
        "ledger.identity_taken",
        f"证件号码{shown}已登记在另一人名下",
        why="一个证件号码只对应一个人",
        do="请查找已有的人，或核对号码",
    )
