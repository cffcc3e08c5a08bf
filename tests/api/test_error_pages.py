"""A page that is not there, and a fault, answer in the frame of the Comune with a sentence."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse

from sportello.config.error_pages import server_error
from tenants.models import Municipality
from tests import factories
from tests.factories import editions


def test_a_page_that_is_not_there(client_of: Callable[..., Any]) -> None:
    response = client_of("bari").get("/non-esiste/")
    assert response.status_code == 404
    assert "Comune di Bari" in response.content.decode()


def test_the_page_of_a_fault_needs_nothing(rf: Any) -> None:
    response: HttpResponse = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "<h1" in response.content.decode()


def test_the_api_answers_problems(bari_client: Any) -> None:
    response = bari_client.get("/api/v1/schools/NONESISTE1")
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")
    assert response.json()["title"] == "Non trovato"


@pytest.mark.parametrize("query", ["", "?school=BAEE81502L", "?school=XX&from=2026-10-01&to=2026-10-31"])
def test_a_calendar_says_what_it_needs(bari: Municipality, bari_client: Any, query: str) -> None:
    editions.edition()
    factories.school(school_code="BAEE81502L")
    response = bari_client.get(f"/api/v1/services/mensa/calendar{query}")
    assert response.status_code == 400
    assert response.json()["errors"]
