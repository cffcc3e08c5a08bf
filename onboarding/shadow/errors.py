"""Why a month cannot be compared, or a difference cannot be explained."""

from sportello.kernel.errors import DomainError, gettext_noop


class LoadNotComparable(DomainError):
    def __init__(self) -> None:
        super().__init__(
            gettext_noop("Questo caricamento non si può confrontare: scegline uno di bambini e mensa o di trasporto.")
        )


class LoadNotJudged(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Questo caricamento non è ancora stato controllato: prima finisci il controllo."))


class MonthOfAnotherYear(DomainError):
    def __init__(self, *, month: str, year: str) -> None:
        super().__init__(
            gettext_noop("%(month)s non è dell'anno scolastico %(year)s, di cui parla il caricamento."),
            month=month,
            year=year,
        )


class NoServiceToCompare(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Il Comune non offre ancora il servizio di cui parla il caricamento."))


class AlreadyComparing(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Un confronto è già in corso: aspetta che finisca."))


class NothingToWithdraw(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Questa spiegazione non c'è più: ricarica la pagina."))


class NothingToExplain(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Questa differenza non aspetta una spiegazione: ricarica la pagina."))
