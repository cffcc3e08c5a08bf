"""Why a login could not be completed; every sentence says what to do."""

from django.utils.translation import gettext_lazy as _

from integrations.errors import ConnectorError


class DoorClosed(ConnectorError):
    """No identity provider is configured for this Comune."""

    def __init__(self) -> None:
        super().__init__(_("L'accesso con SPID e CIE non è ancora attivo per questo Comune."), permanent=True)


class EntranceCancelled(ConnectorError):
    """The person went back at the provider's page."""

    def __init__(self) -> None:
        super().__init__(_("Hai annullato l'accesso. Puoi riprovare quando vuoi."), permanent=True)


class AnswerRefused(ConnectorError):
    """The answer is not for this browser and this Comune, was changed, or was used before."""

    def __init__(self) -> None:
        super().__init__(_("La risposta di accesso non è valida o è già stata usata. Accedi di nuovo."), permanent=True)


class AnswerExpired(ConnectorError):
    """The answer came too late."""

    def __init__(self) -> None:
        super().__init__(_("È passato troppo tempo dall'inizio dell'accesso. Accedi di nuovo."), permanent=True)
