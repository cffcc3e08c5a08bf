from django.apps import AppConfig


class SpidCieConfig(AppConfig):
    name = "integrations.spid_cie"
    label = "spid_cie"

    def ready(self) -> None:
        import integrations.spid_cie.deployment_checks  # noqa: F401, PLC0415 -- registers the checks
