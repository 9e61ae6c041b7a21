from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _install(*, using: str, **_: Any) -> None:
    from jiceng.ledger.guards import install_guards

    install_guards(using)


class LedgerConfig(AppConfig):
    name = "jiceng.ledger"
    label = "ledger"

    def ready(self) -> None:
        post_migrate.connect(_install, sender=self, dispatch_uid="ledger guards")
