from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "sportello.ui"
    label = "ui"
