"""A scenario in Chinese: each change with what stood before, each draft by its title."""

from __future__ import annotations

from jiceng.base.refusals import Refusal
from jiceng.desks.policy.value_fields import NOT_SET, changeable, value_field
from jiceng.law.document import read_heading
from jiceng.law.layers import Law
from jiceng.law.lined import read
from jiceng.law.settable import settables
from jiceng.runs import scenario_folders
from jiceng.runs.scenarios import Scenario

FEW = 3
"""So many cells of one table are told one by one."""


def scenario_words(scenario: Scenario, *, place: int, law: Law) -> list[str]:
    """What is changed, a line each: 岗位工资·正职：2600 → 2800 元."""
    names = list(dict.fromkeys(change.name for change in scenario.values))
    fields = {one.name: value_field(one, {}, law=law) for one in settables(law, place, on=scenario.since, names=names) if changeable(one)}
    lines = []
    for name in names:
        field = fields.get(name)
        now = {cell.labels: cell.now for cell in field.cells} if field else {}
        unit = f" {field.unit}" if field and field.unit else ""
        changes = [change for change in scenario.values if change.name == name]
        said = [f"{_cell(change.cell)}{now.get(change.cell) or NOT_SET} → {change.value}" for change in changes[:FEW]]
        more = f"，等 {len(changes)} 格" if len(changes) > FEW else ""
        lines.append(f"{law.titles.get(name, name)}：{'；'.join(said)}{unit}{more}")
    return [*lines, *(f"草案《{draft_title(draft, scenario, law)}》施行" for draft in scenario.drafts)]


def _cell(labels: tuple[str, ...]) -> str:
    """The cell before its number; a number is not set beside another by a space alone."""
    said = "·".join(labels)
    return f"{said}{'：' if said[-1:].isdigit() else ' '}" if labels else ""


def draft_title(draft: str, scenario: Scenario, law: Law) -> str:
    """The title of a draft; its id where its folder is no longer kept."""
    try:
        folder = scenario_folders.draft(draft, since=scenario.since, law=law)[-1]
    except Refusal:
        return draft.partition("@")[0]
    heading = read_heading(read(folder / "document.yaml", name="document.yaml", found=[]), path="document.yaml", found=[])
    return heading.title if heading else draft.partition("@")[0]
