from django.apps import AppConfig


class CreditsConfig(AppConfig):
    name = "sportello.billing.credits"
    label = "credits"
