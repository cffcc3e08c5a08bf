"""The whole way: desk, provider, central host, desk; with real signatures on both sides."""

from datetime import date
from html import unescape

import pytest

from integrations.spid_cie.simulator.people import FictionalPerson, register_people
from sportello.accounts.models import Account, OpenSession, Role, Scheme
from tenants.current import in_schema
from tests.comuni import HostClient
from tests.factories import account, fiscal_code
from tests.spid_cie.browser import Login, access_client, provider_client, signed_in


@pytest.mark.parametrize("scheme", ["spid", "cie"])
def test_she_lands_inside_the_service_where_she_started(bari_client: HostClient, scheme: str) -> None:
    code = fiscal_code()
    answer = Login(bari_client, scheme).enter(code, next_path="/servizi/mensa/domanda/?anno=2026")
    assert (answer.status_code, answer["Location"]) == (302, "/servizi/mensa/domanda/?anno=2026")
    assert signed_in(bari_client)
    with in_schema("c_a662"):
        account = Account.objects.get(identifier=code)
        assert (account.scheme, account.given_name, account.email) == (Scheme.FISCAL_CODE, "Prova", "")


def test_metadata_are_published_and_the_same_each_time(bari_client: HostClient) -> None:
    first = access_client().get("/spid/metadata/c_a662.xml")
    assert first.status_code == 200
    assert first["Content-Type"] == "application/samlmetadata+xml"
    assert first.content == access_client().get("/spid/metadata/c_a662.xml").content


def test_by_spid_and_by_cie_she_is_one(bari_client: HostClient, bitonto_client: HostClient) -> None:
    code = fiscal_code()
    for scheme in ("spid", "cie"):
        assert Login(bari_client, scheme).enter(code).status_code == 302
        bari_client.post("/esci/")
    assert Login(bitonto_client, "cie").enter(code).status_code == 302
    found = []
    for schema in ("c_a662", "c_a893"):
        with in_schema(schema):
            found.append(Account.objects.get(identifier=code).public_id)
            sessions = OpenSession.objects.order_by("pk").values_list("provider", "provider_name", "level")
            if schema == "c_a662":
                assert list(sessions) == [("spid", "SPID dimostrativo", 2), ("cie", "CIE dimostrativa", 3)]
    assert found[0] != found[1]


def test_the_central_team_and_the_staff_use_the_same_door(central_client: HostClient, central: None) -> None:
    member = account(Role.CENTRAL, scheme=Scheme.FISCAL_CODE, identifier=fiscal_code())
    answer = Login(central_client).enter(member.identifier)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert central_client.get("/").status_code == 200


def test_a_professional_identity_is_told_why_not(bari_client: HostClient) -> None:
    code = fiscal_code()
    register_people(
        "9-professional",
        "Prova",
        lambda _today: [FictionalPerson(code, "Lidia", "Prova", date(1980, 1, 1), professional=True)],
    )
    login = Login(bari_client)
    request = login.begin("/area/")
    page = provider_client().post("/spid/sso", {**request, "person": code}).content.decode()
    answer = login.send({"SAMLResponse": unescape(page.split('name="SAMLResponse" value="')[1].split('"')[0])})
    assert answer.status_code == 403
    assert "serve un&#x27;identità personale" in answer.content.decode()
    register_people("9-professional", "Prova", lambda _today: [])
