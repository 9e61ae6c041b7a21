from django.apps import AppConfig


class PayDeskConfig(AppConfig):
    name = "jiceng.desks.pay"
    label = "pay_desk"
