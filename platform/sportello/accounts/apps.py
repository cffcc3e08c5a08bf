from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from integrations.spid_cie.installation import simulator_installed


class AccountsConfig(AppConfig):
    name = "sportello.accounts"
    label = "accounts"

    def ready(self) -> None:
        import sportello.accounts.checks  # noqa: F401, PLC0415 -- registers the checks

        if simulator_installed():
            from integrations.spid_cie.simulator.people import register_people  # noqa: PLC0415
            from sportello.accounts import fictional_people  # noqa: PLC0415 -- needs the models

            register_people("2-staff", _("Chi lavora per i servizi"), fictional_people.staff)
            register_people("3-minors", _("Minorenni"), fictional_people.minors)
