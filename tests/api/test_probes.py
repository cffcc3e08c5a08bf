"""The probes test what they say, on any host."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_alive_on_any_host() -> None:
    response = Client(headers={"host": "10.0.0.7"}).get("/healthz")
    assert (response.status_code, response.json()) == (200, {"alive": True})


def test_ready_when_database_and_valkey_answer() -> None:
    response = Client(headers={"host": "10.0.0.7"}).get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": True, "valkey": True})


def test_not_ready_without_valkey(settings: Any) -> None:
    settings.VALKEY_URL = "redis://127.0.0.1:1/0"
    response = Client(headers={"host": "10.0.0.7"}).get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": True, "valkey": False})


def test_metrics_are_for_who_knows_the_token(settings: Any) -> None:
    browser = Client(headers={"host": "10.0.0.7"})
    assert browser.get("/metrics").status_code == 403
    settings.METRICS_TOKEN = "segreto-dei-numeri"
    assert browser.get("/metrics").status_code == 403
    answer = browser.get("/metrics", headers={"authorization": "Bearer segreto-dei-numeri"})
    assert answer.status_code == 200
    assert 'sportello_outbox_pending{comune="c_a662"}' in answer.content.decode()


def test_unknown_hosts_get_a_sentence() -> None:
    response = Client(headers={"host": "altro.example.org"}).get("/")
    assert response.status_code == 404
    assert response.content.decode() == "Nessun Comune risponde a questo indirizzo."
