"""Why INPS gave no answer. `why` is the word a question keeps: it names no one."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from integrations.errors import PlainFailure


class InpsError(PlainFailure):
    """The root of this connector's failures. Those that a question brought upon itself leave the line healthy."""

    why: str = "failed"


class InpsUnavailable(InpsError):
    """Temporary: the archive is offline, the service failed inside, or nobody answers. Worth asking again."""

    words = _("INPS non risponde.")
    is_permanent: ClassVar[bool] = False

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


class DailyLimitReached(InpsError):
    """No more questions today: ours are counted before they leave, and INPS may say so itself."""

    why = "over_limit"
    words = _("Le richieste a INPS di oggi sono finite: si riprende domani.")
    is_permanent: ClassVar[bool] = False
    spoils_health: ClassVar[bool] = False


class QuestionUnfit(InpsError):
    """The question cannot be put to this service: nothing was sent."""

    why = "question_unfit"
    words = _("INPS non accetta questo codice fiscale o questo protocollo: verifica l'attestazione a mano.")
    spoils_health: ClassVar[bool] = False


class QuestionRefused(InpsError):
    """INPS read the question and refused it."""

    words = _("INPS ha rifiutato la richiesta: verifica l'attestazione a mano.")
    spoils_health: ClassVar[bool] = False

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


class AnswerUnreadable(InpsError):
    """What came back is not what the contract says, or speaks of somebody else: nothing of it is taken."""

    why = "unreadable"
    words = _("La risposta di INPS non si può leggere: verifica l'attestazione a mano.")
    code: ClassVar[str] = "inps_answer_unreadable"


class CredentialsRefused(InpsError):
    """The key or the certificate is none, or PDND does not know the client."""

    why = "credentials_refused"
    words = _("PDND o INPS rifiutano le nostre credenziali: controlla client, finalità, chiave e certificato.")
