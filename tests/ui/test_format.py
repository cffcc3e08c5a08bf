"""Amounts, dates and states as people in Italy read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from sportello.kernel.money import Money
from sportello.ui.templatetags.ui import icon, it_date, it_datetime, money, percent, thousands
from sportello.ui.tones import ICONS, TONES, tone_of

MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(Money(123450), "1.234,50\xa0€"), (190, "1,90\xa0€"), (0, "0,00\xa0€"), (-5, "\u22120,05\xa0€"), (None, "")],
)
def test_money(amount: Money | int | None, shown: str) -> None:
    assert money(amount) == shown


def test_dates() -> None:
    assert it_date(MONDAY) == "23/11/2026"
    assert it_date(MONDAY, "long") == "lunedì 23 novembre 2026"
    assert it_date(None) == ""


def test_moments_are_told_in_the_time_of_the_comune() -> None:
    assert it_datetime(MORNING) == "lunedì 23 novembre 2026, ore 9:05"
    assert it_datetime(MORNING, "short") == "23/11/2026 9:05"
    assert it_date(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == "23/11/2026"
    assert it_datetime(None) == ""


def test_english_keeps_its_capitals() -> None:
    with translation.override("en"):
        assert it_date(MONDAY, "long") == "Monday 23 November 2026"


def test_numbers() -> None:
    assert [percent(value) for value in (Decimal("12.50"), Decimal(34), 100, 0, None)] == [
        "12,5%",
        "34%",
        "100%",
        "0%",
        "",
    ]
    assert thousands(1280) == "1.280"


def test_an_icon_is_silent() -> None:
    assert icon("user", "icon-s") == (
        '<svg class="icon icon-s" aria-hidden="true" focusable="false">'
        '<use href="/static/vendor/bootstrap-italia/svg/sprites.svg#it-user"></use></svg>'
    )


def test_a_state_has_tint_icon_and_text() -> None:
    shown = Template("{% chip 'needs_completion' text %}").render(Context({"text": "<Da completare>"}))
    assert 'class="state-chip state-attention"' in shown
    assert "#it-warning-circle" in shown
    assert "&lt;Da completare&gt;" in shown


def test_tones() -> None:
    assert set(ICONS) == set(TONES)
    assert [tone_of(word) for word in ("draft", "accepted", "withdrawn", "danger", "never heard")] == [
        "neutral",
        "success",
        "cancelled",
        "danger",
        "neutral",
    ]
