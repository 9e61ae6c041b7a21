from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "jiceng.ledger"
    label = "ledger"
