"""How a Comune stands before its start: every check asked now, with its waiver."""

from dataclasses import dataclass
from datetime import datetime

from onboarding.golive.check import Asked, Check, Finding, checks
from onboarding.golive.models import ChosenDay, Move, MoveKind, Rehearsal, Waiver
from sportello.kernel.clock import ROME
from tenants.current import in_schema
from tenants.models import Municipality, Stage


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check, what it found, and the waiver under which it does not block."""

    check: Check
    finding: Finding
    waiver: Waiver | None

    @property
    def state(self) -> str:
        """passed, waived, blocked, or warning."""
        if self.finding.passed:
            return "passed"
        if not self.check.blocking:
            return "warning"
        return "waived" if self.waiver is not None else "blocked"

    @property
    def may_be_waived(self) -> bool:
        """Whether the central team may let the Comune start without it."""
        return self.state == "blocked" and not self.check.legal


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that the page shows."""

    stage: Stage
    rows: tuple[CheckRow, ...]
    day: ChosenDay | None
    rehearsal: Rehearsal | None
    rehearsing: Rehearsal | None
    moves: tuple[Move, ...]

    @property
    def blocked(self) -> tuple[CheckRow, ...]:
        """What keeps the Comune from starting."""
        return tuple(row for row in self.rows if row.state == "blocked")

    @property
    def warnings(self) -> tuple[CheckRow, ...]:
        """What is worth a look and keeps nobody."""
        return tuple(row for row in self.rows if row.state == "warning")


def standing_of(*, municipality: Municipality, now: datetime) -> Standing:
    """Asks every check in the schema of the Comune; reads only."""
    fresh = Municipality.objects.get(pk=municipality.pk)
    with in_schema(fresh.schema_name):
        done = Rehearsal.objects.exclude(finished_at=None).order_by("-finished_at", "-pk").first()
        latest = Rehearsal.objects.select_related("job").order_by("-asked_at", "-pk").first()
        return Standing(
            stage=Stage(fresh.stage),
            rows=rows_here(municipality=fresh, now=now),
            day=ChosenDay.objects.order_by("-chosen_at", "-pk").first(),
            rehearsal=done,
            rehearsing=latest if latest is not None and _at_work(latest) else None,
            moves=tuple(Move.objects.order_by("-made_at", "-pk")[:10]),
        )


def rows_here(*, municipality: Municipality, now: datetime) -> tuple[CheckRow, ...]:
    """Every check asked of the current Comune; reads only."""
    asked = Asked(municipality, now.astimezone(ROME).date(), now)
    waivers = {one.check_code: one for one in Waiver.objects.filter(withdrawn_at=None).order_by("pk")}
    return tuple(CheckRow(check, check.judge(asked), waivers.get(check.code)) for check in checks())


def _at_work(rehearsal: Rehearsal) -> bool:
    return rehearsal.finished_at is None and rehearsal.job.state in {"queued", "running"}


def last_return(municipality: Municipality) -> Move | None:
    """The last time that the Comune went back, unless it has started again since."""
    with in_schema(municipality.schema_name):
        last = Move.objects.order_by("-made_at", "-pk").first()
    return last if last is not None and last.kind == MoveKind.RETURNED else None


def chosen_day(municipality: Municipality) -> ChosenDay | None:
    """The day of the start as it is chosen now."""
    with in_schema(municipality.schema_name):
        return ChosenDay.objects.order_by("-chosen_at", "-pk").first()
