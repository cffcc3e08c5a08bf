from django.apps import AppConfig


class ServicesCatalogConfig(AppConfig):
    name = "services_catalog"
    verbose_name = "Catalogo dei servizi"

    def ready(self) -> None:
        from services_catalog.receivers import begin_with_templates  # noqa: PLC0415 models are loaded by now
        from tenants.signals import municipality_provisioned  # noqa: PLC0415

        municipality_provisioned.connect(begin_with_templates)
