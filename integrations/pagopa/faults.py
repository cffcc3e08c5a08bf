"""What each fault code of the station means (P17), in the words the node shows to who pays and to who helps."""

from typing import Final

from integrations.pagopa.types import Fault, FaultCode

# Not translated: the receiver is a machine and, behind it, a PSP's Italian help desk.
TEXTS: Final = {
    FaultCode.PAA_PAGAMENTO_SCADUTO: "pagamento scaduto",
    FaultCode.PAA_PAGAMENTO_ANNULLATO: "pagamento annullato",
    FaultCode.PAA_PAGAMENTO_SCONOSCIUTO: "pagamento sconosciuto",
    FaultCode.PAA_PAGAMENTO_DUPLICATO: "pagamento duplicato",
    FaultCode.PAA_ID_DOMINIO_ERRATO: "ID dominio errato",
    FaultCode.PAA_ID_INTERMEDIARIO_ERRATO: "ID intermediario errato",
    FaultCode.PAA_STAZIONE_INT_ERRATA: "stazione intermediario errata",
    FaultCode.PAA_SINTASSI_XSD: "errore di sintassi XSD",
    FaultCode.PAA_SINTASSI_EXTRAXSD: "errore di sintassi extra XSD",
    FaultCode.PAA_SEMANTICA: "errore semantico",
    FaultCode.PAA_RECEIPT_DUPLICATA: "ricevuta già presente",
    FaultCode.PAA_SYSTEM_ERROR: "errore generico",
}


def fault_of(code: FaultCode, id_pa: str, description: str = "") -> Fault:
    """The fault with its standing text; without a description of its own it repeats the text."""
    return Fault(code, id_pa, TEXTS[code], description or TEXTS[code])
