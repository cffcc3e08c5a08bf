"""What can go wrong at the provider's, each with a button of its page."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Fault:
    """`error`: the provider says that it did not authenticate. Otherwise the answer is spoilt in one way."""

    key: str
    words: str | Promise
    error: int = 0


FAULTS: Final = (
    Fault("nr19", _("Errore 19: credenziali errate più volte"), 19),
    Fault("nr20", _("Errore 20: credenziali di livello troppo basso"), 20),
    Fault("nr21", _("Errore 21: tempo scaduto"), 21),
    Fault("nr22", _("Errore 22: consenso negato"), 22),
    Fault("nr23", _("Errore 23: identità sospesa o revocata"), 23),
    Fault("nr24", _("Errore 24: codice riservato"), 24),
    Fault("nr25", _("Errore 25: accesso annullato"), 25),
    Fault("nr30", _("Errore 30: tipo di identità diverso da quello richiesto"), 30),
    Fault("low_level", _("Accesso di livello 1")),
    Fault("wrong_signature", _("Firma sbagliata")),
    Fault("expired", _("Risposta scaduta")),
    Fault("replayed", _("Risposta già usata")),
)


def fault_of(key: str) -> Fault | None:
    """The fault of a button; None for an answer without any."""
    return next((fault for fault in FAULTS if fault.key == key), None)
