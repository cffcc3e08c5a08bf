"""The citizen's way: the statement, the choice, Checkout and back. Only a receipt makes anything paid."""

import re
from datetime import UTC, date, datetime, timedelta
from threading import Event as Signal
from threading import Thread
from time import sleep
from typing import Any, Final
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse

from integrations.pagopa.models import CreditorInstitution
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.carts.models import Cart
from sportello.billing.carts.taking_back import take_back
from sportello.billing.debts.models import DebtPosition, PositionState
from sportello.billing.debts.opening import Collected
from sportello.billing.models import LedgerAccount
from sportello.billing.receipts import answering
from sportello.billing.receipts.models import Message
from sportello.billing.receipts.settling import settle
from sportello.kernel import clock
from tenants.current import current_schema, in_schema
from tenants.models import Municipality
from tests.accounts.test_sessions import entered
from tests.accounts.test_supporting import start
from tests.billing import node
from tests.billing.carts.conftest import Counter
from tests.billing.node import Node
from tests.comuni import HostClient
from tests.factories import account, citizen, family
from tests.factories.charging import service_of
from tests.factories.paying import charge, institution, position, receipt
from tests.factories.people import Family

STATEMENT: Final = 47
"""The queries of the statement, whatever the family."""


@pytest.fixture
def home(bari: Municipality) -> Family:
    institution(bari)
    service_of("mensa", "meals")
    service_of("trasporto")
    made = family(children=2)
    charge(made.children[0], 500)
    charge(made.children[1], 700, service="trasporto")
    return made


@pytest.fixture
def parent(home: Family, bari_client: HostClient) -> HostClient:
    bari_client.force_login(home.account)
    return bari_client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\N{NO-BREAK SPACE}", " ")


def offered(client: HostClient) -> tuple[list[str], str]:
    page = client.get("/area/dovuto/").content.decode()
    (token,) = re.findall(r'name="token" value="([^"]+)"', page)
    return re.findall(r'name="voce" value="([^"]+)"', page), token


def chosen(client: HostClient) -> Cart:
    keys, token = offered(client)
    answer = client.post("/area/pagamenti/", {"voce": keys, "token": token})
    assert answer.status_code == 302
    return Cart.objects.latest("pk")


def test_the_statement_says_what_is_due_and_offers_it(parent: HostClient) -> None:
    text = text_of(parent.get("/area/dovuto/"))
    assert "Da pagare in tutto 12,00 €" in text
    assert "Paga le voci scelte" in text
    assert len(offered(parent)[0]) == 2


def test_a_cart_shows_the_total_before_one_leaves(parent: HostClient) -> None:
    cart = chosen(parent)
    text = text_of(parent.get(reverse("carts:cart", args=[cart.public_id])))
    assert "Totale 12,00 €" in text
    assert "Vai a pagare 12,00 €" in text


def test_the_browser_is_sent_where_checkout_says_and_is_not_followed(parent: HostClient, checkout: Counter) -> None:
    cart = chosen(parent)
    go = reverse("carts:go", args=[cart.public_id])
    answer = parent.get(go)
    assert (answer.status_code, answer["Location"]) == (302, "http://127.0.0.1/carrello/1")
    (sent,) = checkout.carts
    assert sent["idCart"] == str(cart.public_id)
    assert sorted(notice["amount"] for notice in sent["paymentNotices"]) == [500, 700]
    assert sent["returnUrls"]["returnWaitingUrl"].endswith(f"/area/pagamenti/{cart.public_id}/esito/attesa/")
    assert parent.get(go)["Location"] == "http://127.0.0.1/carrello/1"  # a second click: the same page
    assert len(checkout.carts) == 1


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("ok", "In verifica"),
        ("attesa", "In verifica"),
        ("annullato", "Non hai pagato"),
        ("errore", "Il pagamento non è riuscito"),
    ],
)
def test_a_browser_that_comes_back_pays_nothing(parent: HostClient, checkout: Counter, how: str, words: str) -> None:
    cart = chosen(parent)
    parent.get(reverse("carts:go", args=[cart.public_id]))
    answer = parent.get(reverse("carts:back", args=[cart.public_id, how]), follow=True)
    assert words in text_of(answer)
    assert set(DebtPosition.objects.values_list("state", flat=True)) == {PositionState.VALID}
    assert sum(LedgerAccount.objects.values_list("balance_cents", flat=True)) == -1200


def test_the_page_looks_again_until_the_receipts_are_here(parent: HostClient, checkout: Counter) -> None:
    cart = chosen(parent)
    address = reverse("carts:cart", args=[cart.public_id])
    parent.get(reverse("carts:go", args=[cart.public_id]))
    assert "Refresh" not in parent.get(address)
    parent.get(reverse("carts:back", args=[cart.public_id, "ok"]))
    assert parent.get(address)["Refresh"] == "10"
    assert offered_none(parent)
    first, second = cart.notices.all()
    settle(receipt_id=receipt(first.option).pk, now=clock.now())
    assert "In verifica" in text_of(parent.get(address))
    settle(receipt_id=receipt(second.option).pk, now=clock.now())
    page = parent.get(address)
    assert "Refresh" not in page
    assert "La ricevuta di pagoPA è arrivata" in text_of(page)
    assert parent.get(address, headers={"HX-Request": "true"}).status_code == 286
    assert "Da pagare in tutto 0,00 €" in text_of(parent.get("/area/dovuto/"))


def offered_none(client: HostClient) -> bool:
    page = client.get("/area/dovuto/").content.decode()
    return 'name="voce"' not in page and "Aspettiamo la ricevuta" in page


def test_a_receipt_that_comes_before_the_browser(parent: HostClient, checkout: Counter) -> None:
    cart = chosen(parent)
    parent.get(reverse("carts:go", args=[cart.public_id]))
    for notice in cart.notices.all():
        settle(receipt_id=receipt(notice.option).pk, now=clock.now())
    answer = parent.get(reverse("carts:back", args=[cart.public_id, "attesa"]), follow=True)
    assert "La ricevuta di pagoPA è arrivata" in text_of(answer)


def test_without_a_receipt_it_may_be_paid_again_after_a_while(
    parent: HostClient, checkout: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    cart = chosen(parent)
    parent.get(reverse("carts:back", args=[cart.public_id, "ok"]))
    assert offered_none(parent)
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert len(offered(parent)[0]) == 2
    assert "Refresh" not in parent.get(reverse("carts:cart", args=[cart.public_id]))


def test_when_checkout_does_not_answer_nothing_is_lost(parent: HostClient, checkout: Counter) -> None:
    cart = chosen(parent)
    checkout.refuses = True
    answer = parent.get(reverse("carts:go", args=[cart.public_id]), follow=True)
    assert "Puoi riprovare" in text_of(answer)
    checkout.refuses = False
    assert parent.get(reverse("carts:go", args=[cart.public_id]))["Location"].startswith("http://127.0.0.1/")


def test_after_leaving_checkout_one_goes_there_anew(parent: HostClient, checkout: Counter) -> None:
    cart = chosen(parent)
    parent.get(reverse("carts:go", args=[cart.public_id]))
    parent.get(reverse("carts:back", args=[cart.public_id, "annullato"]))
    assert parent.get(reverse("carts:go", args=[cart.public_id]))["Location"].endswith("/carrello/2")


def moved(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    later = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: later)


def undo(client: HostClient, cart: Cart) -> str:
    return text_of(client.post(reverse("carts:undo", args=[cart.public_id]), follow=True))


def test_a_cart_left_behind_locks_nothing_the_next_day(
    parent: HostClient, checkout: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Left at Checkout and never heard of again, then chosen in two tabs: the same notices, payable."""
    cart = chosen(parent)
    parent.get(reverse("carts:go", args=[cart.public_id]))
    moved(monkeypatch, timedelta(days=1))
    keys, token = offered(parent)
    assert len(keys) == 2
    others = []
    for each in (token, str(uuid4())):
        parent.post("/area/pagamenti/", {"voce": keys, "token": each})
        others.append(Cart.objects.latest("pk"))
    assert len({one.pk for one in (cart, *others)}) == 3
    assert DebtPosition.objects.count() == 2
    for one in (cart, *others):
        assert "Vai a pagare 12,00 €" in text_of(parent.get(reverse("carts:cart", args=[one.public_id])))
        assert parent.get(reverse("carts:go", args=[one.public_id])).status_code == 302
    assert len(checkout.carts) == 4


def test_of_a_sum_that_is_overdue_in_part_the_part_is_said(parent: HostClient, home: Family) -> None:
    charge(home.children[0], 300, on=date(2026, 6, 30), now=datetime(2026, 7, 31, 8, tzinfo=UTC))
    words = text_of(parent.get("/area/dovuto/"))
    assert "di cui 3,00 € da pagare entro il 30/08/2026 Scaduto in parte 8,00 €" in words
    assert "Di cui scaduto 3,00 €" in words


@pytest.mark.parametrize("address", ["carts:choose", "carts:plan"])
def test_who_opens_the_address_of_a_choice_finds_the_list(parent: HostClient, address: str) -> None:
    answer = parent.get(reverse(address), headers={"accept": "text/html"}, follow=True)
    assert answer.redirect_chain[-1] == ("/area/dovuto/", 302)


def test_notices_of_a_cart_are_taken_back(parent: HostClient, home: Family) -> None:
    """What the office has issued stays; the sums are chosen anew, one at a time; the old page says that all is gone."""
    charge(home.children[0], 900, service="trasporto")
    kept = position(home.parent, Collected(home.children[0].pk, "trasporto", 900))
    cart = chosen(parent)
    page = parent.get(reverse("carts:cart", args=[cart.public_id])).content.decode()
    assert reverse("carts:undo", args=[cart.public_id]) in page
    assert "Avvisi annullati" in undo(parent, cart)
    assert sorted(DebtPosition.objects.values_list("state", flat=True)) == ["INVALID", "INVALID", "VALID"]
    assert DebtPosition.objects.get(state=PositionState.VALID) == kept
    keys, _token = offered(parent)
    assert len(keys) == 3
    again = parent.get(reverse("carts:cart", args=[cart.public_id])).content.decode()
    assert "Vai a pagare 9,00" in again
    assert reverse("carts:undo", args=[cart.public_id]) not in again
    assert "nulla da riprendere" in undo(parent, cart)
    parent.post("/area/pagamenti/", {"voce": [one for one in keys if one.startswith("conto:")][:1]})
    assert Cart.objects.latest("pk").notices.count() == 1
    change = Event.objects.filter(action=Action.POSITION_CHANGED, details__what="invalidated")
    assert set(change.values_list("actor", flat=True)) == {home.account.pk}


@pytest.mark.parametrize("how", ["verify", "get", "checkout", "back", "receipt"])
def test_what_somebody_may_be_paying_is_not_taken_back(
    parent: HostClient, checkout: Counter, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    cart = chosen(parent)
    option = cart.notices.order_by("number")[0].option
    code = CreditorInstitution.objects.get().fiscal_code
    if how in {"verify", "get"}:
        Node().ask(getattr(node, how)(code, option.notice_number))
    elif how == "checkout":
        parent.get(reverse("carts:go", args=[cart.public_id]))
    elif how == "back":
        parent.get(reverse("carts:back", args=[cart.public_id, "annullato"]))
    else:
        receipt(option)
    assert "Riprova tra un quarto d'ora" in undo(parent, cart).replace("&#x27;", "'")
    assert set(DebtPosition.objects.values_list("state", flat=True)) == {PositionState.VALID}
    moved(monkeypatch, timedelta(minutes=16))
    assert ("Avvisi annullati" in undo(parent, cart)) is (how != "receipt")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_pay_and_take_back_at_once_one_is_told(
    parent: HostClient, home: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Node has read an open notice; before it has its answer the parent's taking back is on its way to the disk:
    the answer waits for it, and is that the notice is annulled.
    """
    cart = chosen(parent)
    option = cart.notices.order_by("number")[0].option
    code, schema = CreditorInstitution.objects.get().fiscal_code, current_schema()
    annulled, written = Signal(), answering.write

    def take_it_back() -> None:
        with in_schema(schema):
            with transaction.atomic():
                take_back(account=home.account, cart=cart, now=clock.now())
                annulled.set()
                sleep(0.3)
            connection.close()

    def late(**fields: Any) -> bool:
        monkeypatch.setattr(answering, "write", written)
        other.start()
        assert annulled.wait(10)
        return written(**fields)

    other = Thread(target=take_it_back)
    monkeypatch.setattr(answering, "write", late)
    assert Node().fault(node.get(code, option.notice_number)) == "PAA_PAGAMENTO_ANNULLATO"
    other.join()
    assert [(one.outcome, one.fault_code) for one in Message.objects.all()] == [("KO", "PAA_PAGAMENTO_ANNULLATO")]


def test_notices_of_another_are_not_taken_back(parent: HostClient, bari_client: HostClient) -> None:
    cart = chosen(parent)
    bari_client.force_login(citizen())
    assert bari_client.post(reverse("carts:undo", args=[cart.public_id])).status_code == 404
    assert set(DebtPosition.objects.values_list("state", flat=True)) == {PositionState.VALID}


def test_a_choice_that_cannot_be_paid_says_why(parent: HostClient) -> None:
    answer = parent.post("/area/pagamenti/", {"voce": ["conto:nessuno:1"], "token": str(uuid4())}, follow=True)
    assert "Una delle voci scelte è cambiata" in text_of(answer)
    answer = parent.post("/area/pagamenti/", {"token": str(uuid4())}, follow=True)
    assert "Non hai scelto nulla" in text_of(answer)


def test_a_cart_is_its_owners_alone(parent: HostClient, home: Family, bari_client: HostClient) -> None:
    cart = chosen(parent)
    bari_client.force_login(citizen())
    for name, more in (("cart", []), ("go", []), ("back", ["ok"])):
        assert bari_client.get(reverse(f"carts:{name}", args=[cart.public_id, *more])).status_code == 404


def test_support_looks_and_does_not_pay(bari_client: HostClient, home: Family) -> None:
    desk = entered(bari_client, account(Role.SUPPORT).identifier)
    start(desk, home.account)
    page = desk.get("/area/dovuto/").content.decode()
    assert "Paga le voci scelte" not in page
    assert desk.post("/area/pagamenti/", {"voce": ["x"]}).status_code == 403
    assert Cart.objects.count() == 0


@pytest.mark.parametrize(("children", "years"), [(1, 1), (3, 5)])
def test_the_statement_costs_the_same_for_a_month_and_for_five_years(
    bari: Municipality, bari_client: HostClient, django_assert_num_queries: Any, children: int, years: int
) -> None:
    """Each child is charged month by month and pays by pagoPA, but for the last month; another notice is open."""
    institution(bari)
    service_of("mensa", "meals")
    made = family(children=children)
    for minor in made.children:
        for year in range(2027 - years, 2027):
            for month in (1, 2, 3, 4, 5, 9, 10):
                charge(minor, 500, on=date(year, month, 28))
                notice = position(made.parent, Collected(minor.pk, "mensa", 500))
                settle(receipt_id=receipt(notice.options.get()).pk, now=clock.now())
        charge(minor, 700)
        position(made.parent, Collected(minor.pk, "mensa", 500))
    bari_client.force_login(made.account)
    bari_client.get("/area/dovuto/")
    with django_assert_num_queries(STATEMENT):
        text = text_of(bari_client.get("/area/dovuto/"))
    assert f"Da pagare in tutto {7 * children},00 €" in text
