"""The provider ends a session: only by a signed request, only that session, and it gets a signed answer."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from integrations.spid_cie.models import ProviderSession
from integrations.spid_cie.simulator.federation import published_metadata
from integrations.spid_cie.simulator.models import IssuedIdentity
from integrations.spid_cie.simulator.parting import logout_address
from sportello.accounts.models import EndReason, OpenSession
from sportello.kernel import clock
from tenants.current import in_schema
from tests.comuni import HostClient
from tests.factories import fiscal_code
from tests.spid_cie.browser import Login, access_client, provider_client, signed_in


def asked_by_provider() -> str:
    """The path and query with which the provider ends the session that it opened last."""
    issued = IssuedIdentity.objects.all()[0]
    metadata = published_metadata(issued.audience, clock.instant())
    parts = urlsplit(logout_address(issued, metadata, now=clock.instant()))
    return f"{parts.path}?{parts.query}"


def entered(client: HostClient) -> HostClient:
    """A browser whose owner is in."""
    assert Login(client).enter(fiscal_code()).status_code == 302
    return client


def is_in(client: HostClient) -> bool:
    """Whether a personal page opens."""
    return client.get("/area/").status_code == 200


def test_a_signed_request_ends_the_session_and_is_answered(bari_client: HostClient) -> None:
    entered(bari_client)
    assert is_in(bari_client)

    answer = access_client().get(asked_by_provider())

    assert answer.status_code == 302
    assert not is_in(bari_client)
    with in_schema("c_a662"):
        assert [one.end_reason for one in OpenSession.objects.all()] == [EndReason.PROVIDER]
    assert not ProviderSession.objects.exists()
    back = urlsplit(answer["Location"])
    assert back.netloc == "idp.localhost"
    assert set(parse_qs(back.query)) == {"SAMLResponse", "RelayState", "SigAlg", "Signature"}
    page = provider_client().get(f"{back.path}?{back.query}")
    assert (page.status_code, "la sua firma è buona" in page.content.decode()) == (200, True)


def test_only_that_session_ends(bari_client: HostClient, bitonto_client: HostClient) -> None:
    entered(bitonto_client)
    other = entered(HostClient(bari_client.host, bari_client.schema))
    entered(bari_client)
    access_client().get(asked_by_provider())
    assert (is_in(bari_client), is_in(other), is_in(bitonto_client)) == (False, True, True)


def test_the_buttons_of_the_demonstration_provider(bari_client: HostClient) -> None:
    entered(bari_client)
    provider = provider_client()
    assert "Prova Cittadina" in provider.get("/").content.decode()
    name_id = IssuedIdentity.objects.all()[0].name_id
    away = urlsplit(provider.post(f"/sessioni/{name_id}/chiudi/")["Location"])
    assert away.netloc == "accesso.localhost"
    access_client().get(f"{away.path}?{away.query}")
    assert not is_in(bari_client)
    assert "Prova Cittadina" not in provider.get("/").content.decode()


def test_an_unknown_name_is_answered_like_any_other(bari_client: HostClient) -> None:
    entered(bari_client)
    path = asked_by_provider()
    ProviderSession.objects.all().delete()
    answer = access_client().get(path)
    assert answer.status_code == 302
    assert "SAMLResponse=" in answer["Location"]
    assert is_in(bari_client)


def without(path: str, name: str) -> str:
    """The same address without a parameter."""
    place, _, query = path.partition("?")
    return f"{place}?{'&'.join(part for part in query.split('&') if not part.startswith(f'{name}='))}"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: without(path, "Signature"),
        lambda path: without(without(path, "Signature"), "SigAlg"),
        lambda path: without(path, "SAMLRequest"),
        lambda path: path.replace("Signature=", "Signature=AAAA"),
        lambda path: path.replace("RelayState=", "RelayState=x"),
        lambda path: path.replace("rsa-sha256", "rsa-sha1"),
        lambda path: path.replace("SAMLRequest=", "SAMLRequest=%20"),
    ],
)
def test_what_is_not_signed_as_it_is_ends_nothing(bari_client: HostClient, spoil: object) -> None:
    entered(bari_client)
    answer = access_client().get(spoil(asked_by_provider()))  # type: ignore[operator]
    assert answer.status_code == 403
    assert is_in(bari_client)


def test_a_stale_request_ends_nothing(bari_client: HostClient) -> None:
    entered(bari_client)
    path = asked_by_provider()
    with time_machine.travel(clock.instant() + timedelta(minutes=10), tick=False):
        assert access_client().get(path).status_code == 403
    assert is_in(bari_client)


def test_leaving_here_is_enough(bari_client: HostClient) -> None:
    entered(bari_client)
    bari_client.post("/esci/")
    assert not signed_in(bari_client)
    assert access_client().get(asked_by_provider()).status_code == 302  # nothing left to end: answered all the same


def test_only_by_get(bari_client: HostClient) -> None:
    assert access_client().post("/spid/slo").status_code == 405
