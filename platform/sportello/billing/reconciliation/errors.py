"""Why a flow or a note is not taken, in sentences for people."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class NotOurFlow(DomainError):
    """Another creditor's flow."""

    def __init__(self) -> None:
        super().__init__(_("Il flusso è di un altro ente: controlla il codice fiscale del Comune nei dati pagoPA."))


class ExplanationMissing(DomainError):
    """A difference is explained with words."""

    def __init__(self) -> None:
        super().__init__(_("Scrivi perché la differenza è spiegata."))


class AlreadyExplained(DomainError):
    """The first note stays."""

    def __init__(self) -> None:
        super().__init__(_("Questa differenza è già stata spiegata."))
