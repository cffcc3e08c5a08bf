"""Why the ladder is not changed or climbed, in sentences for people."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class RulesWrong(DomainError):
    """The steps contradict one another, or a letter cannot be written."""


class NoRules(DomainError):
    """Without a decision of the Comune nobody is reminded."""

    def __init__(self) -> None:
        super().__init__(_("Nessuna regola è in vigore: prima scrivi i passi che il Comune ha deciso."))


class NotLooked(DomainError):
    """Nobody moves whom nobody has looked at."""

    def __init__(self) -> None:
        super().__init__(_("Prima guarda chi si muoverebbe: si conferma quello che hai letto."))


class StillWorking(DomainError):
    """One job at a time."""

    def __init__(self) -> None:
        super().__init__(_("Un lavoro su questi solleciti è ancora in corso: aspetta che finisca."))


class AlreadyDone(DomainError):
    """A run moves once."""

    def __init__(self) -> None:
        super().__init__(_("Questi passi sono già stati fatti: guarda di nuovo per i prossimi."))


class NotEnded(DomainError):
    """Letters are of steps that were taken."""

    def __init__(self) -> None:
        super().__init__(_("Le lettere si preparano quando i passi sono stati fatti."))


class PauseWrong(DomainError):
    """A pause says why and ends on a day to come."""


class CheckWrong(DomainError):
    """The word of the social services has a reference and a day that has come."""
