"""A Comune leaves: asked under an act, approved by a second person, and after a wait begun by whoever writes its name.

Everything here happens at the central team, whose schema outlives that of the Comune.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from onboarding.leaving.errors import (
    DepartureOpen,
    NoConfirmedExport,
    NotInThisState,
    OtherName,
    ReasonMissing,
    SamePerson,
    TooEarly,
)
from onboarding.leaving.models import Departure, DepartureState, ExportPackage
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.jobs.models import JobState
from sportello.jobs.starting import start_job
from sportello.kernel.clock import ROME
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.provisioning import schema_exists
from tenants.stages import SchemaMissing

PREPARE, DELETE = "departure_prepare", "departure_delete"
WAIT: Final = timedelta(days=30)
"""Between approval and deletion: time to notice a mistake, and to read the package in the next system."""
NEXT: Final[dict[DepartureState, frozenset[DepartureState]]] = {
    DepartureState.REQUESTED: frozenset({DepartureState.APPROVED, DepartureState.CANCELLED}),
    DepartureState.APPROVED: frozenset({DepartureState.DELETING, DepartureState.CANCELLED}),
    DepartureState.DELETING: frozenset({DepartureState.DELETED}),
    DepartureState.DELETED: frozenset(),
    DepartureState.CANCELLED: frozenset(),
}


@transaction.atomic
def request_departure(*, municipality: Municipality, act: str, actor: Account, now: datetime) -> Departure:
    """Opens the departure under the act that ends the contract. Raises ReasonMissing, SchemaMissing, DepartureOpen."""
    if not act.strip():
        raise ReasonMissing
    if not schema_exists(municipality.schema_name):
        raise SchemaMissing
    departure = Departure(
        schema_name=municipality.schema_name,
        belfiore_code=municipality.belfiore_code,
        istat_code=municipality.istat_code,
        name=municipality.name,
        act=act.strip(),
        requested_by=actor,
        requested_at=now,
    )
    try:
        with transaction.atomic():
            departure.save()
    except IntegrityError as error:
        raise DepartureOpen from error
    record_departure(departure, actor, now, act=departure.act)
    return departure


@transaction.atomic
def approve_departure(*, departure: Departure, actor: Account, now: datetime) -> Departure:
    """The second person agrees; the wait begins. Raises NotInThisState, SamePerson, NoConfirmedExport."""
    locked = moved(departure, DepartureState.APPROVED)
    if locked.requested_by_id == actor.pk:
        raise SamePerson
    _note_export(locked)
    locked.approved_by, locked.approved_at, locked.not_before = actor, now, now + WAIT
    locked.save()
    record_departure(locked, actor, now, sha256=locked.export_sha256)
    return locked


@transaction.atomic
def cancel_departure(*, departure: Departure, reason: str, actor: Account, now: datetime) -> Departure:
    """The Comune stays. Raises NotInThisState once the deletion has begun, ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    locked = moved(departure, DepartureState.CANCELLED)
    locked.cancelled_by, locked.cancelled_at, locked.cancelled_because = actor, now, reason.strip()
    locked.save()
    record_departure(locked, actor, now)
    return locked


@transaction.atomic
def begin_deletion(*, departure: Departure, name: str, actor: Account, now: datetime) -> Departure:
    """Starts the job that checks that nothing would be lost, then deletes. The state changes once that is checked.

    Raises NotInThisState, TooEarly, OtherName, NoConfirmedExport. Asked twice, the same job goes on.
    """
    locked = _locked(departure)
    if locked.state != DepartureState.APPROVED or locked.not_before is None:
        raise NotInThisState
    if now < locked.not_before:
        raise TooEarly(f"{locked.not_before.astimezone(ROME):%d/%m/%Y}")
    if name.strip() != locked.name:
        raise OtherName(locked.name)
    if locked.job is not None and locked.job.state in {JobState.QUEUED, JobState.RUNNING}:
        return locked
    _note_export(locked)
    _start(locked, PREPARE, actor, now)
    locked.begun_by, locked.begun_at = actor, now
    locked.save()
    return locked


@transaction.atomic
def resume_deletion(*, departure: Departure, actor: Account, now: datetime) -> Departure:
    """Takes up again a deletion that gave up. Raises NotInThisState."""
    locked = _locked(departure)
    if locked.state != DepartureState.DELETING:
        raise NotInThisState
    if locked.job is None or locked.job.state in {JobState.FAILED, JobState.DONE}:
        _start(locked, DELETE, actor, now)
        locked.save()
        record_departure(locked, actor, now)
    return locked


def moved(departure: Departure, state: DepartureState) -> Departure:
    """The departure, locked, in its next state; not yet saved. Raises NotInThisState."""
    locked = _locked(departure)
    if state not in NEXT[DepartureState(locked.state)]:
        raise NotInThisState
    locked.state = state
    return locked


def go_on_deleting(departure: Departure, actor: Account | None, now: datetime) -> None:
    """After the check: the record, and the job that deletes. In the caller's transaction."""
    _start(departure, DELETE, actor, now)
    departure.save()
    record_departure(departure, actor, now)


def confirmed_export(departure: Departure) -> ExportPackage | None:
    """The latest package that the Comune confirmed since the departure was asked for."""
    with in_schema(departure.schema_name):
        return (
            ExportPackage.objects.filter(confirmed_at__isnull=False, requested_at__gte=departure.requested_at)
            .select_related("confirmed_by")
            .order_by("-confirmed_at")
            .first()
        )


def is_confirmed(departure: Departure) -> bool:
    """Whether the Comune has confirmed a package since."""
    return confirmed_export(departure) is not None


def _note_export(departure: Departure) -> None:
    package = confirmed_export(departure)
    if package is None:
        raise NoConfirmedExport
    departure.export_sha256, departure.export_confirmed_at = package.sha256, package.confirmed_at
    departure.export_confirmed_by = "" if package.confirmed_by is None else package.confirmed_by.full_name


def _locked(departure: Departure) -> Departure:
    return Departure.objects.select_for_update(of=("self",)).select_related("job").get(pk=departure.pk)


def _start(departure: Departure, kind: str, actor: Account | None, now: datetime) -> None:
    departure.job = start_job(
        kind=kind,
        arguments={"departure": str(departure.public_id)},
        requested_by=None if actor is None else actor.pk,
        now=now,
    )


def record_departure(departure: Departure, actor: Account | None, now: datetime, **details: str) -> None:
    """The audit record at the central team: it outlives the Comune."""
    record(
        action=Action.DEPARTURE_CHANGED,
        actor=None if actor is None else actor.pk,
        subject_kind="departure",
        subject=departure.public_id,
        now=now,
        details={"municipality": departure.belfiore_code, "state": str(departure.state), **details},
    )
