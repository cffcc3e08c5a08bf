"""Why a flow or a note is not taken, in sentences for people."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class NotOurFlow(DomainError):
    """Another creditor's flow."""

    def __init__(self) -> None:
        super().__init__(_("Il flusso è di un altro ente: controlla il codice fiscale del Comune nei dati pagoPA."))


class NotAFlow(DomainError):
    """The file is something else, or broken."""

    def __init__(self) -> None:
        super().__init__(
            _("Il file non è un flusso di rendicontazione leggibile: serve l'XML «FlussoRiversamento», intero.")
        )


class FlowHasNoPsp(DomainError):
    """The old format lets the sender go without a code."""

    def __init__(self) -> None:
        super().__init__(_("Il flusso non dice di quale prestatore è: chiedi il file a chi lo ha prodotto."))


class FlowKnown(DomainError):
    """The same flow with the same lines: nothing to do."""

    def __init__(self) -> None:
        super().__init__(_("Questo flusso c'è già, con le stesse righe: non serve caricarlo."))


class FlowDiffers(DomainError):
    """The same flow with other lines."""

    def __init__(self) -> None:
        super().__init__(
            _("Questo flusso c'è già con altre righe. Se il file lo corregge, spunta «Sostituisce» e ricaricalo.")
        )


class ExplanationMissing(DomainError):
    """A difference is explained with words."""

    def __init__(self) -> None:
        super().__init__(_("Scrivi perché la differenza è spiegata."))


class AlreadyExplained(DomainError):
    """The first note stays."""

    def __init__(self) -> None:
        super().__init__(_("Questa differenza è già stata spiegata."))
