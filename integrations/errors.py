"""The one error of all connectors, and the ways in which any of them may fail."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class ConnectorError(DomainError):
    """Another system did not give what was asked. `permanent` says whether trying again is useless.

    `words` tells the failure without its details: what a list shows long after, from the code alone. One that
    `spoils_health` says that the line does not work; the others say that it was not the line to ask.
    """

    spoils_health: ClassVar[bool] = True
    words: ClassVar[str | Promise] = _("L'altro sistema non ha risposto come doveva.")

    def __init__(self, template: object, *, permanent: bool, **params: object) -> None:
        super().__init__(template, **params)
        self.permanent = permanent


class PlainFailure(ConnectorError):
    """A failure whose `words` are the whole sentence."""

    is_permanent: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__(self.words, permanent=self.is_permanent)


class NotConfigured(PlainFailure):
    """No connector of the kind is switched on for this Comune."""

    words = _("Il collegamento non è configurato per questo Comune: lo configura l'amministratore dei servizi.")


class SimulatorRefused(PlainFailure):
    """A simulator stands where real people enter."""

    words = _("Il collegamento usa un simulatore: con persone reali non è ammesso.")


class RealSystemRefused(PlainFailure):
    """A real system is asked from the twin of a Comune."""

    words = _("Nell'ambiente di prova rispondono solo i simulatori: nulla esce verso altri sistemi.")


class SecretMissing(PlainFailure):
    """The secret of that name is not in the environment nor among the mounted files."""

    words = _("Manca il segreto con il nome indicato: lo deposita chi gestisce l'installazione.")


class Unreachable(PlainFailure):
    """No answer in time, or an answer that says to come back."""

    words = _("L'altro sistema non risponde: riproviamo più tardi.")
    is_permanent = False


class AccessDenied(PlainFailure):
    """The other system does not know our credentials."""

    words = _("L'altro sistema ha rifiutato le nostre credenziali: chiedine di nuove a chi lo gestisce.")


class AnswerUnreadable(PlainFailure):
    """The answer came, and is not what the mapping expects."""

    words = _("La risposta dell'altro sistema non ha la forma attesa: controlla la mappatura.")


class AddressRefused(PlainFailure):
    """The address is not https, or its host is not among those allowed to this installation."""

    words = _("L'indirizzo non è ammesso: serve https e un host fra quelli autorizzati.")


def words_of(code: str) -> str | Promise:
    """The sentence of an error code, as the exchange log keeps it."""
    return _sentences(ConnectorError).get(code, ConnectorError.words) if code else ""


def _sentences(kind: type[ConnectorError]) -> dict[str, str | Promise]:
    found: dict[str, str | Promise] = {kind.code: kind.words}
    for below in kind.__subclasses__():
        found |= _sentences(below)
    return found
