"""Why a notice cannot be paid through the gateway yet."""

from django.utils.translation import gettext_lazy as _

from integrations.errors import PlainFailure


class NotThereYet(PlainFailure):
    """The gateway has not taken the position."""

    words = _("pagoPA non ha ancora ricevuto l'avviso: di solito basta un minuto.")
    is_permanent = False
