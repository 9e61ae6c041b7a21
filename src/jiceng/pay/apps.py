from django.apps import AppConfig


class PayConfig(AppConfig):
    name = "jiceng.pay"
    label = "pay"
