"""The Comune gives up what a notice still asks, or what of an account no notice asks for yet: by an act, for a reason
that the family reads in its statement.

The ledger keeps every charge: corrections name those that are forgiven, the oldest unpaid ones first, and in the same
transaction the notice is annulled, or settled where instalments of it were paid.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.debts.bearing import bearers_of
from sportello.billing.debts.changing import annul, locked
from sportello.billing.debts.dues import Due, dues_of_accounts, owed_by, paid_of_lines
from sportello.billing.debts.errors import ActMissing, NothingToWriteOff, PositionIsSettled, ReasonMissing
from sportello.billing.debts.models import DebtPosition, PositionLine, PositionState, Purpose
from sportello.billing.debts.states import CHANGEABLE, change_state
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.billing.posting import EntryLine, post_entries
from sportello.families.models import Adult, Child
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ReliefAct:
    """The act by which a sum is given up, and why."""

    number: str
    on: date
    reason: str

    @property
    def named(self) -> str:
        """As the family reads it."""
        return f"atto n. {self.number.strip()} del {self.on:%d/%m/%Y}"

    def check(self, today: date) -> None:
        """Raises ReasonMissing, ActMissing."""
        if not self.reason.strip():
            raise ReasonMissing
        if not self.number.strip():
            raise ActMissing(_("Scrivi il numero dell'atto: senza un atto nessuna somma si cancella."))
        if self.on > today:
            raise ActMissing(_("La data dell'atto non può essere nel futuro."))


@transaction.atomic
def write_off(*, position: DebtPosition, act: ReliefAct, actor: int, now: datetime) -> Money:
    """Takes what the notice still asks, and is still owed, off the accounts; closes the notice; says how much it was.

    Money that still comes for the notice is kept aside (P21). Raises ReasonMissing, ActMissing, PositionIsSettled,
    NothingToWriteOff.
    """
    today = now.astimezone(ROME).date()
    act.check(today)
    list(Adult.objects.select_for_update(no_key=True).filter(pk=position.payer_id).values_list("pk"))
    held = locked(position)
    if held.state not in CHANGEABLE | {PositionState.PARTIALLY_PAID} or held.purpose == Purpose.TOP_UP:
        raise PositionIsSettled
    lines = [entry for line in _unpaid(held) for entry in _corrections(held, line, act, today)]
    if not lines:
        raise NothingToWriteOff
    post_entries(lines=lines, now=now, actor=actor)
    reason = f"{act.named}: {act.reason.strip()}"
    if held.state == PositionState.PARTIALLY_PAID:
        change_state(position=held, after=PositionState.PAID, actor=actor, now=now, reason=reason)
    else:
        annul(held, reason=reason, actor=actor, now=now)
    given_up = Money.sum(line.amount for line in lines)
    record(
        action=Action.DEBT_WRITTEN_OFF,
        actor=actor,
        subject_kind="debt_position",
        subject=held.public_id,
        now=now,
        details={"cents": given_up.cents, "act": act.named},
    )
    return given_up


def unasked_of(child: Child, service_code: str) -> list[Due]:
    """What is owed on an account and no notice asks for, by payer: what :func:`write_off_unasked` gives up."""
    accounts = LedgerAccount.objects.filter(child=child, service_code=service_code)
    return [due for due in dues_of_accounts(accounts.order_by("pk").values_list("pk", flat=True)) if due.to_ask_cents]


@transaction.atomic
def write_off_unasked(
    *, child: Child, service_code: str, act: ReliefAct, token: UUID, actor: int, now: datetime
) -> Money:
    """Takes what no notice asks for off the account, whoever owes it; says how much it was.

    `token` is drawn when the form is shown: sent twice, nothing more is given up. What notices ask for stays: each is
    given up by itself. Raises ReasonMissing, ActMissing, NothingToWriteOff.
    """
    today = now.astimezone(ROME).date()
    act.check(today)
    payers = {due.payer_id for due in unasked_of(child, service_code) if due.payer_id}
    list(Adult.objects.select_for_update(no_key=True).filter(pk__in=payers).order_by("pk").values_list("pk"))
    lines = [
        _correction(due, entry, cents, act, today, key=f"written-off:{token}:{due.payer_id or 0}:{entry}")
        for due in unasked_of(child, service_code)
        for entry, cents in _forgiven(due, due.to_ask_cents, spared=due.asked_cents)
    ]
    if not lines:
        raise NothingToWriteOff
    post_entries(lines=lines, now=now, actor=actor)
    given_up = Money.sum(line.amount for line in lines)
    record(
        action=Action.DEBT_WRITTEN_OFF,
        actor=actor,
        subject_kind="child",
        subject=child.public_id,
        now=now,
        details={"cents": given_up.cents, "act": act.named, "service": service_code},
    )
    return given_up


@dataclass(frozen=True, slots=True)
class _Unpaid:
    line: PositionLine
    cents: int


def _unpaid(position: DebtPosition) -> list[_Unpaid]:
    """What is unpaid of each line, as far as it is owed: two lines may be of one account."""
    lines = list(position.lines.select_related("account").order_by("number"))
    paid = paid_of_lines([position.pk]) if position.state == PositionState.PARTIALLY_PAID else {}
    owed = owed_by(position.payer_id, {line.account_id for line in lines})
    found = []
    for line in lines:
        cents = min(line.amount_cents - paid.get(line.pk, 0), max(0, owed.get(line.account_id, 0)))
        owed[line.account_id] = owed.get(line.account_id, 0) - cents
        if cents:
            found.append(_Unpaid(line, cents))
    return found


def _corrections(position: DebtPosition, unpaid: _Unpaid, act: ReliefAct, today: date) -> list[EntryLine]:
    account = unpaid.line.account
    due = Due(position.payer_id, account.pk, account.child_id, account.service_code, 0)
    key = f"written-off:{position.pk}:{unpaid.line.number}"
    return [
        _correction(due, entry, cents, act, today, key=f"{key}:{entry}")
        for entry, cents in _forgiven(due, unpaid.cents)
    ]


def _correction(due: Due, entry: int, cents: int, act: ReliefAct, today: date, *, key: str) -> EntryLine:
    return EntryLine(
        child_id=due.child_id,
        service_code=due.service_code,
        kind=EntryKind.CORRECTION,
        amount=Money(cents),
        competence_on=today,
        description=f"Somma non più dovuta, {act.named}: {act.reason.strip()}"[:160],
        reference=act.named[:80],
        key=key,
        corrects_id=entry,
        payer_id=due.payer_id,
    )


def _forgiven(due: Due, left: int, *, spared: int = 0) -> list[tuple[int, int]]:
    """(entry, cents): the charges that so many cents are of, the oldest first after those `spared`.

    Payments cover the oldest, so the unpaid ones are the newest.
    """
    bearers = bearers_of([due.child_id])
    rows = Entry.objects.filter(account=due.account_id, amount_cents__lt=0).order_by("-competence_on", "-pk")
    owed = owed_by(due.payer_id, [due.account_id])[due.account_id]
    newest: list[tuple[int, int]] = []
    for entry, on, cents, who in rows.values_list("pk", "competence_on", "amount_cents", "payer"):
        parts = bearers.parts(due.child_id, -cents, on, who)
        part = min(parts.get(due.payer_id, 0), owed - sum(told for _entry, told in newest))
        if part > 0:
            newest.append((entry, part))
    found = []
    for entry, cents in reversed(newest):
        kept = min(cents, spared)
        spared -= kept
        if part := min(cents - kept, left):
            found.append((entry, part))
            left -= part
    return found
