from django.apps import AppConfig


class ReceiptsConfig(AppConfig):
    name = "sportello.billing.receipts"
    label = "receipts"
