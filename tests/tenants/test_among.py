"""Many values are one parameter, and find what `__in` finds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.billing.models import LedgerAccount
from sportello.families.models import Child
from tenants.models import Municipality
from tests.factories import family
from tests.factories.charging import service_of
from tests.factories.paying import charge

pytestmark = pytest.mark.django_db


def test_many_values_are_one_parameter(bari: Municipality) -> None:
    service_of("mensa", "meals")
    one, other, *_rest = family(children=3).children
    charge(one, 100)
    charge(other, 100)
    with CaptureQueriesContext(connection) as asked:
        found = set(LedgerAccount.objects.filter(child__among=[one.pk, other.pk, 0]).values_list("child", flat=True))
        names = set(Child.objects.filter(given_name__among={one.given_name}, pk__among=(one.pk,)))
    assert (found, names) == ({one.pk, other.pk}, {one})
    assert all("= ANY(" in query["sql"] for query in asked)


def test_of_nothing_the_database_is_not_asked(bari: Municipality) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert list(LedgerAccount.objects.filter(child__among=[])) == []
        assert LedgerAccount.objects.exclude(child__among=[]).count() == 0
    assert len(asked) == 1
