"""The ledger keeps what was posted, adds up by itself, and lets nobody write over it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sportello.audit.models import Action, Event
from sportello.billing.correcting import correct_entry
from sportello.billing.errors import KeyTakenByAnotherEntry, MissingReference, NotAPayment, NothingToCorrect
from sportello.billing.models import Entry, EntryKind, LedgerAccount, PaymentMeans
from sportello.billing.posting import EntryLine, Parameter, post_entries, post_selected
from sportello.billing.recording_payments import record_payment
from sportello.billing.statements import statement_of, statements_of
from sportello.billing.verification import ledger_differences
from sportello.families.models import Child
from sportello.kernel.money import Money
from tests.factories import account, child

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = date(2026, 11, 20)


def line(minor: Child, cents: int, key: str, **fields: Any) -> EntryLine:
    kind = EntryKind.CHARGE if cents <= 0 else EntryKind.PAYMENT
    values: dict[str, Any] = {"kind": kind, "competence_on": DAY, "description": "Prova"}
    return EntryLine(child_id=minor.pk, service_code="mensa", amount=Money(cents), key=key, **{**values, **fields})


def post(*lines: EntryLine) -> int:
    return post_entries(lines=lines, now=NOW, actor=None)


def balance(minor: Child) -> int:
    return LedgerAccount.objects.get(child=minor, service_code="mensa").balance_cents


def test_the_balance_is_the_sum_of_the_entries(bari: object) -> None:
    first, second = child(), child()
    assert post(line(first, -1900, "a"), line(first, 500, "b"), line(second, -300, "c")) == 3
    assert (balance(first), balance(second)) == (-1400, -300)
    assert ledger_differences() == []


def test_posting_the_same_lines_again_changes_nothing(bari: object) -> None:
    minor = child()
    lines = [line(minor, -1900, "a"), line(minor, -300, "b")]
    assert [post(*lines), post(*lines), post(*lines, line(minor, 100, "c"))] == [2, 0, 1]
    assert balance(minor) == -2100


def test_lines_of_a_select_go_the_same_way(bari: object) -> None:
    minor = child()
    columns = ("child_id", "service_code", "kind", "amount_cents", "competence_on", "description", "idempotency_key")

    def select(cents: int) -> int:
        values: dict[str, Parameter] = {"child": minor.pk, "cents": cents, "day": DAY}
        lines = "SELECT %(child)s, 'mensa', 'opening', %(cents)s, %(day)s, 'Saldo', 'a'"
        return post_selected(columns=columns, select=lines, values=values, now=NOW, actor=None)

    assert [select(-1250), select(-1250)] == [1, 0]
    with pytest.raises(KeyTakenByAnotherEntry), transaction.atomic():
        select(-1251)
    entry = Entry.objects.get()
    assert (entry.quantity, entry.reference, entry.kind, balance(minor)) == (1, "", EntryKind.OPENING_BALANCE, -1250)
    assert ledger_differences() == []


def test_a_key_stands_for_one_fact(bari: object) -> None:
    minor = child()
    post(line(minor, -1900, "a"))
    with pytest.raises(KeyTakenByAnotherEntry), transaction.atomic():
        post(line(minor, -1901, "a"))
    assert balance(minor) == -1900


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_entry SET amount_cents = 0",
        "DELETE FROM billing_entry",
        "TRUNCATE billing_entry CASCADE",
        "UPDATE billing_ledgeraccount SET balance_cents = 0",
        "UPDATE billing_ledgeraccount SET balance_cents = balance_cents + 1",
    ],
)
def test_the_database_refuses_to_rewrite_the_ledger(bari: object, statement: str) -> None:
    minor = child()
    post(line(minor, -1900, "a"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (balance(minor), Entry.objects.count()) == (-1900, 1)


def test_an_account_is_born_empty(bari: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerAccount.objects.create(child=child(), service_code="mensa", balance_cents=5)


def test_a_charge_never_gives_and_a_payment_never_takes(bari: object) -> None:
    minor = child()
    for kind, cents in ((EntryKind.CHARGE, 1), (EntryKind.PAYMENT, -1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            post(line(minor, cents, "a", kind=kind))


def test_a_correction_names_its_entry(bari: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        post(line(child(), 100, "a", kind=EntryKind.CORRECTION))


def test_verification_finds_a_balance_that_does_not_add_up(bari: object) -> None:
    """The triggers are switched off, as only the owner of the table can: the check must see it."""
    minor = child()
    post(line(minor, -1900, "a"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE billing_ledgeraccount DISABLE TRIGGER account_balance_guard")
        cursor.execute("UPDATE billing_ledgeraccount SET balance_cents = -1")
    (difference,) = ledger_differences()
    assert (difference.balance_cents, difference.entries_cents) == (-1, -1900)


def test_a_clerk_records_a_payment_once(bari: object) -> None:
    minor, clerk, token = child(), account(), uuid4()
    payment: dict[str, Any] = {
        "child": minor,
        "service_code": "mensa",
        "amount": Money(2500),
        "paid_on": DAY,
        "reference": "Ricevuta 12",
        "means": PaymentMeans.CARD,
        "token": token,
        "actor": clerk.pk,
        "now": NOW,
    }
    assert [record_payment(**payment), record_payment(**payment)] == [True, False]
    assert balance(minor) == 2500
    assert Event.objects.filter(action=Action.PAYMENT_RECORDED).count() == 1
    with pytest.raises(NotAPayment):
        record_payment(**payment | {"amount": Money(0)})
    with pytest.raises(NotAPayment):
        record_payment(**payment | {"paid_on": date(2026, 11, 24)})
    with pytest.raises(MissingReference):
        record_payment(**payment | {"reference": " "})


def test_a_correction_carries_the_difference_and_its_reason(bari: object) -> None:
    minor, clerk = child(), account()
    post(line(minor, -1900, "a"))
    wrong = Entry.objects.get()
    correct_entry(
        entry=wrong, difference=Money(190), reason="Pasto mai servito", token=uuid4(), actor=clerk.pk, now=NOW
    )
    correction = Entry.objects.get(kind=EntryKind.CORRECTION)
    assert (correction.corrects, correction.amount_cents, correction.description) == (wrong, 190, "Pasto mai servito")
    assert balance(minor) == -1710
    for difference, reason in ((Money(0), "Motivo"), (Money(1), "  ")):
        with pytest.raises(NothingToCorrect):
            correct_entry(entry=wrong, difference=difference, reason=reason, token=uuid4(), actor=clerk.pk, now=NOW)


def test_a_statement_adds_up(bari: object) -> None:
    minor, stranger = child(), child()
    post(
        line(minor, -500, "o", kind=EntryKind.OPENING_BALANCE),
        line(minor, -2660, "a"),
        line(minor, 2000, "p"),
        line(stranger, -9999, "x"),
    )
    statement = statement_of(minor, "mensa")
    assert (statement.opening, statement.charged, statement.paid) == (Money(-500), Money(-2660), Money(2000))
    assert (statement.balance, statement.due, statement.credit) == (Money(-1160), Money(1160), Money(0))
    assert [entry.description for entry in statement.entries] == ["Prova"] * 3


def test_a_child_without_movements_owes_nothing(bari: object) -> None:
    assert statement_of(child(), "mensa").due == Money(0)


@pytest.mark.parametrize("children", [1, 3])
def test_statements_cost_two_queries(bari: object, django_assert_num_queries: Any, children: int) -> None:
    minors = [child() for _ in range(children)]
    post(*(line(minor, -100, f"k{minor.pk}") for minor in minors))
    with django_assert_num_queries(2):
        assert [statement.due for statement in statements_of(minors, "mensa")] == [Money(100)] * children


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.tuples(st.integers(0, 2), st.integers(-9999, 9999)), max_size=6), max_size=5))
def test_whatever_is_posted_balances_are_sums(bari: object, batches: list[list[tuple[int, int]]]) -> None:
    minors = [child() for _ in range(3)]
    sums = [0, 0, 0]
    for number, batch in enumerate(batches):
        post(*(line(minors[who], cents, f"{minors[who].pk}:{number}:{at}") for at, (who, cents) in enumerate(batch)))
        for who, cents in batch:
            sums[who] += cents
    assert [statement_of(minor, "mensa").balance.cents for minor in minors] == sums
    assert ledger_differences() == []


def test_the_ledgers_of_two_comuni_do_not_meet(client_of: Any) -> None:
    """A statement in one schema reaches the accounts of that schema, whatever the search_path of the moment."""
    from tenants.current import in_schema

    schemas = [client_of(slug).schema for slug in ("bari", "bitonto")]
    minors = []
    for schema, cents in zip(schemas, (-100, -999), strict=True):
        with in_schema(schema):
            minors.append(child())
            post(line(minors[-1], cents, "same-key"))
    with in_schema(schemas[0]), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {schemas[1]}.billing_entry"
            " (account_id, kind, amount_cents, quantity, competence_on, posted_at, description, idempotency_key)"
            f" SELECT id, 'charge', -1, 1, %s, %s, 'x', 'other' FROM {schemas[1]}.billing_ledgeraccount",
            [DAY, NOW],
        )
    for schema, minor, cents in zip(schemas, minors, (-100, -1000), strict=True):
        with in_schema(schema):
            assert balance(minor) == cents
