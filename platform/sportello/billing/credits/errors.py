"""Why credit stays where it is, in sentences for people."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money


class NotEnoughCredit(DomainError):
    """Nobody moves or gets back more than there is."""

    def __init__(self, available: Money) -> None:
        super().__init__(
            _("Il credito disponibile è %(available)s: scrivi al massimo questa somma."), available=available
        )


class NotYours(DomainError):
    """Credit is moved between one's own children alone."""

    def __init__(self) -> None:
        super().__init__(_("Il credito si sposta soltanto fra i tuoi figli."))


class SameAccount(DomainError):
    """What is moved changes place."""

    def __init__(self) -> None:
        super().__init__(_("Scegli un conto diverso da quello di partenza."))


class OtherService(DomainError):
    """Credit stays in the service it was paid for."""

    def __init__(self) -> None:
        super().__init__(_("Il credito si sposta soltanto nello stesso servizio."))


class NothingToMove(DomainError):
    """A sum is more than nothing."""

    def __init__(self) -> None:
        super().__init__(_("L'importo deve essere maggiore di zero."))


class AlreadyAsked(DomainError):
    """One request at a time for an account."""

    def __init__(self) -> None:
        super().__init__(_("Per questo conto hai già chiesto il rimborso: l'ufficio lo sta esaminando."))


class RequestEnded(DomainError):
    """What has been decided is not decided again."""

    def __init__(self) -> None:
        super().__init__(_("Questa richiesta è già stata chiusa."))


class WordMissing(DomainError):
    """Who ends a request names the document of the payment, or why it is refused."""

    def __init__(self) -> None:
        super().__init__(_("Scrivi il riferimento del pagamento, o perché la richiesta non è accolta."))
