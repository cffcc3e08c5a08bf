"""One payment, once: twenty threads with one receipt, a database killed after the commit, a worker that is dead."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection

from integrations.pagopa.models import CreditorInstitution
from sportello.billing.debts.models import DebtPosition, PositionState
from sportello.billing.debts.opening import Collected
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.billing.receipts import station
from sportello.billing.receipts.models import Attribution, KeptAside, Message, Receipt
from sportello.billing.receipts.replaying import replay
from sportello.billing.receipts.settling import settle, settle_waiting
from tenants.current import in_schema
from tenants.models import Municipality
from tests.billing.node import Node, receipt, verify
from tests.databases import url_of
from tests.factories import family
from tests.factories.paying import NOW, charge, institution, position

SCHEMA = "c_a662"
THREADS = 20


@pytest.fixture
def ours(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[CreditorInstitution]:
    """Bari in a database that keeps what is committed; the worker is dead: no task is ever sent."""
    monkeypatch.setattr(station.settle_receipt, "apply_async", _broker_is_down)
    with in_schema(SCHEMA):
        yield institution(Municipality.objects.get(schema_name=SCHEMA))


def _broker_is_down(*_: object, **__: object) -> None:
    raise OSError("Connection refused")


@pytest.fixture
def owing(ours: CreditorInstitution) -> DebtPosition:
    """A notice of 45.00 that is owed."""
    home = family()
    charge(home.children[0], 4500)
    return position(home.parent, Collected(home.children[0].pk, "mensa", 4500))


def in_threads(work: Any, count: int = THREADS) -> list[Any]:
    """What each of so many threads found, all at once."""

    def one(number: int) -> Any:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def the_one_payment(made: DebtPosition) -> None:
    made.refresh_from_db()
    assert made.state == PositionState.PAID
    assert [entry.amount_cents for entry in Entry.objects.filter(kind=EntryKind.PAYMENT)] == [4500]
    assert (Receipt.objects.count(), Attribution.objects.count(), KeptAside.objects.count()) == (1, 1, 0)
    assert LedgerAccount.objects.get().balance_cents == 0
    assert replay().divergences == ()


def test_twenty_threads_bring_the_same_receipt(ours: CreditorInstitution, owing: DebtPosition) -> None:
    body = receipt(ours.fiscal_code, owing.options.get().notice_number, 4500, "r1")
    answers = in_threads(lambda _number: Node().fault(body))
    assert Counter(answers) == {"": 1, "PAA_RECEIPT_DUPLICATA": THREADS - 1}
    assert Message.objects.count() == THREADS
    key = Receipt.objects.get().pk

    def settles(_number: int) -> None:
        with in_schema(SCHEMA):
            settle(receipt_id=key, now=NOW)

    in_threads(settles)
    the_one_payment(owing)


def test_twenty_receipts_for_one_notice_pay_it_once(ours: CreditorInstitution, owing: DebtPosition) -> None:
    nav = owing.options.get().notice_number

    def pays(number: int) -> str:
        fault = Node().fault(receipt(ours.fiscal_code, nav, 4500, f"r{number}"))
        with in_schema(SCHEMA):
            settle_waiting(now=NOW)
        return fault

    assert set(in_threads(pays)) == {""}
    assert settle_waiting(now=NOW) == 0
    assert Attribution.objects.count() == 1
    assert list(KeptAside.objects.values_list("reason", "amount_cents")) == [("double", 4500)] * (THREADS - 1)
    assert LedgerAccount.objects.get().balance_cents == 0


def test_the_database_dies_between_commit_and_answer(
    ours: CreditorInstitution, owing: DebtPosition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Node hears nothing, or a failure, and asks again: the receipt is there, and pays once."""
    database = url_of(str(connection.settings_dict["NAME"]))

    def killed(*_: object, **__: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
        with psycopg.connect(database, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [backend])

    body = receipt(ours.fiscal_code, owing.options.get().notice_number, 4500, "r1")
    with monkeypatch.context() as dying:
        dying.setattr(station.settle_receipt, "apply_async", killed)
        Node(raise_request_exception=False).post(body)
    connection.close()
    assert Node().fault(body) == "PAA_RECEIPT_DUPLICATA"
    assert settle_waiting(now=NOW) == 1
    the_one_payment(owing)


def test_the_database_dies_before_the_commit(
    ours: CreditorInstitution, owing: DebtPosition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was kept, so nothing was said to be kept: the Node asks again."""
    body = receipt(ours.fiscal_code, owing.options.get().notice_number, 4500, "r1")
    database = url_of(str(connection.settings_dict["NAME"]))

    def killed(*_: object, **__: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
            with psycopg.connect(database, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [backend])
            cursor.execute("SELECT 1")

    with monkeypatch.context() as dying:
        dying.setattr("sportello.billing.receipts.answering._keep", killed)
        assert Node(raise_request_exception=False).fault(body) == "PAA_SYSTEM_ERROR"
    connection.close()
    assert Receipt.objects.count() == 0
    assert Node().fault(body) == ""
    assert settle_waiting(now=NOW) == 1
    the_one_payment(owing)


def test_a_receipt_while_the_worker_is_dead(ours: CreditorInstitution, owing: DebtPosition) -> None:
    """Also while the broker is: the answer does not wait for it, the sweep finds what nobody has settled."""
    nav = owing.options.get().notice_number
    assert Node().fault(receipt(ours.fiscal_code, nav, 4500, "r1")) == ""
    assert Node().fault(verify(ours.fiscal_code, nav)) == "", "not paid because something was on its way (P11)"
    assert settle_waiting(now=NOW) == 1
    the_one_payment(owing)


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half(
    ours: CreditorInstitution, owing: DebtPosition, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Node().fault(receipt(ours.fiscal_code, owing.options.get().notice_number, 4500, "r1")) == ""
    for place in ("Attribution.objects.bulk_create", "change_state", "_record", "payment_settled.send"):
        with monkeypatch.context() as dying:
            dying.setattr(f"sportello.billing.receipts.settling.{place}", _dies)
            with pytest.raises((OperationalError, InterfaceError)):
                settle_waiting(now=NOW)
    assert settle_waiting(now=NOW) == 1
    the_one_payment(owing)


def _dies(*_: object, **__: object) -> None:
    raise OperationalError("server closed the connection unexpectedly")
