"""What one payer paid in one year, for the tax return: by date of payment, to the cent (P37, P42, P43).

The sums are those of the entries: what a receipt proves is traceable, what the office wrote down is where
its means are (law 160/2019, article 1, paragraph 679); the rest is told apart.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sportello.billing.debts.bearing import bearers_of
from sportello.billing.debts.models import PositionLine
from sportello.billing.debts.shares import bearers_on, split
from sportello.billing.documents.people import adult_as_addressee, child_as_addressee
from sportello.billing.models import Entry, EntryKind, PaymentMeans
from sportello.billing.papers.certificates import Expense, Refund, YearCertificate
from sportello.billing.papers.sheets import Payee
from sportello.billing.receipts.models import Attribution
from sportello.families.models import Adult, Child, Pupil
from sportello.kernel.money import Money
from sportello.kernel.month import Month

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """Of a payment, the cents of one payer and her share of it in hundredths of a percent."""

    cents: int
    basis_points: int


def part_of(cents: int, payer: int | None, of: int, parts: Mapping[int, int], turn: int) -> Part | None:
    """What of a payment adult `of` has paid: all of her own, her share of one that names nobody. Pure.

    `parts` are the weights of those who bore the day. None when nothing of it is hers.

    >>> part_of(1001, None, 2, {1: 5000, 2: 5000}, turn=0)
    Part(cents=500, basis_points=5000)
    """
    if payer is not None:
        return Part(cents, WHOLE) if payer == of else None
    if of not in parts:
        return None
    weights = tuple(sorted(parts.items()))
    share = parts[of] * WHOLE // sum(parts.values())
    return Part(split(cents, weights, turn=turn)[of], share)


def year_certificate(
    *, payer: Adult, year: int, payee: Payee, services: Mapping[str, str], issued_on: date
) -> YearCertificate:
    """The certificate of one payer. A fixed number of queries. Raises NothingToCertify."""
    expenses, refunds = _read(payer, year, services, payee)
    return YearCertificate(
        payee=payee,
        payer=adult_as_addressee(payer),
        year=year,
        number=f"{year}/{str(payer.public_id)[:8].upper()}",
        issued_on=issued_on,
        expenses=tuple(expenses),
        refunds=tuple(refunds),
    )


def years_paid_by(payer: Adult) -> list[int]:
    """The years in which the adult paid something, the latest first. One query."""
    rows = Entry.objects.filter(payer=payer, kind=EntryKind.PAYMENT).order_by()
    return sorted({day.year for day in rows.dates("competence_on", "year")}, reverse=True)


def _read(payer: Adult, year: int, services: Mapping[str, str], payee: Payee) -> tuple[list[Expense], list[Refund]]:
    borne = Child.objects.filter(cost_shares__adult=payer) | Child.objects.filter(payers__adult=payer)
    hers = Entry.objects.filter(payer=payer) | Entry.objects.filter(payer=None, account__child__in=borne.values("pk"))
    wanted = hers.filter(competence_on__year=year, kind__in=[EntryKind.PAYMENT, EntryKind.REFUND])
    entries = list(wanted.select_related("account__child").order_by("competence_on", "pk").distinct())
    reader = _Facts(payer, entries, services)
    expenses = [made for entry in entries if entry.amount_cents > 0 for made in reader.expense(entry)]
    refunds = [reader.refund(entry, payee.name) for entry in entries if entry.kind == EntryKind.REFUND]
    return expenses, refunds


def _is_traceable(entry: Entry) -> bool:
    """A payment that the office wrote down, by its means; one of which they are not known is told apart."""
    return bool(entry.means) and PaymentMeans(entry.means).is_traceable


class _Facts:
    """What the expenses of a year are told with, read at once."""

    def __init__(self, payer: Adult, entries: Collection[Entry], services: Mapping[str, str]) -> None:
        self.payer = payer
        self.services = services
        children = {entry.account.child_id for entry in entries}
        self.bearers = bearers_of(children)
        found = Attribution.objects.filter(entry__in=entries).select_related("receipt__option__position")
        self.proofs = {one.entry_id: one.receipt for one in found.order_by("pk")}
        positions = {receipt.option.position_id for receipt in self.proofs.values() if receipt.option}
        months = PositionLine.objects.filter(position__in=positions, month__isnull=False).order_by("pk")
        self.months = {(line.position_id, line.account_id): line.month for line in months}
        seats = Pupil.objects.filter(child__in=children).select_related("section__school").order_by("valid_during")
        self.seats: dict[int, list[Pupil]] = {}
        for seat in seats:
            self.seats.setdefault(seat.child_id, []).append(seat)

    def expense(self, entry: Entry) -> Iterator[Expense]:
        """The expense that the entry is to this payer; none when it is another's."""
        child = entry.account.child
        bearers = self.bearers.shares.get(child.pk, ()), self.bearers.payers.get(child.pk, ())
        weights = dict(bearers_on(entry.competence_on, *bearers))
        part = part_of(entry.amount_cents, entry.payer_id, self.payer.pk, weights, entry.competence_on.month)
        if part is None or part.cents <= 0:
            return
        proof = self.proofs.get(entry.pk)
        yield Expense(
            child=child_as_addressee(child),
            school=self._school(child.pk, entry.competence_on),
            service=self.services.get(entry.account.service_code, entry.account.service_code),
            period=self._period(entry),
            whole=Money(entry.amount_cents),
            amount=Money(part.cents),
            paid_on=entry.competence_on,
            notice_number=proof.notice_number if proof else "",
            receipt_id=proof.receipt_id if proof else entry.reference,
            basis_points=part.basis_points,
            traceable=proof is not None or _is_traceable(entry),
        )

    def refund(self, entry: Entry, source: str) -> Refund:
        """Credit that the Comune gave back."""
        return Refund(
            child=child_as_addressee(entry.account.child),
            service=self.services.get(entry.account.service_code, entry.account.service_code),
            source=source,
            of_year=entry.competence_on.year,
            refunded_on=entry.competence_on,
            amount=-entry.amount,
        )

    def _school(self, child: int, day: date) -> str:
        """Where the child sat on that day, else where it sat last before."""
        begun = [seat for seat in self.seats.get(child, ()) if seat.valid_during.lower <= day]
        return begun[-1].section.school.name if begun else ""

    def _period(self, entry: Entry) -> str:
        """The month that was asked for; else until when what was paid had been charged."""
        proof = self.proofs.get(entry.pk)
        if proof is None or proof.option is None:
            return ""
        month = self.months.get((proof.option.position_id, entry.account_id))
        if month is not None:
            return Month.of(month).italian_name
        return f"fino al {proof.option.position.created_at:%d/%m/%Y}"
