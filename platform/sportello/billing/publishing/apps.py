from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "sportello.billing.publishing"
    label = "publishing"
