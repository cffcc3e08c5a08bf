"""How the real service is reached: secrets by name, a signed statement for the voucher, TLS alone; a guarded demo."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from integrations.inps_isee.client import HttpInpsIsee
from integrations.inps_isee.deployment_checks import no_invented_attestations
from integrations.inps_isee.errors import InpsError, InpsUnavailable, SettingsMissing, word_of
from integrations.inps_isee.named_secrets import secret_named
from integrations.inps_isee.settings import InpsIseeSettings, Mode, VoucherSettings, settings_of_comune
from integrations.inps_isee.types import Reply
from integrations.inps_isee.voucher import ASSERTION_TYPE, client_assertion, token_of, token_request
from tests.inps_isee.test_messages import CHILD, GOOD, QUESTION

TOLD = VoucherSettings(client_id="client-1", purpose_id="purpose-1", key_id="key-1", key_secret="PDND_KEY")
SETTINGS = InpsIseeSettings(mode=Mode.PDND, voucher=TOLD)


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
def test_nothing_is_signed_without_its_settings(pem: bytes, lacking: str) -> None:
    with pytest.raises(SettingsMissing):
        client_assertion(replace(TOLD, **{lacking: ""}), pem)


def test_a_key_that_is_none_is_told_as_such() -> None:
    with pytest.raises(SettingsMissing):
        client_assertion(TOLD, b"not a key")


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply(503, b""), InpsUnavailable),
        (Reply(429, b""), InpsUnavailable),
        (Reply(400, b'{"access_token": "x"}'), SettingsMissing),
        (Reply(200, b"no"), SettingsMissing),
        (Reply(200, b'{"access_token": "x\\r\\nHost: y"}'), SettingsMissing),
    ],
)
def test_no_voucher_without_a_good_answer(reply: Reply, failure: type[InpsError]) -> None:
    with pytest.raises(failure):
        token_of(reply)
    assert token_of(Reply(200, b'{"access_token": "ey.j.w"}')) == "ey.j.w"


def test_a_mounted_secret_comes_before_the_environment(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECRETS_FOLDER = str(tmp_path)
    monkeypatch.setenv("PDND_KEY", "from the environment")
    assert secret_named("PDND_KEY") == b"from the environment"
    (tmp_path / "PDND_KEY").write_bytes(b"from the file")
    assert secret_named("PDND_KEY") == b"from the file"


@pytest.mark.parametrize("name", ["NOBODY_SET_THIS", "../etc/passwd", ""])
def test_a_secret_that_is_not_there_is_told_as_such(name: str) -> None:
    with pytest.raises(SettingsMissing):
        secret_named(name)


def test_a_question_goes_out_with_voucher_and_action(pem: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDND_KEY", pem.decode())
    sent: list[tuple[str, dict[str, str]]] = []

    def post(self: Any, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        sent.append((url, headers))
        return Reply(200, b'{"access_token": "ey.j.w"}' if "token" in url else GOOD)

    monkeypatch.setattr(HttpInpsIsee, "_post", post)
    answer = HttpInpsIsee(SETTINGS).consult(QUESTION)
    assert answer.attestation is not None
    assert CHILD in answer.attestation.members
    assert [url for url, _headers in sent] == [TOLD.token_url, SETTINGS.endpoint]
    assert sent[1][1] == {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": '"http://inps.it/ConsultazioneISEE/ISvcConsultazione/ConsultazioneAttestazione"',
        "Authorization": "Bearer ey.j.w",
    }


def test_without_tls_nothing_is_sent() -> None:
    with pytest.raises(SettingsMissing):
        HttpInpsIsee(SETTINGS)._post("http://127.0.0.1:9/x", b"", {})


def test_who_does_not_answer_is_asked_again() -> None:
    with pytest.raises(InpsUnavailable) as caught:
        HttpInpsIsee(replace(SETTINGS, timeout_seconds=2))._post("https://127.0.0.1:9/x", b"", {})
    assert (word_of(caught.value), caught.value.permanent) == ("unreachable", False)


def test_a_client_certificate_that_is_none_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERTIFICATE", "not a certificate")
    with pytest.raises(SettingsMissing):
        HttpInpsIsee(replace(SETTINGS, certificate_secret="CERTIFICATE"))._context()


def test_the_settings_come_from_the_environment(settings: Any) -> None:
    settings.INPS_ISEE = {**settings.INPS_ISEE, "mode": "pdnd", "client_id": "c", "daily_limit": 7}
    told = settings_of_comune()
    assert (told.mode, told.is_on, told.voucher.client_id, told.daily_limit) == (Mode.PDND, True, "c", 7)


@pytest.mark.parametrize(("mode", "found"), [("simulator", ["inps_isee.E001"]), ("pdnd", []), ("off", [])])
def test_the_simulator_is_refused_in_production(settings: Any, mode: str, found: list[str]) -> None:
    settings.INPS_ISEE = {**settings.INPS_ISEE, "mode": mode}
    assert no_invented_attestations() == []
    settings.DEBUG = settings.DEMO = settings.TESTING = False
    assert [fault.id for fault in no_invented_attestations()] == found
