from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "sportello.families"
    label = "families"
