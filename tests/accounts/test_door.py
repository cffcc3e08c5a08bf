"""The door: a digital identity becomes the one account of the person in this Comune, and no answer opens twice."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.urls import reverse

from integrations.spid_cie.simulator import assertion
from integrations.spid_cie.types import Provider, VerifiedIdentity
from sportello.accounts.models import Account, Role, Scheme
from sportello.audit.models import Action, Event
from tenants.current import in_schema
from tests.comuni import HostClient
from tests.factories import account, fiscal_code

CITIZEN = {"given_name": "Prova", "family_name": "Cittadina"}


def begin(client: HostClient, *, provider: str = "spid", next_path: str = "") -> str:
    """Starts a login; returns its state."""
    answer = client.get("/accedi/avvia/", {"provider": provider, "next": next_path})
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)["state"][0]


def choose(client: HostClient, state: str, code: str, *, provider: str = "spid", **names: str) -> str:
    """Chooses a person on the demo page; returns the address that the browser is sent to."""
    posted = {"state": state, "provider": provider, "other": "1", "fiscal_code": code, **CITIZEN, **names}
    answer = client.post("/identita-dimostrativa/", posted)
    assert answer.status_code == 302
    return answer["Location"]


def enter(client: HostClient, code: str, *, next_path: str = "", provider: str = "spid") -> str:
    """Enters; returns where the person lands."""
    answer = client.get(choose(client, begin(client, provider=provider, next_path=next_path), code, provider=provider))
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def session_data(client: HostClient) -> dict[str, Any]:
    """What the session of the browser holds."""
    with in_schema(client.schema):
        return dict(client.session.items())


def put_in_session(client: HostClient, **values: object) -> None:
    """Adds to the session of the browser."""
    with in_schema(client.schema):
        session = client.session
        session.update(values)
        session.save()


def signed_in(client: HostClient) -> bool:
    """Whether the next page knows her."""
    return "_auth_user_id" in session_data(client)


def test_the_person_lands_inside_the_service_where_she_started(bari_client: HostClient) -> None:
    assert enter(bari_client, fiscal_code(), next_path="/servizi/mensa/domanda/?anno=2026") == (
        "/servizi/mensa/domanda/?anno=2026"
    )


def test_the_login_page_carries_the_page_to_come_back_to(bari_client: HostClient) -> None:
    page = bari_client.get("/accedi/", {"next": "/servizi/mensa/domanda/?anno=2026"}).content.decode()
    assert "provider=spid&amp;next=%2Fservizi%2Fmensa%2Fdomanda%2F%3Fanno%3D2026" in page
    assert "provider=cie&amp;next=%2Fservizi" in page


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
    state = begin(bari_client)
    before = bari_client.cookies["sessione"].value
    bari_client.get(choose(bari_client, state, fiscal_code()))
    assert bari_client.cookies["sessione"].value != before
    assert signed_in(bari_client)


def test_who_enters_over_another_inherits_nothing(bari_client: HostClient) -> None:
    enter(bari_client, fiscal_code())
    put_in_session(bari_client, draft="of somebody else")
    enter(bari_client, fiscal_code())
    assert "draft" not in session_data(bari_client)


def test_an_answer_opens_once(bari_client: HostClient) -> None:
    address = choose(bari_client, begin(bari_client), fiscal_code())
    assert bari_client.get(address).status_code == 302
    bari_client.post("/esci/")
    assert bari_client.get(address).status_code == 403
    assert not signed_in(bari_client)


def test_an_answer_opens_once_even_while_the_login_is_pending_again(bari_client: HostClient) -> None:
    state = begin(bari_client)
    address = choose(bari_client, state, fiscal_code())
    bari_client.get(address)
    put_in_session(bari_client, entrances={state: "/"})
    assert bari_client.get(address).status_code == 403


def test_the_answer_of_another_browser_is_refused(bari_client: HostClient) -> None:
    stolen = choose(bari_client, begin(bari_client), fiscal_code())
    other = HostClient(bari_client.host, bari_client.schema)
    begin(other)
    assert other.get(stolen).status_code == 403
    assert not signed_in(other)


def test_the_answer_of_another_comune_is_refused(bari_client: HostClient, bitonto_client: HostClient) -> None:
    state = begin(bitonto_client)
    identity = VerifiedIdentity("fiscal_code", fiscal_code(), "A", "B", date(1980, 1, 1), "", 2, Provider.SPID)
    with in_schema(bari_client.schema):
        code = assertion.issue(identity, state=state)
    assert bitonto_client.get("/accedi/fine/", {"code": code}).status_code == 403
    assert not signed_in(bitonto_client)


def test_a_changed_answer_is_refused(bari_client: HostClient) -> None:
    address = choose(bari_client, begin(bari_client), fiscal_code())
    assert bari_client.get(address[:-2] + "xx").status_code == 403
    forged = signing.dumps({"schema": bari_client.schema, "state": "x", "nonce": "y"}, salt="something else")
    assert bari_client.get("/accedi/fine/", {"code": forged}).status_code == 403
    assert bari_client.get("/accedi/fine/").status_code == 403


def test_an_answer_that_comes_late_is_refused(bari_client: HostClient, monkeypatch: pytest.MonkeyPatch) -> None:
    address = choose(bari_client, begin(bari_client), fiscal_code())
    monkeypatch.setattr(assertion, "LIFETIME", -1)
    answer = bari_client.get(address)
    assert answer.status_code == 403
    assert "troppo tempo" in answer.content.decode()


def test_the_address_of_an_answer_names_nobody(bari_client: HostClient) -> None:
    code = fiscal_code()
    address = choose(bari_client, begin(bari_client), code)
    text = str(signing.loads(parse_qs(urlsplit(address).query)["code"][0], salt=assertion.SALT))
    assert code not in address
    assert code not in text
    assert "Cittadina" not in text


def test_the_identity_page_is_only_for_a_login_that_began(bari_client: HostClient) -> None:
    answer = bari_client.post("/identita-dimostrativa/", {"state": "invented", "person": fiscal_code()})
    assert (answer.status_code, answer["Location"]) == (302, "/accedi/")


def test_a_wrong_code_is_explained_and_nothing_is_lost(bari_client: HostClient) -> None:
    state = begin(bari_client)
    posted = {"state": state, "provider": "spid", "other": "1", "fiscal_code": "ABC", **CITIZEN}
    answer = bari_client.post("/identita-dimostrativa/", posted)
    assert answer.status_code == 422
    assert "16 caratteri" in answer.content.decode()
    assert 'value="Cittadina"' in answer.content.decode()


def test_who_goes_back_is_told_and_may_try_again(bari_client: HostClient) -> None:
    state = begin(bari_client)
    answer = bari_client.get("/accedi/fine/", {"error": "cancelled", "state": state})
    assert answer.status_code == 403
    assert "Hai annullato" in answer.content.decode()


def test_under_fourteen_is_refused_with_the_reason(bari_client: HostClient) -> None:
    state = begin(bari_client)
    page = bari_client.get("/identita-dimostrativa/", {"state": state, "provider": "spid"}).content.decode()
    child = page.split("Viola Demarco")[1].split('value="')[1][:16]
    answer = bari_client.post("/identita-dimostrativa/", {"state": state, "provider": "spid", "person": child})
    answer = bari_client.get(answer["Location"])
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
    answer = bari_client.get(choose(bari_client, begin(bari_client), code))
    assert answer.status_code == 403
    assert "sospesa" in answer.content.decode()


def test_entering_and_leaving_are_recorded(bari_client: HostClient) -> None:
    enter(bari_client, fiscal_code(), provider="cie")
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
