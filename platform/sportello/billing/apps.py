from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "sportello.billing"
    label = "billing"
