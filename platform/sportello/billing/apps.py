from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "sportello.billing"
    label = "billing"

    def ready(self) -> None:
        """Tells the fees, which lie below, how to ask who is in arrears."""
        from sportello.billing.arrears import unpaid_periods  # noqa: PLC0415 -- models must be loaded first
        from sportello.fees.arrears import register_reader  # noqa: PLC0415

        register_reader(unpaid_periods)
