"""Closing a month: the charges of the meals served, at the price in force on each day.

No charge rests on a draft: the decisions still to send for the days of the month are sent first.

All or nothing in one transaction, whose length the ledger's keys make harmless: a close that was interrupted starts
over, a close that is repeated posts nothing, and presences corrected after a close are posted as differences that name
the charge they put right. A meal of a closed day is never charged. Where the fee has a fixed part or is of the month,
the close has enrolment charge it with the meals counted here.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Service
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.posting import post_entries
from sportello.canteen.blocks import open_missing_blocks
from sportello.canteen.errors import MealsWithoutPrice, MonthNotOver
from sportello.canteen.models import MonthClose
from sportello.canteen.month import Month
from sportello.canteen.pricing import decide_missing_prices
from sportello.canteen.reckoning import Reckoning, lines_by_price, reckon
from sportello.canteen.sending import send_prices_of_month
from sportello.enrolment.charging import charge_beside
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel.clock import ROME
from tenants.current import require_schema


@transaction.atomic
def close_month(
    *, service: Service, month: Month, actor: int | None, now: datetime, progress: Progress, job: Job | None = None
) -> dict[str, Any]:
    """Posts what the ledger does not hold of the month yet; returns the totals of the run.

    Keeps a MonthClose and an audit record for each run that posted something, and for the first. Two closes of one
    Comune wait for one another. Raises MonthNotOver, MealsWithoutPrice, and the errors of fee tables.
    """
    if now.astimezone(ROME).date() < month.next.first_day:
        raise MonthNotOver(
            _("Il mese di %(month)s non è finito: si chiude dal primo giorno del mese dopo."), month=month.name
        )
    _one_at_a_time()
    progress.advance(done=0, total=4, message=str(_("Conto i pasti di ogni bambino")))
    send_prices_of_month(service=service, month=month, actor=actor, now=now)
    reckoning = reckon(service, month)
    progress.advance(done=1, message=str(_("Controllo le tariffe")))
    reckoning = _with_every_price(service, reckoning, actor, now)
    progress.advance(done=2, message=str(_("Registro gli addebiti")))
    entries = post_entries(lines=reckoning.lines, now=now, actor=actor)
    beside = charge_beside(service=service, month=month, actor=actor, now=now)
    blocks = open_missing_blocks(service=service, month=month, now=now, actor=actor) if reckoning.sold_in_blocks else 0
    progress.advance(done=3, message=str(_("Verifico e concludo")))
    totals = totals_of(reckoning) | {"entries": entries, "posted_cents": -reckoning.to_post.cents, "blocks": blocks}
    totals |= {"beside": beside} if beside else {}
    _keep(
        service,
        month,
        totals,
        changed=bool(entries or blocks or (beside and beside["entries"])),
        actor=actor,
        now=now,
        job=job,
    )
    progress.advance(done=4, message=str(_("Mese chiuso")))
    return totals


def totals_of(reckoning: Reckoning) -> dict[str, Any]:
    """What people check: children, meals, amount of the whole month and its breakdown by unit price, in cents."""
    return {
        "month": str(reckoning.month),
        "children": reckoning.children,
        "meals": reckoning.meals,
        "cents": reckoning.whole.cents,
        "closed_day_meals": reckoning.closed_day_meals,
        "by_price": [
            {"unit_cents": price.cents, "meals": meals, "cents": amount.cents}
            for price, meals, amount in lines_by_price(reckoning)
        ],
    } | ({"summed": True} if reckoning.summed else {})


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext('canteen.month_close'))", [require_schema()]
        )


def _with_every_price(service: Service, reckoning: Reckoning, actor: int | None, now: datetime) -> Reckoning:
    """The reckoning with a price for every meal, decided and sent now where there was none.

    Raises MealsWithoutPrice.
    """
    if not reckoning.unpriced_meals:
        return reckoning
    children = reckoning.unpriced_children
    reasons = decide_missing_prices(service=service, month=reckoning.month, children=children, now=now)
    send_prices_of_month(service=service, month=reckoning.month, actor=actor, now=now)
    again = reckon(service, reckoning.month)
    if again.unpriced_meals:
        raise MealsWithoutPrice(
            _(
                "%(meals)s pasti di %(children)s bambini non hanno una tariffa in vigore quel giorno: nulla è stato"
                " addebitato. %(reasons)s"
            ),
            meals=again.unpriced_meals,
            children=len(again.unpriced_children),
            reasons=" ".join(reasons),
        )
    return again


def _keep(
    service: Service,
    month: Month,
    totals: dict[str, Any],
    *,
    changed: bool,
    actor: int | None,
    now: datetime,
    job: Job | None,
) -> None:
    earlier = MonthClose.objects.filter(service=service, month=month.first_day).count()
    if earlier and not changed:
        return
    close = MonthClose.objects.create(
        service=service,
        month=month.first_day,
        revision=earlier + 1,
        job=job,
        totals=totals,
        closed_at=now,
        closed_by=actor,
    )
    record(
        action=Action.MONTH_CLOSED,
        actor=actor,
        subject_kind="month_close",
        subject=close.public_id,
        now=now,
        details={key: totals[key] for key in ("month", "children", "meals", "entries", "posted_cents", "blocks")},
    )
