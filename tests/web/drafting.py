"""A draft written through its pages, the way the how-to says: what tests of drafts share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.test import Client

_SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')


@dataclass
class Desk:
    """A client at one draft."""

    client: Client
    id: str

    def address(self, part: str = "") -> str:
        return f"/policy/drafts/{self.id}/{part}"

    def text(self, part: str = "") -> str:
        """A page as text."""
        got = self.client.get(self.address(part))
        assert got.status_code == 200, got.content.decode()[:3000]
        return got.content.decode()

    def seen(self, part: str) -> str:
        """The state a form was made from."""
        return _SEEN.findall(self.text(part))[0]

    def post(self, part: str, *, refused: bool = False, **given: Any) -> str:
        """Send a form; gives the page shown next, or the form with what was refused."""
        got = self.client.post(self.address(part), {"seen": self.seen(part), **given}, follow=True)
        page = got.content.decode()
        assert (got.status_code == 422) == refused, "\n".join(wrong_in(page)) or page[:2000]
        return page

    def clause(self, at: int, number: str, title: str, *sentences: str) -> None:
        self.post(f"clauses/{at}/", number=number, title=title, whole="\n".join(sentences))

    def rule(self, pattern: str, sentence: str, **chosen: Any) -> None:
        self.post(f"rules/add/{pattern}/", sentence=sentence, **chosen)

    def value(self, name: str, content: str, **given: Any) -> None:
        said = {"title": "x", "kind": "value", "shape": "number", "since": "2027-01-01", "content": content, **given}
        self.post(f"values/{name}/", **said)

    def case(self, at: int, title: str, on: str, known: dict[str, str], expected: dict[str, str]) -> None:
        self.post(
            f"cases/{at}/", title=title, on=on, known_name=list(known), known_content=list(known.values()),
            expected_name=list(expected), expected_content=list(expected.values()),
        )  # fmt: skip


def wrong_in(page: str) -> list[str]:
    """What a page says is wrong."""
    found = re.findall(r'class="wrong[^>]*>([^<]+)<|class="note bad"[^>]*><p>(.*?)</p>', page, re.S)
    return [re.sub(r"<[^>]+>", "", one or other) for one, other in found]


def begun(client: Client, *, name: str = "2027-pay", place: int = 513324, **given: Any) -> Desk:
    """A new draft from its heading."""
    said = {
        "title": "示例：某县社区工作者薪酬办法", "short": "示例·薪酬", "name": name, "place": str(place), "in_force": "2027-01-01",
        "trust": "unverified", "version": "1", "example": "on", **given,
    }  # fmt: skip
    got = client.post("/policy/drafts/new/", said)
    assert got.status_code == 302, "\n".join(wrong_in(got.content.decode()))
    return Desk(client, "/".join(got["Location"].split("/")[3:5]))
