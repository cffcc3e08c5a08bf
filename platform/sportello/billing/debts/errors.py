"""What may go wrong with debt positions, in sentences for people."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class NothingToAsk(DomainError):
    """A position asks for at least one cent."""

    def __init__(self) -> None:
        super().__init__(_("Non c'è nulla da pagare: l'avviso deve chiedere almeno un centesimo."))


class SumsDisagree(DomainError):
    """The instalments together are not what is asked."""


class DatesDisagree(DomainError):
    """The days of a position contradict one another."""


class TooManyServices(DomainError):
    """A notice pays at most five transfers (P14)."""

    def __init__(self) -> None:
        super().__init__(_("Un avviso può riguardare al massimo cinque servizi: dividilo in più avvisi."))


class NamesAChild(DomainError):
    """The subject of a notice holds no child's name (P30)."""

    def __init__(self) -> None:
        super().__init__(_("La causale non può contenere il nome o il codice fiscale di un bambino: toglilo."))


class PayerWithoutCode(DomainError):
    """pagoPA knows debtors by fiscal code."""

    def __init__(self, count: int = 1) -> None:
        super().__init__(
            _(
                "Manca il codice fiscale di chi deve pagare (%(count)s persone): completa l'anagrafica prima di"
                " emettere l'avviso."
            ),
            count=count,
        )


class StateNotReachable(DomainError):
    """A position cannot go from its state to the one asked for."""


class PositionIsSettled(DomainError):
    """What has been paid, even in part, is not changed any more (P9)."""

    def __init__(self) -> None:
        super().__init__(_("L'avviso è già stato pagato, almeno in parte: non si può più modificare."))


class ReasonMissing(DomainError):
    """Who changes an issued notice says why."""

    def __init__(self) -> None:
        super().__init__(_("Scrivi il motivo: resta nella storia dell'avviso."))


class ActMissing(DomainError):
    """A sum is given up by an act: number and date."""


class NothingToWriteOff(DomainError):
    """What the notice asks is owed no more."""

    def __init__(self) -> None:
        super().__init__(_("Di questo avviso non si deve più nulla: basta annullarlo."))


class SharesNotWhole(DomainError):
    """The shares of a child's costs are together the whole on every day, or none."""


class InstitutionNotReady(DomainError):
    """Without the codes of pagoPA no notice number can be made."""

    def __init__(self) -> None:
        super().__init__(
            _("Mancano i codici pagoPA del Comune (codice di segregazione e IBAN): li inserisce il gruppo centrale.")
        )
