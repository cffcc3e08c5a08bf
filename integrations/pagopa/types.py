"""What passes between pagoPA and us, in our own words: integer cents, dates, texts as they are. No domain."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class OptionKind(StrEnum):
    """How the amount of an option is to be taken: exactly, at most, at least, anyhow. A Comune's dues are exact."""

    EQ = "EQ"
    LS = "LS"
    GT = "GT"
    ANY = "ANY"


class FaultCode(StrEnum):
    """Why the station answers KO (P17): the schema takes any string, so that this list alone guards the words."""

    PAA_PAGAMENTO_SCADUTO = "PAA_PAGAMENTO_SCADUTO"
    PAA_PAGAMENTO_ANNULLATO = "PAA_PAGAMENTO_ANNULLATO"
    PAA_PAGAMENTO_SCONOSCIUTO = "PAA_PAGAMENTO_SCONOSCIUTO"
    PAA_PAGAMENTO_DUPLICATO = "PAA_PAGAMENTO_DUPLICATO"
    PAA_ID_DOMINIO_ERRATO = "PAA_ID_DOMINIO_ERRATO"
    PAA_ID_INTERMEDIARIO_ERRATO = "PAA_ID_INTERMEDIARIO_ERRATO"
    PAA_STAZIONE_INT_ERRATA = "PAA_STAZIONE_INT_ERRATA"
    PAA_SINTASSI_XSD = "PAA_SINTASSI_XSD"
    PAA_SINTASSI_EXTRAXSD = "PAA_SINTASSI_EXTRAXSD"
    PAA_SEMANTICA = "PAA_SEMANTICA"
    PAA_RECEIPT_DUPLICATA = "PAA_RECEIPT_DUPLICATA"
    PAA_SYSTEM_ERROR = "PAA_SYSTEM_ERROR"


@dataclass(frozen=True, slots=True)
class Fault:
    """A KO. `text` is what the code means, `description` what happened; `id_pa` may be empty when nobody told it."""

    code: FaultCode
    id_pa: str
    text: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """To whom the node speaks: the Comune, who stands between, and through which station."""

    id_pa: str
    id_broker: str
    id_station: str


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """Somebody looks at a notice: what is due for it today?"""

    caller: Caller
    fiscal_code: str
    notice_number: str


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """Somebody is about to pay. `note` is our own idCart when she comes from a cart; `version` the primitive's."""

    caller: Caller
    fiscal_code: str
    notice_number: str
    amount_cents: int | None
    transfer_type: str | None
    due_on: date | None
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class Debtor:
    """A person as pagoPA names one: who owes, or who paid. `kind` is F (a person) or G (a firm)."""

    kind: str
    code: str = field(repr=False)
    full_name: str = field(repr=False)
    street: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    postal_code: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    province: str = ""
    country: str = ""
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TransferLine:
    """A part of a payment and the account it goes to. `stamp` is the base64 of a digital stamp, instead of an IBAN."""

    number: int
    amount_cents: int
    fiscal_code: str
    company_name: str
    iban: str
    remittance: str
    category: str
    metadata: tuple[tuple[str, str], ...] = ()
    stamp: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice is for: the answer to verify. One option alone, exact."""

    amount_cents: int
    due_on: date | None
    description: str
    fiscal_code: str
    company_name: str
    office_name: str = ""
    all_postal: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """What is to be paid and where it goes. The transfers add up to the amount: the schema does not check it (P14)."""

    creditor_reference: str
    amount_cents: int
    due_on: date
    description: str
    company_name: str
    office_name: str
    debtor: Debtor
    transfers: tuple[TransferLine, ...]
    metadata: tuple[tuple[str, str], ...] = ()
    retention_at: datetime | None = None
    last_payment: bool | None = None


@dataclass(frozen=True, slots=True)
class ReceiptMessage:
    """Money has been paid: the receipt as the node sent it. `outcome` KO is a payment that did not succeed."""

    caller: Caller
    version: int
    receipt_id: str
    notice_number: str
    fiscal_code: str
    outcome: str
    creditor_reference: str
    amount_cents: int
    description: str
    company_name: str
    office_name: str
    debtor: Debtor
    transfers: tuple[TransferLine, ...]
    psp_id: str
    psp_name: str
    channel_id: str
    channel: str
    psp_fiscal_code: str = ""
    psp_vat_number: str = ""
    payer: Debtor | None = None
    method: str = ""
    note: str = ""
    fee_cents: int | None = None
    own_fee_cents: int | None = None
    paid_at: datetime | None = None
    applied_on: date | None = None
    transferred_on: date | None = None
    standin: bool = False
    id_bundle: str = ""
    id_ci_bundle: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
