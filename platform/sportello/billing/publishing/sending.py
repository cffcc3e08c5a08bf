"""The gateway is told what it is behind with: one position at a time, nothing held in the database meanwhile.

A row is taken for a while and given back when the gateway has answered. Whoever dies in between leaves a row that is
taken again: telling the same thing twice does no harm, at GPD by the id of the position, at MyPay by the notice number.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from integrations.errors import ConnectorError
from integrations.pagopa import gateway
from integrations.pagopa.errors import PositionClosed, PositionUnfit, PositionUnknown, Refused
from integrations.pagopa.positions import Position
from sportello.billing.debts.models import DebtPosition
from sportello.billing.debts.ourselves import our_institution
from sportello.billing.publishing.content import Told, to_tell
from sportello.billing.publishing.deeds import Deed
from sportello.billing.publishing.errors import NotThereYet
from sportello.billing.publishing.models import GatewayCopy, Standing
from sportello.kernel.clock import ROME

log = logging.getLogger(__name__)
MOST_AT_ONCE: Final = 400
LEASE: Final = timedelta(minutes=10)
PAUSES: Final = tuple(timedelta(minutes=wait) for wait in (1, 5, 15, 60, 360))
"""Before each further attempt; the last one from then on."""
PATIENCE: Final = 5
"""So often a position that has a payment there is tried again: its receipt, once polled, makes the telling needless."""
STANDINGS: Final = {Deed.PUBLISH: Standing.PUBLISHED, Deed.ANNUL: Standing.ANNULLED, Deed.SETTLE: Standing.SETTLED}


def behind(now: datetime) -> QuerySet[GatewayCopy]:
    """What may be told now, what never failed first."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    ripe = Q(not_before=None) | Q(not_before__lte=now)
    rows = GatewayCopy.objects.filter(~Q(version=F("told_version")), free, ripe, refusal_code="")
    return rows.order_by(F("not_before").asc(nulls_first=True), "position_id")


def tell_waiting(*, now: datetime, most: int = MOST_AT_ONCE) -> int:
    """Tells up to so many; returns how many were told. Stops where the gateway does not answer: the rest would not be
    heard either, and waits for the next minute.
    """
    told = 0
    while told < most and (copy := _take(behind(now), now)) is not None:
        if not _tell(copy, now):
            break
        told += 1
    return told


def tell_at_once(positions: Collection[int], *, now: datetime) -> None:
    """Tells these before anybody pays them. Raises NotThereYet when one of them has not arrived there."""
    while (copy := _take(behind(now).filter(pk__in=positions), now)) is not None:
        _tell(copy, now)
    if GatewayCopy.objects.filter(~Q(version=F("told_version")), pk__in=positions).exists():
        raise NotThereYet


@transaction.atomic
def _take(rows: QuerySet[GatewayCopy], now: datetime) -> GatewayCopy | None:
    copy = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if copy is not None:
        copy.attempts, copy.leased_until = copy.attempts + 1, now + LEASE
        copy.save(update_fields=["attempts", "leased_until"])
    return copy


def _tell(copy: GatewayCopy, now: datetime) -> bool:
    """Whether the gateway answered, be it no. `copy` is as it was taken: what changed since is told next time."""
    held = DebtPosition.objects.get(pk=copy.position_id)
    may_be_there = bool(copy.standing) or copy.attempts > 1
    try:
        told = to_tell(
            held,
            was_told=may_be_there,
            expires=gateway.traits().expires,
            ourselves=our_institution(),
            today=now.astimezone(ROME).date(),
        )
        if told.deed != Deed.NOTHING and told.digest != copy.told_digest:
            _say(told, reference=str(held.public_id), now=now)
    except (Refused, PositionUnfit) as no:
        _refuse(copy, no, now)
    except PositionClosed as no:
        if copy.attempts < PATIENCE:
            _wait(copy, now)
        else:
            _refuse(copy, no, now)
    except ConnectorError as failure:
        log.warning("A position could not be told", extra={"code": failure.code, "attempts": copy.attempts})
        _wait(copy, now)
        return False
    else:
        _told(copy, told, now)
    return True


def _say(told: Told, *, reference: str, now: datetime) -> None:
    """Raises ConnectorError."""
    if told.position is None:
        return
    if told.deed == Deed.PUBLISH:
        gateway.publish(told.position, reference=reference, now=now)
    elif told.deed == Deed.ANNUL:
        _annul(told.position, reference, now)
    else:
        _settle(told, told.position, reference, now)


def _annul(position: Position, reference: str, now: datetime) -> None:
    try:
        gateway.annul(position, reference=reference, now=now)
    except PositionUnknown:
        log.info("A position to be annulled was never there")


def _settle(told: Told, position: Position, reference: str, now: datetime) -> None:
    """What was paid elsewhere is paid there, and what is excluded is closed where the gateway does not see to it."""
    for notice_number, at in told.paid:
        try:
            gateway.mark_paid(position, notice_number, at=at, reference=reference, now=now)
        except (PositionUnknown, PositionClosed):
            log.info("A notice paid elsewhere is not open there")
    if told.excluded and not gateway.traits().knows_plans:
        excluded = Position(position.position_id, position.debtor, told.excluded, position.switch_to_expired)
        _annul(excluded, reference, now)


def _told(copy: GatewayCopy, told: Told, now: datetime) -> None:
    """Up to the version that was read; one that came meanwhile leaves it behind."""
    standing = STANDINGS.get(told.deed, Standing(copy.standing))
    digest = told.digest if told.deed in STANDINGS else copy.told_digest
    GatewayCopy.objects.filter(pk=copy.pk).update(
        told_version=copy.version,
        told_at=now,
        told_digest=digest,
        standing=standing,
        attempts=0,
        not_before=None,
        leased_until=None,
    )


def _wait(copy: GatewayCopy, now: datetime) -> None:
    pause = PAUSES[min(copy.attempts, len(PAUSES)) - 1]
    GatewayCopy.objects.filter(pk=copy.pk).update(not_before=now + pause, leased_until=None)


def _refuse(copy: GatewayCopy, no: ConnectorError, now: datetime) -> None:
    """Until somebody looks at it, or the position changes."""
    said = ": ".join(one for one in (no.title, no.detail) if one) if isinstance(no, Refused) else str(no)
    log.warning("A position was refused", extra={"code": no.code})
    GatewayCopy.objects.filter(pk=copy.pk, version=copy.version).update(
        refusal_code=no.code, refusal_words=said[:500], refused_at=now
    )
    GatewayCopy.objects.filter(pk=copy.pk).update(leased_until=None)
