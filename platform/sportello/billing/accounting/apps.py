from django.apps import AppConfig


class AccountingConfig(AppConfig):
    name = "sportello.billing.accounting"
    label = "accounting"
