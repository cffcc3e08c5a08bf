"""An ISEE with omissions or discrepancies counts where the edition of the service says so, and nowhere else."""

from datetime import date
from typing import Any

import pytest

from services_catalog.publication import register_service
from sportello.families.models import Child
from sportello.fees.deciding import ServiceUse, decide_prices
from sportello.fees.models import PriceDecision
from sportello.kernel import clock
from sportello.means.queries import isee_on
from sportello.means.showing import isee_of_file
from tenants.models import Municipality
from tests.factories import child, isee, pupil, school, section
from tests.factories.deciding import send
from tests.factories.editions import NOW, edition, edition_content
from tests.factories.numbering import YEAR

SAVINGS = "PatrimoniMobiliari"


def priced(minor: Child, policy: dict[str, Any], code: str = "mensa") -> PriceDecision:
    """The first decision of the year of a service whose edition has that ISEE policy."""
    service = register_service(code=code, name=code, archetype="meals")
    rules = edition(service, content=edition_content(fees={"isee": policy}))
    decide_prices(service=service, uses=[ServiceUse(minor, YEAR.period)], within=YEAR.period, now=NOW)
    send()
    return PriceDecision.objects.in_force().filter(child=minor, edition=rules).order_by("valid_during")[0]


@pytest.fixture
def minor(bari: Municipality) -> Child:
    """Her ISEE of 8.500,00 has an omission."""
    made = child()
    pupil(made, section(school(level="primaria")))
    isee(made, discrepancies=SAVINGS)
    return made


def test_where_no_edition_accepts_them_it_counts_as_missing_and_says_so(minor: Child) -> None:
    held = priced(minor, {})
    assert (held.inputs["isee_state"], held.steps[0]["params"]["reason"]) == ("with_omissions", "not_accepted")
    assert isee_on(minor, clock.today()) is None
    assert "conta come se mancasse" in isee_of_file(minor, clock.today()).attestations[0].why


def test_where_one_service_accepts_them_it_counts_for_that_one_alone(minor: Child) -> None:
    strict = priced(minor, {})
    lenient = priced(minor, {"accepted": ["with_omissions"]}, "merenda")
    assert lenient.steps[0]["params"]["reason"] == "isee"
    assert lenient.unit_price_cents < strict.unit_price_cents
    assert "vale solo per i servizi che le accettano" in isee_of_file(minor, clock.today()).why


def test_an_earlier_one_in_order_counts_before_it_where_they_are_not_accepted(minor: Child) -> None:
    isee(minor, "4.000,00", filed_on=date(2026, 1, 20), valid_during=(date(2026, 1, 20), date(2027, 1, 1)))
    assert priced(minor, {}).inputs["isee_cents"] == 400_000
    assert priced(minor, {"accepted": ["with_omissions"]}, "merenda").inputs["isee_cents"] == 850_000
