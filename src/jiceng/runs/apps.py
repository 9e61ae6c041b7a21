from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "jiceng.runs"
    label = "runs"
