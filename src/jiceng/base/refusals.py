"""Refusals: expected errors, shown to people in Chinese, each with a stable id that has an entry under docs/errors."""

from __future__ import annotations

from dataclasses import dataclass


class Refusal(Exception):
    """Something was refused: what, where, why, and what to do.

    `id` is stable and dotted ("ledger.overlap"); `docs/errors/` has one entry for each.
    """

    def __init__(self, id: str, what: str, *, where: str = "", why: str = "", do: str = "") -> None:
        self.id, self.what, self.where, self.why, self.do = id, what, where, why, do
        super().__init__(self.text)

    @property
    def text(self) -> str:
        """One Chinese paragraph: where, what, why, what to do."""
        head = f"{self.where}：{self.what}" if self.where else self.what
        parts = [part.rstrip("。") for part in (head, self.why, self.do) if part]
        return "。".join(parts) + "。"

    def as_dict(self) -> dict[str, str]:
        """The same for `--json` and the API."""
        return {"id": self.id, "what": self.what, "where": self.where, "why": self.why, "do": self.do}


@dataclass(frozen=True)
class Problem:
    """One finding in a policy folder or a workbook; a list of them is reported at once.

    Lines and columns count from 1, columns in characters (not bytes). `notice` means it does not refuse the folder.
    """

    id: str
    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    notice: bool = False

    def __str__(self) -> str:
        where = self.path
        if self.line:
            where += f" 第 {self.line} 行"
        if self.column:
            where += f"第 {self.column} 列"
        return f"{where}：{self.message}" if where else self.message


class Problems(Refusal):
    """Several problems found in one pass (a folder, a workbook). Nothing was taken over."""

    def __init__(self, id: str, what: str, problems: list[Problem], *, do: str = "") -> None:
        self.problems = problems
        super().__init__(id, what, why="；".join(str(p) for p in problems[:20]), do=do)
