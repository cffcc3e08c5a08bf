from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "sportello.fees"
    label = "fees"

    def ready(self) -> None:
        """Ties the job that tells the families to its kind."""
        from sportello.fees.sending import TELL_PRICES  # noqa: PLC0415 -- models must be loaded first
        from sportello.fees.telling import run_tell_prices  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415

        register(TELL_PRICES, run_tell_prices)
