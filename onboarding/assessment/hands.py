"""Who acts on an assessment, from which side.

The tables hold the name that people read, the audit of each side the account.
"""

from dataclasses import dataclass

from sportello.accounts.models import Account
from tenants.current import is_central


@dataclass(frozen=True, slots=True)
class Hand:
    """A person at work: the account's id counts in the schema where she works alone."""

    account: int
    name: str
    side: str


def hand_of(account: Account) -> Hand:
    """The person, on the side whose desk this is."""
    return Hand(account=account.pk, name=account.full_name, side="central" if is_central() else "comune")
