"""The door: a digital identity becomes the one account of the person in this Comune, and no answer opens twice."""

import pytest
from django.urls import reverse

from integrations.spid_cie.models import LoginTransaction
from integrations.spid_cie.simulator.federation import DemoProvider
from sportello.accounts.models import Account, Role, Scheme
from sportello.audit.models import Action, Event
from tenants.current import in_schema
from tests.comuni import HostClient
from tests.factories import account, fiscal_code
from tests.spid_cie.browser import Login, provider_client, session_data, signed_in


def enter(client: HostClient, code: str, *, next_path: str = "", scheme: str = "spid") -> str:
    """Enters; returns where the person lands."""
    answer = Login(client, scheme).enter(code, next_path=next_path)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def put_in_session(client: HostClient, **values: object) -> None:
    """Adds to the session of the browser."""
    with in_schema(client.schema):
        session = client.session
        session.update(values)
        session.save()


def test_the_person_lands_inside_the_service_where_she_started(bari_client: HostClient) -> None:
    assert enter(bari_client, fiscal_code(), next_path="/servizi/mensa/domanda/?anno=2026") == (
        "/servizi/mensa/domanda/?anno=2026"
    )


def test_the_login_page_carries_the_page_to_come_back_to(bari_client: HostClient) -> None:
    page = bari_client.get("/accedi/", {"next": "/servizi/mensa/domanda/?anno=2026"}).content.decode()
    for scheme in ("spid", "cie"):
        idp = DemoProvider(scheme).entity_id.replace(":", "%3A").replace("/", "%2F")
        assert f"idp={idp}&amp;next=%2Fservizi%2Fmensa%2Fdomanda%2F%3Fanno%3D2026" in page


def test_an_unknown_provider_is_no_page_and_no_request(bari_client: HostClient) -> None:
    answer = bari_client.get("/accedi/avvia/", {"idp": "https://idp.example.org"})
    assert answer.status_code == 404
    assert "non è disponibile" in answer.content.decode()
    assert not LoginTransaction.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "https://example.org/",
        "//example.org/",
        "/\\example.org",
        "javascript:alert(1)",
        "http:///example.org",
        "/accedi/?next=/accedi/",
        "/esci/",
        "servizi/",
        "/" + "a" * 600,
    ],
)
def test_nobody_is_sent_to_another_site_nor_in_circles(bari_client: HostClient, path: str) -> None:
    landed = enter(bari_client, fiscal_code(), next_path=path)
    assert landed in {"/", reverse("desk:area")}


def test_one_account_per_person_and_comune(bari_client: HostClient) -> None:
    code = fiscal_code()
    enter(bari_client, code)
    bari_client.post("/esci/")
    enter(bari_client, code)
    with in_schema(bari_client.schema):
        assert Account.objects.filter(scheme=Scheme.FISCAL_CODE, identifier=code).count() == 1


def test_the_accounts_of_two_comuni_are_strangers(bari_client: HostClient, bitonto_client: HostClient) -> None:
    code = fiscal_code()
    enter(bari_client, code)
    with in_schema(bitonto_client.schema):
        assert not Account.objects.filter(identifier=code).exists()
    enter(bitonto_client, code)
    ids = set()
    for client in (bari_client, bitonto_client):
        with in_schema(client.schema):
            ids.add(Account.objects.get(identifier=code).public_id)
    assert len(ids) == 2


def test_names_follow_the_identity_and_the_chosen_address_stays(bari_client: HostClient) -> None:
    code = fiscal_code()
    with in_schema(bari_client.schema):
        account(scheme=Scheme.FISCAL_CODE, identifier=code, given_name="Vecchio", email="scelta@example.org")
    enter(bari_client, code)
    with in_schema(bari_client.schema):
        held = Account.objects.get(identifier=code)
    assert (held.given_name, held.family_name, held.email) == ("Prova", "Cittadina", "scelta@example.org")
    assert held.birth_date is not None


def test_the_session_gets_a_new_key(bari_client: HostClient) -> None:
    put_in_session(bari_client, seen="before")
    before = bari_client.cookies["sessione"].value
    enter(bari_client, fiscal_code())
    assert bari_client.cookies["sessione"].value != before
    assert signed_in(bari_client)


def test_who_enters_over_another_inherits_nothing(bari_client: HostClient) -> None:
    enter(bari_client, fiscal_code())
    put_in_session(bari_client, draft="of somebody else")
    enter(bari_client, fiscal_code())
    assert "draft" not in session_data(bari_client)


def test_an_answer_opens_once(bari_client: HostClient) -> None:
    login = Login(bari_client)
    handed_over = login.send(login.choose(login.begin(), fiscal_code()))
    assert login.finish(handed_over).status_code == 302
    bari_client.post("/esci/")
    assert login.finish(handed_over).status_code == 403
    assert not signed_in(bari_client)


def test_the_addresses_of_a_login_name_nobody(bari_client: HostClient) -> None:
    code, login = fiscal_code(), Login(bari_client)
    request = login.begin("/area/")
    handed_over = login.send(login.choose(request, code))
    for words in (*request.values(), handed_over["Location"]):
        assert code not in words
        assert "Cittadina" not in words
    assert "http" not in request["RelayState"]
    assert handed_over["Referrer-Policy"] == "no-referrer"
    assert "no-store" in handed_over["Cache-Control"]


def test_a_wrong_code_is_explained_and_nothing_is_lost(bari_client: HostClient) -> None:
    request = Login(bari_client).begin()
    posted = {**request, "other": "1", "fiscal_code": "ABC", "given_name": "Prova", "family_name": "Cittadina"}
    answer = provider_client().post("/spid/sso", posted)
    assert answer.status_code == 422
    assert "16 caratteri" in answer.content.decode()
    assert 'value="Cittadina"' in answer.content.decode()


def test_who_goes_back_is_told_and_may_try_again(bari_client: HostClient) -> None:
    login = Login(bari_client)
    request = login.begin("/area/")
    answer = login.send(login.choose(request, fiscal_code(), fault="nr25"))
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Hai annullato" in page
    assert request["RelayState"] in page
    assert 'href="http://bari.localhost/accedi/?next=%2Farea%2F"' in page
    assert login.finish(login.send(login.choose(request, fiscal_code()))).status_code == 302


def test_under_fourteen_is_refused_with_the_reason(bari_client: HostClient) -> None:
    login = Login(bari_client)
    request = login.begin()
    page = provider_client().get("/spid/sso", request).content.decode()
    child = page.split("Viola Demarco")[1].split('value="')[1][:16]
    answer = login.finish(login.send(login.choose({**request, "person": child}, child)))
    assert answer.status_code == 403
    assert "almeno 14 anni" in answer.content.decode()
    with in_schema(bari_client.schema):
        assert not Account.objects.filter(identifier=child).exists()
        refusal = Event.objects.get(action=Action.LOGIN_REFUSED)
    assert (refusal.actor, refusal.details) == (None, {"reason": "too_young", "provider": "spid"})


def test_a_suspended_account_stays_out(bari_client: HostClient) -> None:
    code = fiscal_code()
    with in_schema(bari_client.schema):
        account(scheme=Scheme.FISCAL_CODE, identifier=code, is_active=False)
    answer = Login(bari_client).enter(code)
    assert answer.status_code == 403
    assert "sospesa" in answer.content.decode()


def test_entering_and_leaving_are_recorded(bari_client: HostClient) -> None:
    enter(bari_client, fiscal_code(), scheme="cie")
    assert bari_client.post("/esci/").status_code == 302
    assert not signed_in(bari_client)
    with in_schema(bari_client.schema):
        events = list(Event.objects.filter(action__in=[Action.LOGIN, Action.LOGOUT]).order_by("pk"))
    assert [event.action for event in events] == [Action.LOGIN, Action.LOGOUT]
    assert events[0].details == {"provider": "cie", "level": 3}
    assert events[0].actor == events[1].actor


def test_one_leaves_only_by_posting(bari_client: HostClient) -> None:
    enter(bari_client, fiscal_code())
    assert bari_client.get("/esci/").status_code == 405
    assert signed_in(bari_client)


def test_a_session_of_another_comune_means_nothing(bari_client: HostClient, bitonto_client: HostClient) -> None:
    with in_schema(bitonto_client.schema):
        administrator = account(Role.ADMINISTRATOR)
    bitonto_client.force_login(administrator)
    bari_client.cookies["sessione"] = bitonto_client.cookies["sessione"].value
    assert bitonto_client.get("/ufficio/personale/").status_code == 200
    answer = bari_client.get("/ufficio/personale/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accedi/?next=")


def test_who_is_in_is_not_asked_again(bari_client: HostClient) -> None:
    enter(bari_client, fiscal_code())
    answer = bari_client.get("/accedi/", {"next": "/servizi/"})
    assert (answer.status_code, answer["Location"]) == (302, "/servizi/")
