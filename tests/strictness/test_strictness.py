"""The strict reading itself: each rule catches what it must, and lets pass what is right."""

from datetime import date

import pytest
from django.conf import settings
from django.db import transaction
from django.template import Context, Engine, engines
from django.test import RequestFactory

from sportello.accounts.models import Account
from sportello.families.models import Guardianship
from sportello.kernel import clock
from sportello.schools.models import School
from tenants.models import Municipality
from tests.factories import child, isee, school
from tests.strictness.queries import LockWithoutTable
from tests.strictness.values import DatetimeAsDate
from tests.strictness.variables import UnknownVariable


def _render(text: str, **context: object) -> str:
    return engines["django"].from_string(text).render(context, RequestFactory().get("/"))


def test_rows_without_an_order_come_shuffled(bari: Municipality) -> None:
    for _ in range(12):
        school()
    orders = {tuple(School.objects.order_by().values_list("id", flat=True)) for _ in range(5)}
    assert len(orders) > 1


def test_ordered_counted_and_grouped_queries_are_left_alone(bari: Municipality) -> None:
    for _ in range(3):
        school()
    assert School.objects.count() == 3
    assert School.objects.order_by().exists()
    assert list(School.objects.order_by("id").values_list("id", flat=True)) == sorted(
        School.objects.values_list("id", flat=True)
    )
    assert list(School.objects.order_by().values_list("level", flat=True).distinct()) == ["primaria"]


def test_a_lock_over_a_join_names_its_table(bari: Municipality) -> None:
    joined = Guardianship.objects.select_related("child")
    with pytest.raises(LockWithoutTable):
        list(joined.select_for_update())
    assert list(joined.select_for_update(of=("self",))) == []
    assert list(Account.objects.select_for_update()) == []


def test_a_datetime_is_no_date(bari: Municipality) -> None:
    assert isee(child(), filed_on=date(2026, 3, 1)).filed_on == date(2026, 3, 1)
    with pytest.raises(DatetimeAsDate), transaction.atomic():
        isee(child(), filed_on=clock.now())


def test_only_templates_of_ours_fail_on_an_unknown_variable() -> None:
    assert _render("{{ missing }}") == ""
    engine = Engine(
        dirs=[settings.BASE_DIR / "tests" / "strictness" / "templates"], string_if_invalid=UnknownVariable("unknown")
    )
    with pytest.raises(pytest.fail.Exception, match=r"Unknown variable missing in tests/strictness/templates/page"):
        engine.get_template("page.html").render(Context({"known": 1}))
    assert engine.get_template("page.html").render(Context({"known": 1, "missing": 2})) == "1 2\n"
