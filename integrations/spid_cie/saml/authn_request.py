"""The request that asks a provider to authenticate somebody (SPID technical rules, single-sign-on)."""

from datetime import datetime
from secrets import token_hex
from typing import Final

from lxml import etree
from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from integrations.spid_cie.saml.names import ENTITY, SAML, SAMLP, SPID, TRANSIENT, level_uri, saml, samlp

NO_UPPER_LIMIT: Final = 99


class AuthnRequest(OneLogin_Saml2_Authn_Request):  # type: ignore[misc]  # the toolkit has no types
    """Signed and sent by the toolkit; the XML is ours, because SPID forbids half of what the toolkit writes.

    Level `level` or higher, fresh authentication, the answer to the first consumer of the metadata. With
    `minimum_age` the provider lets nobody younger through (AgID, determinazione 51/2022).
    """

    def __init__(
        self, settings: OneLogin_Saml2_Settings, *, level: int, minimum_age: int | None, is_cie: bool, now: datetime
    ) -> None:
        self._settings = settings
        self._id = f"_{token_hex(16)}"
        self._authn_request = self._written(level=level, minimum_age=minimum_age, is_cie=is_cie, now=now)

    def _written(self, *, level: int, minimum_age: int | None, is_cie: bool, now: datetime) -> str:
        us = self._settings.get_sp_data()["entityId"]
        root = etree.Element(samlp("AuthnRequest"), nsmap={"samlp": SAMLP, "saml": SAML})
        root.set("ID", self._id)
        root.set("Version", "2.0")
        root.set("IssueInstant", now.strftime("%Y-%m-%dT%H:%M:%SZ"))
        root.set("Destination", self._settings.get_idp_sso_url())
        root.set("ForceAuthn", "true")
        root.set("AssertionConsumerServiceIndex", "0")
        root.set("AttributeConsumingServiceIndex", "0")
        issuer = etree.SubElement(root, saml("Issuer"), Format=ENTITY, NameQualifier=us)
        issuer.text = us
        if minimum_age is not None and not is_cie:
            _limit_age(root, minimum_age)
        etree.SubElement(root, samlp("NameIDPolicy"), Format=TRANSIENT)
        context = etree.SubElement(root, samlp("RequestedAuthnContext"), Comparison="minimum")
        etree.SubElement(context, saml("AuthnContextClassRef")).text = level_uri(level)
        return etree.tostring(root, encoding="unicode")


def _limit_age(root: etree._Element, minimum_age: int) -> None:  # lxml names the type so
    extensions = etree.SubElement(root, samlp("Extensions"))
    limit = etree.SubElement(extensions, f"{{{SPID}}}AgeLimit", nsmap={"spid": SPID})
    etree.SubElement(limit, f"{{{SPID}}}MinAge").text = str(minimum_age)
    etree.SubElement(limit, f"{{{SPID}}}MaxAge").text = str(NO_UPPER_LIMIT)
