"""Why a Comune cannot start, or a check cannot be waived."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class NotReady(DomainError):
    """A blocking check fails; the first is named."""

    def __init__(self, title: object) -> None:
        super().__init__(_("Non si può partire: manca «%(title)s»."), title=title)


class NotInGoLiveStage(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Si parte dalla fase «avvio»: il Comune non c'è ancora."))


class NoDayChosen(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Prima scegli il giorno dell'avvio."))


class TooEarly(DomainError):
    def __init__(self, day: str) -> None:
        super().__init__(_("Il giorno scelto è il %(day)s: fino ad allora non si parte."), day=day)


class DayGone(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Scegli un giorno da oggi in poi."))


class LegalCheck(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Questo lo chiede la legge: non si può farne a meno."))


class NothingToWaive(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Questo controllo non blocca l'avvio: non c'è nulla da cui derogare."))


class AlreadyWaived(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Per questo controllo c'è già una deroga."))


class NotLive(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Il Comune non è attivo: non c'è nulla da riportare indietro."))


class NotAWayBack(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Scegli una fase precedente."))
