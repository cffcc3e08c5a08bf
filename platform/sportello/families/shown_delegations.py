"""A delegation as pages tell it: where it stands in words, its last day, what it allows."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sportello.families.models import Delegation
from sportello.families.rules import LIVE, DelegationState, delegation_state
from sportello.kernel.dates import DateRange

_WORDS: Final[dict[DelegationState, Promise]] = {
    DelegationState.SCHEDULED: _("non ancora cominciata"),
    DelegationState.IN_FORCE: _("in vigore"),
    DelegationState.SUSPENDED: _("senza effetto"),
    DelegationState.CLOSED: _("scaduta"),
    DelegationState.REVOKED: _("revocata"),
    DelegationState.RENOUNCED: _("rinunciata"),
}


@dataclass(frozen=True, slots=True)
class ShownDelegation:
    """What templates draw."""

    row: Delegation
    state: DelegationState

    @property
    def words(self) -> str:
        """The state for people."""
        return str(_WORDS[self.state])

    @property
    def is_live(self) -> bool:
        """Whether it may still be ended."""
        return self.state in LIVE

    @property
    def opens_the_child(self) -> bool:
        """Whether today the delegate may read for whom it is."""
        return self.state == DelegationState.IN_FORCE

    @property
    def first_day(self) -> date:
        return DateRange.from_bounds(self.row.valid_during).start

    @property
    def acts(self) -> str:
        """What it allows, in a line."""
        return ", ".join(self.row.act_labels)


def shown(delegation: Delegation, *, counts: bool, today: date) -> ShownDelegation:
    """The delegation on that day; `counts` as `queries.delegations_about` tells it."""
    state = delegation_state(
        DateRange.from_bounds(delegation.valid_during), end_reason=delegation.end_reason, counts=counts, today=today
    )
    return ShownDelegation(delegation, state)
