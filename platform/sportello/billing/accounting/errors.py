"""Why a chapter or a journal is not taken, in sentences for people."""

from django.utils.translation import gettext_lazy as _

from sportello.billing.accounting.journal import COLUMNS
from sportello.kernel.errors import DomainError


class ChapterOverlaps(DomainError):
    """Two chapters on one day."""

    def __init__(self) -> None:
        super().__init__(_("In quei giorni c'è già un capitolo per questo servizio: scegli una data successiva."))


class NotAJournal(DomainError):
    """The file is something else."""

    def __init__(self) -> None:
        super().__init__(
            _("Il file non è un giornale di cassa: la prima riga deve avere le colonne %(columns)s, separate da «;»."),
            columns=", ".join(COLUMNS),
        )


class BadLine(DomainError):
    """A line cannot be read."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(
            _("Riga %(number)s: non si legge %(what)s. Correggi il file: non è stato caricato niente."),
            number=number,
            what=what,
        )


class MovementDiffers(DomainError):
    """The treasury's number is here with other facts."""

    def __init__(self, year: int, number: str) -> None:
        super().__init__(
            _("La bolletta %(year)s/%(number)s c'è già con dati diversi: chiedi al tesoriere quale è giusta."),
            year=year,
            number=number,
        )


class JournalKnown(DomainError):
    """The same file."""

    def __init__(self) -> None:
        super().__init__(_("Questo file è già stato caricato."))
