from django.apps import AppConfig


class MeansConfig(AppConfig):
    name = "sportello.means"
    label = "means"
