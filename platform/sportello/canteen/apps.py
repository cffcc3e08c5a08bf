from django.apps import AppConfig


class CanteenConfig(AppConfig):
    name = "sportello.canteen"
    label = "canteen"
