"""What cannot be done to an assessment, and what to do instead."""

from collections.abc import Mapping
from datetime import datetime

from onboarding.assessment.language import Answer
from sportello.kernel.errors import DomainError, gettext_noop


class AssessmentError(DomainError):
    """An anticipated failure of this room."""


class RoundClosed(AssessmentError):
    """Answers of a closed round never change."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("Questa valutazione è chiusa: le risposte non cambiano più. Per aggiornarle aprine un'altra.")
        )


class RoundOpen(AssessmentError):
    """One round at a time."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("C'è già una valutazione aperta: chiudila prima di aprirne un'altra."))


class AnswersMissing(AssessmentError):
    """A round is closed when every question that matters has an answer."""

    def __init__(self, count: int) -> None:
        super().__init__(
            gettext_noop(
                "Restano %(count)s risposte da dare. Chi non le sa ancora può rispondere «Non lo so ancora»: "
                "diventano attività del piano."
            ),
            count=count,
        )


class AnswersConflict(AssessmentError):
    """Somebody else saved other answers to the same questions meanwhile. Nothing is saved: `merged` are the answers of
    both, with those of who saves now where they differ; `theirs` are the other's; `version` is to save upon.
    """

    def __init__(
        self,
        *,
        who: str,
        at: datetime,
        conflicts: tuple[str, ...],
        merged: Mapping[str, Answer],
        theirs: Mapping[str, Answer],
        version: int,
    ) -> None:
        super().__init__(
            gettext_noop(
                "Mentre scrivevi, %(who)s ha salvato risposte diverse dalle tue (domande: %(count)s). "
                "Non hai perso niente: guarda le domande segnate, tieni o cambia la tua risposta e salva di nuovo."
            ),
            who=who,
            count=len(conflicts),
        )
        self.at, self.conflicts, self.merged, self.theirs, self.version = at, conflicts, merged, theirs, version


class AnswerUnfit(AssessmentError):
    """A value that is no answer to its question."""

    def __init__(self, key: str) -> None:
        super().__init__(gettext_noop("La risposta alla domanda %(key)s non è fra quelle ammesse."), key=key)


class TaskChangedMeanwhile(AssessmentError):
    """Somebody else changed the task since the page was read."""

    def __init__(self, who: str) -> None:
        super().__init__(
            gettext_noop("Mentre scrivevi, %(who)s ha cambiato questa attività. Guarda com'è adesso e salva di nuovo."),
            who=who,
        )


class TaskStateRefused(AssessmentError):
    """The state table has no such step."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Da questo stato l'attività non può passare a quello scelto."))


class TaskReasonMissing(AssessmentError):
    """A task is dropped or reopened with a reason."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Scrivi il motivo: resta nella storia dell'attività."))


class NothingChanged(AssessmentError):
    """The form says what is there already."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Non hai cambiato niente."))
