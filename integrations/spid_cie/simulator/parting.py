"""The provider asks a service to end a session: a signed LogoutRequest by redirect."""

from datetime import datetime
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

import xmlsec
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from integrations.spid_cie.saml.names import ENTITY, MD, RSA_SHA256, SAML, SAMLP, TRANSIENT, saml, samlp
from integrations.spid_cie.simulator.answers import written
from integrations.spid_cie.simulator.federation import DemoProvider, pair_of
from integrations.spid_cie.simulator.models import IssuedIdentity


def logout_address(issued: IssuedIdentity, metadata: Any, *, now: datetime) -> str:
    """Where the browser goes: the service's single logout, with the request and its signature."""
    target = metadata.find(f".//{{{MD}}}SingleLogoutService").get("Location")
    us = DemoProvider(issued.scheme).entity_id
    root = etree.Element(samlp("LogoutRequest"), nsmap={"samlp": SAMLP, "saml": SAML})
    root.set("ID", f"_{token_hex(16)}")
    root.set("Version", "2.0")
    root.set("IssueInstant", written(now))
    root.set("Destination", target)
    etree.SubElement(root, saml("Issuer"), Format=ENTITY, NameQualifier=us).text = us
    etree.SubElement(root, saml("NameID"), Format=TRANSIENT, NameQualifier=us).text = issued.name_id
    message = OneLogin_Saml2_Utils.deflate_and_base64_encode(etree.tostring(root))
    parameters = {"SAMLRequest": message, "RelayState": issued.audience}
    return f"{target}?{signed_query(parameters, 'SAMLRequest', pair_of(issued.scheme).key.decode())}"


def signed_query(parameters: dict[str, str], message: str, key: str) -> str:
    """The query with algorithm and signature (SAML bindings, 3.4.4.1)."""
    query = OneLogin_Saml2_Auth._build_sign_query(  # noqa: SLF001  # how the toolkit itself puts a query together
        parameters[message], parameters.get("RelayState"), RSA_SHA256, message
    )
    signature = OneLogin_Saml2_Utils.sign_binary(query, key, xmlsec.constants.TransformRsaSha256)
    signed = {"SigAlg": RSA_SHA256, "Signature": OneLogin_Saml2_Utils.b64encode(signature)}
    return urlencode({**parameters, **signed})
