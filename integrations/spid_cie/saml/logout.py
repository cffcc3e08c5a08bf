"""The provider ends a session: its signed request, our signed answer (SPID technical rules, single-logout)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.logout_request import OneLogin_Saml2_Logout_Request
from onelogin.saml2.logout_response import OneLogin_Saml2_Logout_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from integrations.spid_cie.saml.names import ENTITY, SUCCESS, saml, samlp
from integrations.spid_cie.saml.received import SKEW, instant
from integrations.spid_cie.saml.response import SIGNATURE_CODES, Refused
from integrations.spid_cie.saml.toolkit import request_data

MAX_CHARACTERS: Final = 16 * 1024
READABLE: Final = (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, etree.Error, ValueError, TypeError)


class LogoutRequest(OneLogin_Saml2_Logout_Request):  # type: ignore[misc]  # the toolkit has no types
    """Read from the address that the provider sent the browser to."""


class LogoutResponse(OneLogin_Saml2_Logout_Response):  # type: ignore[misc]  # the toolkit has no types
    """SPID wants the format and the qualifier of the issuer, which the toolkit leaves out."""

    _logout_response: str

    def build(self, in_response_to: str, status: str = SUCCESS) -> None:
        """Writes the answer to a request."""
        super().build(in_response_to, status)
        us = self._settings.get_sp_data()["entityId"]
        root = etree.fromstring(self._logout_response.encode())
        issuer = root.find(saml("Issuer"))
        if issuer is not None:
            issuer.set("Format", ENTITY)
            issuer.set("NameQualifier", us)
        self._logout_response = etree.tostring(root, encoding="unicode")


@dataclass(frozen=True, slots=True)
class Asked:
    """A verified request to end the sessions of a NameID."""

    request_id: str
    name_id: str


def issuer_of(encoded: str) -> str:
    """Who says to be asking; not verified. Raises Refused for what cannot be read."""
    try:
        if len(encoded) > MAX_CHARACTERS:
            raise Refused("too_large")
        return str(LogoutRequest.get_issuer(LogoutRequest(None, encoded).get_xml()) or "")
    except READABLE as error:
        raise Refused("not_xml") from error


def verified(
    settings: OneLogin_Saml2_Settings, *, url: str, query: dict[str, str], query_string: str, now: datetime
) -> Asked:
    """What the provider asks, its signature verified over the query as it was sent. Raises Refused."""
    if not query.get("Signature"):
        raise Refused("unsigned")
    try:
        request = LogoutRequest(settings, query["SAMLRequest"])
        data = {**request_data(url), "get_data": query, "query_string": query_string}
        auth = OneLogin_Saml2_Auth({**data, "validate_signature_from_qs": True}, old_settings=settings)
        if not auth.validate_request_signature(query):
            raise Refused("signature")
        request.is_valid(data, raise_exceptions=True)
        root = etree.fromstring(request.get_xml().encode())
        name_id = str(LogoutRequest.get_nameid(request.get_xml()) or "")
    except OneLogin_Saml2_ValidationError as error:
        raise Refused(SIGNATURE_CODES.get(error.code, f"toolkit_{error.code}")) from error
    except READABLE as error:
        raise Refused("not_xml") from error
    _checked(root, url=url, now=now)
    return Asked(str(root.get("ID")), name_id)


def answer(settings: OneLogin_Saml2_Settings, asked: Asked, *, url: str, relay_state: str | None) -> str:
    """The address that brings the browser back to the provider with our signed answer."""
    response = LogoutResponse(settings)
    response.build(asked.request_id)
    parameters = {"SAMLResponse": response.get_response()}
    if relay_state is not None:
        parameters["RelayState"] = relay_state
    auth = OneLogin_Saml2_Auth(request_data(url), old_settings=settings)
    auth.add_response_signature(parameters)
    target = settings.get_idp_slo_response_url() or settings.get_idp_slo_url()
    return f"{target}{'&' if '?' in target else '?'}{urlencode(parameters)}"


def _checked(root: Any, *, url: str, now: datetime) -> None:
    """What the toolkit checks by prefix or not at all."""
    issued = instant(root.get("IssueInstant"))
    if root.tag != samlp("LogoutRequest") or root.get("Version") != "2.0" or not root.get("ID"):
        raise Refused("logout_request")
    if issued is None or abs(issued - now) > SKEW * 5:
        raise Refused("logout_issue_instant")
    if root.get("Destination") != url:
        raise Refused("logout_destination")
