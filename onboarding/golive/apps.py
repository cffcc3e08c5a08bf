from django.apps import AppConfig


class GoLiveConfig(AppConfig):
    name = "onboarding.golive"
    label = "golive"
