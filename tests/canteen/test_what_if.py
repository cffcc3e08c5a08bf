"""A draft table on the meals really served: the same table gives what was charged, to the cent."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec import structs

from services_catalog.fee_table import Band, FeeTable, FlatBands, PerBlock, PerMeal, PerMonth, Unit
from services_catalog.models import Closure, ClosureKind, Edition
from services_catalog.publication import draft_edition
from sportello.canteen.what_if import LimitedFee, MonthlyFee, NoMealsServed, rehearse
from sportello.families.models import Child
from sportello.fees.deciding import ServiceUse, decide_prices
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.factories import family, isee, pupil, section
from tests.factories.deciding import send
from tests.factories.meals import NOW, YEAR, canteen_content, canteen_edition, meals

OCTOBER = DateRange(date(2026, 10, 1), date(2026, 11, 1))
DAYS = [date(2026, 10, 5) + timedelta(days=n) for n in range(5)]


def draft(edition: Edition, table: FeeTable) -> Edition:
    """A draft like the edition in force, with another table."""
    content = canteen_content()
    fields = {name: getattr(content, name) for name in content.__struct_fields__} | {"fees": table}
    return draft_edition(
        service=edition.service, school_year=YEAR, content=type(content)(**fields), actor=None, now=NOW
    )


def flat(cents: int, unit: Unit | None = None) -> FeeTable:
    """One price for everybody."""
    return FeeTable(unit=unit or PerMeal(), base=FlatBands(bands=(Band(amount=Money(cents)),)))


@pytest.fixture
def eaten(bari: Municipality) -> Edition:
    """Twelve families of one child; half of them with an ISEE of 8.500 euro (1,90), half without (3,00). Five days."""
    edition, room = canteen_edition(), section()
    children: list[Child] = []
    for number in range(12):
        minor = family(children=1).children[0]
        pupil(minor, room)
        if number < 6:
            isee(minor)
        children.append(minor)
    uses = [ServiceUse(minor, YEAR.period) for minor in children]
    decide_prices(service=edition.service, uses=uses, within=YEAR.period, now=NOW)
    send()
    meals(room, dict.fromkeys(children, DAYS))
    return edition


def test_the_same_table_brings_what_was_charged(eaten: Edition) -> None:
    outcome = rehearse(draft=draft(eaten, eaten.rules.fees), period=OCTOBER)
    assert (outcome.whole.families, outcome.whole.meals) == (12, 60)
    assert outcome.whole.before_cents == outcome.whole.after_cents == 6 * 5 * 190 + 6 * 5 * 300


def test_another_table_says_who_wins_and_who_loses(eaten: Edition) -> None:
    outcome = rehearse(draft=draft(eaten, flat(250)), period=OCTOBER)
    assert outcome.whole.after_cents == 60 * 250
    assert (outcome.whole.paying_more, outcome.whole.paying_less) == (6, 6)
    told = [(line.key, line.families, line.change_cents) for line in outcome.brackets]
    assert told == [(-1, 6, 6 * 5 * -50), (500_000, 6, 6 * 5 * 60)]
    assert outcome.median_change_cents == 25


def test_a_block_is_shared_out_over_its_meals(eaten: Edition) -> None:
    outcome = rehearse(draft=draft(eaten, flat(6300, PerBlock(meals=21))), period=OCTOBER)
    assert outcome.whole.after_cents == 60 * 300


def test_a_day_that_was_closed_is_not_counted(eaten: Edition) -> None:
    Closure.objects.create(kind=ClosureKind.STRIKE, days=(DAYS[0], DAYS[0] + timedelta(days=1)), reason="Sciopero")
    assert rehearse(draft=draft(eaten, flat(250)), period=OCTOBER).whole.meals == 48


def test_only_the_period_counts(eaten: Edition) -> None:
    with pytest.raises(NoMealsServed):
        rehearse(draft=draft(eaten, flat(250)), period=DateRange(date(2026, 11, 1), date(2026, 12, 1)))


def test_a_monthly_fee_is_refused(eaten: Edition) -> None:
    with pytest.raises(MonthlyFee):
        rehearse(draft=draft(eaten, flat(6000, PerMonth())), period=OCTOBER)


@pytest.mark.parametrize("limit", [{"due_maximum": Money(6000)}, {"due_minimum": Money(100)}])
def test_limits_of_the_month_are_not_rehearsed_as_if_they_were_not_there(eaten: Edition, limit: Any) -> None:
    with pytest.raises(LimitedFee, match="pasti gratuiti"):
        rehearse(draft=draft(eaten, structs.replace(flat(300), **limit)), period=OCTOBER)


def test_the_queries_do_not_grow_with_the_children(eaten: Edition) -> None:
    proposal = draft(eaten, flat(250))
    rehearse(draft=proposal, period=OCTOBER)
    with CaptureQueriesContext(connection) as asked:
        rehearse(draft=proposal, period=OCTOBER)
    assert len(asked) <= 9
