from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "sportello.jobs"
    label = "jobs"
