"""The dues of MyPay, kept beside GPD's positions: a due is a position with one way of paying and no last day (P46)."""

from datetime import datetime, timedelta
from decimal import InvalidOperation
from typing import Any, Final, Literal

import msgspec
from django.apps import apps
from lxml import etree

from integrations.pagopa.simulator.euro import cents_of
from integrations.pagopa.simulator.institutions import OURS, called, name_of
from integrations.pagopa.simulator.models import KnownInstitution, Option, Payment
from integrations.pagopa.simulator.positions import keeping
from integrations.pagopa.simulator.positions.structs import PaymentOption, PaymentPosition, Transfer
from integrations.pagopa.simulator.station import message_of

PRODUCT: Final = "myp"
SERVICE: Final = "{http://www.regione.veneto.it/pagamenti/ente/}"
NO_LAST_DAY: Final = timedelta(days=36_500)
INVENTED_IBAN: Final = "IT60X0542811101000000123456"


class Fault(Exception):
    """MyPay says KO: the code of its table, and words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


def creditor_of(ipa: str) -> str:
    """The fiscal code of the creditor of that IPA code, which here is the name of its schema. Raises Fault."""
    ours: Any = apps.get_model(OURS)
    found: str | None = ours.objects.filter(municipality__schema_name=ipa).values_list("fiscal_code", flat=True).first()
    if found is None:
        raise Fault("PAA_ENTE_NON_VALIDO", f"No creditor {ipa}")
    called(found)
    return found


def import_due(*, fiscal_code: str, document: bytes, now: datetime) -> None:
    """Inserts, changes or annuls. What was annulled is gone, what is paid cannot be changed. Raises Fault."""
    try:
        action, sent = _read(fiscal_code, document, now)
    except (etree.XMLSyntaxError, msgspec.ValidationError, InvalidOperation, ValueError) as wrong:
        raise Fault("PAA_XML_NON_VALIDO", str(wrong)) from wrong
    try:
        if action == "I":
            keeping.create(product=PRODUCT, fiscal_code=fiscal_code, sent=sent, publish=True, now=now)
        elif action == "M":
            keeping.update(product=PRODUCT, fiscal_code=fiscal_code, iupd=sent.iupd, sent=sent, publish=True, now=now)
        elif action == "A":
            keeping.delete(product=PRODUCT, fiscal_code=fiscal_code, iupd=sent.iupd, now=now)
        else:
            raise Fault("PAA_AZIONE_NON_VALIDA", action)
    except keeping.Refused as no:
        taken = "PAA_DOVUTO_DUPLICATO" if action == "I" else "PAA_IMPORT_DOVUTO_NON_PRESENTE"
        raise Fault("PAA_SEMANTICA" if no.status == 400 else taken, no.detail) from no


def receipt_of_due(*, fiscal_code: str, nav: str = "", iuv: str = "") -> bytes:
    """The receipt as it would have gone to a station. Raises Fault for a due that is not there, or not paid."""
    held = Option.objects.filter(product=PRODUCT, fiscal_code=fiscal_code)
    option = held.filter(nav=nav).first() if nav else held.filter(iuv=iuv).first()
    if option is None:
        raise Fault("PAA_IUD_NON_VALIDO", "No such due")
    payment = Payment.objects.filter(fiscal_code=fiscal_code, receipt_id=option.receipt_id).first()
    if not option.receipt_id or payment is None:
        raise Fault("PAA_PAGAMENTO_NON_INIZIATO", "Not paid")
    return message_of(called(fiscal_code), payment.receipt, version=payment.version)


def _read(fiscal_code: str, document: bytes, now: datetime) -> tuple[str, PaymentPosition]:
    root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    if root.tag != f"{SERVICE}Versamento":
        raise ValueError(f"{root.tag} is no Versamento")
    cents, iuv = cents_of(_text(root, "importoSingoloVersamento")), _text(root, "identificativoUnivocoVersamento")
    known = KnownInstitution.objects.filter(fiscal_code=fiscal_code).first()
    name, subject = name_of(fiscal_code), _text(root, "causaleVersamento")[:140]
    transfer = Transfer(
        id_transfer="1",
        amount=cents,
        remittance_information=subject,
        category=_text(root, "datiSpecificiRiscossione"),
        transfer_metadata=[],
        organization_fiscal_code=fiscal_code,
        iban=known.ibans[0] if known and known.ibans else INVENTED_IBAN,
        company_name=name,
    )
    option = PaymentOption(
        iuv=iuv,
        amount=cents,
        description=subject,
        is_partial_payment=False,
        due_date=now + NO_LAST_DAY,
        payment_option_metadata=[],
        transfer=[transfer],
        nav=f"3{iuv}",
    )
    kind: Literal["F", "G"] = "G" if _text(root, "tipoIdentificativoUnivoco") == "G" else "F"
    sent = PaymentPosition(
        iupd=_text(root, "identificativoUnivocoDovuto"),
        type=kind,
        fiscal_code=_text(root, "codiceIdentificativoUnivoco"),
        full_name=_text(root, "anagraficaPagatore"),
        company_name=name,
        switch_to_expired=False,
        payment_option=[option],
    )
    return _text(root, "azione"), msgspec.convert(msgspec.to_builtins(sent), PaymentPosition)  # the shape is checked


def _text(root: Any, name: str) -> str:
    found = root.findtext(f".//{SERVICE}{name}")
    if not found:
        raise ValueError(f"{name} is missing")
    return str(found)
