from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "jiceng.desks.workforce"
    label = "workforce"
