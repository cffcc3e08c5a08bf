"""Why somebody is not let over."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class PassageRefused(DomainError):
    """One sentence for every reason: the code was used, is old, is for another desk, or belongs to another browser."""

    def __init__(self) -> None:
        super().__init__(_("Il passaggio non è riuscito o è scaduto: torna da dove sei partito e riprova."))


class NotOfTheTeam(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Da qui entra solo chi fa parte della squadra centrale, oggi."))


class AlreadyLive(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _("Il Comune è attivo: i caricamenti li fa il suo ufficio, e la squadra centrale non vi entra più.")
        )


class ShutOutHere(DomainError):
    def __init__(self) -> None:
        super().__init__(_("L'amministratore del Comune ha sospeso la tua utenza qui: mettiti d'accordo con lui."))
