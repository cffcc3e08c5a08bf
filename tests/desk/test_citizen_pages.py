"""The front page, the sheet, what one would pay, the personal area, in three Comuni with different rules."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from services_catalog.models import Edition
from services_catalog.packs import load_pack
from sportello.accounts.models import Role
from sportello.applications.models import AppointmentRequest
from sportello.billing.models import LedgerAccount
from sportello.enrolment.models import Subscription, SubscriptionOrigin
from sportello.kernel import clock
from sportello.notifications.models import Notice
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.municipal_packs import pack_of
from tests.applications.enrolling import family_at_school
from tests.comuni import HostClient
from tests.factories.people import Family, account

EURO = "\N{NO-BREAK SPACE}€"
HEADINGS = (
    "A chi è rivolto", "Come fare", "Cosa serve", "Cosa si ottiene", "Tempi e scadenze",
    "Accedi al servizio", "Condizioni di servizio", "Contatti",
)  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "belfiore", "amount", "unit"),
    [
        ("bari", "A662", "1,43", "a pasto"),
        ("bitonto", "A893", "2,12", "a pasto"),
        ("terlizzi", "L109", "15,00", "a blocchetto di 21 pasti"),
    ],
)
def test_the_same_question_has_the_answer_of_each_comune(
    client_of: Callable[..., HostClient], slug: str, belfiore: str, amount: str, unit: str
) -> None:
    client = client_of(slug)
    with in_schema(client.schema):
        load_pack(pack=pack_of(belfiore), in_force=True, actor=None, now=clock.now())
    answers = {
        "figli": "2", "ha_isee": "si", "isee": "8.500,00", "dal": "9", "residente": "si",
        **{f"f{place}_scuola": "primaria" for place in (1, 2)}, **{f"f{place}_s_mensa": "on" for place in (1, 2)},
    }  # fmt: skip
    page = client.post("/servizi/mensa/quanto-pagherei/", answers).content.decode()
    assert f"{amount}{EURO} {unit}" in page
    assert "Come ci si arriva" in page
    sheet = client.get("/servizi/mensa/").content.decode()
    places = [sheet.index(f">{heading}</h2>") for heading in HEADINGS]
    assert places == sorted(places)
    assert "Iscrizioni aperte" in client.get("/").content.decode()


def test_a_comune_without_services_says_so(bari: Municipality, bari_client: HostClient) -> None:
    assert "Nessun servizio è ancora attivo" in bari_client.get("/").content.decode()
    assert bari_client.get("/servizi/mensa/").status_code == 404


def _enrolled(made: Family) -> None:
    edition = Edition.objects.get()
    for child in made.children:
        Subscription.objects.create(
            child=child, service=edition.service, edition=edition, origin=SubscriptionOrigin.ROSTER,
            valid_during=("2026-09-01", "2027-09-01"),
        )  # fmt: skip
        LedgerAccount.objects.create(child=child, service_code="mensa")


def test_the_area_asks_the_same_queries_for_one_child_and_for_three(bari_client: HostClient, parent: Family) -> None:
    counts = []
    for number in (1, 3):
        made = family_at_school(children=number)
        _enrolled(made)
        bari_client.force_login(made.account)
        bari_client.get(reverse("desk:area"))
        with CaptureQueriesContext(connection) as queries:
            page = bari_client.get(reverse("desk:area")).content.decode()
        assert page.count("iscritto") >= number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_appointment_reaches_the_desk_of_each_clerk(bari_client: HostClient, parent: Family) -> None:
    clerk = account(Role.CLERK)
    bari_client.force_login(parent.account)
    page = bari_client.get("/appuntamento/?servizio=mensa").content.decode()
    assert parent.account.full_name in page
    wanted = {
        "office": "Pubblica istruzione", "topic": "Mensa scolastica", "day_day": "30", "day_month": "11",
        "day_year": "2026", "slot": "9-11", "reason": "Non capisco la tariffa", "name": parent.account.full_name,
        "email": "mamma@example.org", "phone": "",
    }  # fmt: skip
    assert bari_client.post("/appuntamento/", wanted).status_code == 200
    assert AppointmentRequest.objects.get().account == parent.account
    assert Notice.objects.get().account == clerk
    sunday = bari_client.post("/appuntamento/", {**wanted, "day_day": "29"})
    assert sunday.status_code == 422
    assert AppointmentRequest.objects.count() == 1


def test_a_child_not_enrolled_is_offered_the_service(bari_client: HostClient, parent: Family) -> None:
    bari_client.force_login(parent.account)
    page = bari_client.get(reverse("desk:child", args=[parent.children[0].public_id])).content.decode()
    assert f"/servizi/mensa/domanda/?figlio={parent.children[0].public_id}" in page
    assert "nessuna iscrizione" in page
