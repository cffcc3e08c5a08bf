"""Who reads Italian reads Italian, who reads English reads English: plurals, Django's own words, failures, dates."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.conf import settings
from django.utils.translation import gettext, ngettext, override

from sportello.kernel.errors import DomainError
from sportello.kernel.isee import InvalidIsee
from sportello.kernel.money import InvalidAmount, Money
from sportello.ui.templatetags.ui import it_date, it_datetime
from tests.comuni import HostClient


@pytest.mark.parametrize(
    ("language", "said"),
    [("it", ["tra 0 giorni", "tra 1 giorno", "tra 2 giorni"]), ("en", ["in 0 days", "in 1 day", "in 2 days"])],
)
def test_one_and_many(language: str, said: list[str]) -> None:
    with override(language):
        assert [ngettext("tra %(n)s giorno", "tra %(n)s giorni", n) % {"n": n} for n in range(3)] == said


@pytest.mark.parametrize(("language", "said"), [("it", "Campo obbligatorio."), ("en", "This field is required.")])
def test_django_speaks_the_same_language(language: str, said: str) -> None:
    with override(language):
        assert str(forms.CharField().error_messages["required"]) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("it", "«x» non è un importo: scrivi euro e centesimi, per esempio 1234,50."),
        ("en", "“x” is not an amount: write euros and cents, for example 1234,50."),
    ],
)
def test_a_failure_of_the_kernel_is_told_in_the_language_of_the_page(language: str, said: str) -> None:
    with pytest.raises(InvalidAmount) as caught:
        Money.from_decimal_string("x")
    with override(language):
        assert str(caught.value) == said


def test_a_failure_without_places_keeps_its_percent_signs() -> None:
    assert str(InvalidIsee("Riduzione del 10%")) == "Riduzione del 10%"
    assert str(DomainError("Riduzione del %(n)s%%", n=10)) == "Riduzione del 10%"


def test_days_in_words() -> None:
    day, moment = date(2026, 11, 23), datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
    with override("it"):
        assert (it_date(day, "long"), it_datetime(moment)) == (
            "lunedì 23 novembre 2026",
            "lunedì 23 novembre 2026, ore 9:05",
        )
    with override("en"):
        assert (it_date(day, "long"), it_datetime(moment)) == (
            "Monday 23 November 2026",
            "Monday 23 November 2026, 9:05",
        )


def test_numbers_in_figures_are_those_of_the_papers_in_both_languages() -> None:
    with override("en"):
        assert (it_date(date(2026, 11, 3)), Money(123450).format()) == ("03/11/2026", "1.234,50 €")


def test_italian_needs_no_catalogue() -> None:
    with override("it"):
        assert gettext("Salva e continua dopo") == "Salva e continua dopo"
    with override("en"):
        assert gettext("Salva e continua dopo") == "Save and continue later"
    assert settings.LANGUAGE_CODE == "it"


@pytest.mark.parametrize("host", ["bari", "bitonto", "terlizzi", "centrale"])
def test_the_language_is_chosen_on_every_host_and_comes_back(client_of: Callable[[str], HostClient], host: str) -> None:
    visitor = client_of(host)
    login = visitor.get("/accedi/")
    assert b'<html lang="it">' in login.content
    answer = visitor.post("/lingua/", {"language": "en", "next": "/accedi/"})
    assert (answer.status_code, answer["Location"]) == (302, "/accedi/")
    assert b'<html lang="en">' in visitor.get("/accedi/").content
    visitor.post("/lingua/", {"language": "it", "next": "/accedi/"})
    assert b'<html lang="it">' in visitor.get("/accedi/").content


def test_a_browser_that_asks_for_english_gets_it_and_another_gets_italian(bari_client: HostClient) -> None:
    for asked, given in (("en-GB,en;q=0.9", b"en"), ("de-DE,de;q=0.9", b"it"), ("", b"it")):
        assert b'<html lang="' + given + b'">' in bari_client.get("/", headers={"accept-language": asked}).content


def test_the_switch_leads_nowhere_else(bari_client: HostClient) -> None:
    answer = bari_client.post("/lingua/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
