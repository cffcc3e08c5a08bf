"""The whole way: desk, provider, central host, desk; with real signatures on both sides."""

import pytest

from sportello.accounts.models import Account, Scheme
from tenants.current import in_schema
from tests.comuni import HostClient
from tests.factories import fiscal_code
from tests.spid_cie.browser import Login, access_client, signed_in


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
