from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "sportello.fees"
    label = "fees"

    def ready(self) -> None:
        """Adds the examples to the linter and to the page of a proposal; ties the job that tells the families."""
        from services_catalog.lint import register_check  # noqa: PLC0415 -- models must be loaded first
        from services_catalog.panels import register_panel  # noqa: PLC0415
        from sportello.fees.example_words import examples_panel  # noqa: PLC0415
        from sportello.fees.examples import example_findings  # noqa: PLC0415
        from sportello.fees.lint_prices import edition_price_findings  # noqa: PLC0415
        from sportello.fees.sending import TELL_PRICES  # noqa: PLC0415
        from sportello.fees.telling_families import run_tell_prices  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415

        register_check(edition_price_findings)
        register_check(example_findings)
        register_panel(examples_panel)
        register(TELL_PRICES, run_tell_prices)
