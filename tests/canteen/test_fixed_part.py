"""A canteen with a fixed part, or of the month: the close charges the meals and the quotas, to the cent."""

from datetime import date, datetime
from typing import Any

import pytest
from msgspec import structs

from services_catalog.fee_table import Band, FlatBands
from services_catalog.models import Closure, ClosureKind, Edition
from services_catalog.queries import day_book
from sportello.accounts.models import Role
from sportello.billing.models import Entry
from sportello.billing.statements import statement_of
from sportello.canteen.models import MonthClose, Presence
from sportello.canteen.month import Month
from sportello.canteen.month_close import close_month
from sportello.families.models import Child
from sportello.fees.cases import Case
from sportello.fees.deciding import steps_from_json
from sportello.fees.facts import Facts
from sportello.fees.operations import replayed
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.schools.models import Section
from tests.comuni import HostClient
from tests.factories import citizen, school, section
from tests.factories.charging import charged_edition, decided, rider, service_of
from tests.factories.meals import meals
from tests.factories.numbering import YEAR
from tests.factories.people import grant
from tests.fees.reading_tables import cases_of, table_of

LATER = datetime(2027, 7, 1, 8, tzinfo=ROME)
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


class Silent:
    def advance(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        return


def close(made: Edition, month: Month = NOVEMBER) -> dict[str, Any]:
    return close_month(service=made.service, month=month, actor=None, now=LATER, progress=Silent())


def canteen(name: str) -> Edition:
    fees = table_of(name)
    return charged_edition(fees.fees, service=service_of("mensa", "meals"))


def lines(minor: Child) -> list[tuple[str, int]]:
    found = Entry.objects.filter(account__child=minor).order_by("pk")
    for entry in found:
        assert entry.explanation is not None
        assert replayed(steps_from_json(entry.explanation["steps"])) == -entry.amount_cents
    return [(entry.description, -entry.amount_cents) for entry in found]


def owes(minor: Child) -> int:
    return -statement_of(minor, "mensa").balance.cents


def working(month: Month) -> list[date]:
    shut = {date(2026, 12, 7), date(2026, 12, 8)}
    return [day for day in month.period.days() if day.weekday() < 5 and day not in shut]


@pytest.fixture
def room(bari: object) -> Section:
    return section(school(level="primaria"))


@pytest.mark.parametrize("case", cases_of("portoviro_mensa_infanzia").cases, ids=lambda case: case.name)
def test_a_monthly_quota_and_the_meals_reach_the_ledger(bari: object, case: Case) -> None:
    """Porto Viro: twenty euro a month but in September or after fifteen days in a row, and each meal."""
    made = canteen("portoviro_mensa_infanzia")
    place = section(school(level="infanzia"))
    minor = rider(made, place, level="infanzia")
    decided(minor, made, case.facts)
    month = Month(2026, case.month or 11)
    days = [day for day in working(month) if day >= date(2026, 9, 14)]
    eaten = days[len(days) - case.counts["meals"] :] if case.counts["meals"] else []
    run = case.counts["days_absent_in_a_row"]
    absent = [day for day in days if day not in eaten][-run:] if run else []
    meals(place, {minor: eaten}, absent=absent)
    close(made, month)
    assert case.pays is not None
    assert owes(minor) == case.pays.cents
    assert close(made, month)["entries"] == 0


def torino() -> Edition:
    """The table of Torino; the bands its source does not print are joined to those it prints, so that it may stand."""
    fees = table_of("torino_mensa_fixed_plus_meal").fees
    bands = FlatBands(
        bands=(
            Band(isee_to=Money(1_500_000), amount=Money(4_400)),
            Band(isee_from=Money(1_500_001), amount=Money(16_000)),
        )
    )
    return charged_edition(structs.replace(fees, base=bands), service=service_of("mensa", "meals"))


def test_the_printed_example_of_torino_is_what_its_months_add_up_to(room: Section) -> None:
    """136 euro over 160 days of service, 40 of them missed, and 120 meals at 5 euro: 702.00 at the end of the year."""
    made = torino()
    minor = rider(made, room)
    decided(minor, made, Facts(level="primaria", isee_cents=1_700_000, amounts=frozenset({("meal_price", 500)})))
    every = day_book("mensa", YEAR.period).service_days(
        school_code=room.school.school_code, level="primaria", within=YEAR.period
    )
    Closure.objects.create(days=(every[160], date(2027, 9, 1)), kind=ClosureKind.ORDINANCE, reason="Lavori")
    days = every[:160]
    meals(room, {minor: days[40:]}, absent=days[:40])
    months = sorted({Month.of(day) for day in days})
    for month in months:
        close(made, month)
    assert owes(minor) == 70_200
    quota = sum(cents for description, cents in lines(minor) if description.startswith("Quota dell'anno"))
    assert (quota, len(lines(minor))) == (10_200, 11)
    assert [close(made, month)["entries"] for month in months] == [0] * len(months)
    Closure.objects.create(days=(days[50], every[51]), kind=ClosureKind.STRIKE, reason="Sciopero")
    for month in months:
        close(made, month)
    assert owes(minor) == round(13_600 * 119 / 159) + 119 * 500


def test_a_roll_corrected_after_the_close_and_a_strike_come_back_as_differences(room: Section) -> None:
    fees = {"parts": [{"code": "meals", "unit": {"kind": "meal"}, "base": {"kind": "single_price", "amount": "2.00"}}]}
    made = charged_edition(
        {"base": {"kind": "single_price", "amount": "10.00"}, **fees},
        service=service_of("mensa", "meals"),
    )
    minor = rider(made, room)
    decided(minor, made, Facts(level="primaria"))
    meals(room, {minor: working(NOVEMBER)[:5]})
    close(made)
    assert owes(minor) == 1000 + 5 * 200
    Presence.objects.filter(child=minor, day=date(2026, 11, 2)).update(ate=False)
    Closure.objects.create(days=(date(2026, 11, 3), date(2026, 11, 4)), kind=ClosureKind.STRIKE, reason="Sciopero")
    close(made)
    assert owes(minor) == 1000 + 3 * 200
    assert [run.revision for run in MonthClose.objects.order_by("revision")] == [1, 2]


def test_a_fixed_quota_beside_a_price_by_the_meal(room: Section) -> None:
    """The meals keep their own line of the close, by unit price; the quota is charged beside them."""
    fees = {
        "unit": {"kind": "meal"},
        "base": {"kind": "single_price", "amount": "3.00"},
        "parts": [{"code": "quota", "unit": {"kind": "month"}, "base": {"kind": "single_price", "amount": "10.00"}}],
    }
    made = charged_edition(fees, service=service_of("mensa", "meals"))
    minor = rider(made, room)
    decided(minor, made, Facts(level="primaria"))
    meals(room, {minor: working(NOVEMBER)[:4]})
    totals = close(made)
    assert (totals["meals"], totals["posted_cents"], totals["beside"]["posted_cents"]) == (4, 1200, 1000)
    assert owes(minor) == 2200


def test_the_page_of_the_month_tells_the_quotas_and_offers_their_differences(
    room: Section, bari_client: HostClient
) -> None:
    fees = {"base": {"kind": "single_price", "amount": "10.00"}}
    made = charged_edition(fees, service=service_of("mensa", "meals"))
    minor = rider(made, room)
    decided(minor, made, Facts(level="primaria"))
    meals(room, {minor: working(OCTOBER)[:4]})
    person = citizen()
    grant(person, Role.CLERK)
    bari_client.force_login(person)
    page = bari_client.get("/ufficio/mensa/chiusura/2026-10/").content.decode()
    assert "la chiusura addebita le quote della mensa: 10,00" in page
    close(made, OCTOBER)
    assert "Registra le differenze" not in bari_client.get("/ufficio/mensa/chiusura/2026-10/").content.decode()
    minor.subscriptions.update(valid_during=(date(2026, 9, 1), date(2026, 10, 1)))
    page = bari_client.get("/ufficio/mensa/chiusura/2026-10/").content.decode()
    assert "Da restituire alle famiglie: 10,00" in page
