"""Which rules a service has on either side of 1 September."""

from typing import Any

from services_catalog.around_the_year import Around, editions_around
from services_catalog.publication import put_in_force, register_service
from tenants.models import Municipality
from tests.factories.editions import NOW, act, canteen, draft, edition
from tests.factories.numbering import YEAR

NEXT = YEAR.next


def test_without_a_new_edition_the_old_one_is_reckoned_with(bari: Municipality) -> None:
    held = edition()
    assert editions_around(YEAR) == {held.service_id: Around(held, held)}


def test_the_latest_draft_then_the_one_in_force(bari: Municipality) -> None:
    held = edition()
    first, second = (draft(held.service, school_year=NEXT) for _number in range(2))
    assert editions_around(YEAR)[held.service_id].after == second
    put_in_force(edition=first, act=act(), actor=None, now=NOW)
    assert editions_around(YEAR)[held.service_id] == Around(held, first)


def test_of_the_year_that_ends_the_last_in_force_and_never_a_draft(bari: Municipality) -> None:
    first = edition()
    last = edition(first.service, valid_from=YEAR.period.start.replace(year=2027, month=1))
    draft(first.service)
    draft(register_service(code="bus", name="Bus", archetype="transport"))
    assert {service: around.before for service, around in editions_around(YEAR).items()} == {first.service_id: last}


def test_one_query(bari: Municipality, django_assert_num_queries: Any) -> None:
    edition(canteen())
    with django_assert_num_queries(1):
        editions_around(YEAR)
