"""A flow in the old XML (FlussoRiversamento 1.0.4 and 1.0.5), as regional gateways still hand it out (P32)."""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from lxml import etree

from integrations.errors import AnswerUnreadable
from integrations.pagopa.fdr import cents
from integrations.pagopa.flows import Flow, FlowName, FlowOutcome, FlowPayment
from integrations.pagopa.moments import day, instant

BIGGEST: Final = 32 * 1024 * 1024
OUTCOMES: Final = {
    "0": FlowOutcome.EXECUTED,
    "3": FlowOutcome.REVOKED,  # 1.0.4 alone
    "4": FlowOutcome.STAND_IN,  # 1.0.5 alone, as is 8
    "8": FlowOutcome.STAND_IN_NO_RPT,
    "9": FlowOutcome.NO_RPT,
}


def read_flow(content: bytes, *, psp_id: str = "", revision: int = 1) -> Flow:
    """The flow of a document of either version; the PSP is the document's own, else the one told.

    Raises AnswerUnreadable.
    """
    root = _root(content)
    sender, receiver = _child(root, "istitutoMittente"), _child(root, "istitutoRicevente")
    told = _maybe(_child(sender, "identificativoUnivocoMittente"), "codiceIdentificativoUnivoco")
    made_at = instant(_text(root, "dataOraFlusso"))
    lines = [one for one in root if etree.QName(one).localname == "datiSingoliPagamenti"]
    return Flow(
        name=FlowName(_text(root, "identificativoFlusso"), told or psp_id, revision, None, made_at),
        creditor_code=_text(_child(receiver, "identificativoUnivocoRicevente"), "codiceIdentificativoUnivoco"),
        regulation=_text(root, "identificativoUnivocoRegolamento"),
        regulated_on=day(_text(root, "dataRegolamento")),
        bank_bic=_maybe(root, "codiceBicBancaDiRiversamento"),
        psp_name=_maybe(sender, "denominazioneMittente"),
        declared_count=_cents(root, "numeroTotalePagamenti") // 100,
        declared_cents=_cents(root, "importoTotalePagamenti"),
        payments=tuple(_payment(one, index) for index, one in enumerate(lines, start=1)),
    )


def _root(content: bytes) -> Any:
    if not content or len(content) > BIGGEST or b"<!DOCTYPE" in content:
        raise AnswerUnreadable
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise AnswerUnreadable from wrong
    if root.getroottree().docinfo.internalDTD is not None or etree.QName(root).localname != "FlussoRiversamento":
        raise AnswerUnreadable
    return root


def _payment(line: Any, index: int) -> FlowPayment:
    outcome = OUTCOMES.get(_text(line, "codiceEsitoSingoloPagamento"))
    number = _maybe(line, "indiceDatiSingoloPagamento") or "1"
    if outcome is None or number not in {"1", "2", "3", "4", "5"}:
        raise AnswerUnreadable
    return FlowPayment(
        index=index,
        iuv=_text(line, "identificativoUnivocoVersamento"),
        iur=_text(line, "identificativoUnivocoRiscossione"),
        transfer_number=int(number),
        amount_cents=_cents(line, "singoloImportoPagato"),
        outcome=outcome,
        paid_at=instant(_text(line, "dataEsitoSingoloPagamento")),
    )


def _child(parent: Any, name: str) -> Any:
    found = next((one for one in parent.iterchildren("*") if etree.QName(one).localname == name), None)
    if found is None:
        raise AnswerUnreadable
    return found


def _text(parent: Any, name: str) -> str:
    found = (_child(parent, name).text or "").strip()
    if not found:
        raise AnswerUnreadable
    return str(found)


def _maybe(parent: Any, name: str) -> str:
    found = (one.text for one in parent.iterchildren("*") if etree.QName(one).localname == name)
    return (next(found, "") or "").strip()


def _cents(parent: Any, name: str) -> int:
    try:
        return cents(Decimal(_text(parent, name)))
    except InvalidOperation as wrong:
        raise AnswerUnreadable from wrong
