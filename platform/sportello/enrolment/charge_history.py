"""What the office sees of charging: which services have quotas, what was posted month by month, what runs now."""

from collections.abc import Iterable
from dataclasses import dataclass

from services_catalog.models import Edition, EditionStatus, Service
from sportello.accounts.models import Account
from sportello.enrolment.competences import charged_here
from sportello.enrolment.models import ChargeRun
from sportello.enrolment.tasks import CHARGE_MONTH
from sportello.jobs.models import Job
from sportello.kernel.money import Money
from sportello.kernel.month import Month


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run as a row of the history: by whom, entries and cents posted, children left out."""

    run: ChargeRun
    who: str

    @property
    def month(self) -> Month:
        return Month.of(self.run.month)

    @property
    def posted(self) -> Money:
        return Money(self.run.totals["posted_cents"])

    @property
    def left_out(self) -> int:
        return sum(self.run.totals["left_out"].values())


def services_charged() -> list[Service]:
    """The services of which months charge something, by name; one query."""
    held = Edition.objects.exclude(status=EditionStatus.DRAFT).select_related("service").order_by("pk")
    found = {one.service_id: one.service for one in held if charged_here(one.rules.fees)}
    return sorted(found.values(), key=lambda service: service.name)


def runs_of(service: Service, *, at_most: int = 24) -> list[RunShown]:
    """The latest runs of a service, newest first; two queries."""
    runs = list(ChargeRun.objects.filter(service=service).order_by("-charged_at", "-pk")[:at_most])
    names = _names(run.charged_by for run in runs)
    return [RunShown(run, names.get(run.charged_by or 0, "")) for run in runs]


def running_job(service: Service, month: Month) -> Job | None:
    """The run of that month that is queued or under way."""
    arguments = {"service": service.code, "month": str(month)}
    return Job.objects.filter(kind=CHARGE_MONTH, finished_at=None, arguments=arguments).order_by("pk").first()


def _names(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {pk for pk in ids if pk}
    return {account.pk: account.full_name for account in Account.objects.filter(pk__in=wanted)}
