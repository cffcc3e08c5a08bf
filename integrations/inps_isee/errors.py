"""Why INPS gave no answer. `reason` is the word the exchange log keeps: it names no one."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from integrations.errors import ConnectorError


class InpsError(ConnectorError):
    """The root of this connector's failures."""

    reason: ClassVar[str] = "failed"


class InpsUnavailable(InpsError):
    """Temporary: the archive is offline, the service failed inside, or nobody answers. Worth asking again."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("INPS non risponde."), permanent=False)
        self.why = reason


class DailyLimitReached(InpsError):
    """No more questions today: ours are counted before they leave, and INPS may say so itself."""

    reason = "over_limit"

    def __init__(self) -> None:
        super().__init__(_("Le richieste a INPS di oggi sono finite: si riprende domani."), permanent=False)


class QuestionUnfit(InpsError):
    """The question cannot be put to this service: nothing was sent."""

    reason = "question_unfit"

    def __init__(self) -> None:
        super().__init__(
            _("INPS non accetta questo codice fiscale o questo protocollo: verifica l'attestazione a mano."),
            permanent=True,
        )


class QuestionRefused(InpsError):
    """INPS read the question and refused it."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("INPS ha rifiutato la richiesta: verifica l'attestazione a mano."), permanent=True)
        self.why = reason


class AnswerUnreadable(InpsError):
    """What came back is not what the contract says, or speaks of somebody else: nothing of it is taken."""

    reason = "unreadable"

    def __init__(self) -> None:
        super().__init__(_("La risposta di INPS non si può leggere: verifica l'attestazione a mano."), permanent=True)


class SettingsMissing(InpsError):
    """The connector is switched on but a secret or a file it names is not there."""

    reason = "settings_missing"

    def __init__(self) -> None:
        super().__init__(_("Il collegamento con INPS non è configurato: chiama l'assistenza."), permanent=True)


def word_of(failure: InpsError) -> str:
    """The word of the exchange log for a failure."""
    return str(getattr(failure, "why", failure.reason))
