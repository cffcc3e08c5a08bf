"""The way back keeps what counts, and the way forward takes it for sent."""

from datetime import date

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from services_catalog.models import Edition
from sportello.fees.deciding import ServiceUse, decide_prices
from sportello.fees.models import PriceDecision
from tenants.models import Municipality
from tests.factories import child, isee, pupil, school, section
from tests.factories.deciding import send
from tests.factories.editions import NOW
from tests.factories.editions import edition as edition_in_force
from tests.factories.numbering import YEAR

BEFORE = "0002_prices_of_a_day_a_year_a_period"
PRICES = "SELECT lower(valid_during), unit_price_cents FROM fees_pricedecision ORDER BY 1"


def go_to(name: str = "") -> None:
    """To that migration of the fees; to the latest of all rooms without a name."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the test wrote is checked before the tables change
    executor = MigrationExecutor(connection)
    executor.migrate([("fees", name)] if name else executor.loader.graph.leaf_nodes())


def prices() -> list[tuple[date, int]]:
    with connection.cursor() as cursor:
        cursor.execute(PRICES)
        return list(cursor.fetchall())


def test_back_and_forth(bari: Municipality) -> None:
    held: Edition = edition_in_force()
    minor = child()
    pupil(minor, section(school(level="primaria")))
    uses = [ServiceUse(child=minor, period=YEAR.period)]
    for value in ("8.500,00", "1.000,00", "20.000,00"):
        minor.isee_attestations.all().delete()
        isee(minor, value, valid_during=(date(2026, 10, 1), date(2027, 1, 1)))
        if value != "20.000,00":
            decide_prices(service=held.service, uses=uses, within=YEAR.period, now=NOW)
            send()
    decide_prices(service=held.service, uses=uses, within=YEAR.period, now=NOW)
    in_force = [(date(2026, 9, 1), 300), (date(2026, 10, 1), 0), (date(2027, 1, 1), 300)]
    go_to(BEFORE)
    assert prices() == in_force
    go_to()
    assert prices() == in_force
    rows = PriceDecision.objects.order_by("valid_during").values_list("status", "version")
    assert list(rows) == [("sent", 1), ("sent", 2), ("sent", 3)]
    assert decide_prices(service=held.service, uses=uses, within=YEAR.period, now=NOW).made == 1
