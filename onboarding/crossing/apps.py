from django.apps import AppConfig


class CrossingConfig(AppConfig):
    name = "onboarding.crossing"
    label = "crossing"
