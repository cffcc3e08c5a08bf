"""The Region's gateway: one due for each notice, receipts asked for one by one, exclusion seen to by us."""

from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from integrations.models import Connector
from sportello.billing.carts.models import Cart, CartNotice
from sportello.billing.debts.models import DebtPosition, OptionState, PositionState
from sportello.billing.debts.opening import Collected
from sportello.billing.models import LedgerAccount
from sportello.billing.publishing.models import GatewayCopy, Standing
from sportello.billing.publishing.polling import poll_all, poll_recent
from sportello.billing.publishing.sending import tell_waiting
from sportello.billing.receipts.settling import settle
from tenants.models import Municipality
from tests.billing import node
from tests.factories import family
from tests.factories.charging import service_of
from tests.factories.paying import NOW, charge, instalments, institution, position, receipt
from tests.factories.people import Family
from tests.pagopa.standing_in import Asked, StandIn
from tests.pagopa.ways import NOT_PAID, SOAP, ko, risposta

pytestmark = pytest.mark.django_db(transaction=True)
YES = (200, risposta("paaSILImportaDovuto", "<esito>OK</esito>"), {})


@pytest.fixture
def home(bari: Municipality, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> Family:
    institution(bari, adapter="mypay")
    monkeypatch.setenv(f"CONNECTOR_SECRET_{bari.schema_name}_X".upper(), "password")
    settings = {"url": f"{stand_in.url}/ws/fesp", "institution_code": "c_a662", "kinds": {"9/0107101TS/": "MENSA"}}
    Connector.objects.create(kind="pagopa", adapter="mypay", settings=settings, secret_name="x", enabled=True)
    service_of("mensa", "meals")
    made = family(children=1)
    charge(made.children[0], 1500)
    return made


def notice(home: Family, **fields: Any) -> DebtPosition:
    return position(home.parent, Collected(home.children[0].pk, "mensa", 1500), **fields)


def due_in(asked: Asked) -> tuple[str, str, str]:
    """Notice number, sum and action of a due that was sent."""
    packed = etree.fromstring(asked.body).findtext(f"{SOAP}Body/*/dovuto")
    due = etree.fromstring(b64decode(packed or ""))
    names = ("identificativoUnivocoDovuto", "importoSingoloVersamento", "azione")
    number, amount, action = (due.findtext(f".//{{*}}{name}") or "" for name in names)
    return number, amount, action


def paid(option: Any) -> bytes:
    code = option.transfers.all()[0].fiscal_code
    message = node.receipt(code, option.notice_number, option.amount_cents, f"rt-{option.notice_number}")
    return risposta("paaSILChiediPagatiConRicevuta", f"<pagati/><rt>{b64encode(message).decode()}</rt>")


def test_a_notice_becomes_a_due_and_its_payment_comes_back(home: Family, stand_in: StandIn) -> None:
    stand_in.answers[:] = [YES]
    held = notice(home)
    tell_waiting(now=NOW)
    option = held.options.get()
    assert due_in(stand_in.asked[0]) == (option.notice_number, "15.00", "I")
    stand_in.answers[:] = [(200, paid(option), {})]
    assert poll_all(now=NOW) == 1
    assert DebtPosition.objects.get(pk=held.pk).state == PositionState.PAID
    assert LedgerAccount.objects.get(child=home.children[0]).balance_cents == 0
    assert poll_all(now=NOW) == 0


def test_right_after_the_checkout_only_who_went_there_is_asked_about(home: Family, stand_in: StandIn) -> None:
    stand_in.answers[:] = [YES]
    held, _other = notice(home), notice(home)
    tell_waiting(now=NOW)
    cart = Cart.objects.create(account=family().account, key="k", created_at=NOW, sent_at=NOW)
    CartNotice.objects.create(cart=cart, option=held.options.get(), number=1, amount_cents=1500)
    stand_in.asked.clear()
    stand_in.answers[:] = [(200, NOT_PAID, {})]
    assert poll_recent(now=NOW + timedelta(minutes=5)) == 0
    assert len(stand_in.asked) == 1
    assert held.options.get().notice_number.encode() in stand_in.asked[0].body


def test_once_the_whole_is_paid_the_parts_are_closed_there(home: Family, stand_in: StandIn) -> None:
    stand_in.answers[:] = [YES]
    held = notice(home, instalments=instalments(500, 1000))
    tell_waiting(now=NOW)
    assert [due_in(one)[2] for one in stand_in.asked] == ["I", "I", "I"]
    stand_in.asked.clear()
    settle(receipt_id=receipt(held.options.get(number=0)).pk, now=NOW)
    tell_waiting(now=NOW)
    parts = list(held.options.filter(number__gt=0, state=OptionState.UNPAID))
    assert [due_in(one)[::2] for one in stand_in.asked] == [(part.notice_number, "A") for part in parts]
    assert GatewayCopy.objects.get(pk=held.pk).standing == Standing.SETTLED


def test_a_due_that_is_there_already_is_changed(home: Family, stand_in: StandIn) -> None:
    stand_in.answers[:] = [(200, ko("PAA_IMPORT_DOVUTO_ESISTENTE"), {}), YES]
    held = notice(home)
    tell_waiting(now=NOW)
    assert [due_in(one)[2] for one in stand_in.asked] == ["I", "M"]
    assert GatewayCopy.objects.get(pk=held.pk).standing == Standing.PUBLISHED


def test_a_service_without_a_kind_of_due_is_refused_with_what_to_do(home: Family, stand_in: StandIn) -> None:
    Connector.objects.update(settings={"url": f"{stand_in.url}/w", "institution_code": "c_a662", "kinds": {}})
    held = notice(home)
    tell_waiting(now=NOW)
    copy = GatewayCopy.objects.get(pk=held.pk)
    assert copy.refusal_code == "pagopa_position_unfit"
    assert "tipo di dovuto" in copy.refusal_words
    assert stand_in.asked == []
