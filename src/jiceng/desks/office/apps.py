from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "jiceng.desks.office"
    label = "office"
