"""A canteen whose meals are summed by the month: free meals, the least and the most, corrected as differences."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from services_catalog.models import Closure, ClosureKind, Edition
from sportello.accounts.models import Role
from sportello.billing.models import Entry, EntryKind
from sportello.billing.statements import statement_of
from sportello.canteen.models import Presence
from sportello.canteen.month import Month
from sportello.canteen.month_close import close_month
from sportello.canteen.statement import meal_statements
from sportello.families.models import Child
from sportello.fees.deciding import steps_from_json
from sportello.fees.explanation import explain
from sportello.fees.facts import Facts
from sportello.fees.operations import replayed
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.schools.models import Section
from tests.comuni import HostClient
from tests.factories import citizen, school, section
from tests.factories.charging import charged_edition, decided, rider, service_of
from tests.factories.meals import meals
from tests.factories.people import grant
from tests.factories.progress import Silent

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
LATER = datetime(2027, 7, 1, 8, tzinfo=ROME)
FREE = {"rows": [{"isee_to": "9000.00", "free_units": 15}]}


def canteen(**limits: Any) -> Edition:
    fees = {"unit": {"kind": "meal"}, "base": {"kind": "single_price", "amount": "3.00"}, **limits}
    return charged_edition(fees, service=service_of("mensa", "meals"))


def close(made: Edition, month: Month) -> dict[str, Any]:
    return close_month(service=made.service, month=month, actor=None, now=LATER, progress=Silent())


def eater(made: Edition, room: Section, isee: int = 500_000) -> Child:
    minor = rider(made, room)
    decided(minor, made, Facts(level="primaria", isee_cents=isee))
    return minor


def working(month: Month) -> list[date]:
    return [day for day in month.period.days() if day.weekday() < 5]


def lines(minor: Child) -> list[tuple[str, str, int]]:
    found = Entry.objects.filter(account__child=minor).order_by("pk")
    for entry in found:
        assert entry.explanation is not None
        assert replayed(steps_from_json(entry.explanation["steps"])) == -entry.amount_cents
    return [(entry.kind, entry.description, -entry.amount_cents) for entry in found]


def told(minor: Child, made: Edition, at: int = -1) -> Sequence[str]:
    entry = list(Entry.objects.filter(account__child=minor).order_by("pk"))[at]
    assert entry.explanation is not None
    return [line.text.replace("\xa0", " ") for line in explain(steps_from_json(entry.explanation["steps"]), made.rules)]


@pytest.fixture
def room(bari: object) -> Section:
    return section(school(level="primaria"))


def test_the_month_is_one_line_with_its_free_meals_and_its_limits_told(room: Section) -> None:
    made = canteen(free_units=FREE, due_maximum="40.00")
    few, many, rich = eater(made, room), eater(made, room), eater(made, room, isee=2_000_000)
    november = working(NOVEMBER)
    meals(room, {few: november[:16], many: november[:20], rich: november[:20]})
    totals = close(made, NOVEMBER)
    assert (totals["meals"], totals["by_price"], totals["posted_cents"]) == (56, [], 0)
    assert totals["beside"]["posted_cents"] == 300 + 1500 + 4000
    assert lines(few) == [(EntryKind.CHARGE, "Pasti di novembre 2026", 300)]
    assert told(few, made)[-1] == "Quantità 16, di cui gratis 15: da 3,00 € a 3,00 €"
    assert "massimo" in told(rich, made)[-1].lower()
    assert close(made, NOVEMBER)["beside"]["entries"] == 0


def test_a_meal_that_turns_up_later_moves_the_free_meals_of_the_months_that_follow(room: Section) -> None:
    made = canteen(free_units=FREE)
    minor = eater(made, room)
    october, november = working(OCTOBER), working(NOVEMBER)
    meals(room, {minor: october[:9]}, absent=october[:10])
    meals(room, {minor: november[:10]})
    close(made, OCTOBER)
    close(made, NOVEMBER)
    assert lines(minor) == [
        (EntryKind.CHARGE, "Pasti di ottobre 2026", 0),
        (EntryKind.CHARGE, "Pasti di novembre 2026", 4 * 300),
    ]
    Presence.objects.filter(child=minor, day=october[9]).update(ate=True)
    totals = close(made, OCTOBER)
    assert totals["beside"]["entries"] == 1
    assert lines(minor)[2:] == [(EntryKind.CORRECTION, "Pasti di novembre 2026, ricalcolata", 300)]
    Presence.objects.filter(child=minor, day__in=november).update(ate=False)
    close(made, NOVEMBER)
    assert lines(minor)[3:] == [(EntryKind.CORRECTION, "Pasti di novembre 2026, non più dovuta", -5 * 300)]
    assert statement_of(minor, "mensa").balance == Money(0)


def test_a_guest_of_another_class_pays_her_meal_too(room: Section) -> None:
    """Her own class is on a trip; she stayed, and ate with another."""
    made = canteen(due_maximum="40.00")
    minor = eater(made, room)
    Closure.objects.create(
        section=room, days=(date(2026, 11, 10), date(2026, 11, 11)), kind=ClosureKind.TRIP, reason="Gita"
    )
    meals(section(room.school), {minor: [date(2026, 11, 10)]})
    close(made, NOVEMBER)
    assert lines(minor) == [(EntryKind.CHARGE, "Pasti di novembre 2026", 300)]


def test_what_is_still_to_charge_is_what_the_close_will_charge(room: Section) -> None:
    made = canteen(free_units=FREE, due_maximum="40.00")
    minor = eater(made, room)
    october, november = working(OCTOBER), working(NOVEMBER)
    meals(room, {minor: october[:10]})
    meals(room, {minor: november[:20]})
    (before,) = meal_statements([minor], month=None, today=date(2026, 12, 1))
    assert (before.pending_meals, before.pending) == (30, Money(4000))
    assert [(one.meals, one.amount, one.together) for one in before.pending_why] == [
        (10, Money(0), True),
        (20, Money(4000), True),
    ]
    close(made, OCTOBER)
    close(made, NOVEMBER)
    (after,) = meal_statements([minor], month=None, today=date(2026, 12, 1))
    assert (after.pending_meals, after.money.due) == (0, Money(4000))


def test_the_office_reads_what_the_month_costs(room: Section, bari_client: HostClient) -> None:
    made = canteen(due_maximum="40.00")
    minor = eater(made, room)
    meals(room, {minor: working(OCTOBER)[:20]})
    person = citizen()
    grant(person, Role.CLERK)
    bari_client.force_login(person)
    for close_it in (True, False):
        page = bari_client.get("/ufficio/mensa/chiusura/2026-10/").content.decode().replace("\xa0", " ")
        assert (
            "I pasti si sommano nel mese, con quelli gratuiti, il minimo e il massimo della tariffa: 40,00 €." in page
        )
        assert page.count("40,00 €") >= 2
        if close_it:
            close(made, OCTOBER)
    assert "40,00" in bari_client.get("/ufficio/mensa/chiusura/").content.decode()
