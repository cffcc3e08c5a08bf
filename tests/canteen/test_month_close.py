"""A month is closed once, to the cent; what changes afterwards is posted as differences that name the charge."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services_catalog.models import Closure, ClosureKind, Edition
from sportello.audit.models import Action, Event
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.billing.statements import statement_of
from sportello.billing.verification import ledger_differences
from sportello.canteen.errors import MealsWithoutPrice, MonthNotOver
from sportello.canteen.models import MealBlock, MonthClose, Presence
from sportello.canteen.month import Month
from sportello.canteen.month_close import close_month
from sportello.canteen.reckoning import reckon
from sportello.families.models import Child
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.schools.models import Section
from tests.factories import child, section
from tests.factories.meals import block_edition, canteen_edition, meals, price
from tests.factories.progress import Silent

NOVEMBER = Month(2026, 11)
AFTER = datetime(2026, 12, 1, 8, tzinfo=ROME)

INDEPENDENT = """
SELECT coalesce(sum(price.unit_price_cents), 0)
FROM canteen_presence presence
JOIN canteen_rollcall call ON call.id = presence.roll_call_id
JOIN fees_pricedecision price ON price.child_id = presence.child_id AND price.valid_during @> presence.day
     AND price.status = 'sent'
WHERE presence.ate AND date_trunc('month', presence.day) = %s::date
  AND NOT EXISTS (SELECT FROM services_catalog_closure closure WHERE closure.days @> presence.day
                  AND (closure.section_id IS NULL OR closure.section_id = call.section_id))
"""


def close(edition: Edition, month: Month = NOVEMBER, now: datetime = AFTER) -> dict[str, Any]:
    return close_month(service=edition.service, month=month, actor=None, now=now, progress=Silent())


def independent_total(month: Month = NOVEMBER) -> int:
    """The month by one statement, which knows nothing of the rules in Python."""
    with connection.cursor() as cursor:
        cursor.execute(INDEPENDENT, [month.first_day])
        return int(cursor.fetchone()[0])


def days(*numbers: int, month: Month = NOVEMBER) -> list[date]:
    return [date(month.year, month.number, number) for number in numbers]


def eater(edition: Edition, cents: int = 190) -> Child:
    minor = child()
    price(minor, edition, cents)
    return minor


def change(minor: Child, day: date, *, ate: bool) -> None:
    assert Presence.objects.filter(child=minor, day=day).update(ate=ate) == 1


@pytest.fixture
def mensa(bari: object) -> Edition:
    return canteen_edition()


def test_each_child_is_charged_for_the_meals_served(mensa: Edition) -> None:
    one, two, exempt, absent = eater(mensa), eater(mensa, 300), eater(mensa, 0), eater(mensa)
    meals(section(), {one: days(2, 3, 4), two: days(3), exempt: days(2, 3), absent: []})
    totals = close(mensa)
    assert {key: totals[key] for key in ("children", "meals", "cents", "entries", "posted_cents")} == {
        "children": 3,
        "meals": 6,
        "cents": 870,
        "entries": 3,
        "posted_cents": 870,
    }
    assert totals["by_price"] == [
        {"unit_cents": 0, "meals": 2, "cents": 0},
        {"unit_cents": 190, "meals": 3, "cents": 570},
        {"unit_cents": 300, "meals": 1, "cents": 300},
    ]
    assert totals["cents"] == independent_total()
    (entry,) = statement_of(one, "mensa").entries
    assert (entry.kind, entry.quantity, entry.unit_price_cents, entry.amount_cents) == (EntryKind.CHARGE, 3, 190, -570)
    assert (entry.description, entry.competence_on) == ("3 pasti di novembre 2026", date(2026, 11, 30))
    assert entry.explanation is not None
    assert (entry.explanation["act_number"], entry.explanation["steps"][0]["after_cents"]) == ("123/2026", 190)
    assert LedgerAccount.objects.filter(child=absent).count() == 0


def test_closing_again_changes_nothing(mensa: Edition) -> None:
    meals(section(), {eater(mensa): days(2, 3, 4)})
    close(mensa)
    before = list(Entry.objects.order_by("pk").values())
    assert close(mensa)["entries"] == 0
    assert list(Entry.objects.order_by("pk").values()) == before
    assert MonthClose.objects.count() == 1
    assert Event.objects.filter(action=Action.MONTH_CLOSED).count() == 1


def test_a_price_that_changes_inside_the_month_splits_the_charge(mensa: Edition) -> None:
    minor = child()
    price(minor, mensa, 190, valid_during=(date(2026, 9, 1), date(2026, 11, 10)))
    price(minor, mensa, 300, valid_during=(date(2026, 11, 10), date(2027, 9, 1)))
    meals(section(), {minor: days(2, 9, 10, 30)})
    close(mensa)
    found = [(entry.quantity, entry.unit_price_cents) for entry in statement_of(minor, "mensa").entries]
    assert sorted(found) == [(2, 190), (2, 300)]


def test_a_correction_after_the_close_is_a_difference_that_names_the_charge(mensa: Edition) -> None:
    minor, room = eater(mensa), section()
    meals(room, {minor: days(2, 3, 4)}, absent=days(5))
    close(mensa)
    charge = Entry.objects.get()
    change(minor, date(2026, 11, 3), ate=False)
    assert close(mensa)["posted_cents"] == -190
    credit = Entry.objects.get(kind=EntryKind.CORRECTION)
    assert (credit.corrects, credit.quantity, credit.amount_cents) == (charge, -1, 190)
    assert credit.description == "1 pasto in meno a novembre 2026, corretto dopo la chiusura"
    change(minor, date(2026, 11, 3), ate=True)
    change(minor, date(2026, 11, 5), ate=True)
    assert close(mensa)["posted_cents"] == 380
    assert close(mensa)["entries"] == 0
    assert statement_of(minor, "mensa").balance == Money(-190 * 4)
    assert [close.revision for close in MonthClose.objects.order_by("revision")] == [1, 2, 3]


def test_a_month_corrected_to_nothing_costs_nothing(mensa: Edition) -> None:
    minor = eater(mensa)
    meals(section(), {minor: days(2)})
    close(mensa)
    change(minor, date(2026, 11, 2), ate=False)
    close(mensa)
    assert statement_of(minor, "mensa").balance == Money(0)


def test_a_closed_day_is_never_charged(mensa: Edition) -> None:
    minor, other, room = eater(mensa), eater(mensa), section()
    meals(room, {minor: days(2, 3)})
    meals(section(room.school), {other: days(2, 3)})
    Closure.objects.create(
        days=(date(2026, 11, 3), date(2026, 11, 4)), kind=ClosureKind.TRIP, reason="Gita", section=room
    )
    totals = close(mensa)
    assert (totals["meals"], totals["closed_day_meals"], totals["cents"]) == (3, 1, independent_total())


def test_a_closure_entered_after_the_close_gives_the_meal_back(mensa: Edition) -> None:
    minor = eater(mensa)
    meals(section(), {minor: days(2, 3)})
    close(mensa)
    Closure.objects.create(days=(date(2026, 11, 3), date(2026, 11, 4)), kind=ClosureKind.STRIKE, reason="Sciopero")
    assert close(mensa)["posted_cents"] == -190


def test_meals_without_a_price_stop_the_whole_close(mensa: Edition) -> None:
    bare = child()
    price(bare, mensa, 190, valid_during=(date(2026, 11, 3), date(2027, 9, 1)))
    meals(section(), {eater(mensa): days(2), bare: days(2, 3)})
    assert reckon(mensa.service, NOVEMBER).unpriced_meals == 1
    with pytest.raises(MealsWithoutPrice, match="1 pasti di 1 bambini"):
        close(mensa)
    assert Entry.objects.count() == 0


def test_a_month_is_closed_when_it_is_over_in_rome(mensa: Edition) -> None:
    meals(section(), {eater(mensa): days(30)})
    with pytest.raises(MonthNotOver):
        close(mensa, now=datetime(2026, 11, 30, 22, 59, tzinfo=UTC))
    assert close(mensa, now=datetime(2026, 11, 30, 23, tzinfo=UTC))["meals"] == 1


@pytest.mark.parametrize("month", [Month(2026, 10), Month(2027, 2), Month(2027, 3), Month(2026, 12)])
def test_first_and_last_day_belong_to_the_month_alone(mensa: Edition, month: Month) -> None:
    """October and March hold the change of the clock; February is short; December ends the year."""
    minor, room = eater(mensa), section()
    inside = [day for day in month.period.days() if day.weekday() < 5]
    around = [month.first_day - timedelta(days=1), month.next.first_day]
    meals(room, {minor: [*inside, *around]})
    expected = {day for day in inside if day not in {date(2026, 12, 8), date(2026, 12, 25), date(2027, 3, 29)}}
    totals = close(mensa, month, now=datetime(2027, 5, 1, tzinfo=ROME))
    assert totals["meals"] == len(expected)
    later = close(mensa, month.next, now=datetime(2027, 5, 1, tzinfo=ROME))
    assert later["meals"] == (around[1].weekday() < 5 and around[1] not in {date(2026, 11, 1), date(2027, 1, 1)})


def test_the_number_of_queries_does_not_depend_on_the_children(
    mensa: Edition, django_assert_max_num_queries: Any
) -> None:
    rooms = [section() for _ in range(3)]
    for room in rooms:
        meals(room, {eater(mensa, 190): days(2, 3), eater(mensa, 300): days(2)})
    with django_assert_max_num_queries(12):
        assert reckon(mensa.service, NOVEMBER).meals == 9


months = st.dictionaries(
    st.integers(0, 2), st.sets(st.sampled_from([day for day in range(1, 31) if date(2026, 11, day).weekday() < 5]))
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=months, second=months, cut=st.integers(2, 30), prices=st.tuples(st.integers(0, 700), st.integers(0, 700)))
def test_whatever_happens_the_ledger_holds_the_meals_at_their_prices(
    mensa: Edition, first: dict[int, set[int]], second: dict[int, set[int]], cut: int, prices: tuple[int, int]
) -> None:
    """close(close(x)) = close(x); after any correction, balances are those of a month closed once and for all."""
    Presence.objects.all().delete()
    change_day = date(2026, 11, cut)
    minors = [child() for _ in range(3)]
    for minor in minors:
        price(minor, mensa, prices[0], valid_during=(date(2026, 9, 1), change_day))
        price(minor, mensa, prices[1], valid_during=(change_day, date(2027, 9, 1)))
    working = [day for day in NOVEMBER.period.days() if day.weekday() < 5]
    meals(section(), {minor: days(*sorted(first.get(at, ()))) for at, minor in enumerate(minors)}, absent=working)
    close(mensa)
    for at, minor in enumerate(minors):
        Presence.objects.filter(child=minor).update(ate=False)
        Presence.objects.filter(child=minor, day__in=days(*second.get(at, ()))).update(ate=True)
    close(mensa)
    count = Entry.objects.count()
    assert close(mensa)["entries"] == 0
    assert Entry.objects.count() == count
    wanted = [-sum(prices[number >= cut] for number in second.get(at, ())) for at in range(3)]
    assert [statement_of(minor, "mensa").balance.cents for minor in minors] == wanted
    assert ledger_differences() == []


def blocks_of(minor: Child) -> list[tuple[date, int, bool]]:
    return list(MealBlock.objects.filter(child=minor).order_by("pk").values_list("opened_on", "meals", "automatic"))


def feed(room: Section, minor: Child, count: int, month: Month = NOVEMBER) -> None:
    working = [day for day in month.period.days() if day.weekday() < 5]
    meals(room, {minor: working[:count]})


def test_a_block_opens_by_itself_when_the_meals_run_out(terlizzi: object) -> None:
    edition = block_edition()
    fresh, stocked, room = eater(edition, 3200), eater(edition, 3200), section()
    feed(room, fresh, 5)
    MealBlock.objects.create(child=stocked, meals=3, opened_on=date(2026, 10, 1))
    feed(section(), stocked, 5)
    totals = close(edition)
    assert (totals["meals"], totals["blocks"], totals["entries"]) == (10, 2, 0)
    assert blocks_of(fresh) == [(date(2026, 11, 2), 21, True)]
    assert blocks_of(stocked)[1:] == [(date(2026, 11, 5), 21, True)]
    assert statement_of(fresh, "mensa").due == Money(3200)
    assert close(edition)["blocks"] == 0


def test_a_block_is_charged_at_the_price_of_the_day_the_meals_ran_out(terlizzi: object) -> None:
    edition, minor = block_edition(), child()
    price(minor, edition, 2200, valid_during=(date(2026, 9, 1), date(2026, 11, 5)))
    price(minor, edition, 8000, valid_during=(date(2026, 11, 5), date(2027, 9, 1)))
    MealBlock.objects.create(child=minor, meals=3, opened_on=date(2026, 10, 1))
    feed(section(), minor, 5)
    close(edition)
    assert statement_of(minor, "mensa").due == Money(8000)


def test_a_stock_lasts_over_the_months(terlizzi: object) -> None:
    edition, room = block_edition(), section()
    minor = eater(edition, 3200)
    for month, count in ((Month(2026, 10), 15), (NOVEMBER, 15)):
        feed(room, minor, count, month)
        close(edition, month, now=datetime(2026, 12, 1, tzinfo=ROME))
    assert [opened for opened, _meals, _automatic in blocks_of(minor)] == [date(2026, 10, 1), date(2026, 11, 10)]
