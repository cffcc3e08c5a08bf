"""The rehearsal of the start: its steps are made for real on a copy of the Comune, and all is undone."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from onboarding.golive.loads import carried_cents, legacy_cents
from onboarding.golive.models import Rehearsal
from services_catalog.models import Archetype, Edition, EditionStatus, Service
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.models import LedgerAccount
from sportello.billing.verification import ledger_differences
from sportello.canteen.models import RollCall
from sportello.canteen.month import Month
from sportello.canteen.month_close import close_month
from sportello.enrolment.models import Subscription
from sportello.enrolment.pricing import reprice_service
from sportello.families.models import PayerAssignment
from sportello.fees.models import PriceDecision
from sportello.jobs.models import Job, JobState
from sportello.jobs.registry import Progress
from sportello.jobs.starting import start_job
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear
from tenants.copying import Copied, scratch_copy
from tenants.current import current_municipality, in_schema
from tenants.models import Municipality

REHEARSE: Final = "golive_rehearse"
PATIENCE: Final = timedelta(hours=2)


class AlreadyRehearsing(DomainError):
    """Another rehearsal is still going on."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """How a step went: numbers for its sentence, and the refusal when it was refused. No personal data."""

    code: str
    passed: bool
    figures: dict[str, Any] = field(default_factory=dict)
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What each step reads."""

    day: date
    now: datetime
    copied: Copied


class _Silent:
    """The progress of a step is not told."""

    def advance(self, **_figures: object) -> None:
        """Says nothing."""


@transaction.atomic
def ask_rehearsal(*, municipality: Municipality, actor: Account, central: int | None, now: datetime) -> None:
    """Queues the rehearsal as a job of the Comune. Run with the Comune entered; see `ask_in` for the central team.

    `central` is None when somebody of the Comune asks. Raises AlreadyRehearsing.
    """
    going_on = Rehearsal.objects.filter(finished_at=None, job__state__in=[JobState.QUEUED, JobState.RUNNING])
    if going_on.filter(asked_at__gt=now - PATIENCE).exists():
        raise AlreadyRehearsing(_("Una prova è già in corso: aspetta che finisca."))
    own = actor.pk if central is None else None
    job = start_job(kind=REHEARSE, arguments={}, requested_by=own, now=now)
    Rehearsal.objects.create(job=job, asked_by=actor.full_name, asked_at=now)
    record(
        action=Action.GO_LIVE_CHANGED,
        actor=own,
        subject_kind="municipality",
        subject=municipality.belfiore_code,
        now=now,
        details={"event": "rehearsal_asked"} | ({"central": central} if central is not None else {}),
    )


def ask_in(*, municipality: Municipality, actor: Account, central: int | None, now: datetime) -> None:
    """The same from wherever: the transaction opens and commits inside the Comune, where its task belongs."""
    with in_schema(municipality.schema_name):
        ask_rehearsal(municipality=municipality, actor=actor, central=central, now=now)


def run_rehearsal(job: Job, progress: Progress) -> dict[str, Any]:
    """The job: copies, tries, undoes, and keeps what it found."""
    now = clock.now()
    steps = rehearse_start(municipality=current_municipality(), now=now, progress=progress)
    passed = all(step.passed for step in steps)
    Rehearsal.objects.filter(job=job).update(
        finished_at=clock.now(), passed=passed, steps=[asdict(step) for step in steps]
    )
    progress.advance(message=_("Prova riuscita") if passed else _("Prova non riuscita"))
    return {"passed": passed, "steps": len(steps)}


def rehearse_start(*, municipality: Municipality, now: datetime, progress: Progress) -> list[StepResult]:
    """Every step of the start on a copy that nobody else sees; the Comune itself is read and not written."""
    found = []
    progress.advance(done=0, total=len(STEPS) + 1, message=_("Copio i dati"))
    with scratch_copy(municipality) as copied:
        found.append(StepResult("copy", passed=True, figures={"tables": copied.tables, "rows": copied.rows}))
        ground = _Ground(day=now.date(), now=now, copied=copied)
        for number, (code, step) in enumerate(STEPS, start=1):
            progress.advance(done=number)
            found.append(_made(code, step, ground))
    progress.advance(done=len(STEPS) + 1)
    return found


def _made(code: str, step: Callable[[_Ground], StepResult], ground: _Ground) -> StepResult:
    """A step that is refused has its sentence kept, and the next one begins where it began."""
    try:
        with transaction.atomic():
            return step(ground)
    except DomainError as error:
        return StepResult(code, passed=False, refusal=str(error)[:300])


def _balances(_ground: _Ground) -> StepResult:
    ours, theirs = carried_cents(), legacy_cents()
    return StepResult("balances", passed=ours == theirs, figures={"ours": ours, "theirs": theirs})


def _prices(ground: _Ground) -> StepResult:
    """Works every price out anew, as the first day would, and looks for children who would have none."""
    year = SchoolYear.of(ground.day).period
    editions = Edition.objects.filter(status=EditionStatus.IN_FORCE, valid_during__overlap=year.bounds)
    services = Service.objects.filter(pk__in=editions.values("service")).order_by("code")
    for service in services:
        reprice_service(service=service, within=DateRange(ground.day, year.end), now=ground.now)
    held = Subscription.objects.filter(valid_during__contains=ground.day, service__in=services)
    priced = PriceDecision.objects.exclude(status="superseded").filter(
        child=OuterRef("child"), service=OuterRef("service"), valid_during__contains=ground.day
    )
    without = held.filter(~Exists(priced)).count()
    return StepResult("prices", passed=without == 0, figures={"places": held.count(), "without": without})


def _payers(ground: _Ground) -> StepResult:
    """Every child with a place has somebody who pays for it, or its charges would reach nobody."""
    held = Subscription.objects.filter(valid_during__contains=ground.day)
    payers = PayerAssignment.objects.filter(child=OuterRef("child"), valid_during__contains=ground.day)
    without = held.filter(~Exists(payers)).order_by().values("child").distinct().count()
    return StepResult("payers", passed=without == 0, figures={"without": without})


def _close(ground: _Ground) -> StepResult:
    """Closes the last month that is over, if a roll was called in it."""
    month = Month.of(Month.of(ground.day).first_day - timedelta(days=1))
    canteen = Service.objects.filter(archetype=Archetype.MEALS).order_by("code").first()
    called = RollCall.objects.filter(day__gte=month.first_day, day__lt=month.next.first_day)
    if canteen is None or not called.exists():
        return StepResult("close", passed=True, figures={"month": str(month), "meals": 0, "cents": 0})
    totals = close_month(service=canteen, month=month, actor=None, now=ground.now, progress=_Silent())
    figures = {"month": str(month), "meals": totals["meals"], "cents": totals["cents"]}
    return StepResult("close", passed=True, figures=figures)


def _ledger(_ground: _Ground) -> StepResult:
    """After all that, every account is still the sum of its entries."""
    wrong = len(ledger_differences())
    return StepResult("ledger", passed=wrong == 0, figures={"accounts": LedgerAccount.objects.count(), "wrong": wrong})


STEPS: Final[tuple[tuple[str, Callable[[_Ground], StepResult]], ...]] = (
    ("balances", _balances),
    ("payers", _payers),
    ("prices", _prices),
    ("close", _close),
    ("ledger", _ledger),
)
