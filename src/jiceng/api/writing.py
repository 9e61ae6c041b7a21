"""Writing through a token: the ledger's door, once for each key however often the request is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from ninja import Header
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from jiceng.access.models import TokenRequest
from jiceng.access.tokens import Caller
from jiceng.api import shapes
from jiceng.base.refusals import Refusal
from jiceng.ledger.models import Entry

KEPT_DAYS = 7
MOST = 2**63 - 1
# 48 letters are more than a UUID needs; the key only has to differ between two acts.
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=80, pattern=r"^[A-Za-z0-9_.-]+$")]
# No control characters; halves of characters do not come through the reading of the JSON.
Text = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x08\x0b-\x1f]*$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Number = Annotated[int, Field(ge=0, le=MOST)]


class Given(BaseModel):
    """What a request says; a field nobody offers is refused, a text is never taken for a number."""

    model_config = ConfigDict(extra="forbid", strict=True)


def once(caller: Caller, key: str, asked: bytes, do: Callable[[], int]) -> tuple[int, bool]:
    """What `do` made (its number), and whether it had been made before under this key.

    Time    a key is remembered for seven days; a refused request leaves nothing, and may be sent again under its key
    Errors  Refusal api.key_reused if the key stood for another request; those of `do`
    """
    digest = hashlib.sha256(asked).hexdigest()
    TokenRequest.objects.filter(token=caller.token, at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
    with transaction.atomic():
        kept, new = TokenRequest.objects.get_or_create(token=caller.token, key=key, defaults={"digest": digest, "result": 0})
        if not new and kept.digest != digest:
            raise Refusal(
                "api.key_reused", "这个幂等键用过，内容不同", where="Idempotency-Key", why=f"{KEPT_DAYS} 天内一个键只对应一个请求",
                do="新的事项请换一个新键（如 UUID）；重发同一事项请保持内容一字不差",
            )  # fmt: skip
        if new:
            kept.result = do()
            kept.save(update_fields=["result"])
    return kept.result, not new


def made(number: int, *, repeated: bool) -> shapes.EntryMade:
    """The entry a write made."""
    entry = Entry.objects.get(pk=number)
    return shapes.EntryMade(
        entry=entry.id, name=str(entry), seal=bytes(entry.seal).hex(), known=entry.known_at.isoformat(), repeated=repeated
    )
