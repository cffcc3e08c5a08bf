"""Invented codes for pagoPA, so that every Comune of the demonstration can issue notices and take payments.

They follow from the Comune's public codes, so that they are the same every time; check digits are right.
"""

from datetime import datetime
from typing import Final

from integrations.models import Connector
from integrations.pagopa.codes import InstitutionFacts, is_tax_code, keep_codes
from integrations.pagopa.models import CreditorInstitution, Gateway, InstitutionState
from integrations.pagopa.registering import KIND
from tenants.current import in_schema
from tenants.models import Municipality

BROKER: Final = "12345678903"
STATION: Final = f"{BROKER}_01"
WITHOUT_STATION: Final = frozenset({"terlizzi"})
"""PagoPA's GPD answers their payers: both ways can be seen."""
WITH_POSTAL_ACCOUNT: Final = frozenset({"bari", "terlizzi"})


def register_creditors(*, now: datetime) -> int:
    """Gives codes to every Comune that has none; returns to how many."""
    known = set(CreditorInstitution.objects.values_list("municipality_id", flat=True))
    missing = [one for one in Municipality.objects.order_by("istat_code") if one.pk not in known]
    for municipality in missing:
        keep_codes(municipality=municipality, facts=invented(municipality), confirmed=False, actor=None, now=now)
        if municipality.slug in WITHOUT_STATION:
            with in_schema(municipality.schema_name):
                Connector.objects.create(kind=KIND, adapter="simulator_gpd", settings={}, enabled=True)
    return len(missing)


def invented(municipality: Municipality) -> InstitutionFacts:
    """The codes of one Comune."""
    number = int(municipality.istat_code)
    postal = municipality.slug in WITH_POSTAL_ACCOUNT
    account = f"{number:012}"
    return InstitutionFacts(
        fiscal_code=_checked(f"80{number:08}"),
        company_name=f"Comune di {municipality.name}",
        office_name="Servizi scolastici",
        adapter=(Gateway.GPD if municipality.slug in WITHOUT_STATION else Gateway.STATION).value,
        state=InstitutionState.TESTING.value,
        broker_code=BROKER,
        station_code=STATION,
        segregation_code=f"{number % 45:02}",
        cbill_code=f"{municipality.belfiore_code}X",
        iban=_iban(f"X0542804000{account}"),
        postal_iban=_iban(f"X0760104000{account}") if postal else "",
        postal_account=str(number) if postal else "",
        postal_authorised=postal,
    )


def _checked(stem: str) -> str:
    """Ten digits with their check digit."""
    return next(code for digit in range(10) if is_tax_code(code := f"{stem}{digit}"))


def _iban(account: str) -> str:
    """An Italian account with the two check digits in front (ISO 13616)."""
    digits = "".join(str(int(one, 36)) for one in f"{account}IT00")
    return f"IT{98 - int(digits) % 97:02}{account}"
