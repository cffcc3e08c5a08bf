"""The public catalogue: what is in force, with its acts, and the days of service. No person in it."""

from datetime import date
from typing import Any

import pytest

from services_catalog.models import Edition
from tenants.models import Municipality
from tests import factories
from tests.factories.editions import edition_from_pack


@pytest.fixture
def edition(bari: Municipality) -> Edition:
    return edition_from_pack("bari")


def test_services(edition: Edition, bari_client: Any) -> None:
    rows = bari_client.get("/api/v1/services").json()["results"]
    assert [row["code"] for row in rows] == ["infanzia", "mensa", "trasporto"]


def test_five_windows(edition: Edition, bari_client: Any) -> None:
    rows = bari_client.get("/api/v1/services/mensa/windows").json()
    assert [row["code"] for row in rows] == ["first", "second", "third", "fourth", "fifth"]


def test_the_fee_table_names_its_act(edition: Edition, bari_client: Any) -> None:
    (table,) = bari_client.get("/api/v1/services/mensa/fee-tables").json()
    assert table["act_number"] == edition.act_number
    assert table["school_year"] == "2026/27"
    assert table["fees"]["base"]["bands"][1]["amount"] == "1.90"


def test_the_calendar_says_why_a_day_is_closed(edition: Edition, bari_client: Any) -> None:
    school = factories.school()
    query = {"school": school.school_code, "from": "2026-12-08", "to": "2026-12-09"}
    days = bari_client.get("/api/v1/services/mensa/calendar", query).json()
    assert [(day["day"], day["is_service_day"]) for day in days] == [("2026-12-08", False), ("2026-12-09", True)]
    assert "Immacolata" in days[0]["reason"]
    assert date.fromisoformat(days[0]["day"])


def test_schools_page_by_page(edition: Edition, bari_client: Any) -> None:
    answer = bari_client.get("/api/v1/schools?limit=2").json()
    assert len(answer["results"]) == 2
    assert answer["count"] > 100
    code = answer["results"][0]["school_code"]
    assert bari_client.get(f"/api/v1/schools/{code}").json()["school_code"] == code


def test_an_unknown_service_is_not_found(edition: Edition, bari_client: Any) -> None:
    assert bari_client.get("/api/v1/services/piscina/windows").status_code == 404


def test_status(bari_client: Any) -> None:
    response = bari_client.get("/api/v1/status")
    assert response.json() == {"title": "OK", "status": 200}
