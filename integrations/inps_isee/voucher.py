"""The PDND voucher: a signed statement of who we are and for which purpose, exchanged for a short-lived token."""

import json
from base64 import urlsafe_b64encode
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from integrations.inps_isee.errors import CredentialsRefused, InpsUnavailable
from integrations.inps_isee.settings import PdndSettings
from integrations.inps_isee.types import Reply
from sportello.kernel import clock

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFE: Final = 120  # seconds: it is used at once


def client_assertion(told: PdndSettings, pem: bytes) -> str:
    """The JWT that PDND verifies with the public key registered as `key_id`. Raises CredentialsRefused."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise CredentialsRefused from error
    if not isinstance(key, RSAPrivateKey):
        raise CredentialsRefused
    issued = int(clock.instant().timestamp())
    claims = {
        "iss": told.client_id,
        "sub": told.client_id,
        "aud": told.audience,
        "purposeId": told.purpose_id,
        "jti": str(uuid4()),
        "iat": issued,
        "exp": issued + LIFE,
    }
    signed = f"{_part({'alg': 'RS256', 'kid': told.key_id, 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_encoded(key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def token_request(told: PdndSettings, assertion: str) -> bytes:
    """The form posted to PDND."""
    return urlencode(
        {
            "client_id": told.client_id,
            "client_assertion": assertion,
            "client_assertion_type": ASSERTION_TYPE,
            "grant_type": "client_credentials",
        }
    ).encode()


def token_of(reply: Reply) -> str:
    """The voucher in PDND's answer. Raises InpsUnavailable when PDND is down, CredentialsRefused when it refuses."""
    if reply.status == 429 or reply.status >= 500:
        raise InpsUnavailable("pdnd_unavailable")
    try:
        token = json.loads(reply.body)["access_token"] if reply.status == 200 else ""
    except (ValueError, KeyError, TypeError) as error:
        raise CredentialsRefused from error
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise CredentialsRefused
    return token


def _part(content: dict[str, Any]) -> str:
    return _encoded(json.dumps(content, separators=(",", ":")).encode())


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
