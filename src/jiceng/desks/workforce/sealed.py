"""Identity and contact corrected on the page: what is typed replaces, what is left blank stays as it is, and is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from jiceng.access.masking import mask_account, mask_id, mask_phone
from jiceng.base.refusals import Refusal
from jiceng.intake.days import NotRead
from jiceng.intake.identity import Identity, read_identities
from jiceng.ledger import reading
from jiceng.ledger.identity import open_sealed
from jiceng.ledger.reading import FactRow
from jiceng.runs.commit import Change, Correct, Record
from jiceng.terms.registry import Kind
from jiceng.ui.kind_forms import FactForm

RESIDENT_CARD = "居民身份证"
# What an ID number says about a person besides itself: kind → field.
_STATED = {"birth": "date", "sex": "sex"}


def sealed_form(form: FactForm, *, correcting: bool) -> None:
    """Makes the form fit a sealed kind: every field may stay blank; a correction keeps the period."""
    for name in [name for name in form.fields if name.startswith("f_")]:
        form.fields[name].required = False
        form.fields[name].help_text = "留空表示不改"
    form.fields.pop("f_id_type", None)
    form.fields.pop("until", None)
    if correcting:
        form.fields.pop("since", None)
    if form.kind.id == "person":
        form.fields["basis"].help_text = "户口簿、身份证等证件的名称；改名的写变更证明"


def typed(form: FactForm) -> dict[str, Any]:
    """What was typed into the sealed fields; an ID number as 18 characters. Errors go to the form."""
    found = form.fields_of(sealed=True)
    if not found:
        form.add_error(None, "没有填写要改的内容")
    if "id_number" in found:
        read = read_identities([found["id_number"]])[0]
        if isinstance(read, Identity):
            found["id_number"] = read.number
        else:
            form.add_error("f_id_number", f"{read.why}。{read.do}" if isinstance(read, NotRead) else "请填身份证号")
    return found


def shown(kind: Kind, fields: Mapping[str, Any]) -> str:
    """Typed sealed fields on one line, numbers masked."""
    masks = {"id_number": mask_id, "phone": mask_phone, "bank_account": mask_account}
    words = [f"{entry.name} {masks.get(entry.id, str)(fields[entry.id])}" for entry in kind.fields.values() if entry.id in fields]
    return "，".join(words)


def merged(old: FactRow | None, new: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed fields as they will stand: the believed ones with the typed ones over them.

    Errors  Refusal access.erased
    """
    if old is None or old.sealed is None:
        return dict(new)
    opened = open_sealed([old])[old.id]
    if opened is None:
        raise Refusal("access.erased", "个人信息已按申请删除，不能更正", why="密钥已销毁，无法还原", do="如需核实，请查法定保存的纸质档案")
    whole = {**opened, **new}
    return {**whole, "id_type": RESIDENT_CARD} if "id_number" in new else whole


def corrections(old: FactRow, new: Mapping[str, Any]) -> list[Change]:
    """The changes that make a sealed fact say what was typed; birth date and sex follow the ID number in the same entry."""
    since, until = old.since, old.until
    changes: list[Change] = []
    if "id_number" in new:
        stated = read_identities([new["id_number"]])[0]
        assert isinstance(stated, Identity)
        since = stated.birth
        wanted: dict[str, Any] = {"birth": stated.birth.isoformat(), "sex": stated.sex}
        believed = {fact.kind: fact for fact in reading.history([old.subject], on=date.max, kinds=tuple(_STATED))}
        for kind, field in _STATED.items():
            fields = {field: wanted[kind]}
            fact = believed.get(kind)
            if fact is None:
                changes.append(Record(old.subject, kind, since, None, fields))
            elif fact.data.get(field) != wanted[kind]:
                changes.append(Correct(fact.id, since, None, fields))
    return [Correct(old.id, since, until, {}, sealed=merged(old, new)), *changes]
