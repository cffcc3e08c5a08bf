"""Why a choice cannot be paid, in sentences for who chose."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class NothingChosen(DomainError):
    """A cart holds at least one thing to pay."""

    def __init__(self) -> None:
        super().__init__(_("Non hai scelto nulla: segna almeno una voce da pagare."))


class ItemGone(DomainError):
    """What was chosen is not offered any more: paid meanwhile, changed, or never hers."""

    def __init__(self) -> None:
        super().__init__(_("Una delle voci scelte è cambiata nel frattempo: guarda di nuovo l'elenco e scegli."))


class ChosenTwice(DomainError):
    """The whole of a plan and one of its instalments exclude each other (P10)."""

    def __init__(self) -> None:
        super().__init__(_("Hai scelto sia l'importo intero sia una rata dello stesso avviso: scegli l'uno o l'altra."))


class TooManyNotices(DomainError):
    """A cart of pagoPA holds five notices (P25)."""

    def __init__(self) -> None:
        super().__init__(_("In un pagamento entrano al massimo cinque avvisi: paga prima cinque voci, poi le altre."))


class NothingToTakeBack(DomainError):
    """The cart has opened no notice that is still to be paid."""

    def __init__(self) -> None:
        super().__init__(
            _("Qui non c'è nulla da riprendere: gli avvisi sono già pagati o chiusi, o sono dell'ufficio.")
        )


class SomebodyIsPaying(DomainError):
    """The notice has been looked at in order to pay it a moment ago."""

    def __init__(self) -> None:
        super().__init__(
            _("Pochi minuti fa qualcuno ha aperto il pagamento di questo avviso. Riprova tra un quarto d'ora.")
        )


class AmountOutOfBounds(DomainError):
    """A top-up lies between the bounds of the Comune."""


class NotPaidInAdvance(DomainError):
    """The Comune takes no money in advance for the service."""

    def __init__(self) -> None:
        super().__init__(_("Questo servizio non si paga in anticipo: paghi quello che hai usato."))


class PlanRefused(DomainError):
    """The plan lies outside the rule of the Comune."""
