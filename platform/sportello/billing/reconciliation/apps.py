from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "sportello.billing.reconciliation"
    label = "reconciliation"
