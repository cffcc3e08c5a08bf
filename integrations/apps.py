from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        import integrations.inps_isee.deployment_checks  # noqa: F401, PLC0415 -- registers the checks
