"""Where one can go: by role, with the current place, the unread notices and the look of the Comune."""

from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, set_urlconf

from sportello.accounts.models import Account, Role
from sportello.desk.context import page_frame
from sportello.desk.navigation import CENTRAL, CITIZEN, DESKS, OFFICE, PUBLIC, SCHOOL, items
from sportello.kernel import clock
from sportello.notifications.models import Notice
from tenants.models import Municipality
from tests.factories import account


def request_of(rf: RequestFactory, path: str, municipality: Municipality | None, user: Account | None) -> HttpRequest:
    request = rf.get(path)
    request.municipality = municipality  # type: ignore[attr-defined]  # as the middleware does
    if user is not None:
        request.user = user
    return request


def labels(frame: dict[str, Any], name: str = "navigation") -> list[str]:
    return [str(item.label) for item in frame[name]()]


@pytest.mark.parametrize("place", [*PUBLIC, *CITIZEN, *OFFICE, *SCHOOL, *DESKS], ids=lambda place: place.name)
def test_every_place_of_a_comune_has_a_page(place: Any) -> None:
    assert reverse(place.name, urlconf="sportello.config.urls_municipality")


@pytest.mark.parametrize("place", CENTRAL, ids=lambda place: place.name)
def test_every_place_of_the_central_team_has_a_page(place: Any) -> None:
    assert reverse(place.name, urlconf="sportello.config.urls_central")


def test_a_citizen_sees_her_places_and_her_unread_notices(rf: RequestFactory, bari: Municipality) -> None:
    person = account()
    for number in (1, 2):
        Notice.objects.create(
            account=person, topic="prova", subject=f"{number}", body="", key=f"{number}", created_at=clock.now()
        )
    Notice.objects.create(account=account(), topic="prova", subject="x", body="", key="1", created_at=clock.now())
    frame = page_frame(request_of(rf, "/area/avvisi/", bari, person))
    with CaptureQueriesContext(connection) as captured:
        shown = frame["navigation"]()
        assert frame["navigation"]() is shown
        assert frame["unread_notices"]() == 2
    assert len(captured) == 1
    assert [(item.count, item.current) for item in shown if item.url == "/area/avvisi/"] == [(2, True)]
    assert sum(item.current for item in shown) == 1


def test_the_bar_of_the_phone_holds_five_places() -> None:
    assert len(CITIZEN) <= 5


def test_the_office_is_for_clerks_and_the_staff_page_for_administrators(rf: RequestFactory, bari: Municipality) -> None:
    clerk = labels(page_frame(request_of(rf, "/ufficio/", bari, account(Role.CLERK))))
    chief = labels(page_frame(request_of(rf, "/ufficio/", bari, account(Role.ADMINISTRATOR))))
    assert "Personale" not in clerk
    assert sorted(chief) == sorted([*clerk, "Avvio", "Collegamenti", "Esportazione", "Personale", "Valutazione"])
    assert labels(page_frame(request_of(rf, "/ufficio/", bari, account(Role.SCHOOL)))) == ["Scuola", "Formazione"]


def test_a_clerk_finds_the_way_back_from_the_school_to_the_office(rf: RequestFactory, bari: Municipality) -> None:
    for role in (Role.CLERK, Role.ADMINISTRATOR):
        shown = page_frame(request_of(rf, "/scuola/", bari, account(role)))["navigation"]()
        assert [(str(item.label), item.url, item.current) for item in shown] == [
            ("Appello", "/scuola/", True),
            ("Ufficio", "/ufficio/", False),
        ]
    assert labels(page_frame(request_of(rf, "/scuola/", bari, account(Role.SCHOOL)))) == ["Appello", "Formazione"]


def test_the_menu_leads_to_every_desk_of_the_person(rf: RequestFactory, bari: Municipality) -> None:
    teacher = page_frame(request_of(rf, "/", bari, account(Role.SCHOOL)))
    assert labels(teacher, "desks") == ["La mia area", "Scuola"]
    assert labels(page_frame(request_of(rf, "/", bari, account(Role.CLERK))), "desks") == ["La mia area", "Ufficio"]
    assert labels(page_frame(request_of(rf, "/", bari, account())), "desks") == ["La mia area"]
    assert labels(page_frame(request_of(rf, "/", bari, None)), "desks") == []


def test_the_longest_address_is_the_current_place() -> None:
    shown = items(OFFICE, roles=frozenset({Role.CLERK}), path="/ufficio/bambini/x/")
    assert [str(item.label) for item in shown if item.current] == ["Bambini"]
    home = items(OFFICE, roles=frozenset({Role.CLERK}), path="/ufficio/")
    assert [str(item.label) for item in home if item.current] == ["Oggi"]


def test_the_central_team_has_its_own_places_and_no_theme(rf: RequestFactory, central: None) -> None:
    set_urlconf("sportello.config.urls_central")
    try:
        frame = page_frame(request_of(rf, "/", None, account(Role.CENTRAL)))
        assert labels(frame) == ["Comuni", "Quadro dei Comuni", "Modelli", "Identità digitale", "pagoPA", "Squadra"]
        assert (frame["theme_css_url"], frame["logo_url"], frame["municipality"]) == ("", "", None)
    finally:
        set_urlconf(None)


def test_a_frame_that_draws_nothing_asks_nothing(rf: RequestFactory, bari: Municipality) -> None:
    person = account(Role.CLERK)
    with CaptureQueriesContext(connection) as captured:
        page_frame(request_of(rf, "/ufficio/", bari, person))
    assert len(captured) == 0
