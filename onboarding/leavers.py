"""Who was in the load before and is no longer in this one: shown, and decided by a person; nobody is deleted."""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from onboarding.commit.rides import bus_service
from onboarding.comparing import load_before
from onboarding.errors import DecisionNotAllowed, LoadNotReady
from onboarding.models import COMMITTABLE, Farewell, LoadState, RosterLoad, StagedRow
from sportello.accounts.models import Account
from sportello.canteen.service import canteen_service
from sportello.enrolment.ending import end_place
from sportello.enrolment.models import Subscription
from sportello.kernel.errors import gettext_noop

_WITHOUT_DATA = ("not_data", "control")
WITH_PLACES: Final = {"roster": canteen_service, "transport": bus_service}
"""The kinds whose rows are places in a service, and the service."""


def leavers_of(load: RosterLoad) -> QuerySet[StagedRow]:
    """Rows of the load before whose fact this file no longer tells, in its order."""
    before = load_before(load)
    if before is None:
        return StagedRow.objects.none()
    here = StagedRow.objects.filter(load=load, key=OuterRef("key")).exclude(verdict__in=_WITHOUT_DATA)
    rows = StagedRow.objects.filter(load=before, verdict__in=COMMITTABLE).exclude(key="")
    return rows.filter(~Exists(here)).order_by("line")


@transaction.atomic
def say_farewell(
    *, load: RosterLoad, key: str, choice: str, ends_on: date, actor: Account | None, now: datetime
) -> Farewell:
    """Keep what a person decided about somebody who is no longer listed: stays, or the place ends on that day.

    Raises LoadNotReady before the load is committed, or DecisionNotAllowed for somebody who has not disappeared.
    """
    locked = RosterLoad.objects.select_for_update(of=("self",)).select_related("mapping").get(pk=load.pk)
    if locked.state != LoadState.COMMITTED:
        raise LoadNotReady
    if not leavers_of(locked).filter(key=key).exists():
        raise DecisionNotAllowed(gettext_noop("Questa riga non è fra quelle sparite."))
    ends = choice == Farewell.Choice.END
    if ends and locked.kind not in WITH_PLACES:
        raise DecisionNotAllowed(gettext_noop("In questo tipo di file non ci sono posti da far finire."))
    if ends:
        _end_places(WITH_PLACES[locked.kind]().pk, key.partition("|")[0], ends_on, actor, now)
    farewell, _made = Farewell.objects.update_or_create(
        load=locked,
        key=key,
        defaults={"choice": choice, "ends_on": ends_on if ends else None, "decided_by": actor, "decided_at": now},
    )
    return farewell


def _end_places(service: int, fiscal_code: str, ends_on: date, actor: Account | None, now: datetime) -> None:
    places = Subscription.objects.filter(
        child__fiscal_code=fiscal_code, service=service, valid_during__contains=ends_on
    )
    for place in places.order_by("pk"):
        end_place(
            subscription=place, ends_on=ends_on, reason="roster", actor=None if actor is None else actor.pk, now=now
        )
