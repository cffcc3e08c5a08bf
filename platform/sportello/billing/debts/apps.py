from django.apps import AppConfig


class DebtsConfig(AppConfig):
    name = "sportello.billing.debts"
    label = "debts"
