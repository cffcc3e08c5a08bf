"""Why notices are not issued, in sentences for people."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class StillWorking(DomainError):
    """One job at a time for an issue."""

    def __init__(self) -> None:
        super().__init__(_("Un lavoro su questa emissione è ancora in corso: aspetta che finisca."))


class NotCounted(DomainError):
    """Nobody issues what nobody has read."""

    def __init__(self) -> None:
        super().__init__(_("Prima calcola l'anteprima: si emette quello che hai letto."))


class AlreadyIssued(DomainError):
    """What has been issued is not issued again, nor changed."""

    def __init__(self) -> None:
        super().__init__(_("Questi avvisi sono già stati emessi."))


class AlreadyBegun(DomainError):
    """What has been issued in part is gone on with, not counted anew."""

    def __init__(self) -> None:
        super().__init__(_("L'emissione è già cominciata: continua da dove si è fermata."))


class NothingIssued(DomainError):
    """Papers are made of notices."""

    def __init__(self) -> None:
        super().__init__(_("Non ci sono avvisi da stampare: prima emettili."))
