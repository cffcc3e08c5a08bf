"""The office writes a court's order: the guardianship is cut to the day, recorded, and nobody is told."""

from datetime import date

import pytest

from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.families.barring import bar_guardian, lift_bar
from sportello.families.errors import CourtActMissing, NothingToBar, NothingToLift
from sportello.families.models import Guardianship
from sportello.families.queries import children_of
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from sportello.notifications.models import Notice
from tenants.models import Municipality
from tests.factories import account, adult, family, guardianship
from tests.factories.people import Family

ACT = "Tribunale di Bari, decreto 123/2026"
DAY = date(2026, 12, 1)
type Row = tuple[date | None, date | None, bool, str]


@pytest.fixture
def father(bari: Municipality) -> Family:
    return family()


@pytest.fixture
def clerk(bari: Municipality) -> Account:
    return account(Role.CLERK)


def bar(father: Family, clerk: Account, during: DateRange, court_act: str = ACT) -> list[DateRange]:
    return bar_guardian(
        adult=father.parent, child=father.children[0], during=during, court_act=court_act, actor=clerk, now=clock.now()
    )


def lift(father: Family, clerk: Account, during: DateRange) -> list[DateRange]:
    return lift_bar(
        adult=father.parent, child=father.children[0], during=during, court_act=ACT, actor=clerk, now=clock.now()
    )


def rows(father: Family) -> list[Row]:
    held = Guardianship.objects.filter(adult=father.parent).order_by("valid_during")
    return [(row.valid_during.lower, row.valid_during.upper, row.barred, row.court_act) for row in held]


def test_he_sees_the_child_until_the_day_of_the_order(father: Family, clerk: Account) -> None:
    assert bar(father, clerk, DateRange(DAY)) == [DateRange(DAY)]
    assert rows(father) == [(date(2020, 1, 1), DAY, False, ""), (DAY, None, True, ACT)]
    days = (date(2026, 11, 30), DAY, date(2030, 1, 1))
    assert [bool(children_of(father.account, day)) for day in days] == [True, False, False]


def test_an_order_with_a_last_day_gives_him_back_the_rest(father: Family, clerk: Account) -> None:
    until = date(2027, 6, 1)
    bar(father, clerk, DateRange(DAY, until))
    assert rows(father) == [
        (date(2020, 1, 1), DAY, False, ""),
        (DAY, until, True, ACT),
        (until, None, False, ""),
    ]


def test_an_order_of_the_first_day_makes_no_empty_period(father: Family, clerk: Account) -> None:
    bar(father, clerk, DateRange(date(2020, 1, 1)))
    assert rows(father) == [(date(2020, 1, 1), None, True, ACT)]


def test_it_is_lifted_from_a_day_and_the_days_before_stay_barred(father: Family, clerk: Account) -> None:
    bar(father, clerk, DateRange(DAY))
    again = date(2027, 1, 1)
    assert lift(father, clerk, DateRange(again)) == [DateRange(again)]
    assert [row[:3] for row in rows(father)] == [
        (date(2020, 1, 1), DAY, False),
        (DAY, again, True),
        (again, None, False),
    ]


def test_an_order_cuts_each_of_his_periods(father: Family, clerk: Account) -> None:
    bar(father, clerk, DateRange(DAY, date(2027, 1, 1)))
    changed = bar(father, clerk, DateRange(date(2026, 11, 1), date(2027, 2, 1)), "Corte d'appello, 9/2026")
    assert changed == [DateRange(date(2026, 11, 1), DAY), DateRange(date(2027, 1, 1), date(2027, 2, 1))]
    assert [row[2] for row in rows(father)] == [False, True, True, True, False]


def test_other_adults_and_other_children_stay_as_they_were(bari: Municipality, clerk: Account) -> None:
    made, other = family(children=2), adult()
    guardianship(other, made.children[0])
    bar(made, clerk, DateRange(DAY))
    assert list(Guardianship.objects.filter(barred=True).values_list("adult", "child")) == [
        (made.parent.pk, made.children[0].pk)
    ]


def test_it_is_recorded_and_nobody_is_told(father: Family, clerk: Account) -> None:
    bar(father, clerk, DateRange(DAY))
    lift(father, clerk, DateRange(date(2027, 1, 1)))
    events = Event.objects.filter(subject=str(father.children[0].public_id)).order_by("pk")
    assert list(events.values_list("action", "actor")) == [
        (Action.GUARDIAN_BARRED, clerk.pk),
        (Action.BAR_LIFTED, clerk.pk),
    ]
    assert events[0].details == {"adult": str(father.parent.public_id), "periods": [["2026-12-01", None]]}
    assert Notice.objects.count() == 0


def test_what_cannot_be_written_says_why(father: Family, clerk: Account) -> None:
    with pytest.raises(CourtActMissing):
        bar(father, clerk, DateRange(DAY), "  ")
    with pytest.raises(NothingToLift):
        lift(father, clerk, DateRange(DAY))
    with pytest.raises(NothingToBar):
        bar(father, clerk, DateRange(date(2019, 1, 1), date(2020, 1, 1)))
    bar(father, clerk, DateRange(DAY))
    with pytest.raises(NothingToBar):
        bar(father, clerk, DateRange(DAY))
    assert Event.objects.count() == 1
