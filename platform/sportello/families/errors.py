"""Why a delegation, or a court's order, cannot be written."""

from sportello.kernel.errors import DomainError, gettext_noop


class DelegationRefused(DomainError):
    """The delegation cannot be given; each reason is a class of its own."""


class NotAGuardian(DelegationRefused):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Può delegare solo chi oggi agisce per il bambino come genitore o tutore."))


class NoActs(DelegationRefused):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Scegli almeno una cosa che la persona può fare."))


class ProvisionalCode(DelegationRefused):
    def __init__(self) -> None:
        super().__init__(
            gettext_noop("Serve il codice fiscale di 16 caratteri: con quello provvisorio non si entra con SPID o CIE.")
        )


class OtherPersonsCode(DelegationRefused):
    def __init__(self) -> None:
        super().__init__(
            gettext_noop("Il codice fiscale non corrisponde a nome e cognome: controlla come sono scritti.")
        )


class OneselfDelegated(DelegationRefused):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Questo è il tuo codice fiscale: scrivi quello della persona da delegare."))


class AlreadyGuardian(DelegationRefused):
    def __init__(self) -> None:
        super().__init__(
            gettext_noop("Questa persona agisce già per il bambino come genitore o tutore: non serve una delega.")
        )


class DelegateBarred(DelegationRefused):
    """The sentence does not say why: what a court decided of somebody is not told on a form."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Questa persona non può ricevere deleghe per il bambino."))


class DelegateTooYoung(DelegationRefused):
    def __init__(self) -> None:
        super().__init__(gettext_noop("La persona delegata deve avere almeno 18 anni."))


class PeriodInThePast(DelegationRefused):
    def __init__(self) -> None:
        super().__init__(gettext_noop("La delega comincia oggi o più avanti, non nel passato."))


class PeriodTooFar(DelegationRefused):
    def __init__(self) -> None:
        super().__init__(gettext_noop("La delega comincia al più tardi tra un anno."))


class PeriodTooLong(DelegationRefused):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Una delega dura al massimo un anno: scegli un ultimo giorno più vicino."))


class AlreadyDelegated(DelegationRefused):
    def __init__(self) -> None:
        super().__init__(
            gettext_noop("La persona ha già una delega per il bambino in quei giorni: revocala, poi dai la nuova.")
        )


class DelegationNotYours(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Questa delega non riguarda te né i tuoi figli."))


class DelegationAlreadyEnded(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("La delega è già finita."))


class CourtActMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Scrivi gli estremi del provvedimento."))


class NothingToBar(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("In quei giorni la persona non agisce per il bambino, o è già esclusa."))


class NothingToLift(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Da quel giorno la persona non risulta esclusa."))
