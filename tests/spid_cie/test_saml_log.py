"""The SAML log: sealed, read on the record, kept 24 months and not a day more."""

from datetime import timedelta

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from integrations.spid_cie import tasks
from integrations.spid_cie.models import HandoverCode, LoginTransaction, SamlExchange
from integrations.spid_cie.saml.printing import printed
from integrations.spid_cie.saml_log import NumberUnknown, ReasonTooShort, forget_old, open_pairs
from sportello.audit.models import Action, Event
from sportello.kernel import clock
from tenants.current import in_schema
from tests.comuni import HostClient
from tests.factories import fiscal_code
from tests.spid_cie.browser import Login

WHY = "Richiesta di accesso agli atti 12/2026"


@pytest.fixture
def number(bari_client: HostClient) -> str:
    """The number of a login that succeeded."""
    Login(bari_client).enter(fiscal_code())
    return SamlExchange.objects.get().number


def reads() -> list[Event]:
    with in_schema(settings.CENTRAL_SCHEMA):
        return list(Event.objects.filter(action=Action.SAML_LOG_READ))


def test_an_opened_pair_is_readable_and_the_opening_is_on_record(number: str) -> None:
    (pair,) = open_pairs(number=f" {number.lower()} ", reason=f"  {WHY} ", actor=7, now=clock.now())
    assert pair.exchange.outcome == "accepted"
    assert pair.request.splitlines()[0].startswith("<samlp:AuthnRequest")
    assert "Response" in pair.response.splitlines()[0]
    assert len(pair.response.splitlines()) > 10
    assert [(event.actor, event.subject, event.details) for event in reads()] == [(7, number, {"reason": WHY})]


def test_at_rest_nothing_can_be_read(number: str) -> None:
    exchange = SamlExchange.objects.get()
    for sealed in (exchange.sealed_request, exchange.sealed_response):
        assert b"samlp" not in bytes(sealed)
        assert bytes(sealed).startswith(b"gAAAA")


@pytest.mark.parametrize("reason", ["", "   ", "perché sì", "         x"])
def test_without_a_reason_nothing_is_opened(number: str, reason: str) -> None:
    with pytest.raises(ReasonTooShort):
        open_pairs(number=number, reason=reason, actor=7, now=clock.now())
    assert reads() == []


def test_an_unknown_number_opens_nothing_and_leaves_no_record(number: str) -> None:
    with pytest.raises(NumberUnknown):
        open_pairs(number="AAAA-AAAA", reason=WHY, actor=7, now=clock.now())
    assert reads() == []


def test_kept_24_months_then_deleted(number: str) -> None:
    happened = SamlExchange.objects.get().happened_at
    assert forget_old(happened + timedelta(days=700)) == 0  # 23 months
    assert forget_old(happened + timedelta(days=730)) == 0
    assert SamlExchange.objects.count() == 1
    assert forget_old(happened + timedelta(days=731)) == 1
    assert SamlExchange.objects.count() == 0


def test_what_is_over_is_not_shown_even_before_it_is_deleted(number: str) -> None:
    end = SamlExchange.objects.get().delete_after
    with pytest.raises(NumberUnknown):
        open_pairs(number=number, reason=WHY, actor=7, now=end)


def test_logins_and_their_codes_vanish_the_day_after(number: str) -> None:
    login = LoginTransaction.objects.get()
    assert HandoverCode.objects.count() == 1
    forget_old(login.expires_at + timedelta(hours=23))
    assert LoginTransaction.objects.count() == 1
    forget_old(login.expires_at + timedelta(hours=25))
    assert (LoginTransaction.objects.count(), HandoverCode.objects.count()) == (0, 0)
    assert SamlExchange.objects.count() == 1


def test_the_task_of_the_night_deletes_what_is_over(number: str) -> None:
    SamlExchange.objects.create(
        number="OLDS-OLDS", schema_name="c_a662", scheme="spid", provider="https://idp", outcome="nr25",
        request_id="_1", sealed_request=b"x", sealed_response=b"y", happened_at=clock.now() - timedelta(days=735),
        delete_after=clock.now() - timedelta(days=4),
    )  # fmt: skip
    tasks.forget_exchanges()
    assert list(SamlExchange.objects.values_list("number", flat=True)) == [number]


def test_pairs_cost_a_fixed_number_of_queries(number: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = SamlExchange.objects.get()
    for _more in range(2):
        first.pk, first.response_id, first.assertion_id = None, None, None
        first.save(force_insert=True)
    with django_assert_num_queries(4):  # savepoint, pairs, event, release
        open_pairs(number=number, reason=WHY, actor=7, now=clock.now())


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (b"<a><b>1</b></a>", "<a>\n  <b>1</b>\n</a>"),
        (b"no xml at all", "no xml at all"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'),
        (b"\xff\xfe<", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}<"),
    ],
)
def test_a_message_is_printed_as_people_read_it(message: bytes, shown: str) -> None:
    assert printed(message) == shown
