"""The settings of python3-saml for one entity facing one provider."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from onelogin.saml2.settings import OneLogin_Saml2_Settings

from integrations.spid_cie.saml.names import POST, REDIRECT, RSA_SHA256, SHA256, TRANSIENT


@dataclass(frozen=True, slots=True)
class ServiceProvider:
    """Who we are: the entity and the addresses in its metadata. `key` and `certificate` are PEM."""

    entity_id: str
    consumer_url: str
    logout_url: str
    key: str
    certificate: str

    def __repr__(self) -> str:
        return f"ServiceProvider({self.entity_id})"  # a traceback must not carry the key


@dataclass(frozen=True, slots=True)
class Peer:
    """The provider that answers; any of its certificates may have signed."""

    entity_id: str
    sso_url: str
    slo_url: str
    certificates: tuple[str, ...]
    is_cie: bool


def settings_for(us: ServiceProvider, peer: Peer) -> OneLogin_Saml2_Settings:
    """Strict, assertions signed, nothing weaker than SHA-256. Raises OneLogin_Saml2_Error for facts that make none."""
    settings: dict[str, Any] = {
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": us.entity_id,
            "assertionConsumerService": {"url": us.consumer_url, "binding": POST},
            "singleLogoutService": {"url": us.logout_url, "binding": REDIRECT},
            "NameIDFormat": TRANSIENT,
            "x509cert": us.certificate,
            "privateKey": us.key,
        },
        "idp": {
            "entityId": peer.entity_id,
            "singleSignOnService": {"url": peer.sso_url, "binding": REDIRECT},
            "singleLogoutService": {"url": peer.slo_url or peer.sso_url, "binding": REDIRECT},
            "x509certMulti": {"signing": list(peer.certificates)},
        },
        "security": {
            "authnRequestsSigned": True,
            "logoutRequestSigned": True,
            "logoutResponseSigned": True,
            "wantMessagesSigned": False,  # the signature of the Response is optional in SPID, the Assertion's is not
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "wantAttributeStatement": True,
            "rejectDeprecatedAlgorithm": True,
            "failOnAuthnContextMismatch": False,  # the level is checked by `checks.level`
            "signatureAlgorithm": RSA_SHA256,
            "digestAlgorithm": SHA256,
            "allowSingleLabelDomains": True,
        },
    }
    return OneLogin_Saml2_Settings(settings, sp_validation_only=False)


def request_data(url: str) -> dict[str, str]:
    """What the toolkit wants to know of an HTTP request that came to this address."""
    parts = urlsplit(url)
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
    }
