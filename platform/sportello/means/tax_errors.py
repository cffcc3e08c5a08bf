"""Why a file of the tax office is not taken."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class TaxFileTooLarge(DomainError):
    """Beyond TAX_FILE_MAX_BYTES."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("Il file supera %(limit)s MB."), limit=limit // (1024 * 1024))


class DayUnknown(DomainError):
    """Neither the file nor the clerk says of which day it is."""

    def __init__(self) -> None:
        super().__init__(_("Il file non dice di che giorno è: scrivi la data dei dati."))


class TaxFileTooOld(DomainError):
    """Every verdict would be expired already."""

    def __init__(self, as_of: date) -> None:
        super().__init__(
            _("I dati sono del %(day)s: sono scaduti. Chiedi all'ufficio tributi un file recente."),
            day=f"{as_of:%d/%m/%Y}",
        )


class DayInFuture(DomainError):
    """Data of a day that has not come."""

    def __init__(self) -> None:
        super().__init__(_("La data dei dati è nel futuro: controlla il file o la data che hai scritto."))


class SumsNotConfirmed(DomainError):
    """The sums of the tail do not come out, and nobody took it upon herself."""

    def __init__(self) -> None:
        super().__init__(_("Le somme di controllo non tornano: conferma di averle verificate con l'ufficio tributi."))


class TaxFileGone(DomainError):
    """The kept file was committed, discarded or lost."""

    def __init__(self) -> None:
        super().__init__(_("Il file non è più conservato: caricalo di nuovo."))
