"""What a test needs to speak of pagoPA: a Comune with its codes, a charge, a position, a receipt of it."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from integrations.pagopa.models import CreditorInstitution, InstitutionState
from sportello.billing.debts.models import DebtPosition, PaymentOption, Purpose
from sportello.billing.debts.opening import Collected, Instalment, open_position
from sportello.billing.models import EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.billing.receipts.models import Receipt, ReceiptSource
from sportello.families.models import Adult, Child
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.factories.numbering import next_number

NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY: Final = date(2026, 11, 23)
BROKER: Final = "80000000001"
STATION: Final = "80000000001_01"
IBAN: Final = "IT60X0542811101000000123456"


def institution(municipality: Municipality, **fields: Any) -> CreditorInstitution:
    """The Comune at pagoPA, its codes invented."""
    values: dict[str, Any] = {
        "fiscal_code": f"8{municipality.pk:010}",
        "broker_code": BROKER,
        "station_code": STATION,
        "segregation_code": "03",
        "iban": IBAN,
        "company_name": f"Comune di {municipality.name}",
        "state": InstitutionState.PRODUCTION,
    }
    return CreditorInstitution.objects.create(municipality=municipality, **{**values, **fields})


def charge(
    minor: Child, cents: int, *, service: str = "mensa", on: date = date(2026, 10, 31), now: datetime = NOW
) -> None:
    """So many cents are charged to the child, and the family told of it."""
    line = EntryLine(minor.pk, service, EntryKind.CHARGE, Money(-cents), on, "Prova", f"charge:{next_number()}")
    post_entries(lines=[line], now=now, actor=None)


def position(payer: Adult, *lines: Collected, **fields: Any) -> DebtPosition:
    """A position open for payment, due in a month."""
    values: dict[str, Any] = {
        "purpose": Purpose.DUES,
        "description": "Servizi scolastici",
        "due_on": TODAY + timedelta(days=30),
        "last_day": TODAY + timedelta(days=60),
        "key": f"test:{next_number()}",
        "actor": None,
        "now": NOW,
    }
    return open_position(payer=payer, lines=lines, **{**values, **fields})


def instalments(*cents: int) -> tuple[Instalment, ...]:
    """A plan with a month between the parts."""
    return tuple(
        Instalment(part, TODAY + timedelta(days=30 * n), TODAY + timedelta(days=30 * n + 5))
        for n, part in enumerate(cents, start=1)
    )


def receipt(paid: PaymentOption | str, cents: int | None = None, **fields: Any) -> Receipt:
    """A receipt stored, not settled, for an option or for a notice number; of its whole amount unless said."""
    if isinstance(paid, str):
        nav, amount, code = paid, cents or 0, "80000000010"
    else:
        nav, amount = paid.notice_number, paid.amount_cents if cents is None else cents
        code = paid.transfers.all()[0].fiscal_code
    raw = f"{nav} {next_number()}".encode()
    values: dict[str, Any] = {
        "receipt_id": f"ricevuta-{next_number()}",
        "fiscal_code": code,
        "notice_number": nav,
        "iuv": nav[1:],
        "outcome": "OK",
        "amount_cents": amount,
        "own_cents": amount,
        "psp_id": "PSP",
        "psp_name": "Banca di prova",
        "paid_at": NOW,
        "arrived_at": NOW,
        "source": ReceiptSource.STATION,
        "version": 2,
        "raw": raw,
        "sha256": hashlib.sha256(raw).hexdigest(),
    }
    return Receipt.objects.create(**{**values, **fields})
