"""An answer counts once, for its own login, for the browser that began it, at the desk where it began."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection, transaction
from lxml import etree

from integrations.spid_cie import answering
from integrations.spid_cie.answering import redeem_code
from integrations.spid_cie.certificates import bare
from integrations.spid_cie.errors import AnswerRefused, LoginFailed
from integrations.spid_cie.models import HandoverCode, IdentityProvider, LoginTransaction, SamlExchange
from integrations.spid_cie.simulator import answers
from integrations.spid_cie.simulator.federation import pair_of
from sportello.accounts.views.entrance import NONCE
from sportello.kernel import clock
from tenants.current import PUBLIC, in_schema
from tests.comuni import HostClient
from tests.spid_cie.browser import signed_in
from tests.spid_cie.crafting import pair_named
from tests.spid_cie.open_login import OpenLogin, received, refusal

type Begun = Callable[..., OpenLogin]


def test_the_same_answer_twice_enters_once(login: OpenLogin) -> None:
    message = login.signed()
    assert [refusal(message), refusal(message)] == ["accepted", "replayed"]
    assert login.outcomes() == ["accepted", "replayed"]


def test_a_second_answer_to_the_same_login_does_not_enter(login: OpenLogin) -> None:
    assert [refusal(login.signed()), refusal(login.signed())] == ["accepted", "replayed"]


def test_the_same_assertion_in_another_response_does_not_enter(login: OpenLogin) -> None:
    message = login.signed(response=False)
    again = etree.fromstring(message)
    again.set("ID", "_another")
    assert [refusal(message), refusal(etree.tostring(again))] == ["accepted", "replayed"]


def _forget_the_use(login: OpenLogin) -> None:
    with in_schema(PUBLIC):
        LoginTransaction.objects.filter(pk=login.row.pk).update(used_at=None)
        HandoverCode.objects.filter(transaction=login.row).delete()


def test_the_log_remembers_an_answer_even_if_the_login_forgot(login: OpenLogin) -> None:
    """Two nets: the login is used up, and the two IDs may not come again."""
    message = login.signed(response=False)
    again = etree.fromstring(message)
    again.set("ID", "_another")
    assert refusal(message) == "accepted"
    _forget_the_use(login)
    assert [refusal(message), refusal(etree.tostring(again))] == ["replayed", "replayed"]
    with in_schema(PUBLIC):
        SamlExchange.objects.filter(number=login.row.number).update(response_id=None, assertion_id=None)
    assert refusal(message) == "accepted", "with both nets cut the replay would enter: they are what holds"


def _together(*deeds: Callable[[], None]) -> None:
    threads = [threading.Thread(target=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)


def _bari() -> HostClient:
    return HostClient("bari.localhost", "c_a662")


@pytest.mark.parametrize("same", [True, False], ids=["the same answer", "two answers"])
def test_of_two_answers_at_the_same_moment_one_enters(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, same: bool
) -> None:
    login, both_checked, outcomes = OpenLogin.begin(_bari()), threading.Barrier(2), []
    messages = [login.signed()] * 2 if same else [login.signed(), login.signed()]
    real = answering.identity_of

    def after_the_checks(*facts: Any) -> Any:
        both_checked.wait(timeout=10)
        return real(*facts)

    monkeypatch.setattr(answering, "identity_of", after_the_checks)

    def send(message: bytes) -> None:
        outcomes.append(refusal(message))
        connection.close()

    _together(*(lambda message=message: send(message) for message in messages))
    assert sorted(outcomes) == ["accepted", "replayed"]
    assert sorted(login.outcomes()) == ["accepted", "replayed"]


def test_of_two_browsers_with_the_same_code_one_enters(transactional_db: None) -> None:
    """The second waits for the row of the first, and must then look again."""
    login = OpenLogin.begin(_bari())
    code, nonce, outcomes = received(login.signed()).code, login.browser.desk.cookies[NONCE].value, []
    first_has_it = threading.Event()

    def redeem() -> str:
        try:
            redeem_code(code, nonce=nonce, schema="c_a662", now=clock.instant())
        except LoginFailed as error:
            return error.reason
        return "accepted"

    def first() -> None:
        with transaction.atomic():
            outcomes.append(redeem())
            first_has_it.set()
            time.sleep(0.5)
        connection.close()

    def second() -> None:
        first_has_it.wait(timeout=10)
        outcomes.append(redeem())
        connection.close()

    _together(first, second)
    assert outcomes == ["accepted", "code"]


def test_an_answer_that_nobody_asked_for_is_refused_and_leaves_no_trace(login: OpenLogin) -> None:
    for request_id in ("_unknown", "", login.row.number, "%", "_" * 200):
        unsolicited = replace(login.answer(), request_id=request_id)
        assert refusal(answers.sign(answers.success(unsolicited), pair_of("spid"))) == "unsolicited"
    root = answers.success(login.answer())
    del root.attrib["InResponseTo"]
    assert refusal(answers.sign(root, pair_of("spid"))) == "unsolicited"
    assert login.outcomes() == []


def test_an_answer_to_one_login_does_not_serve_another(login: OpenLogin, begun: Begun) -> None:
    """Neither wholly nor in halves."""
    other = begun()
    mixed = replace(login.answer(), request_id=other.row.request_id)
    root = answers.success(login.answer())
    root.set("InResponseTo", other.row.request_id)
    assert refusal(answers.sign(root, pair_of("spid"))) == "confirmation_in_response_to"
    assert refusal(answers.sign(answers.success(mixed), pair_of("spid"))) == "accepted"
    assert (login.outcomes(), other.outcomes()) == ([], ["confirmation_in_response_to", "accepted"])


def test_an_answer_for_another_comune_is_refused(login: OpenLogin, begun: Begun) -> None:
    """Same provider, same consumer address, another entity."""
    bitonto = begun("bitonto")
    stolen = replace(bitonto.answer(), audience=login.answer().audience)
    assert refusal(answers.sign(answers.success(stolen), pair_of("spid"))) == "audience"


def _another_provider() -> IdentityProvider:
    with in_schema(PUBLIC):
        return IdentityProvider.objects.create(
            scheme="spid",
            entity_id="https://b.example.it",
            name="B",
            sso_url="https://b.example.it/sso",
            certificates=[bare(pair_named("b").certificate)],
            environment="demonstration",
        )


def test_another_provider_of_the_federation_cannot_answer(login: OpenLogin) -> None:
    """B is trusted, but A was asked: as itself, as A, and by halves."""
    other = _another_provider()
    as_itself = replace(login.answer(), issuer=other.entity_id)
    assert refusal(answers.sign(answers.success(as_itself), pair_named("b"))) == "response_issuer"
    assert refusal(answers.sign(answers.success(login.answer()), pair_named("b"))) == "signature"
    half = answers.success(as_itself)
    half[0].text = login.row.provider.entity_id
    assert refusal(answers.sign(half, pair_named("b"))) == "assertion_issuer"
    assert refusal(answers.sign(answers.success(login.answer()), pair_of("cie"))) == "signature"
    assert login.comes_in()


def test_without_the_memory_of_who_was_asked_the_other_provider_would_answer(
    login: OpenLogin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection switched off: the answer of the test above enters."""
    other = _another_provider()
    expected_of, toolkit_settings = answering.expected_of, answering.toolkit_settings
    monkeypatch.setattr(
        answering, "expected_of", lambda login, now: replace(expected_of(login, now), provider=other.entity_id)
    )
    monkeypatch.setattr(answering, "toolkit_settings", lambda entity, _asked, now: toolkit_settings(entity, other, now))
    as_itself = replace(login.answer(), issuer=other.entity_id)
    assert refusal(answers.sign(answers.success(as_itself), pair_named("b"))) == "accepted"


def test_a_relay_state_of_somebody_elses_choosing_changes_nothing(begun: Begun) -> None:
    other = begun(next_path="/servizi/mensa/")
    for relay_state in ("http://evil.example.it", "//evil.example.it", other.row.number, "", "x" * 5000):
        login = begun(next_path="/servizi/trasporto/")
        answer = login.browser.finish(login.send(login.signed(), relay_state))
        assert answer["Location"] == "/servizi/trasporto/"
        assert signed_in(login.browser.desk)
    assert other.outcomes() == []


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example.it",
        "https://evil.example.it",
        "/\\evil.example.it",
        "\\\\evil.example.it",
        "/\t/evil.example.it",
        "javascript:alert(1)",
        "http:evil.example.it",
        "/accedi/?next=//evil.example.it",
        "/x" * 300,
    ],
)
def test_a_next_page_elsewhere_is_forgotten(begun: Begun, path: str) -> None:
    usual, login = begun(), begun(next_path=path)
    landed = [one.browser.finish(one.send(one.signed()))["Location"] for one in (usual, login)]
    assert landed[0] == landed[1]
    assert login.row.next_path == ""


def test_a_next_page_named_on_the_way_back_is_not_heard(login: OpenLogin) -> None:
    usual = login.send(login.signed())
    parts = urlsplit(usual["Location"])
    landed = login.browser.desk.get(f"{parts.path}?{parts.query}&next=//evil.example.it")
    assert "evil" not in landed["Location"]
    assert signed_in(login.browser.desk)


def _code_of(login: OpenLogin) -> str:
    return parse_qs(urlsplit(login.send(login.signed())["Location"]).query)["code"][0]


def _show(desk: HostClient, code: str) -> int:
    return int(desk.get("/accedi/fine/", {"code": code}).status_code)


def test_a_code_enters_once(login: OpenLogin) -> None:
    code, desk = _code_of(login), login.browser.desk
    assert [_show(desk, code), _show(desk, code)] == [302, 403]
    assert signed_in(desk), "the second time took nothing away"


def test_a_code_is_worth_nothing_at_another_comunes_desk(login: OpenLogin, bitonto_client: HostClient) -> None:
    code = _code_of(login)
    bitonto_client.cookies[NONCE] = login.browser.desk.cookies[NONCE].value
    assert _show(bitonto_client, code) == 403
    assert not signed_in(bitonto_client)
    assert _show(login.browser.desk, code) == 302


def test_a_code_is_worth_nothing_without_the_nonce_of_its_browser(login: OpenLogin, begun: Begun) -> None:
    """Nobody is logged in as somebody else by a link."""
    code, victim, fresh = _code_of(login), begun().browser.desk, _bari()
    assert [_show(victim, code), _show(fresh, code)] == [403, 403]
    assert not signed_in(victim)
    assert not signed_in(fresh)
    assert _show(login.browser.desk, code) == 302


@pytest.mark.parametrize(("seconds", "status"), [(0, 302), (59, 302), (60, 403), (61, 403), (3600, 403)])
def test_a_code_is_good_for_a_minute(login: OpenLogin, seconds: int, status: int) -> None:
    with time_machine.travel(clock.instant(), tick=False) as clock_hand:
        code = _code_of(login)
        clock_hand.shift(timedelta(seconds=seconds))
        assert _show(login.browser.desk, code) == status


@pytest.mark.parametrize("code", ["", "x", "x" * 5000, "\x00", "é", "%00"])
def test_an_invented_code_is_refused(login: OpenLogin, code: str) -> None:
    assert _show(login.browser.desk, code) == 403


def test_what_a_code_held_is_gone_once_it_was_shown(login: OpenLogin) -> None:
    _show(login.browser.desk, _code_of(login))
    with in_schema(PUBLIC):
        assert bytes(HandoverCode.objects.get(transaction=login.row).sealed_identity) == b""


def test_a_forged_answer_ends_nobodys_session(login: OpenLogin, begun: Begun) -> None:
    """Neither at the central host, nor with an invented code in her own browser."""
    assert login.comes_in()
    desk = login.browser.desk
    session = desk.cookies["sessionid"].value if "sessionid" in desk.cookies else None
    again = OpenLogin.begin(desk)
    for message in (again.error(25, signed=False), again.signed().replace(b"Prova", b"Altra"), b"<x/>", login.signed()):
        assert again.send(message).status_code == 403
    assert _show(desk, "invented") == 403
    assert signed_in(desk)
    assert session == (desk.cookies["sessionid"].value if "sessionid" in desk.cookies else None)
    with pytest.raises(AnswerRefused):
        received(b"<x/>")
