from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "jiceng.intake"
    label = "intake"
