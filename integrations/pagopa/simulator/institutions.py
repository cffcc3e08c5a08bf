"""The creditors that the Node knows: copied from ours when first seen, and kept apart since."""

from typing import Any, Final

from django.apps import apps

from integrations.pagopa.simulator.models import KnownInstitution
from integrations.pagopa.simulator.station import Called
from sportello.kernel import clock

OURS: Final[Any] = "pagopa.CreditorInstitution"  # asked for by name: the Node imports nothing of the connector's
BROKER: Final = "12345678903"
"""The invented broker of whoever is not registered."""


def take_in_newcomers() -> None:
    """Registers the creditors of ours that the BackOffice does not know yet; those it knows stay as they are."""
    try:
        ours: Any = apps.get_model(OURS)
    except LookupError:
        return
    known = set(KnownInstitution.objects.values_list("fiscal_code", flat=True))
    for row in ours.objects.exclude(fiscal_code__in=known).order_by("fiscal_code").values():
        if not row["broker_code"] or not row["station_code"]:
            continue  # it has not come to pagoPA yet
        register(
            fiscal_code=row["fiscal_code"],
            company_name=row["company_name"],
            broker_code=row["broker_code"],
            station_code=row["station_code"],
            segregation_code=row["segregation_code"],
            cbill_code=row["cbill_code"],
            ibans=[iban for iban in (row["iban"], row["postal_iban"]) if iban],
        )


def register(
    *,
    fiscal_code: str,
    company_name: str,
    broker_code: str = BROKER,
    station_code: str = f"{BROKER}_01",
    segregation_code: str = "00",
    cbill_code: str = "",
    ibans: list[str] | None = None,
) -> KnownInstitution:
    """Writes a creditor into the BackOffice, or over what it had."""
    facts = {
        "company_name": company_name,
        "broker_code": broker_code,
        "station_code": station_code,
        "segregation_code": segregation_code,
        "cbill_code": cbill_code,
        "ibans": ibans or [],
        "registered_at": clock.now(),
    }
    row, _made = KnownInstitution.objects.update_or_create(fiscal_code=fiscal_code, defaults=facts)
    return row


def called(fiscal_code: str) -> Called:
    """Through whom the Node calls that creditor; a stranger is called through the broker it knows best."""
    held = KnownInstitution.objects.filter(fiscal_code=fiscal_code)
    row = held.first()
    if row is None:
        take_in_newcomers()
        row = held.first()
    if row is None:
        known = KnownInstitution.objects.first()
        broker, station = (known.broker_code, known.station_code) if known else (BROKER, f"{BROKER}_01")
        return Called(fiscal_code, broker, station)
    return Called(fiscal_code, row.broker_code, row.station_code)


def name_of(fiscal_code: str) -> str:
    """The creditor's name; its code for a stranger."""
    row = KnownInstitution.objects.filter(fiscal_code=fiscal_code).first()
    return row.company_name if row else fiscal_code


def spoil_segregation(*, fiscal_code: str) -> KnownInstitution:
    """The BackOffice has another segregation code than we: what the nightly comparison must find (P4)."""
    row = KnownInstitution.objects.get(fiscal_code=fiscal_code)
    row.segregation_code = f"{(int(row.segregation_code) + 1) % 46:02d}"
    row.save(update_fields=["segregation_code"])
    return row


def register_again() -> None:
    """Forgets what the BackOffice had: from now on it agrees with ours again."""
    KnownInstitution.objects.all().delete()
    take_in_newcomers()
