"""What `jiceng init` puts into a new home: tables, keys, the tree of divisions, the home book, the first administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any


def install(
    home: Path, *, place: int, admin: str, admin_name: str, password: str, suite: str, on: date, report: Callable[[int, int], None]
) -> dict[str, Any]:
    """A new site, all of it or nothing but empty tables.

    Shape   place, its name, number of divisions, the administrator's login name
    Errors  Refusal init.exists; refusals of the key ring, the tree (place.unknown), or the account (access.*)
    """
    from django.db import transaction

    from jiceng.access.accounts import create_account, grant
    from jiceng.access.models import Account
    from jiceng.base.refusals import Refusal
    from jiceng.cli.serving import upgrade
    from jiceng.ledger.books import ensure_book
    from jiceng.ledger.keys import ensure_ring
    from jiceng.places.load import load_snapshot
    from jiceng.places.reading import full_name

    upgrade()
    if Account.objects.exists():
        raise Refusal("init.exists", "这个数据库里已有账号", do="直接运行 jiceng serve；另建站点请换一个数据库")
    ensure_ring(suite)
    report(1, 3)
    with transaction.atomic():
        divisions = load_snapshot()
        report(2, 3)
        name = full_name(place, on=on)
        ensure_book(place, f"{name}社区工作者账簿")
        account = create_account(admin, display_name=admin_name, office=name, password=password, by=None, place=place, must_change=False)
        grant(account, role="admin", place=place, since=on, by=None)
    report(3, 3)
    return {"home": str(home), "place": place, "place_name": name, "divisions": divisions, "admin": admin}
