"""How the real service is reached: secrets by name, a signed statement for the voucher, TLS alone; a guarded demo."""

import json
from base64 import urlsafe_b64decode
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from msgspec.structs import replace

from integrations.errors import AddressRefused, SecretMissing
from integrations.inps_isee.client import HttpInpsIsee
from integrations.inps_isee.errors import CredentialsRefused, InpsError, InpsUnavailable
from integrations.inps_isee.registering import KIND
from integrations.inps_isee.settings import PdndSettings
from integrations.inps_isee.types import Reply
from integrations.inps_isee.voucher import ASSERTION_TYPE, client_assertion, token_of, token_request
from integrations.models import Connector
from integrations.registry import connector_for
from integrations.typed_settings import SettingsInvalid, read_settings
from tests.inps_isee.test_messages import CHILD, GOOD, QUESTION

TOLD = PdndSettings(client_id="client-1", purpose_id="purpose-1", key_id="key-1")


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def part(text: str) -> Any:
    return json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_the_statement_for_the_voucher_is_signed(key: RSAPrivateKey, pem: bytes) -> None:
    header, claims, signature = client_assertion(TOLD, pem).split(".")
    signed = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    key.public_key().verify(signed, f"{header}.{claims}".encode(), PKCS1v15(), SHA256())
    assert part(header) == {"alg": "RS256", "kid": "key-1", "typ": "JWT"}
    said = part(claims)
    assert (said["iss"], said["sub"], said["purposeId"], said["exp"] - said["iat"]) == (
        "client-1",
        "client-1",
        "purpose-1",
        120,
    )
    assert said["aud"] == "auth.interop.pagopa.it/client-assertion"


def test_the_voucher_is_asked_for_with_a_form() -> None:
    assert parse_qs(token_request(TOLD, "a.b.c").decode()) == {
        "client_id": ["client-1"],
        "client_assertion": ["a.b.c"],
        "client_assertion_type": [ASSERTION_TYPE],
        "grant_type": ["client_credentials"],
    }


@pytest.mark.parametrize("lacking", ["client_id", "purpose_id", "key_id"])
def test_no_line_is_opened_without_its_settings(lacking: str) -> None:
    told = {"client_id": "client-1", "purpose_id": "purpose-1", "key_id": "key-1"}
    with pytest.raises(SettingsInvalid):
        read_settings({**told, lacking: ""}, PdndSettings)


def test_a_key_that_is_none_is_told_as_such() -> None:
    with pytest.raises(CredentialsRefused):
        client_assertion(TOLD, b"not a key")


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply(503, b""), InpsUnavailable),
        (Reply(429, b""), InpsUnavailable),
        (Reply(400, b'{"access_token": "x"}'), CredentialsRefused),
        (Reply(200, b"no"), CredentialsRefused),
        (Reply(200, b'{"access_token": "x\\r\\nHost: y"}'), CredentialsRefused),
    ],
)
def test_no_voucher_without_a_good_answer(reply: Reply, failure: type[InpsError]) -> None:
    with pytest.raises(failure):
        token_of(reply)
    assert token_of(Reply(200, b'{"access_token": "ey.j.w"}')) == "ey.j.w"


def test_a_question_goes_out_with_voucher_and_action(pem: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, dict[str, str]]] = []

    def post(self: Any, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        sent.append((url, headers))
        return Reply(200, b'{"access_token": "ey.j.w"}' if "token" in url else GOOD)

    monkeypatch.setattr(HttpInpsIsee, "_post", post)
    answer = HttpInpsIsee(TOLD, pem.decode).consult(QUESTION)
    assert answer.attestation is not None
    assert CHILD in answer.attestation.members
    assert [url for url, _headers in sent] == [TOLD.token_url, TOLD.endpoint]
    assert sent[1][1] == {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": '"http://inps.it/ConsultazioneISEE/ISvcConsultazione/ConsultazioneAttestazione"',
        "Authorization": "Bearer ey.j.w",
    }


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "https://elsewhere.example/x", "https://a@api.inps.it/x", "x"])
def test_nothing_is_sent_without_tls_nor_elsewhere(url: str) -> None:
    with pytest.raises(AddressRefused):
        HttpInpsIsee(TOLD, str)._post(url, b"", {})


def test_who_does_not_answer_is_asked_again(settings: Any) -> None:
    settings.CONNECTOR_HOSTS = ["127.0.0.1"]
    with pytest.raises(InpsUnavailable) as caught:
        HttpInpsIsee(replace(TOLD, seconds=2), str)._post("https://127.0.0.1:9/x", b"", {})
    assert (caught.value.why, caught.value.permanent) == ("unreachable", False)


def test_a_client_certificate_that_is_none_is_told_as_such(bari: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONNECTOR_SECRET_C_A662_INPS_CERTIFICATE", "not a certificate")
    with pytest.raises(CredentialsRefused):
        HttpInpsIsee(replace(TOLD, certificate_name="inps-certificate"), str)._context()
    with pytest.raises(SecretMissing):
        HttpInpsIsee(replace(TOLD, certificate_name="nobody-set-this"), str)._context()


def test_the_line_of_a_comune_is_its_row(bari: object, pem: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and the name of the key stand in the row, the key where the installation keeps it."""
    monkeypatch.setenv("CONNECTOR_SECRET_C_A662_PDND_KEY", pem.decode())
    told = {"client_id": "c", "purpose_id": "p", "key_id": "k", "daily_limit": 7}
    Connector.objects.create(kind=KIND, adapter="pdnd", settings=told, secret_name="pdnd-key", enabled=True)
    line = connector_for(KIND)
    assert (line.settings.client_id, line.settings.daily_limit, line.client._key()) == ("c", 7, pem.decode())


def test_trying_the_line_asks_for_a_voucher_and_nothing_of_inps(pem: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def post(self: Any, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        asked.append(url)
        return Reply(200, b'{"access_token": "ey.j.w"}')

    monkeypatch.setattr(HttpInpsIsee, "_post", post)
    HttpInpsIsee(TOLD, pem.decode).probe()
    assert asked == [TOLD.token_url]
