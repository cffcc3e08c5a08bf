"""Why somebody may not enter, or a role may not be given."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class EntranceRefused(DomainError):
    """The identity is genuine, but does not open this desk."""


class TooYoung(EntranceRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Per entrare servono almeno 14 anni. Chiedi a un genitore di accedere con la propria identità digitale.")
        )


class LevelTooLow(EntranceRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Serve un accesso di livello 2 o superiore. Accedi di nuovo confermando con il codice o l'app.")
        )


class AccountSuspended(EntranceRefused):
    def __init__(self) -> None:
        super().__init__(_("La tua utenza è sospesa. Rivolgiti al tuo Comune: i contatti sono in fondo alla pagina."))


class WrongCredentials(EntranceRefused):
    """One sentence for every reason, so that nobody learns which accounts exist."""

    def __init__(self) -> None:
        super().__init__(_("I dati inseriti non sono corretti. Controlla e riprova."))


class TooManyAttempts(EntranceRefused):
    def __init__(self, minutes: int) -> None:
        super().__init__(_("Troppi tentativi. Riprova tra %(minutes)s minuti."), minutes=minutes)


class RoleNotAllowedHere(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Questo ruolo non si assegna qui: la squadra centrale ha le proprie utenze."))


class RoleAlreadyGranted(DomainError):
    def __init__(self) -> None:
        super().__init__(_("La persona ha già questo ruolo."))


class RoleAlreadyEnded(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Il ruolo è già terminato."))


class OwnRole(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Non puoi togliere un ruolo a te stesso: chiedi a un altro amministratore."))


class IdentifierTaken(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Esiste già un'utenza con questo nome: scegline un altro."))


class LinkNotValid(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Il collegamento non è valido o è scaduto. Chiedine uno nuovo a chi ti ha dato l'utenza."))


class OwnSupport(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Il ruolo di assistenza te lo assegna un altro amministratore."))


class NotForSupport(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _("Si può agire solo come una persona adulta, con un'utenza attiva e senza ruoli, e mai come sé stessi.")
        )


class AlreadyActing(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Agisci già come un'altra persona: prima termina, o attendi che il tempo finisca."))


class ReasonTooShort(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Scrivi il motivo per esteso: lo leggono la persona e chi controlla."))


class EnterAgain(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Per sicurezza esci, accedi di nuovo e riprova."))
