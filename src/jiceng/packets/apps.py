from django.apps import AppConfig


class PacketsConfig(AppConfig):
    name = "jiceng.packets"
    label = "packets"
