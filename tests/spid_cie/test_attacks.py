"""Forged answers, with real signatures where the attacker would have them. After each the true answer still counts."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xmlsec
from lxml import etree

from integrations.spid_cie.beginning import digest
from integrations.spid_cie.certificates import bare, make_pair
from integrations.spid_cie.models import IdentityProvider
from integrations.spid_cie.saml.checks import ALL
from integrations.spid_cie.saml.names import DS, saml
from integrations.spid_cie.simulator import answers
from integrations.spid_cie.simulator.federation import pair_of
from sportello.accounts.models import Account
from sportello.kernel import clock
from tenants.current import PUBLIC, in_schema
from tests.spid_cie.browser import signed_in
from tests.spid_cie.cases import CONDITIONS, SECOND, attribute
from tests.spid_cie.crafting import Made, after, double, element, outcome, pair_named, say
from tests.spid_cie.odd_signatures import Oddly, Style, sign, with_path
from tests.spid_cie.open_login import OpenLogin, refusal
from tests.spid_cie.wrapping import WRAPS, Wrap, wrapped

SIGNED = {
    "response": {"assertion": False, "response": True},
    "assertion": {"assertion": True, "response": False},
    "both": {"assertion": True, "response": True},
}


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
@pytest.mark.parametrize("how", SIGNED.values(), ids=SIGNED)
def test_a_lie_wrapped_in_a_true_signature_is_refused(login: OpenLogin, how: dict[str, bool], wrap: Wrap) -> None:
    assert refusal(wrapped(login.signed(**how), wrap)) == "one_assertion"
    assert login.comes_in()
    assert login.outcomes() == ["one_assertion", "accepted"]


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
@pytest.mark.parametrize("how", SIGNED.values(), ids=SIGNED)
def test_wrapping_is_refused_even_without_the_counting_of_assertions(how: dict[str, bool], wrap: Wrap) -> None:
    """Not one line alone stands between a wrapped answer and a session."""
    made = Made(sign_assertion=how["assertion"], sign_response=how["response"])
    without = tuple(check for check in ALL if check.code != "one_assertion")
    refused_for = outcome(wrapped(made.text(), wrap), checks=without)
    assert refused_for in {"signature_reference", "schema", "unsigned", "signature", "toolkit_13"}


def test_a_value_changed_after_signing_is_refused(login: OpenLogin) -> None:
    code = login.code.encode()
    for changed in (
        login.signed().replace(code, b"RSSMRA80A01F205X"),
        login.signed(response=False).replace(code, b"RSSMRA80A01F205X"),
        login.signed().replace(b"Cittadina", b"Cittadino"),
        login.signed().replace(b"2000-01-01", b"1990-01-01"),
        login.signed(response=False).replace(b"SpidL2", b"SpidL3"),
    ):
        assert refusal(changed) == "signature"
    assert login.comes_in()


def test_a_true_assertion_in_a_response_changed_after_signing_is_refused(login: OpenLogin) -> None:
    """The signature of the response is optional, but one that is there must hold."""
    root = etree.fromstring(login.signed())
    root.set("Consent", "urn:x")
    assert refusal(etree.tostring(root)) == "signature"
    assert login.comes_in()


def test_a_key_that_only_the_answer_itself_vouches_for_is_refused(login: OpenLogin) -> None:
    """The thief's own key, with his certificate inside, made to look like the provider's."""
    issuer = login.row.provider.entity_id
    thief = make_pair(
        entity_id=issuer, organization="SPID", ipa_code="demo", city="Bari", now=clock.instant(), bits=2048
    )
    for how in SIGNED.values():
        message = answers.sign(answers.success(login.other_person()), thief, **how)
        assert refusal(message) == ("unsigned" if not how["assertion"] else "signature")
    assert login.comes_in()


def test_a_thiefs_response_around_a_true_assertion_of_another_login_is_refused(
    login: OpenLogin, begun: Callable[..., OpenLogin]
) -> None:
    """An assertion seen elsewhere, in a fresh response to one's own login."""
    seen = etree.fromstring(begun().signed(response=False)).find(saml("Assertion"))
    root = answers.success(login.answer())
    root.replace(root.find(saml("Assertion")), seen)
    assert refusal(etree.tostring(root)) == "confirmation_in_response_to"
    assert login.comes_in()


@pytest.mark.parametrize(
    "style",
    [Style(method=xmlsec.Transform.RSA_SHA1), Style(digest=xmlsec.Transform.SHA1)],
    ids=["signature", "digest"],
)
@pytest.mark.parametrize("response", [False, True])
def test_sha1_is_refused_even_from_the_provider_itself(style: Style, response: bool) -> None:
    assert outcome(Oddly(style, response).text()) == "weak_algorithm"


def _comment_at(message: bytes, value: str) -> bytes:
    words = value.encode()
    assert words in message
    return message.replace(words, words[:6] + b"<!-- x -->" + words[6:])


@pytest.mark.parametrize("of", ["NameID", "fiscalNumber"])
def test_a_comment_put_into_a_value_after_signing_changes_nothing(login: OpenLogin, of: str) -> None:
    """Signatures do not cover comments: what counts is that the whole value is read (the flaw of 2018)."""
    value = login.answer().name_id if of == "NameID" else login.code
    login.browser.finish(login.send(_comment_at(login.signed(), value)))
    assert signed_in(login.browser.desk)
    with in_schema(PUBLIC):
        login.row.refresh_from_db()
    assert login.row.name_id_digest == digest(login.answer().name_id)
    with in_schema("c_a662"):
        assert Account.objects.filter(identifier=login.code).count() == 1


def test_a_comment_cannot_make_a_person_out_of_another(login: OpenLogin) -> None:
    """Whoever gets `CODE<!-- -->X` certified is not the person of CODE."""

    def longer(root: Any) -> None:
        value = root.xpath(f"{attribute('fiscalNumber')}/saml:AttributeValue", namespaces={"saml": saml("")[1:-1]})[0]
        value.append(etree.Comment("x"))
        value[0].tail = "X"

    assert refusal(login.signed(longer)) == "fiscal_number"
    assert login.comes_in()


DOCTYPES = {
    "empty": b"<!DOCTYPE r>",
    "an entity": b'<!DOCTYPE r [<!ENTITY e "x">]>',
    "a file": b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "an address": b'<!DOCTYPE r [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x.dtd"> %e;]>',
    "an outer one": b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
    "a default attribute": b"<!DOCTYPE r [<!ATTLIST r ID ID #IMPLIED>]>",
}


@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=DOCTYPES)
def test_a_document_type_is_refused(login: OpenLogin, doctype: bytes) -> None:
    assert refusal(doctype + login.signed()) == "doctype"
    assert login.comes_in()


def test_entities_are_not_expanded(login: OpenLogin) -> None:
    """A file read into a name, and a thousand million laughs."""
    one = DOCTYPES["a file"] + login.signed().replace(b">Prova<", b">&e;<")
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
    many = b'<!DOCTYPE r [<!ENTITY l0 "ha">%s]>' % laughs + login.signed().replace(b">Prova<", b">&l9;<")
    assert {refusal(one), refusal(many)} <= {"doctype", "not_xml"}
    assert login.comes_in()


def test_an_attribute_told_twice_is_refused_signed_or_not(login: OpenLogin) -> None:
    assert refusal(login.signed(double(attribute("fiscalNumber")))) == "attribute_twice"
    root = etree.fromstring(login.signed())
    double(attribute("fiscalNumber"))(root)
    assert refusal(etree.tostring(root)) == "attribute_twice"
    assert login.comes_in()


def test_two_assertions_are_refused(login: OpenLogin) -> None:
    assert refusal(login.signed(after(CONDITIONS, f"<saml:Advice>{SECOND}</saml:Advice>"))) == "one_assertion"
    root = etree.fromstring(login.signed())
    root.append(element(SECOND))
    assert refusal(etree.tostring(root)) == "one_assertion"
    assert login.comes_in()


def test_an_encrypted_assertion_is_refused_without_touching_our_key(login: OpenLogin) -> None:
    root = answers.success(login.other_person())
    root.remove(root.find(saml("Assertion")))
    root.append(element("<saml:EncryptedAssertion/>"))
    assert refusal(answers.sign(root, pair_of("spid"))) == "encrypted"
    assert login.comes_in()


@pytest.mark.parametrize("how", [{"assertion": False, "response": False}, SIGNED["response"]])
def test_an_unsigned_assertion_is_refused(login: OpenLogin, how: dict[str, bool]) -> None:
    assert refusal(login.signed(**how)) == "unsigned"
    assert login.comes_in()


def test_a_signature_moved_to_another_element_is_refused(login: OpenLogin) -> None:
    root = etree.fromstring(login.signed(response=False))
    signature = next(root.iter(f"{{{DS}}}Signature"))
    root.find(saml("Issuer")).addnext(signature)
    assert refusal(etree.tostring(root)) == "signature_reference"
    assert login.comes_in()


def test_an_expired_certificate_that_is_still_registered_holds(login: OpenLogin) -> None:
    """The registry, not the date in a certificate, says whom we trust (AgID's test certificates expire often)."""
    old = make_pair(
        entity_id="x", organization="x", ipa_code="x", city="x", now=clock.instant().replace(year=2010), bits=2048
    )
    with in_schema(PUBLIC):
        IdentityProvider.objects.filter(pk=login.row.provider_id).update(certificates=[bare(old.certificate)])
    assert refusal(login.signed()) == "signature"
    assert refusal(answers.sign(answers.success(login.answer()), old)) == "accepted"


def test_a_registered_certificate_that_was_taken_out_holds_no_more(login: OpenLogin) -> None:
    """No restart needed: settings kept in the process follow the registry."""
    assert refusal(login.signed().replace(b"Prova", b"Altra")) == "signature"
    with in_schema(PUBLIC):
        fresh = [bare(pair_named("fresh").certificate)]
        IdentityProvider.objects.filter(pk=login.row.provider_id).update(certificates=fresh)
    assert refusal(login.signed()) == "signature"


def _strangers(login: OpenLogin, style: Style) -> bytes:
    """An answer with a signature that is nobody's: xmlsec would obey it before finding out."""
    root = answers.success(login.other_person())
    sign(root.find(saml("Assertion")), style, key="thief")
    return bytes(etree.tostring(root))


def test_a_strangers_signature_opens_no_file(login: OpenLogin, tmp_path: Path) -> None:
    """A pipe that nobody writes to would hold the process for ever, /dev/zero fill its memory."""
    readable = tmp_path / "x"
    readable.write_text("<x/>")
    message = _strangers(login, Style(uris=(None, f"file://{readable}"), transforms=(xmlsec.Transform.EXCL_C14N,)))
    readable.unlink()
    os.mkfifo(readable)
    assert refusal(message) == "signature_reference"
    assert login.comes_in()


def test_a_strangers_signature_runs_no_program(login: OpenLogin) -> None:
    """An XPath that takes minutes, in a signature that nobody we know has made."""
    slow = "count(//node()[count(//node()[count(//node()[count(//node())>1])>1])>1])>1"
    message = _strangers(login, Style(before=with_path("true()"))).replace(
        b"true()", slow.encode().replace(b">", b"&gt;")
    )
    assert refusal(message) == "signature_transforms"
    assert login.comes_in()


@pytest.mark.parametrize("code", [8, 19, 22, 25, 99])
@pytest.mark.parametrize("signed", [True, False])
def test_a_no_that_anybody_may_have_written_uses_nothing_up(login: OpenLogin, code: int, signed: bool) -> None:
    """Errors are read before any signature: they choose a sentence, and that is all."""
    message = login.error(code, signed=signed)
    assert refusal(message) == f"nr{code:02}"
    page = login.send(message)
    assert (page.status_code, page.cookies) == (403, {})
    assert login.comes_in()
    assert login.outcomes() == [f"nr{code:02}", f"nr{code:02}", "accepted"]


@pytest.mark.parametrize(
    "words", ["ErrorCode nr-1", "ErrorCode nr22<x/>", "<b>pay</b>", "ErrorCode nr" + "9" * 5000, "٢٢", ""]
)
def test_the_words_of_an_error_are_never_shown(login: OpenLogin, words: str) -> None:
    root = answers.error(login.answer(), 22)
    root.find(".//{*}StatusMessage").text = words
    page = login.send(etree.tostring(root))
    assert page.status_code == 403
    assert not words or words.encode() not in page.content
    assert login.outcomes() == ["nr00"]
    assert login.comes_in()


def test_a_no_inside_a_yes_is_no_way_around_the_signature(login: OpenLogin) -> None:
    """Success and failure at once, and neither: refused before anybody looks at the person."""
    root = etree.fromstring(login.signed())
    double("samlp:Status/samlp:StatusCode")(root)
    assert refusal(etree.tostring(root)) == "status"
    bare_root = etree.fromstring(login.signed())
    bare_root.remove(bare_root.find("{*}Status"))
    assert refusal(etree.tostring(bare_root)) == "status"
    assert login.comes_in()


def test_who_knows_a_login_can_tire_it_out_but_not_enter(login: OpenLogin) -> None:
    """Twenty bad answers, then no more are looked at; a new login is a click away."""
    forged = answers.sign(answers.success(login.other_person()), pair_named("thief"))
    assert [refusal(forged) for _time in range(22)] == ["signature"] * 20 + ["too_many"] * 2
    assert refusal(login.signed()) == "too_many"
    assert login.outcomes() == ["signature"] * 20
    assert OpenLogin.begin(login.browser.desk).comes_in()


@pytest.mark.parametrize("address", ["x", "a@b.it\nBcc: c@d.it", f"{'a' * 250}@b.it", "a@b.it, c@d.it"])
def test_an_address_that_cannot_be_written_to_is_as_good_as_none(login: OpenLogin, address: str) -> None:
    """A provider's slip neither keeps her out nor ends up in the headers of a mail."""
    email = f"{attribute('email')}/saml:AttributeValue"
    login.browser.finish(login.send(login.signed(say(email, address))))
    with in_schema("c_a662"):
        assert Account.objects.get(identifier=login.code).email == ""


def test_no_forged_answer_has_made_an_account(login: OpenLogin) -> None:
    forged = login.other_person()
    for how in SIGNED.values():
        refusal(answers.sign(answers.success(forged), pair_named("thief"), **how))
    with in_schema("c_a662"):
        assert not Account.objects.filter(identifier="RSSMRA80A01F205X").exists()
