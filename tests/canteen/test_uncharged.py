"""What the close does not charge is never in force: no family is charged without a limit its act promised."""

import pytest

from services_catalog.lint import errors_of, lint
from services_catalog.publication import EditionHasErrors
from tenants.models import Municipality
from tests.factories.editions import edition, edition_content


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("free_units", {"rows": [{"isee_from": "0.00", "free_units": 2}]}),
        ("due_minimum", "1.00"),
        ("due_maximum", "60.00"),
    ],
)
def test_a_limit_on_the_meals_of_a_month_keeps_the_edition_a_draft(
    bari: Municipality, name: str, value: object
) -> None:
    content = edition_content(fees={name: value})
    assert [(one.code, one.place) for one in errors_of(lint(content))] == [("not_charged", f"fees.{name}")]
    with pytest.raises(EditionHasErrors, match="non lo applica ancora"):
        edition(content=content)


def test_a_fee_by_the_month_may_have_them(bari: Municipality) -> None:
    content = edition_content(fees={"unit": {"kind": "month"}, "due_maximum": "60.00"})
    assert errors_of(lint(content)) == []
