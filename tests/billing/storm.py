"""Payments of some days under everything that goes wrong, and the truth beside them: what money was really paid.

The storm plays the families, the Node, the PSPs and a worker that dies; each of its nights is the round that the desk
makes. It is seeded: the same seed is the same storm.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from unittest.mock import patch
from uuid import uuid4

from django.db import OperationalError, connection, transaction

from integrations.errors import Unreachable
from integrations.pagopa import gateway
from integrations.pagopa.flows import Flow, FlowOutcome
from integrations.pagopa.port import Fetched
from integrations.pagopa.soap.reading import read_request
from sportello.billing.correcting import correct_entry
from sportello.billing.debts.asking import Asked
from sportello.billing.debts.changing import invalidate_position
from sportello.billing.debts.models import PaymentOption, Purpose
from sportello.billing.debts.opening import Collected, open_positions
from sportello.billing.models import Entry, PaymentMeans
from sportello.billing.receipts.models import Receipt
from sportello.billing.receipts.settling import settle, settle_waiting
from sportello.billing.reconciliation.fetching import reconcile
from sportello.billing.reconciliation.models import FlowLine, LineVerdict
from sportello.billing.recording_payments import record_paid_elsewhere
from sportello.families.models import PayerAssignment
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from tests.billing import node
from tests.billing.night import Provider
from tests.factories.paying import NOW, TODAY, instalments

DAYS: Final = 8
NO_RECEIPT: Final = (FlowOutcome.NO_RPT, FlowOutcome.STAND_IN_NO_RPT)
FATES: Final = {
    "plain": 30,
    "out of order": 10,
    "duplicate receipt": 6,
    "answer lost, tried again": 6,
    "database dies before the commit": 4,
    "database dies after the commit": 4,
    "broken first": 3,
    "double payment": 4,
    "amount changed": 6,
    "paid too much": 3,
    "paid too little": 3,
    "unknown notice": 3,
    "of another creditor": 2,
    "receipt before anybody asked": 4,
    "stand-in": 3,
    "only in the flow": 4,
    "in the flow, the receipt days later": 5,
    "annulled meanwhile": 2,
    "paid elsewhere meanwhile": 2,
    "failed": 2,
    "whole and by instalments": 2,
    "first version": 3,
}
PEOPLE: Final = """
INSERT INTO families_adult (public_id, given_name, family_name, fiscal_code, sex, birthplace_code, address,
                            postal_code, residence_code, email, phone)
SELECT gen_random_uuid(), 'Adulta', 'Numero ' || n, 'AAAAAA00A' || lpad(n::text, 7, '0'), '', '', '', '', '', '', ''
FROM generate_series(1, %(count)s) n;
INSERT INTO families_child (public_id, given_name, family_name, sex, birthplace_code, address, postal_code,
                            residence_code, legacy_id)
SELECT gen_random_uuid(), 'Bimba', 'Numero ' || n, '', '', '', '', '', 'storm' || n
FROM generate_series(1, %(count)s) n;
INSERT INTO families_payerassignment (adult_id, child_id, valid_during)
SELECT adult.id, child.id, '[2026-09-01,)'
FROM families_adult adult JOIN families_child child ON child.family_name = adult.family_name;
INSERT INTO billing_ledgeraccount (child_id, service_code)
SELECT id, service FROM families_child, unnest(array['mensa', 'trasporto']) service;
INSERT INTO billing_entry (account_id, kind, amount_cents, quantity, competence_on, posted_at, description,
                           idempotency_key)
SELECT account.id, 'charge', -(1000 + (substr(legacy_id, 6)::int * 37) %% 9000), 1, '2026-10-31', '2026-11-01',
       'Ottobre', 'storm:' || account.id
FROM billing_ledgeraccount account JOIN families_child child ON child.id = account.child_id;
"""


@dataclass(slots=True)
class Paid:
    """Money that a family paid, whatever becomes of its receipt. `parts`: cents by number of transfer."""

    nav: str
    receipt_id: str
    parts: dict[int, int]
    paid_at: datetime
    outcome: FlowOutcome = FlowOutcome.EXECUTED
    failed: bool = False
    elsewhere: bool = False
    version: int = 2
    body: bytes = b""
    trouble: str = ""
    in_archive: bool = True

    @property
    def cents(self) -> int:
        return sum(self.parts.values())

    @property
    def is_ours(self) -> bool:
        """Whether it is money for this Comune."""
        return not (self.failed or self.elsewhere)


@dataclass
class Storm:
    """`tell` brings bytes to the station at an instant and returns its answer; raises or answers KO where it fails."""

    creditor: str
    count: int
    tell: Callable[[bytes, datetime], bytes]
    seed: int = 20261123
    truth: list[Paid] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311  # a storm, not a secret
        self.now = NOW
        self.kept: set[str] = set()
        self.by_number: dict[str, Paid] = {}
        self.later: dict[int, list[Paid]] = {}
        self.psps = [Provider(f"PSP{n}", self.creditor, self.dice) for n in range(3 + self.count // 1000)]
        self.published: list[Flow] = []

    def weather(self) -> None:
        """All of it: the days with their nights, then as many nights as there are receipts still to be asked for."""
        self._prepare()
        order = list(range(self.count))
        self.dice.shuffle(order)
        for day in range(DAYS):
            self._day(day, order[day::DAYS])
            self._night(day)
        for day in range(DAYS, DAYS + 40):
            self._day(day, [])
            self._night(day)
            if day > DAYS + 5 and not self.open_lines():
                return

    def open_lines(self) -> int:
        """Lines that still wait for a receipt."""
        return FlowLine.objects.filter(flow__is_current=True, verdict=LineVerdict.MISSING).count()

    def _prepare(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(PEOPLE, {"count": self.count})
        pairs = PayerAssignment.objects.filter(child__legacy_id__startswith="storm").values_list(
            "child__legacy_id", "adult", "child"
        )
        asked = [self._asked(int(name[5:]), who, minor) for name, who, minor in pairs.order_by("pk")]
        open_positions(asked=asked, actor=None, now=self.now)
        keys = {f"storm:{n}": n - 1 for n in range(1, self.count + 1)}
        self.options: dict[int, list[PaymentOption]] = {n: [] for n in keys.values()}
        rows = PaymentOption.objects.filter(position__key__startswith="storm:").select_related("position")
        for option in rows.order_by("position", "number"):
            self.options[keys[option.position.key]].append(option)

    def _asked(self, n: int, who: int, minor: int) -> Asked:
        """One position for each: of one service, of two, by instalments, a top-up."""
        cents, kind = 1000 + (n * 37) % 9000, n % 10
        lines = [Collected(minor, "mensa", cents)]
        if kind in {6, 7}:
            lines.append(Collected(minor, "trasporto", cents))
        plan = instalments(cents // 2, cents - cents // 2) if kind == 8 else ()
        purpose = Purpose.TOP_UP if kind == 9 else Purpose.DUES
        due, last = TODAY + timedelta(days=60), TODAY + timedelta(days=90)
        return Asked(who, purpose, "Servizi scolastici", tuple(lines), due, last, f"storm:{n}", instalments=plan)

    def _day(self, day: int, chosen: list[int]) -> None:
        """Everything of a day in any order; a receipt may be sent at once, among the rest, or days later."""
        self.now = NOW + timedelta(days=day)
        works: list[int | Paid] = [*chosen, *self.later.pop(day, [])]
        self.dice.shuffle(works)
        while works:
            self.now += timedelta(seconds=1)
            work = works.pop()
            if isinstance(work, Paid):
                if not self._deliver(work):
                    works.insert(self.dice.randrange(len(works) + 1), work)
                continue
            for paid, wait in self._pays(work):
                self.truth.append(paid)
                self.by_number[paid.receipt_id] = paid
                if wait is None:
                    continue
                if wait:
                    self.later.setdefault(day + wait, []).append(paid)
                else:
                    works.insert(self.dice.randrange(len(works) + 1), paid)
            if self.dice.random() < 0.03:
                settle_waiting(now=self.now)

    def _pays(self, place: int) -> Iterator[tuple[Paid, int | None]]:
        """The payments of one notice, each with the days until its receipt is sent; None is never."""
        fate = self.dice.choices(list(FATES), list(FATES.values()))[0]
        self.met[fate] += 1
        options = self.options[place]
        option = self.dice.choice(options)
        if fate == "unknown notice":
            yield self._paid(f"303{self.dice.randrange(10**15):015}", {1: 1900}), 0
            return
        if fate == "receipt before anybody asked":
            parts = {one.number: one.amount_cents for one in option.transfers.all()}
        else:
            parts = self._asks(option, fate)
        if fate == "annulled meanwhile":
            invalidate_position(position=option.position, reason="x", actor=1, now=self.now)
        if fate == "paid elsewhere meanwhile":
            record_paid_elsewhere(
                position=option.position,
                paid_on=TODAY,
                reference="x",
                means=PaymentMeans.CASH,
                actor=1,
                now=self.now,
            )
        if fate == "paid too much":
            parts[1] += 100
        if fate == "paid too little":
            parts[1] -= 1
        paid = self._paid(option.notice_number, parts, fate)
        yield paid, self._wait(fate)
        if fate == "double payment":
            yield self._paid(option.notice_number, parts), self.dice.choice([0, 1])
        if fate == "whole and by instalments" and len(options) > 1:
            other = options[0] if option.number else options[1]
            yield self._paid(other.notice_number, {1: other.amount_cents}), 0

    def _wait(self, fate: str) -> int | None:
        if fate == "only in the flow":
            return None
        if fate == "in the flow, the receipt days later":
            return self.dice.choice([2, 3, 5])
        return self.dice.choice([0, 1, 2]) if fate == "out of order" else 0

    def _asks(self, option: PaymentOption, fate: str) -> dict[int, int]:
        """Verify and get; what get says is to be paid, transfer by transfer."""
        version = 1 if fate == "first version" else 2
        told = self.tell(node.verify(self.creditor, option.notice_number), self.now)
        assert b"<outcome>OK" in told, told
        if fate == "amount changed" and option.position.purpose == Purpose.DUES:
            entry = Entry.objects.get(account__position_lines__position=option.position, account__service_code="mensa")
            less = Money(self.dice.randrange(1, 400))
            correct_entry(entry=entry, difference=less, reason="x", token=uuid4(), actor=1, now=self.now)
        told = self.tell(node.get(self.creditor, option.notice_number, version=version), self.now)
        found = re.findall(rb"<idTransfer>(\d)</idTransfer><transferAmount>(\d+)\.(\d\d)<", told)
        assert found, told
        return {int(number): int(euro) * 100 + int(cents) for number, euro, cents in found}

    def _paid(self, nav: str, parts: dict[int, int], fate: str = "") -> Paid:
        at = self.now.astimezone(ROME).replace(microsecond=0)
        paid = Paid(nav, uuid4().hex, dict(parts), at, failed=fate == "failed", trouble=fate)
        paid.elsewhere = fate == "of another creditor"
        paid.version = 1 if fate == "first version" else 2
        if fate == "stand-in":
            paid.outcome = FlowOutcome.STAND_IN
        if fate == "only in the flow":
            paid.outcome, paid.in_archive = self.dice.choice(NO_RECEIPT), self.dice.random() < 0.3
        if fate == "in the flow, the receipt days later":
            paid.outcome = self.dice.choice([*NO_RECEIPT, FlowOutcome.EXECUTED])
            paid.in_archive = paid.outcome == FlowOutcome.EXECUTED and self.dice.random() < 0.5
        paid.body = self._body(paid)
        return paid

    def _body(self, paid: Paid) -> bytes:
        return node.receipt(
            self.creditor,
            paid.nav,
            paid.cents,
            paid.receipt_id,
            outcome="KO" if paid.failed else "OK",
            to="99999999999" if paid.elsewhere else None,
            version=paid.version,
            parts=paid.parts,
            paid_at=paid.paid_at,
            standin=paid.outcome == FlowOutcome.STAND_IN and paid.version == 2,
        )

    def _deliver(self, paid: Paid) -> bool:
        """Sends the receipt once; False when the Node must try again."""
        trouble, paid.trouble = paid.trouble, ""
        if trouble == "broken first":
            assert b"<outcome>KO" in self.tell(paid.body.replace(b"<paymentAmount>", b"<paymentAmount>x"), self.now)
            return False
        if trouble == "database dies before the commit":
            with patch("sportello.billing.receipts.answering._keep", _dies):
                assert b"<outcome>OK" not in self.tell(paid.body, self.now)
            return False
        answer = self.tell(paid.body, self.now)
        expected = b"PAA_RECEIPT_DUPLICATA" if paid.receipt_id in self.kept else b"<outcome>OK"
        assert expected in answer, answer
        self.kept.add(paid.receipt_id)
        self._work(paid)
        return trouble not in {
            "duplicate receipt",
            "answer lost, tried again",
            "database dies after the commit",
        }

    def _work(self, paid: Paid) -> None:
        """The worker settles it now, dies over it, or never hears of it: then the sweep does."""
        luck = self.dice.random()
        key = Receipt.objects.values_list("pk", flat=True).get(receipt_id=paid.receipt_id)
        if luck < 0.1:
            with self._worker_dies(), transaction.atomic():
                settle(receipt_id=key, now=self.now)
        elif luck < 0.7:
            settle(receipt_id=key, now=self.now)

    @contextmanager
    def _worker_dies(self) -> Iterator[None]:
        with patch("sportello.billing.receipts.settling._record", _dies):
            try:
                yield
            except OperationalError:
                self.met["worker dies"] += 1

    def _night(self, day: int) -> None:
        """PSPs publish; the desk fetches (what it had is offered again), judges, asks and reports."""
        self.now = NOW + timedelta(days=day, hours=20)
        settle_waiting_all(self.now)
        on = (NOW + timedelta(days=day)).date()
        ours = [one for one in self.truth if one.is_ours and one.paid_at.date() == on]
        for number, psp in enumerate(self.psps):
            psp.close_day(on, [one for place, one in enumerate(ours) if place % len(self.psps) == number])
        self.published += [made for psp in self.psps for made in psp.publish(on, self.now)]
        with patch.multiple(gateway, flows_since=self._flows, receipt=self._archive):
            reconcile(now=self.now + timedelta(hours=1))
        settle_waiting_all(self.now + timedelta(hours=2))

    def _flows(self, *_: Any, **__: Any) -> list[Any]:
        recent = self.published[-5 * len(self.psps) :]
        self.dice.shuffle(recent)
        return recent

    def _archive(self, iur: str, **_: Any) -> Fetched | None:
        """biz-events: now and then nobody is there."""
        if self.dice.random() < 0.1:
            self.met["archive does not answer"] += 1
            raise Unreachable
        paid = self.by_number.get(iur)
        if paid is None or not paid.in_archive:
            return None
        self.kept.add(iur)
        return Fetched(read_request(paid.body, None), paid.body)  # type: ignore[arg-type]  # a receipt's own body


def settle_waiting_all(now: datetime) -> None:
    """The sweep, until nothing waits."""
    while settle_waiting(now=now):
        pass


def _dies(*_: object, **__: object) -> None:
    raise OperationalError("server closed the connection unexpectedly")
