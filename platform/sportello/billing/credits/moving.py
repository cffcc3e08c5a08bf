"""A parent moves credit from the account of one of her children to that of another."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.credits.errors import NotEnoughCredit, NothingToMove, NotYours, OtherService, SameAccount
from sportello.billing.credits.standing import Standing, lock_payers, standings_of
from sportello.billing.debts.bearing import bearers_of
from sportello.billing.debts.shares import bearers_on
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.billing.posting import EntryLine, post_entries
from sportello.kernel.clock import ROME
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

_AWAY = gettext_noop("Credito spostato a un fratello o una sorella")
_HERE = gettext_noop("Credito ricevuto da un fratello o una sorella")


@transaction.atomic
def move_credit(*, source: int, target: int, amount: Money, token: UUID, person: Account, now: datetime) -> bool:
    """Moves the sum between two ledger accounts (by id) of the same service; False when this token already did.

    Two entries, the second what the first takes: no cent is made or lost. Both children are the person's own. Raises
    NothingToMove, SameAccount, NotYours, OtherService, NotEnoughCredit.
    """
    if amount.cents <= 0:
        raise NothingToMove
    if source == target:
        raise SameAccount
    today = now.astimezone(ROME).date()
    lock_payers(*(standing.payer_id for standing in _both(source, target, person, today)))
    held, other = _both(source, target, person, today)
    if held.ledger.service_code != other.ledger.service_code:
        raise OtherService
    key = f"transfer:{token}"
    lines = [
        _line(held.ledger, -amount, held.payer_id, today, f"{key}:from"),
        _line(other.ledger, amount, _payer_of(other.ledger, held.payer_id, today), today, f"{key}:to"),
    ]
    if Entry.objects.filter(idempotency_key__in=[line.key for line in lines]).exists():
        return False
    if held.credit < amount:
        raise NotEnoughCredit(held.credit)
    post_entries(lines=lines, now=now, actor=person.pk)
    record(
        action=Action.CREDIT_MOVED,
        actor=person.pk,
        subject_kind="ledger_account",
        subject=held.ledger.public_id,
        now=now,
        details={"to": str(other.ledger.public_id), "cents": amount.cents},
    )
    return True


def _both(source: int, target: int, person: Account, today: date) -> tuple[Standing, Standing]:
    """The accounts as they stand, if they are of her own children. Raises NotYours."""
    standings = {standing.ledger.pk: standing for standing in standings_of(person, today)}
    if source not in standings or target not in standings:
        raise NotYours
    return standings[source], standings[target]


def _payer_of(ledger: LedgerAccount, payer_id: int | None, today: date) -> int | None:
    """To whose favour it arrives: who alone pays for the child, else the person whose credit it was."""
    bearers = bearers_of([ledger.child_id])
    parts = bearers_on(today, bearers.shares.get(ledger.child_id, ()), bearers.payers.get(ledger.child_id, ()))
    return parts[0][0] if len(parts) == 1 else payer_id


def _line(ledger: LedgerAccount, amount: Money, payer: int | None, today: date, key: str) -> EntryLine:
    return EntryLine(
        child_id=ledger.child_id,
        service_code=ledger.service_code,
        kind=EntryKind.TRANSFER,
        amount=amount,
        competence_on=today,
        description=_HERE if amount.cents > 0 else _AWAY,
        key=key,
        payer_id=payer,
    )
