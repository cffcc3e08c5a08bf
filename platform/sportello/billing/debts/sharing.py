"""Setting who bears which part of a child's costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.debts.errors import SharesNotWhole
from sportello.billing.debts.models import WHOLE_SHARE, CostShare
from sportello.families.models import Adult, Child
from sportello.kernel.dates import DateRange


@dataclass(frozen=True, slots=True)
class Share:
    """The part of an adult, in hundredths of a percent: 5,000 is the half."""

    adult: Adult
    basis_points: int


@transaction.atomic
def set_cost_shares(
    *, child: Child, during: DateRange, shares: Sequence[Share], source: str, actor: int | None, now: datetime
) -> None:
    """In that period the costs of the child are borne so; without shares, by who is assigned to pay.

    What was said of these days before falls away, what was said of others stays. `source` names the agreement or the
    act. Raises SharesNotWhole unless the shares are of different adults and together the whole.
    """
    Child.objects.select_for_update().get(pk=child.pk)
    if shares and (
        sum(one.basis_points for one in shares) != WHOLE_SHARE
        or any(one.basis_points < 1 for one in shares)
        or len({one.adult.pk for one in shares}) < len(shares)
    ):
        raise SharesNotWhole(
            _("Le quote insieme devono coprire tutta la spesa e ogni persona deve comparire una volta sola.")
        )
    _clear(child, during)
    CostShare.objects.bulk_create(
        CostShare(
            child=child, adult=one.adult, basis_points=one.basis_points, valid_during=during.bounds, source=source[:200]
        )
        for one in shares
    )
    record(
        action=Action.COST_SHARES_CHANGED,
        actor=actor,
        subject_kind="child",
        subject=child.public_id,
        now=now,
        details={"from": during.start.isoformat(), "shares": [one.basis_points for one in shares]},
    )


def _clear(child: Child, during: DateRange) -> None:
    """Takes the period out of the shares of the child; what lies before and after stays."""
    for held in CostShare.objects.filter(child=child, valid_during__overlap=during.bounds).order_by("pk"):
        left = DateRange.from_bounds(held.valid_during).subtract(during)
        held.delete()
        CostShare.objects.bulk_create(
            CostShare(
                child=child,
                adult_id=held.adult_id,
                basis_points=held.basis_points,
                valid_during=period.bounds,
                source=held.source,
            )
            for period in left
        )
