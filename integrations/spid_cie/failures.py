"""What a provider's error means for the person (SPID technical rules, table of errors v1.4). The words are ours."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TECHNICAL: Final = _(
    "Non è stato possibile completare l'accesso per un problema tecnico. "
    "Riprova più tardi; se si ripete, comunica al Comune il codice mostrato."
)
SENTENCES: Final[dict[int, str | Promise]] = {
    19: _(
        "Accesso non riuscito: hai inserito troppe volte credenziali errate. "
        "Controlla le credenziali con il tuo gestore e riprova."
    ),
    20: _(
        "Le tue credenziali non hanno il livello richiesto da questo servizio (livello 2). "
        "Chiedi al tuo gestore come ottenerlo."
    ),
    21: _("Il tempo per completare l'accesso è scaduto. Riprova."),
    22: _("Non hai dato il consenso all'invio dei tuoi dati: senza non possiamo farti accedere."),
    23: _("La tua identità digitale risulta sospesa, revocata o bloccata. Contatta il tuo gestore."),
    25: _("Hai annullato l'accesso. Puoi riprovare quando vuoi."),
    30: _(
        "Hai usato un tipo di identità non ammesso per questo servizio (serve un'identità personale). "
        "Riprova con la tua identità di cittadino."
    ),
}
OPERATOR: Final = range(8, 19)
"""Errors 8 to 18 say that our request was wrong: somebody on call must know."""


def sentence_of(code: int) -> str | Promise:
    """What the person reads; a technical problem for every code that is not hers."""
    return SENTENCES.get(code, TECHNICAL)
