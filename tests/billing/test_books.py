"""Whatever happens in whatever order: balances are sums, money in = attributed + kept aside, the replay agrees."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from integrations.pagopa.models import CreditorInstitution
from sportello.billing.correcting import correct_entry
from sportello.billing.debts.calendar import follow_calendar
from sportello.billing.debts.changing import adjust_amount, invalidate_position
from sportello.billing.debts.dues import dues_of_accounts
from sportello.billing.debts.models import DebtPosition, PaymentOption, Purpose
from sportello.billing.debts.opening import Collected, open_position
from sportello.billing.debts.sharing import Share, set_cost_shares
from sportello.billing.models import Entry, EntryKind, LedgerAccount, PaymentMeans
from sportello.billing.receipts.answering import answer
from sportello.billing.receipts.aside import credit_aside, refund_aside
from sportello.billing.receipts.models import Attribution, KeptAside, Receipt, ReceiptState
from sportello.billing.receipts.replaying import replay
from sportello.billing.receipts.settling import settle, settle_waiting
from sportello.billing.recording_payments import record_paid_elsewhere, record_payment
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.billing import node
from tests.billing.books import close_the_books
from tests.factories import adult, child, payer
from tests.factories.paying import NOW, TODAY, charge, instalments, institution

CENTS = st.integers(1, 5000)
SERVICES = st.sampled_from(["mensa", "trasporto"])


class Books(RuleBasedStateMachine):
    """Two children, two parents, every use case of the ledger."""

    receipts = Bundle("receipts")
    ours: CreditorInstitution

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.point = transaction.savepoint_create()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    @initialize()
    def people(self) -> None:
        self.parents = [adult(), adult()]
        self.children = [child(), child()]
        for minor in self.children:
            payer(self.parents[0], minor)

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    @rule(who=st.integers(0, 1), cents=CENTS, service=SERVICES)
    def charges(self, who: int, cents: int, service: str) -> None:
        charge(self.children[who], cents, service=service)

    @rule(place=st.integers(0, 30), cents=st.integers(-3000, 3000).filter(bool))
    def corrects(self, place: int, cents: int) -> None:
        entries = list(Entry.objects.filter(kind__in=(EntryKind.CHARGE, EntryKind.PAYMENT)).order_by("pk"))
        if entries:
            wrong = entries[place % len(entries)]
            correct_entry(entry=wrong, difference=Money(cents), reason="x", token=uuid4(), actor=1, now=self.tick())

    @rule(who=st.integers(0, 1), by=st.sampled_from([None, 0, 1]), cents=CENTS)
    def pays_at_the_desk(self, who: int, by: int | None, cents: int) -> None:
        record_payment(
            child=self.children[who],
            service_code="mensa",
            amount=Money(cents),
            paid_on=TODAY,
            reference="x",
            means=PaymentMeans.CASH,
            token=uuid4(),
            actor=1,
            now=self.tick(),
            payer=None if by is None else self.parents[by],
        )

    @rule(points=st.sampled_from([0, 1, 3333, 5000, 10_000]), who=st.integers(0, 1))
    def shares(self, points: int, who: int) -> None:
        parts = [(self.parents[0], points), (self.parents[1], 10_000 - points)]
        set_cost_shares(
            child=self.children[who],
            during=DateRange(TODAY - timedelta(days=40), TODAY + timedelta(days=40)),
            shares=[Share(who, part) for who, part in parts if part],
            source="x",
            actor=1,
            now=self.tick(),
        )

    @rule(
        lines=st.lists(st.tuples(st.integers(0, 1), SERVICES, CENTS), min_size=1, max_size=3),
        by=st.integers(0, 1),
        parts=st.integers(0, 3),
        purpose=st.sampled_from([Purpose.DUES, Purpose.TOP_UP]),
    )
    def opens(self, lines: list[tuple[int, str, int]], by: int, parts: int, purpose: Purpose) -> None:
        self.open(lines, by, parts, purpose)

    def open(self, lines: list[tuple[int, str, int]], by: int, parts: int, purpose: Purpose) -> DebtPosition:
        whole = sum(cents for _who, _service, cents in lines)
        cuts = [whole // parts] * (parts - 1) if 1 < parts <= whole else []
        return open_position(
            payer=self.parents[by],
            purpose=purpose,
            description="Servizi scolastici",
            lines=[Collected(self.children[who].pk, service, cents) for who, service, cents in lines],
            due_on=TODAY + timedelta(days=20),
            last_day=TODAY + timedelta(days=40),
            key=str(uuid4()),
            actor=1,
            now=self.tick(),
            instalments=instalments(*cuts, whole - sum(cuts)) if cuts else (),
        )

    def story(self, charged: tuple[int, int], lines: tuple[int, int], parts: int, deed: str, paid: list[int]) -> None:
        """Charged, asked, begun to pay (less may be due by then), paid, changed by the office, paid again."""
        for who, cents in enumerate(charged):
            charge(self.children[who], cents, service=("mensa", "trasporto")[who])
        asked = [(who, ("mensa", "trasporto")[who], cents) for who, cents in enumerate(lines)]
        made = self.open(asked, 0, parts, Purpose.DUES)
        options = list(made.options.order_by("number"))
        for place in paid:
            option = options[place % len(options)]
            self.tell(node.get(self.ours.fiscal_code, option.notice_number))
            self.comes(option, 0)
            if deed == "nothing":
                settle_waiting(now=self.tick())
            self.deed(made, deed, 700)
        settle_waiting(now=self.tick())

    def option(self, place: int) -> PaymentOption | None:
        options = list(PaymentOption.objects.order_by("pk"))
        return options[place % len(options)] if options else None

    def tell(self, body: bytes) -> bytes:
        return answer(body=body, soap_action=None, now=self.tick(), asked=lambda *_: None)

    @rule(place=st.integers(0, 20))
    def begins_to_pay(self, place: int) -> None:
        if (option := self.option(place)) is not None:
            assert b"PAA_SYSTEM" not in self.tell(node.get(self.ours.fiscal_code, option.notice_number))

    @rule(target=receipts, place=st.integers(0, 20), more=st.sampled_from([0, 0, 0, 0, 1, 700, -1]))
    def a_receipt_comes(self, place: int, more: int) -> bytes:
        return self.comes(self.option(place), more)

    def comes(self, option: PaymentOption | None, more: int) -> bytes:
        nav, cents = ("303000000000004272", 500) if option is None else (option.notice_number, option.amount_cents)
        quote = None if option is None else option.quotes.order_by("-pk").first()
        cents = max(1, (cents if quote is None else quote.amount_cents) + more)
        body = node.receipt(self.ours.fiscal_code, nav, cents, uuid4().hex)
        assert b"<outcome>OK" in self.tell(body)
        return body

    @rule(body=receipts)
    def it_comes_again(self, body: bytes) -> None:
        assert b"PAA_RECEIPT_DUPLICATA" in self.tell(body)

    @rule(body=consumes(receipts))
    def a_failed_one_comes(self, body: bytes) -> None:
        ko = body.replace(b"<outcome>OK", b"<outcome>KO").replace(b"<receiptId>", b"<receiptId>ko")
        self.tell(ko)

    @rule()
    def the_worker_runs(self) -> None:
        settle_waiting(now=self.tick())

    @rule(place=st.integers(0, 20))
    def one_is_settled_twice(self, place: int) -> None:
        keys = list(Receipt.objects.order_by("pk").values_list("pk", flat=True))
        if keys:
            for _ in range(2):
                settle(receipt_id=keys[place % len(keys)], now=self.tick())

    @rule(place=st.integers(0, 20), deed=st.sampled_from(["annul", "elsewhere", "adjust"]), cents=st.integers(0, 900))
    def the_office_acts(self, place: int, deed: str, cents: int) -> None:
        positions = list(DebtPosition.objects.order_by("pk"))
        if not positions:
            return
        self.deed(positions[place % len(positions)], deed, cents)

    def deed(self, chosen: DebtPosition, deed: str, cents: int) -> None:
        fields: dict[str, Any] = {"position": chosen, "actor": 1, "now": self.tick()}
        try:
            with transaction.atomic():
                if deed == "annul":
                    invalidate_position(reason="x", **fields)
                elif deed == "elsewhere":
                    record_paid_elsewhere(paid_on=TODAY, reference="x", means=PaymentMeans.CASH, **fields)
                elif deed == "adjust":
                    first = chosen.lines.all()[0]
                    adjust_amount(amounts={first.pk: Money(cents)}, reason="x", **fields)
        except DomainError:
            return

    @rule(days=st.integers(0, 5))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        follow_calendar(now=self.tick())

    @rule(give_back=st.booleans())
    def the_office_ends_a_task(self, give_back: bool) -> None:  # drawn by hypothesis
        aside = KeptAside.objects.filter(end="").order_by("pk").first()
        if aside is None:
            return
        if give_back:
            refund_aside(aside=aside, note="x", actor=1, now=self.tick())
        else:
            credit_aside(
                aside=aside,
                child=self.children[0],
                service_code="mensa",
                payer=self.parents[1],
                note="x",
                actor=1,
                now=self.tick(),
            )

    @invariant()
    def the_books_are_right(self) -> None:
        close_the_books()
        settled = Receipt.objects.filter(state__in=(ReceiptState.ATTRIBUTED, ReceiptState.KEPT_ASIDE))
        came = settled.aggregate(cents=Sum("own_cents"))["cents"] or 0
        placed = Attribution.objects.aggregate(cents=Sum("amount_cents"))["cents"] or 0
        aside = KeptAside.objects.aggregate(cents=Sum("amount_cents"))["cents"] or 0
        assert came == placed + aside
        accounts = {one.pk: one.balance_cents for one in LedgerAccount.objects.order_by("pk")}
        owed = dict.fromkeys(accounts, 0)
        for due in dues_of_accounts(list(accounts)):
            owed[due.account_id] -= due.owed_cents
        assert owed == accounts, "the parts of the payers are the balance"
        proof = replay()
        assert (proof.received_cents, proof.attributed_cents, proof.aside_cents) == (came, placed, aside)
        assert proof.divergences == ()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    stories=st.lists(
        st.tuples(
            st.tuples(CENTS, CENTS),
            st.tuples(CENTS, CENTS),
            st.sampled_from([0, 2]),
            st.sampled_from(["annul", "elsewhere", "adjust", "nothing", "nothing"]),
            st.lists(st.integers(0, 2), min_size=2, max_size=3),
        ),
        min_size=3,
        max_size=3,
    )
)
def test_stories(bari: Municipality, stories: list[tuple[Any, Any, int, str, list[int]]]) -> None:
    """Few events at random pay a notice twice, by parts and as a whole: these all do."""
    Books.ours = CreditorInstitution.objects.filter(municipality=bari).first() or institution(bari)
    books = Books()
    books.people()
    for one in stories:
        books.story(*one)
    books.the_books_are_right()
    books.teardown()


def test_in_any_order(bari: Municipality) -> None:
    Books.ours = institution(bari)
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_replay_sees_a_payment_that_no_message_made(bari: Municipality) -> None:
    """The proof is one: money in the ledger that the journal does not know is told."""
    ours = institution(bari)
    parent, minor = adult(), child()
    made = open_position(
        payer=parent,
        purpose=Purpose.TOP_UP,
        description="x",
        lines=[Collected(minor.pk, "mensa", 500)],
        due_on=TODAY,
        last_day=TODAY,
        key="k",
        actor=None,
        now=NOW,
    )
    body = node.receipt(ours.fiscal_code, made.options.get().notice_number, 500, "r1")
    answer(body=body, soap_action=None, now=NOW, asked=lambda *_: None)
    settle_waiting(now=NOW)
    assert replay().divergences == ()
    from sportello.billing.receipts.models import Message

    with transaction.atomic():
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            Message.objects.all().delete()
            cursor.execute("SET session_replication_role = origin")
    (found,) = replay().divergences
    assert (found.balance_cents, found.replayed_cents) == (500, 0)
