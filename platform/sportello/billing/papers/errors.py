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
