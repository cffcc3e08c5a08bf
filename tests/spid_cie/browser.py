"""A browser without scripts that walks the three hosts of a login, keeping each host's cookies apart."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings

from integrations.spid_cie.simulator.federation import DemoProvider
from tenants.current import PUBLIC, in_schema
from tests.comuni import HostClient

CITIZEN = {"given_name": "Prova", "family_name": "Cittadina"}
FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


def access_client() -> HostClient:
    """A browser on the access host: no cookie of it is ever kept."""
    return HostClient(settings.ACCESS_HOST, PUBLIC)


def provider_client() -> HostClient:
    """A browser on the demonstration provider's host."""
    return HostClient(settings.SIMULATOR_HOST, PUBLIC)


@dataclass
class Login:
    """A login on its way: the desk's browser, and what travels."""

    desk: HostClient
    scheme: str = "spid"

    def begin(self, next_path: str = "") -> dict[str, str]:
        """Leaves the desk; returns the signed request as the provider gets it."""
        answer = self.desk.get("/accedi/avvia/", {"idp": DemoProvider(self.scheme).entity_id, "next": next_path})
        assert answer.status_code == 302, answer.content.decode()
        query = parse_qs(urlsplit(answer["Location"]).query)
        return {name: values[0] for name, values in query.items()}

    def choose(self, request: dict[str, str], code: str, **more: str) -> dict[str, str]:
        """Chooses a person at the provider's; returns the form that goes back."""
        posted = {**request, "other": "1", "fiscal_code": code, **CITIZEN, **more}
        page = provider_client().post(f"/{self.scheme}/sso", posted)
        assert page.status_code == 200, page.content.decode()
        fields = {name: unescape(value) for name, value in FIELD.findall(page.content.decode())}
        return {name: fields[name] for name in ("SAMLResponse", "RelayState")}

    @staticmethod
    def send(form: dict[str, str]) -> Any:
        """Sends the answer to the central host, as a form of another site: without any cookie."""
        return access_client().post("/spid/acs", urlencode(form), content_type="application/x-www-form-urlencoded")

    def finish(self, answer: Any) -> Any:
        """Follows the central host back to the desk."""
        assert answer.status_code == 303, answer.content.decode()
        parts = urlsplit(answer["Location"])
        return self.desk.get(f"{parts.path}?{parts.query}")

    def enter(self, code: str, *, next_path: str = "", **more: str) -> Any:
        """The whole way; returns the desk's last answer."""
        return self.finish(self.send(self.choose(self.begin(next_path), code, **more)))


def session_data(client: HostClient) -> dict[str, Any]:
    """What the session of the browser holds."""
    with in_schema(client.schema):
        return dict(client.session.items())


def signed_in(client: HostClient) -> bool:
    """Whether the next page knows her."""
    return "_auth_user_id" in session_data(client)
