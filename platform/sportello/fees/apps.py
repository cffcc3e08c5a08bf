from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "sportello.fees"
    label = "fees"

    def ready(self) -> None:
        from services_catalog.lint import register_check  # noqa: PLC0415 -- models must be loaded first
        from services_catalog.panels import register_panel  # noqa: PLC0415
        from sportello.fees.example_words import examples_panel  # noqa: PLC0415
        from sportello.fees.examples import example_findings  # noqa: PLC0415

        register_check(example_findings)
        register_panel(examples_panel)
