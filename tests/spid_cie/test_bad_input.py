"""Whatever is sent to the consumer: a plain refusal, no cookie, no trace of a login, and never a fault of ours."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from integrations.spid_cie.models import HandoverCode, SamlExchange
from integrations.spid_cie.saml.response import MAX_BYTES
from integrations.spid_cie.simulator import answers
from tenants.current import PUBLIC, in_schema
from tests.spid_cie.browser import access_client
from tests.spid_cie.open_login import OpenLogin, refusal

FORM = "application/x-www-form-urlencoded"
ACS = "/spid/acs"


def _post(body: str | bytes, content_type: str = FORM) -> Any:
    return access_client().post(ACS, body, content_type=content_type)


def _assert_refused(answer: Any, status: int = 403) -> None:
    assert (answer.status_code, answer.cookies) == (status, {})
    with in_schema(PUBLIC):
        assert not HandoverCode.objects.exists()


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options", "patch"])
def test_only_a_posted_form_is_read(login: OpenLogin, method: str) -> None:
    message = answers.encoded(login.signed())
    _assert_refused(getattr(access_client(), method)(f"{ACS}?{urlencode({'SAMLResponse': message})}"), 405)


def test_an_answer_in_the_address_is_not_read(login: OpenLogin) -> None:
    """Addresses end up in logs and histories."""
    message = urlencode({"SAMLResponse": answers.encoded(login.signed())})
    _assert_refused(access_client().post(f"{ACS}?{message}", "", content_type=FORM))


def test_one_message_and_no_more(login: OpenLogin) -> None:
    field = urlencode({"SAMLResponse": answers.encoded(login.signed())})
    for body in ("", "RelayState=x", f"{field}&{field}", f"{field}&SAMLResponse=", "samlresponse=x", "SAMLResponse"):
        _assert_refused(_post(body))
    assert login.outcomes() == []


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data; boundary=x", "multipart/form-data", "text/xml", "application/json", "text/plain", ""],
)
def test_no_other_kind_of_body_is_read(login: OpenLogin, content_type: str) -> None:
    field = urlencode({"SAMLResponse": answers.encoded(login.signed())})
    part = f'--x\r\nContent-Disposition: form-data; name="SAMLResponse"\r\n\r\n{field}\r\n--x--\r\n'
    _assert_refused(_post(part if "boundary" in content_type else field, content_type))


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "utf-7"])
def test_a_form_in_another_encoding_is_refused(login: OpenLogin, charset: str) -> None:
    field = urlencode({"SAMLResponse": answers.encoded(login.signed())})
    _assert_refused(access_client().generic("POST", ACS, field, f"{FORM}; charset={charset}"), 400)


def test_a_body_over_the_limit_is_not_parsed(db: None) -> None:
    _assert_refused(_post("SAMLResponse=" + "A" * (2 * MAX_BYTES)))
    _assert_refused(_post("SAMLResponse=" + "A" * (MAX_BYTES + 4)))
    _assert_refused(_post("SAMLResponse=x&" + "&".join(f"f{n}=" for n in range(6000))), 400)


def test_the_largest_message_is_read_and_one_more_sign_is_not(login: OpenLogin) -> None:
    """The limit is for the message as it travels, in base64."""
    message = login.signed() + b"<!---->"
    room = MAX_BYTES // 4 * 3 - len(message)
    assert refusal(message.replace(b"<!---->", b"<!--" + b"x" * (room + 1) + b"-->")) == "too_large"
    assert refusal(message.replace(b"<!---->", b"<!--" + b"x" * room + b"-->")) == "accepted"


BROKEN: dict[str, str] = {
    "empty": "",
    "blank": " \r\n ",
    "no base64": "%%%%",
    "half of it": "PD94bWwgdmVyc2lvbj0iMS4wIj8+PHg",
    "accents": "è",
    "a lone surrogate": "\ufffd",
    "a zero": "\x00",
    "base64 of nothing": "====",
    "no XML": base64.b64encode(b"hello").decode(),
    "JSON": base64.b64encode(b'{"a": 1}').decode(),
    "bytes": base64.b64encode(bytes(range(256))).decode(),
    "zeros": base64.b64encode(bytes(1000)).decode(),
    "an open tag": base64.b64encode(b"<a>").decode(),
    "no response": base64.b64encode(b"<a/>").decode(),
    "invalid UTF-8": base64.b64encode(b"<a>\xff\xfe\xc0</a>").decode(),
    "an unknown encoding": base64.b64encode(b'<?xml version="1.0" encoding="klingon"?><a/>').decode(),
    "a wrong encoding": base64.b64encode(b'<?xml version="1.0" encoding="utf-16"?><a/>').decode(),
    "UTF-7": base64.b64encode(b'<?xml version="1.0" encoding="utf-7"?>+ADw-a/+AD4-').decode(),
    "an unknown prefix": base64.b64encode(b"<q:a/>").decode(),
    "a processing instruction alone": base64.b64encode(b"<?x y?>").decode(),
    "XML 1.1 with a bell": base64.b64encode(b'<?xml version="1.1"?><a>&#7;</a>').decode(),
}


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN)
def test_what_is_no_message_is_refused(db: None, sent: str) -> None:
    _assert_refused(_post(urlencode({"SAMLResponse": sent})))
    with in_schema(PUBLIC):
        assert not SamlExchange.objects.exists()


@pytest.mark.parametrize("sent", ["%FF%FE", "%", "%u0041", "A%0", "%C0%80", "+", quote("\U0001f600")])
def test_percent_signs_that_mean_nothing_are_refused(db: None, sent: str) -> None:
    _assert_refused(_post(f"SAMLResponse={sent}".encode()))


def _start(login: OpenLogin) -> bytes:
    return (
        b'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
        b'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" InResponseTo="%s"' % login.row.request_id.encode()
    )


STATUS = b'<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
MONSTERS: dict[str, Callable[[bytes], bytes]] = {
    "deep": lambda start: start + b">" + b"<a>" * 20000 + b"</a>" * 20000 + b"</samlp:Response>",
    "just deep enough": lambda start: start + b">" + STATUS + b"<a>" * 250 + b"</a>" * 250 + b"</samlp:Response>",
    "many attributes": lambda start: (
        start + b"".join(b' a%d=""' % n for n in range(15000)) + b">" + STATUS + b"</samlp:Response>"
    ),
    "many namespaces": lambda start: (
        start + b"".join(b' xmlns:a%d="u%d"' % (n, n) for n in range(8000)) + b">" + STATUS + b"</samlp:Response>"
    ),
    "many children": lambda start: start + b">" + STATUS + b"<saml:Issuer/>" * 12000 + b"</samlp:Response>",
    "many assertions": lambda start: start + b">" + STATUS + b"<saml:Assertion/>" * 10000 + b"</samlp:Response>",
    "a long name": lambda start: start + b">" + STATUS + b"<" + b"a" * 60000 + b"/></samlp:Response>",
    "a long value": lambda start: start + b' Version="' + b"2" * 150000 + b'">' + STATUS + b"</samlp:Response>",
    "many statuses": lambda start: start + b">" + STATUS * 1500 + b"</samlp:Response>",
    "another root": lambda start: start.replace(b"Response ", b"LogoutResponse ") + b"/>",
    "no namespace": lambda start: start.replace(b"samlp:Response", b"Response") + b"/>",
}


@pytest.mark.parametrize("monster", MONSTERS.values(), ids=MONSTERS)
def test_monsters_are_refused_and_the_login_stays_open(login: OpenLogin, monster: Callable[[bytes], bytes]) -> None:
    _assert_refused(login.send(monster(_start(login))))
    assert login.comes_in()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_another_encoding_is_xml_too(login: OpenLogin, encoding: str) -> None:
    """Told in its first line, it is read like any other: signatures are made over the letters, not the bytes."""
    declared = encoding.replace("utf-8-sig", "utf-8")
    words = f'<?xml version="1.0" encoding="{declared}"?>{login.signed().decode()}'
    assert refusal(words.encode(encoding)) == "accepted"
