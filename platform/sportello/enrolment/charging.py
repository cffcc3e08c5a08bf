"""Charging a month of a service: what its children owe by month, year, period or day goes to the ledger.

No charge rests on a draft: the decisions still to send for the days of the month are sent first.

One transaction, whose length the ledger's keys make harmless: a run that was interrupted starts over, a run that is
repeated posts nothing, and what changed since (a price, a place, a count, a closed day) is posted as a difference that
names the charge it puts right. A child who cannot be charged is left out, told by its reason, and charged by a later
run; it does not hold up the others.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Service
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.posting import post_entries
from sportello.enrolment.charge_reading import charged_after, charged_editions
from sportello.enrolment.charge_reckoning import ChargeReckoning, reckon_charges
from sportello.enrolment.models import ChargeRun, Subscription
from sportello.enrolment.pricing import decide_prices_of
from sportello.enrolment.sending_prices import send_prices_within
from sportello.families.models import Child
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel.clock import ROME
from sportello.kernel.errors import DomainError
from sportello.kernel.month import Month
from tenants.current import require_schema


class MonthNotCome(DomainError):
    """A month is charged from its first day, or when it is over where its days are counted."""


class NothingToCharge(DomainError):
    """The service has nothing that is charged month by month."""


@transaction.atomic
def charge_month(
    *, service: Service, month: Month, actor: int | None, now: datetime, progress: Progress, job: Job | None = None
) -> dict[str, Any]:
    """Posts what the children owe for the month and the ledger does not hold yet; returns the totals of the run.

    Amounts of a year or of a period are posted when they fall due, by the end of the month. Children without a price
    have it decided first. Keeps a ChargeRun and an audit record for each run that posted something, and for the first.
    Two runs of one Comune wait for one another. Raises MonthNotCome, NothingToCharge.
    """
    _one_at_a_time()
    progress.advance(done=0, total=3, message=str(_("Calcolo quanto deve ogni bambino")))
    send_prices_within(service=service, within=month.period, actor=actor, now=now)
    reckoning = reckon_charges(service, month)
    if not reckoning.has_quotas:
        raise NothingToCharge(_("Questo servizio non ha quote da addebitare mese per mese."))
    if not reckoning.may_run(now.astimezone(ROME).date()):
        raise MonthNotCome(
            _("%(month)s non si può ancora addebitare: il mese deve cominciare o, se si contano i giorni, finire."),
            month=month.name,
        )
    progress.advance(done=1, message=str(_("Controllo le tariffe")))
    reckoning = _with_every_price(service, reckoning, actor, now)
    progress.advance(done=2, message=str(_("Registro gli addebiti")))
    entries = post_entries(lines=reckoning.lines, now=now, actor=actor)
    totals = totals_of(reckoning) | {"entries": entries, "posted_cents": -reckoning.to_post.cents}
    _keep(service, month, totals, actor=actor, now=now, job=job)
    progress.advance(done=3, message=str(_("Mese addebitato")))
    return totals


def charge_beside(*, service: Service, month: Month, actor: int | None, now: datetime) -> dict[str, Any] | None:
    """As :func:`charge_month`, for a room that charges the same month its own way (the canteen its meals).

    Where free units are of the whole year, the months already charged that follow are charged again: a meal that turns
    up in October may use up what November had free. None where the service has nothing else to charge.
    """
    editions = charged_editions(service, month)
    if not editions:
        return None
    totals = charge_month(service=service, month=month, actor=actor, now=now, progress=_Unseen())
    if any(edition.rules.fees.free_units is not None for edition in editions.values()):
        for later in charged_after(service, month):
            more = charge_month(service=service, month=later, actor=actor, now=now, progress=_Unseen())
            totals |= {name: totals[name] + more[name] for name in ("entries", "posted_cents")}
    return totals


def totals_of(reckoning: ChargeReckoning) -> dict[str, Any]:
    """What people check: children, amount of the month and its parts in cents, who was left out and why."""
    return {
        "month": str(reckoning.month),
        "children": reckoning.children,
        "cents": reckoning.whole.cents,
        "by_part": [
            {"part": line.part, "span": line.span, "children": line.children, "cents": line.amount.cents}
            for line in reckoning.by_part
        ],
        "left_out": dict(reckoning.left_out),
    }


class _Unseen:
    """Progress that the calling room tells itself."""

    def advance(self, **_told: object) -> None:
        return


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext('enrolment.charging'))", [require_schema()])


def _with_every_price(
    service: Service, reckoning: ChargeReckoning, actor: int | None, now: datetime
) -> ChargeReckoning:
    """The reckoning after the prices of those who had none were decided, with their brothers and sisters."""
    if not reckoning.unpriced:
        return reckoning
    households = Child.objects.filter(pk__in=reckoning.unpriced).exclude(household=None).values("household")
    held = Subscription.objects.filter(Q(child__in=reckoning.unpriced) | Q(child__household__in=households))
    decide_prices_of(held, service=service, within=reckoning.priced_days, now=now)
    send_prices_within(service=service, within=reckoning.priced_days, actor=actor, now=now)
    return reckon_charges(service, reckoning.month)


def _keep(
    service: Service, month: Month, totals: dict[str, Any], *, actor: int | None, now: datetime, job: Job | None
) -> None:
    earlier = ChargeRun.objects.filter(service=service, month=month.first_day).count()
    if earlier and not totals["entries"]:
        return
    run = ChargeRun.objects.create(
        service=service,
        month=month.first_day,
        revision=earlier + 1,
        job=job,
        totals=totals,
        charged_at=now,
        charged_by=actor,
    )
    record(
        action=Action.MONTH_CLOSED,
        actor=actor,
        subject_kind="charge_run",
        subject=run.public_id,
        now=now,
        details={"service": service.code}
        | {key: totals[key] for key in ("month", "children", "entries", "posted_cents")},
    )
