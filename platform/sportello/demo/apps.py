from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "sportello.demo"
    label = "demo"

    def ready(self) -> None:
        from integrations.spid_cie.simulator.people import register_people  # noqa: PLC0415 -- models come first
        from sportello.demo.people import others, parents  # noqa: PLC0415

        register_people("1-parents", _("Genitori"), parents)
        register_people("4-others", _("Altre persone"), others)
