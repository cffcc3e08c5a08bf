"""What the canteen does not charge is never in force: no family is charged without a limit its act promised."""

import pytest

from services_catalog.lint import errors_of, lint
from services_catalog.publication import EditionHasErrors
from tenants.models import Municipality
from tests.factories.editions import edition, edition_content

LIMITS = [
    ("free_units", {"rows": [{"isee_from": "0.00", "free_units": 2}]}),
    ("due_minimum", "1.00"),
    ("due_maximum", "60.00"),
]


@pytest.mark.parametrize(("name", "value"), LIMITS)
def test_a_limit_on_a_sum_of_blocks_keeps_the_edition_a_draft(bari: Municipality, name: str, value: object) -> None:
    content = edition_content(fees={"unit": {"kind": "block", "meals": 20}, name: value})
    assert [(one.code, one.place) for one in errors_of(lint(content))] == [("not_charged", f"fees.{name}")]
    with pytest.raises(EditionHasErrors, match="si paga quando si apre"):
        edition(content=content)


@pytest.mark.parametrize("unit", ["meal", "month"])
@pytest.mark.parametrize(("name", "value"), LIMITS)
def test_a_fee_by_the_meal_or_by_the_month_may_have_them(
    bari: Municipality, name: str, value: object, unit: str
) -> None:
    content = edition_content(fees={"unit": {"kind": unit}, name: value})
    assert errors_of(lint(content)) == []
