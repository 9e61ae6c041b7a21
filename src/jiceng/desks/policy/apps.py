from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "jiceng.desks.policy"
    label = "policy"
