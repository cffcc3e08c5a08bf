from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        import integrations.deployment_checks  # noqa: F401, PLC0415 -- registers the checks
        from integrations.inps_isee import registering as inps_isee  # noqa: PLC0415 -- needs the models
        from integrations.pagopa import registering as pagopa  # noqa: PLC0415 -- needs the models
        from integrations.tributi import registering as tributi  # noqa: PLC0415 -- needs the models

        for folder in (inps_isee, pagopa, tributi):
            folder.register_adapters()
