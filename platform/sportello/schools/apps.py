from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "sportello.schools"
    label = "schools"
