"""What may not be printed, in sentences for the clerk. None of them repeats the text: it may be personal."""

from sportello.kernel.errors import DomainError, gettext_noop


class TextTooLong(DomainError):
    """A field of the notice has a length fixed by pagoPA (P27)."""

    def __init__(self, *, field: object, length: int, limit: int) -> None:
        super().__init__(
            gettext_noop("«%(field)s»: %(length)s caratteri, ma sull'avviso ne entrano %(limit)s. Accorcia il testo."),
            field=field,
            length=length,
            limit=limit,
        )


class MissingText(DomainError):
    """A field that the notice cannot do without is empty."""

    def __init__(self, *, field: object) -> None:
        super().__init__(gettext_noop("«%(field)s» è vuoto: senza, l'avviso non si può stampare."), field=field)


class BadNumber(DomainError):
    """A code printed on the notice has the wrong digits: nobody could pay with it."""

    def __init__(self, *, field: object, digits: int) -> None:
        super().__init__(gettext_noop("«%(field)s» deve avere %(digits)s cifre."), field=field, digits=digits)


class AmountNotPrintable(DomainError):
    """The amount of a notice is more than nothing, and fits its code."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("L'importo di un avviso va da un centesimo a 999.999.999,99 € (99.999.999,99 € con le Poste).")
        )


class PersonalSubject(DomainError):
    """The subject of a notice is read by banks and shops: no child, no diet, no health in it (P30)."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "L'oggetto dell'avviso contiene un dato personale (nome, codice fiscale, salute o dieta)."
                " Scrivi soltanto il servizio e il periodo."
            )
        )


class NoInstalments(DomainError):
    """One instalment is a single payment; none and no whole amount is nothing to pay."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Un avviso chiede una somma intera, oppure almeno due rate."))


class LinesDoNotAddUp(DomainError):
    """The lines of a paper must make its total: a paper with wrong sums is worse than none."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("Le righe del documento non fanno il suo totale: il documento non è stato creato.")
        )


class NotAWhole(DomainError):
    """The shares of those who bear a cost are together the whole cost."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Le quote di chi paga devono fare insieme il 100 per cento."))


class PaidInAnotherYear(DomainError):
    """A yearly certificate holds what was paid in its year, by date of payment (P37)."""

    def __init__(self, *, year: int) -> None:
        super().__init__(
            gettext_noop("Un pagamento non è del %(year)s: l'attestazione contiene soltanto quanto pagato nell'anno."),
            year=year,
        )


class NothingToCertify(DomainError):
    """Nobody needs a paper about nothing."""

    def __init__(self, *, year: int) -> None:
        super().__init__(gettext_noop("Nel %(year)s non risultano pagamenti di questa persona."), year=year)


class MonthPaidTwiceOver(DomainError):
    """The bonus nido wants one payment, whole, for each month and child (P41)."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "Per il bonus nido serve un pagamento per ogni mese e bambino, e l'importo deve essere quello."
            )
        )


class NothingToBundle(DomainError):
    """A zip without papers helps nobody."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Non ci sono mesi di nido pagati da mettere nel fascicolo."))
