from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "sportello.fees"
    label = "fees"
