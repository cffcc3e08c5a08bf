"""Reasons to tell again that no row of a position shows: the ledger moved, a person asks, the gateway is another."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from integrations.pagopa import gateway
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.debts.models import PositionLine, PositionState
from sportello.billing.models import Entry
from sportello.billing.publishing.models import GatewayCopy, Standing

OPEN = (PositionState.PUBLISHED, PositionState.VALID)


def follow_ledger() -> int:
    """What is told again because an account it asks for has moved since; returns how many.

    A notice asks for less when something was corrected or paid elsewhere (P18): a station works it out when it is
    asked, a gateway has to be told. Where the sum is the same nothing leaves.
    """
    lines = PositionLine.objects.filter(position=OuterRef(OuterRef("pk"))).values("account")
    moved = Entry.objects.filter(account__in=lines, posted_at__gt=OuterRef("told_at"))
    rows = GatewayCopy.objects.filter(
        Exists(moved), standing=Standing.PUBLISHED, version=F("told_version"), position__state__in=OPEN
    )
    return GatewayCopy.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(version=F("version") + 1)


def follow_expiry() -> int:
    """What has expired is told to a gateway that does not know the last day of a notice; returns how many."""
    if gateway.traits().expires:
        return 0
    rows = GatewayCopy.objects.filter(
        standing=Standing.PUBLISHED, version=F("told_version"), position__state=PositionState.EXPIRED
    )
    return GatewayCopy.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(version=F("version") + 1)


def try_again(*, positions: list[UUID], actor: int, now: datetime) -> int:
    """Refusals of the positions (public ids) are tried again, now; returns how many."""
    rows = GatewayCopy.objects.filter(position__public_id__in=positions).exclude(refusal_code="")
    count = rows.update(refusal_code="", refusal_words="", refused_at=None, not_before=None, attempts=1)
    _record("tried_again", count, actor, now)
    return count


def tell_all(*, actor: int, now: datetime) -> int:
    """Every open position is told anew, to a gateway that knows none of them; returns how many."""
    open_ones = GatewayCopy.objects.filter(position__state__in=OPEN)
    count = open_ones.update(
        version=F("version") + 1,
        told_digest="",
        standing=Standing.UNKNOWN,
        attempts=1,
        not_before=None,
        refusal_code="",
        refusal_words="",
        refused_at=None,
    )
    _record("told_anew", count, actor, now)
    return count


def _record(what: str, count: int, actor: int, now: datetime) -> None:
    record(
        action=Action.POSITION_CHANGED,
        actor=actor,
        subject_kind="gateway_copy",
        subject="all",
        now=now,
        details={"what": what, "count": count},
    )
