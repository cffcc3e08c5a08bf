from django.apps import AppConfig


class PagopaConfig(AppConfig):
    name = "integrations.pagopa"
    label = "pagopa"
