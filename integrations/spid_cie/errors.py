"""Why a login could not be completed; every sentence says what to do. `reason` never changes: for logs and tests."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.errors import ConnectorError


@dataclass(frozen=True, slots=True)
class Way:
    """What helps who did not get in: the number to tell the Comune, whose desk it was, where to try again and to go."""

    number: str = ""
    desk: str = ""
    retry: str = ""
    service: str = ""


NO_WAY: Final = Way()


class LoginFailed(ConnectorError):
    """A login that did not succeed."""

    def __init__(self, sentence: str | Promise, *, reason: str, way: Way = NO_WAY) -> None:
        super().__init__(sentence, permanent=True)
        self.reason = reason
        self.way = way


class DoorClosed(LoginFailed):
    """No entity with a key, or no identity provider, stands behind this desk."""

    def __init__(self) -> None:
        super().__init__(_("L'accesso con SPID e CIE non è ancora attivo per questo Comune."), reason="closed")


class ProviderUnknown(LoginFailed):
    """The asked provider is not in the list, or was switched off."""

    def __init__(self) -> None:
        super().__init__(_("Questo gestore di identità non è disponibile. Scegline un altro."), reason="provider")


class AnswerRefused(LoginFailed):
    """The answer is not the provider's, not for us, not for this browser, or was used before."""

    def __init__(self, reason: str, *, way: Way = NO_WAY) -> None:
        super().__init__(
            _("La risposta di accesso non è valida o è già stata usata. Accedi di nuovo."),
            reason=reason,
            way=way,
        )


class AnswerExpired(LoginFailed):
    """The answer came too late."""

    def __init__(self, *, way: Way = NO_WAY) -> None:
        super().__init__(
            _("È passato troppo tempo dall'inizio dell'accesso. Accedi di nuovo."),
            reason="expired",
            way=way,
        )


class NotAuthenticated(LoginFailed):
    """The provider did not authenticate the person, and told why."""

    def __init__(self, failure: int, sentence: str | Promise, *, way: Way = NO_WAY) -> None:
        super().__init__(sentence, reason=f"nr{failure:02}", way=way)
        self.failure = failure


class ForeignCode(LoginFailed):
    """The fiscal number is not an Italian fiscal code, or its check character is wrong."""

    def __init__(self, *, way: Way = NO_WAY) -> None:
        super().__init__(
            _(
                "La tua identità digitale non riporta un codice fiscale italiano valido: non possiamo riconoscerti. "
                "Rivolgiti al tuo Comune."
            ),
            reason="fiscal_number",
            way=way,
        )
