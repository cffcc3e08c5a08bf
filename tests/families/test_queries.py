"""Whose children: by guardianship in force, never against a court's order."""

from datetime import date

from sportello.families.queries import adult_of, barred_from, children_of, placement_on, placements_on, siblings_of
from tenants.models import Municipality
from tests.factories.people import adult, child, citizen, family, guardianship
from tests.factories.schooling import pupil

TODAY = date(2026, 11, 23)


def test_the_account_is_the_adult_with_its_fiscal_code(bari: Municipality) -> None:
    made = family()
    assert adult_of(made.account) == made.parent
    assert list(children_of(made.account, TODAY)) == made.children
    assert adult_of(citizen()) is None


def test_a_guardianship_counts_in_its_days_alone(bari: Municipality) -> None:
    person, minor = adult(), child()
    guardianship(person, minor, valid_during=(date(2026, 1, 1), TODAY))
    account = citizen(person)
    assert list(children_of(account, date(2026, 11, 22))) == [minor]
    assert list(children_of(account, TODAY)) == []


def test_who_is_barred_has_no_child(bari: Municipality) -> None:
    person, minor = adult(), child()
    guardianship(person, minor, barred=True)
    account = citizen(person)
    assert list(children_of(account, TODAY)) == []
    assert list(barred_from(account, TODAY)) == [minor]


def test_siblings_share_the_household(bari: Municipality) -> None:
    first, second = family(children=2).children
    assert list(siblings_of(first)) == [second]
    assert list(siblings_of(child(household=None))) == []


def test_where_a_child_sits_on_a_day(bari: Municipality) -> None:
    minor = child()
    seat = pupil(minor)
    assert placement_on(minor, TODAY) == seat
    assert placement_on(minor, date(2026, 8, 31)) is None
    assert placements_on([minor], TODAY) == {minor.pk: seat}
