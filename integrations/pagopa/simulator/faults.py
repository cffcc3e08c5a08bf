"""What can go wrong at the Node's, each with a button of its desk."""

from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Fault(StrEnum):
    """Of a payment."""

    AMOUNT_CHANGED = "amount_changed"
    RECEIPT_HIGHER = "receipt_higher"
    RECEIPT_LOWER = "receipt_lower"
    DUPLICATE_RECEIPT = "duplicate_receipt"
    DOUBLE_PAYMENT = "double_payment"
    UNKNOWN_NOTICE = "unknown_notice"
    RECEIPT_FIRST = "receipt_first"
    LOST_ACTIVATION = "lost_activation"
    LOST_ANSWER = "lost_answer"
    SILENT = "silent"
    CLOCK_SKEW = "clock_skew"
    OTHER_PAYER = "other_payer"
    NO_PAYER = "no_payer"
    FAILED_RECEIPT = "failed_receipt"
    STAND_IN = "stand_in"
    BROKEN_RECEIPT = "broken_receipt"
    WRONG_STATION = "wrong_station"
    FIRST_VERSION = "first_version"


class CallFault(StrEnum):
    """Of a call by which a creditor tells GPD, ACA or MyPay something."""

    CALL_LOST = "call_lost"
    CALL_BROKEN = "call_broken"
    CALL_BUSY = "call_busy"
    CALL_REFUSED = "call_refused"


class FlowFault(StrEnum):
    """Of a reporting flow."""

    MISSING_LINE = "missing_line"
    EXTRA_LINE = "extra_line"
    NO_RPT = "no_rpt"
    STAND_IN = "stand_in"
    STAND_IN_NO_RPT = "stand_in_no_rpt"
    WRONG_SUM = "wrong_sum"
    WRONG_AMOUNT = "wrong_amount"
    REVISION = "revision"


WORDS: Final[dict[Fault, tuple[str | Promise, str | Promise]]] = {
    Fault.AMOUNT_CHANGED: (
        _("Importo diverso fra verifica e attivazione"),
        _("L'attivazione chiede un euro in più di quanto ha detto la verifica; si paga quanto risponde l'ente."),
    ),
    Fault.RECEIPT_HIGHER: (_("Pagato un euro in più"), _("La ricevuta porta un euro più del dovuto.")),
    Fault.RECEIPT_LOWER: (_("Pagato un centesimo in meno"), _("La ricevuta porta un centesimo meno del dovuto.")),
    Fault.DUPLICATE_RECEIPT: (_("Ricevuta doppia"), _("La stessa ricevuta arriva due volte.")),
    Fault.DOUBLE_PAYMENT: (_("Pagamento doppio"), _("Due ricevute diverse per lo stesso avviso.")),
    Fault.UNKNOWN_NOTICE: (
        _("Ricevuta di un avviso sconosciuto"),
        _("Dopo il pagamento arriva anche la ricevuta di un avviso emesso da altri."),
    ),
    Fault.RECEIPT_FIRST: (
        _("Ricevuta prima del ritorno"),
        _("L'ente ha la ricevuta prima che il browser torni indietro."),
    ),
    Fault.LOST_ACTIVATION: (
        _("Attivazione fuori tempo"),
        _("L'ente risponde all'attivazione, ma troppo tardi: il Nodo la chiede di nuovo."),
    ),
    Fault.LOST_ANSWER: (
        _("Risposta persa"),
        _("L'ente risponde, ma il Nodo non legge: ritenta con la stessa ricevuta."),
    ),
    Fault.SILENT: (_("Nessuna ricevuta"), _("Il pagamento si vede solo nel flusso del giorno dopo.")),
    Fault.CLOCK_SKEW: (_("Orologio avanti di due ore"), _("La ricevuta viene dal futuro.")),
    Fault.OTHER_PAYER: (_("Paga un'altra persona"), _("Chi versa non è il debitore.")),
    Fault.NO_PAYER: (_("Versante ignoto"), _("La ricevuta non dice chi ha versato.")),
    Fault.FAILED_RECEIPT: (_("Ricevuta di esito negativo"), _("La ricevuta dice KO: non è stato pagato niente.")),
    Fault.STAND_IN: (_("Pagamento in stand-in"), _("La ricevuta dice che l'ente non ha risposto in tempo.")),
    Fault.BROKEN_RECEIPT: (
        _("Ricevuta guasta"),
        _("Il primo invio non rispetta lo schema; il secondo è giusto."),
    ),
    Fault.WRONG_STATION: (_("Stazione sbagliata"), _("Il Nodo chiama una stazione che non esiste.")),
    Fault.FIRST_VERSION: (_("Prima versione"), _("Il prestatore usa le chiamate della prima versione.")),
}
CALL_WORDS: Final[dict[CallFault, tuple[str | Promise, str | Promise]]] = {
    CallFault.CALL_LOST: (_("Conferma persa"), _("L'avviso è registrato, ma il Comune non riceve la risposta.")),
    CallFault.CALL_BROKEN: (_("Errore 500"), _("Il servizio si rompe prima di registrare l'avviso.")),
    CallFault.CALL_BUSY: (_("Troppe richieste (429)"), _("Il servizio chiede di riprovare più tardi.")),
    CallFault.CALL_REFUSED: (_("Avviso rifiutato"), _("Il servizio non accetta l'avviso: l'ufficio deve guardarlo.")),
}
FLOW_WORDS: Final[dict[FlowFault, str | Promise]] = {
    FlowFault.MISSING_LINE: _("Manca una riga"),
    FlowFault.EXTRA_LINE: _("Una riga di un avviso sconosciuto"),
    FlowFault.NO_RPT: _("Una riga senza ricevuta (NO_RPT)"),
    FlowFault.STAND_IN: _("Una riga in stand-in"),
    FlowFault.STAND_IN_NO_RPT: _("Una riga in stand-in senza ricevuta"),
    FlowFault.WRONG_SUM: _("Somma dichiarata sbagliata"),
    FlowFault.WRONG_AMOUNT: _("Importo di una riga diverso"),
    FlowFault.REVISION: _("Revisione 2 dell'ultimo flusso"),
}


def faults_of(names: list[str]) -> tuple[Fault, ...]:
    """The faults of these names; what is no name of any is left out."""
    return tuple(Fault(name) for name in names if name in Fault)
