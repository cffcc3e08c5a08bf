from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "sportello.schools"
    label = "schools"

    def ready(self) -> None:
        from sportello.schools.receivers import register_schools_of_pack  # noqa: PLC0415 models are loaded by now
        from tenants.signals import municipality_provisioned  # noqa: PLC0415

        municipality_provisioned.connect(register_schools_of_pack)
