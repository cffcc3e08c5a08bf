"""The Comune gives up what a notice still asks: by an act, for a reason that the family reads in its statement.

The ledger keeps every charge: corrections name those that are forgiven, the oldest unpaid ones first, and in the same
transaction the notice is annulled, or settled where instalments of it were paid.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.debts.bearing import bearers_of
from sportello.billing.debts.changing import annul, locked
from sportello.billing.debts.dues import owed_by, paid_of_lines
from sportello.billing.debts.errors import ActMissing, NothingToWriteOff, PositionIsSettled, ReasonMissing
from sportello.billing.debts.models import DebtPosition, PositionLine, PositionState, Purpose
from sportello.billing.debts.shares import split_on
from sportello.billing.debts.states import CHANGEABLE, change_state
from sportello.billing.models import Entry, EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.families.models import Adult
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
    return [
        EntryLine(
            child_id=account.child_id,
            service_code=account.service_code,
            kind=EntryKind.CORRECTION,
            amount=Money(cents),
            competence_on=today,
            description=f"Somma non più dovuta, {act.named}: {act.reason.strip()}"[:160],
            reference=act.named[:80],
            key=f"written-off:{position.pk}:{unpaid.line.number}:{entry}",
            corrects_id=entry,
            payer_id=position.payer_id,
        )
        for entry, cents in _forgiven(unpaid, position.payer_id)
    ]


def _forgiven(unpaid: _Unpaid, payer: int) -> list[tuple[int, int]]:
    """(entry, cents): the charges that the sum is of. Payments cover the oldest, so the unpaid ones are the newest."""
    account = unpaid.line.account
    bearers = bearers_of([account.child_id])
    shares, payers = bearers.shares.get(account.child_id, ()), bearers.payers.get(account.child_id, ())
    rows = Entry.objects.filter(account=account, amount_cents__lt=0).order_by("-competence_on", "-pk")
    owed = owed_by(payer, [account.pk])[account.pk]
    newest: list[tuple[int, int]] = []
    for entry, on, cents, who in rows.values_list("pk", "competence_on", "amount_cents", "payer"):
        parts = split_on(-cents, on, shares, payers) if who is None else {who: -cents}
        part = min(parts.get(payer, 0), owed - sum(told for _entry, told in newest))
        if part > 0:
            newest.append((entry, part))
    left, found = unpaid.cents, []
    for entry, cents in reversed(newest):
        if part := min(cents, left):
            found.append((entry, part))
            left -= part
    return found
