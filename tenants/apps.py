from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Comuni"

    def ready(self) -> None:
        from tenants import among, pooling  # noqa: F401, PLC0415 pooling registers its check

        among.register()
