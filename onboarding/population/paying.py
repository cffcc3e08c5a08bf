"""What the known mother owes and has paid: the demo shows what is overdue, due, in instalments, paid, and credit."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Sum

from onboarding.population.people import DemoFamilies
from services_catalog.models import Edition
from sportello.billing.debts.models import DebtPosition, Purpose
from sportello.billing.debts.opening import Collected, Instalment, open_position
from sportello.billing.models import Entry, EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.billing.receipts.models import Receipt, ReceiptSource
from sportello.billing.receipts.settling import settle
from sportello.families.models import Adult, Child
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money

GRACE: Final = timedelta(days=30)
WORDS: Final = {
    EntryKind.OPENING_BALANCE: "Saldo iniziale",
    EntryKind.CHARGE: "Quota del servizio",
    EntryKind.PAYMENT: "Pagamento registrato dall'ufficio",
}


@transaction.atomic
def settle_dues(*, families: DemoFamilies, edition: Edition, actor: int, now: datetime) -> None:
    """Last year's rest, overdue; an old debt in three instalments; a notice, paid; credit of the younger child.

    Again changes nothing: each fact has its key.
    """
    payer = Adult.objects.get(fiscal_code=families.mothers.payer.fiscal_code)
    older, younger = (Child.objects.get(fiscal_code=one.person.fiscal_code) for one in families.mothers.children[:2])
    books = _Books(payer, edition.service.code, actor, now)
    last_june = date(edition.period.start.year, 6, 30)
    if not Entry.objects.filter(idempotency_key=_key("rest", older)).exists():
        kept, missing = max(0, books.opened(older)), max(0, -books.balance(younger))
        books.post("rest", older, EntryKind.OPENING_BALANCE, -2_400 - kept, last_june)
        books.post("credit", younger, EntryKind.PAYMENT, 1_500 + missing, books.today - timedelta(days=20))
    books.post("plan", older, EntryKind.CHARGE, -9_000, last_june - timedelta(days=90))
    books.plan(older)
    books.post("paid", older, EntryKind.CHARGE, -1_900, date(books.today.year, 3, 1))
    books.paid(older)


def _key(name: str, child: Child) -> str:
    return f"demo:{name}:{child.public_id}"


class _Books:
    """The ledger of the mother's children in one service."""

    def __init__(self, payer: Adult, code: str, actor: int, now: datetime) -> None:
        self.payer, self.code, self.actor, self.now = payer, code, actor, now
        self.today = now.astimezone(ROME).date()

    def balance(self, child: Child) -> int:
        rows = Entry.objects.filter(account__child=child, account__service_code=self.code)
        return int(rows.aggregate(cents=Sum("amount_cents"))["cents"] or 0)

    def opened(self, child: Child) -> int:
        """What the old back office had left: drawn at random, so that the rest is reckoned from it."""
        rows = Entry.objects.filter(account__child=child, account__service_code=self.code)
        opening = rows.filter(kind=EntryKind.OPENING_BALANCE)
        return int(opening.aggregate(cents=Sum("amount_cents"))["cents"] or 0)

    def post(self, name: str, child: Child, kind: EntryKind, cents: int, on: date) -> None:
        line = EntryLine(
            child_id=child.pk,
            service_code=self.code,
            kind=kind,
            amount=Money(cents),
            competence_on=on,
            description=WORDS[kind],
            key=_key(name, child),
            payer_id=self.payer.pk if kind == EntryKind.PAYMENT else None,
        )
        told = min(self.now, datetime(on.year, on.month, on.day, 12, tzinfo=ROME))
        post_entries(lines=[line], now=told, actor=None)

    def plan(self, child: Child) -> None:
        """An old debt in three parts."""
        days = [self.today + timedelta(days=30 * number) for number in (1, 2, 3)]
        parts = [Instalment(3_000, day, day + GRACE) for day in days]
        subject = "Servizi scolastici, piano di tre rate"
        self._open("plan", child, cents=9_000, subject=subject, due_on=days[0], parts=parts)

    def paid(self, child: Child) -> None:
        """A notice with its receipt."""
        position = self._open(
            "paid", child, cents=1_900, subject="Servizi scolastici, quota", due_on=self.today, parts=[]
        )
        settle(receipt_id=_receipt(position, self.now).pk, now=self.now)

    def _open(
        self, name: str, child: Child, *, cents: int, subject: str, due_on: date, parts: list[Instalment]
    ) -> DebtPosition:
        return open_position(
            payer=self.payer,
            purpose=Purpose.DUES,
            description=subject,
            lines=[Collected(child.pk, self.code, cents)],
            due_on=due_on,
            last_day=due_on + GRACE,
            instalments=parts,
            key=_key(name, child),
            actor=self.actor,
            now=self.now,
        )


def _receipt(position: DebtPosition, now: datetime) -> Receipt:
    option = position.options.get(number=0)
    raw = f"demo {option.notice_number}".encode()
    made, _new = Receipt.objects.get_or_create(
        fiscal_code=option.transfers.all()[0].fiscal_code,
        receipt_id=f"demo-{option.notice_number}",
        defaults={
            "notice_number": option.notice_number,
            "iuv": option.iuv,
            "outcome": "OK",
            "amount_cents": option.amount_cents,
            "own_cents": option.amount_cents,
            "psp_id": "DEMO",
            "psp_name": "Banca dimostrativa",
            "paid_at": now - timedelta(days=9),
            "arrived_at": now - timedelta(days=9),
            "source": ReceiptSource.REST,
            "version": 2,
            "raw": raw,
            "sha256": hashlib.sha256(raw).hexdigest(),
        },
    )
    return made
