"""What is on an account to a person's credit."""

from dataclasses import dataclass
from datetime import date

from sportello.accounts.models import Account
from sportello.billing.carts.purse import Purse, purse_of
from sportello.billing.debts.dues import Due, dues_of_accounts
from sportello.billing.models import LedgerAccount
from sportello.families.models import Adult
from sportello.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Standing:
    """An account within a person's reach, and what is on it to her credit; `payer_id` is whose it is."""

    ledger: LedgerAccount
    credit: Money
    payer_id: int | None


def standings_of(account: Account, today: date) -> list[Standing]:
    """The accounts of her own children, each with its credit; a delegate has none: credit is its family's."""
    purse = purse_of(account, today)
    held = LedgerAccount.objects.filter(child__in=purse.own).select_related("child").order_by("child", "service_code")
    ledgers = {ledger.pk: ledger for ledger in held}
    dues = dues_of_accounts(list(ledgers))
    return [_standing(ledger, dues, purse) for ledger in ledgers.values()]


def _standing(ledger: LedgerAccount, dues: list[Due], purse: Purse) -> Standing:
    shown = [due for due in dues if due.account_id == ledger.pk and purse.shows(due.child_id, due.payer_id)]
    owed = sum(due.owed_cents for due in shown)
    least = min(shown, key=lambda due: due.owed_cents, default=None)
    return Standing(ledger, Money(max(0, -owed)), least.payer_id if least else None)


def lock_payers(*payers: int | None) -> None:
    """Until the transaction ends nobody else moves credit of these adults, nor opens a notice for them."""
    wanted = [pk for pk in payers if pk is not None]
    list(Adult.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
