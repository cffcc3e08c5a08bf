from django.apps import AppConfig


class CartsConfig(AppConfig):
    name = "sportello.billing.carts"
    label = "carts"
