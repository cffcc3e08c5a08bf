from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        import integrations.deployment_checks  # noqa: PLC0415 -- registers the checks
        import integrations.inps_isee.deployment_checks  # noqa: F401, PLC0415 -- registers the checks
        from integrations.tributi.registering import register_adapters  # noqa: PLC0415 -- needs the models

        register_adapters()
