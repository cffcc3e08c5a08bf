"""Conformity criteria C.SE.2.2, 3.1-3.3, 5.1, 5.2. C.SE.2.1 comes with the payments, 4.1 wants a browser."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse

from tenants.hosts import host_table
from tenants.models import Domain, Municipality
from tests.applications.enrolling import Enrolling
from tests.comuni import HostClient
from tests.factories.people import Family

STEPS = ("privacy", "figlio", "scuola", "isee", "riepilogo")


def body(response: Any) -> str:
    return str(response.content.decode())


def test_cse_2_2_an_appointment_from_every_step_with_her_name_filled_in(enrolling: Enrolling, parent: Family) -> None:
    enrolling.fill()
    for step in STEPS:
        page = body(enrolling.client.get(enrolling.url(step)))
        link = re.search(r'href="([^"]+)" data-element="appointment-booking"', page)
        assert link is not None, step
    form = body(enrolling.client.get(link[1]))
    for asked in ("office", "day_day", "slot", "topic", "reason", "name", "email", "phone"):
        assert f'name="{asked}"' in form
    assert f'value="{parent.account.full_name}"' in form


def test_cse_3_1_only_own_cookies_of_this_host(bari_client: HostClient, parent: Family) -> None:
    bari_client.force_login(parent.account)
    page = bari_client.get(reverse("desk:area"))
    cookies = {**bari_client.cookies, **page.cookies}
    assert set(cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert {cookie["domain"] for cookie in cookies.values()} <= {"", None}
    assert re.findall(r'(?:src|href)="(https?:)?//[^"]+\.(?:js|css|woff2)', body(page)) == []


def test_cse_3_2_and_3_3_accessibility_and_privacy_in_the_footer(
    bari: Municipality, bari_client: HostClient, parent: Family
) -> None:
    bari.accessibility_declaration_url = "https://form.agid.gov.it/view/esempio"
    bari.privacy_url = "https://www.comune.bari.it/privacy"
    bari.save()
    host_table.forget()
    for address in ("/", "/servizi/mensa/", "/appuntamento/"):
        page = body(bari_client.get(address))
        assert 'href="https://form.agid.gov.it/view/esempio" data-element="accessibility-link"' in page
        assert 'href="https://www.comune.bari.it/privacy" data-element="privacy-policy-link"' in page


def test_cse_5_1_cookies_are_secure_and_https_is_forced_behind_tls() -> None:
    assert settings.SESSION_COOKIE_SECURE == settings.BEHIND_TLS
    assert settings.CSRF_COOKIE_SECURE == settings.BEHIND_TLS
    assert settings.SECURE_SSL_REDIRECT == settings.BEHIND_TLS


def test_cse_5_2_a_comune_answers_on_its_own_name(
    bari: Municipality, parent: Family, client_of: Callable[..., HostClient]
) -> None:
    Domain.objects.create(domain="servizi.comune.bari.ba.it", tenant=bari, is_primary=False)
    host_table.forget()
    own = HostClient("servizi.comune.bari.ba.it", bari.schema_name)
    assert "Mensa" in body(own.get("/servizi/mensa/"))
