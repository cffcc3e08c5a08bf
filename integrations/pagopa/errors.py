"""Why pagoPA, or the gateway before it, did not do what was asked."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.errors import ConnectorError, PlainFailure


class Refused(ConnectorError):
    """The service read the request and said no. `status`, `title` and `detail` are its own words (problem+json):
    for the staff who look at the position, never for a log.
    """

    spoils_health: ClassVar[bool] = False
    words: ClassVar[str | Promise] = _("pagoPA ha rifiutato la richiesta: leggi il motivo sulla posizione.")
    code: ClassVar[str] = "pagopa_refused"

    def __init__(self, status: int, *, title: str = "", detail: str = "") -> None:
        super().__init__(self.words, permanent=True)
        self.status = status
        self.title = title
        self.detail = detail


class PositionClosed(PlainFailure):
    """A payment is attached to the position: it cannot be changed or annulled any more (P9)."""

    words = _("La posizione ha già un pagamento: non si può più cambiare né annullare.")
    spoils_health: ClassVar[bool] = False
    code: ClassVar[str] = "pagopa_position_closed"


class PositionUnknown(PlainFailure):
    """The gateway does not know the position."""

    words = _("La posizione non è presso pagoPA: pubblicala di nuovo.")
    spoils_health: ClassVar[bool] = False
    code: ClassVar[str] = "pagopa_position_unknown"


class PositionUnfit(ConnectorError):
    """The position breaks a rule of pagoPA's: seen before it is sent, so that who made it reads why at once."""

    spoils_health: ClassVar[bool] = False
    words: ClassVar[str | Promise] = _("La posizione non rispetta le regole di pagoPA.")
    code: ClassVar[str] = "pagopa_position_unfit"

    def __init__(self, template: object, **params: object) -> None:
        super().__init__(template, permanent=True, **params)


class CartUnfit(PositionUnfit):
    """The cart breaks a rule of Checkout's."""

    words: ClassVar[str | Promise] = _("Il carrello non rispetta le regole di pagoPA.")
    code: ClassVar[str] = "pagopa_cart_unfit"


class NotOffered(PlainFailure):
    """This gateway does not do that."""

    words = _("Questo collegamento non offre l'operazione richiesta.")
    spoils_health: ClassVar[bool] = False
    code: ClassVar[str] = "pagopa_not_offered"


class OtherGateway(PlainFailure):
    """The connection that is on is not the way by which the Comune is registered with pagoPA."""

    words = _(
        "Il collegamento acceso non è quello con cui il Comune è registrato su pagoPA: la squadra centrale lo corregge."
    )
    code: ClassVar[str] = "pagopa_other_gateway"
