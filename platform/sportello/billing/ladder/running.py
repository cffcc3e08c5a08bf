"""Looking at who would move, and letting them move: a step for a notice, once, in pieces that go on after a crash."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.debts.changing import allow_until
from sportello.billing.debts.models import DebtPosition
from sportello.billing.ladder.errors import AlreadyDone, NotLooked, StillWorking
from sportello.billing.ladder.models import LadderRun, StepTaken
from sportello.billing.ladder.reading import facts_of, overdue_on
from sportello.billing.ladder.rules import Decision, decide
from sportello.billing.ladder.setting import rules_on
from sportello.families.models import Adult
from sportello.families.queries import accounts_of
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.jobs.starting import start_job
from sportello.kernel.clock import ROME
from sportello.kernel.errors import gettext_noop
from sportello.notifications.notifying import Message, notify_many

LOOK, CLIMB = "ladder.look", "ladder.climb"
PIECE: Final = 200


@transaction.atomic
def start_look(*, actor: int, now: datetime) -> LadderRun:
    """Starts a look at all that is overdue; nobody moves. Raises NoRules."""
    run = LadderRun.objects.create(rules=rules_on(now.astimezone(ROME).date()), created_at=now, created_by=actor)
    _start(run, LOOK, actor, now)
    return run


@transaction.atomic
def confirm_run(*, run: LadderRun, actor: int, now: datetime) -> Job:
    """Starts moving who was looked at, or goes on. Raises StillWorking, AlreadyDone, NotLooked."""
    held = LadderRun.objects.select_for_update(of=("self",)).select_related("job").get(pk=run.pk)
    if held.is_working:
        raise StillWorking
    if held.ended_at:
        raise AlreadyDone
    if held.looked_at is None:
        raise NotLooked
    return _start(held, CLIMB, actor, now)


@transaction.atomic
def look(*, run: LadderRun, now: datetime, progress: Progress) -> dict[str, Any]:
    """Keeps who would move today and why the others would not."""
    progress.advance(message=str(_("Guardo che cosa è scaduto")))
    decisions = _decide(run, now)
    run.decisions = [
        [one.debt.position, one.debt.payer, one.debt.cents, one.step or "", one.why_not or ""] for one in decisions
    ]
    run.looked_at = now
    run.save(update_fields=["decisions", "looked_at"])
    progress.advance(done=len(decisions), total=len(decisions), message=str(_("Anteprima pronta")))
    return {"overdue": len(decisions), "moving": sum(one.step is not None for one in decisions)}


def climb(*, run: LadderRun, actor: int | None, now: datetime, progress: Progress) -> dict[str, Any]:
    """Lets the notices that were looked at take the step they may take now; run again it goes on where it was.

    Call it outside a transaction: it commits its pieces.
    """
    run.refresh_from_db()
    movers = sorted({payer for _position, payer, _cents, step, _why in run.decisions if step})
    left = [payer for payer in movers if payer > run.done_through]
    progress.advance(done=len(movers) - len(left), total=len(movers), message=str(_("Preparo le lettere")))
    for piece in batched(left, PIECE, strict=False):
        _climb_piece(run, piece, now)
        progress.advance(done=sum(payer <= piece[-1] for payer in movers))
    return _end(run, actor, now)


@transaction.atomic
def _climb_piece(run: LadderRun, payers: Sequence[int], now: datetime) -> None:
    """What they owe is read again, the payers locked as their carts lock them: who has paid meanwhile stays."""
    held = LadderRun.objects.select_for_update().get(pk=run.pk)
    if held.done_through >= payers[0]:
        return
    list(Adult.objects.select_for_update(no_key=True).filter(pk__in=payers).order_by("pk").values_list("pk"))
    looked_at = {position: step for position, _payer, _cents, step, _why in held.decisions if step}
    moving = [one for one in _decide(held, now, payers) if one.step and looked_at.get(one.debt.position) == one.step]
    today = now.astimezone(ROME).date()
    StepTaken.objects.bulk_create(
        StepTaken(
            position_id=one.debt.position,
            payer_id=one.debt.payer,
            run=held,
            step=one.step,
            amount_cents=one.debt.cents,
            taken_on=today,
        )
        for one in moving
        if one.step
    )
    _let_them_pay(held, moving, now)
    _tell(held, moving, now)
    held.counts = dict(Counter(held.counts) + Counter(one.step.value for one in moving if one.step))
    held.done_through, held.begun_at = payers[-1], held.begun_at or now
    held.save(update_fields=["counts", "done_through", "begun_at"])


def _let_them_pay(run: LadderRun, moving: Sequence[Decision], now: datetime) -> None:
    """The code in a letter can be paid until the day that the letter says."""
    last_day = now.astimezone(ROME).date() + timedelta(days=run.rules.days_to_pay)
    for position in DebtPosition.objects.filter(pk__in=[one.debt.position for one in moving]).order_by("pk"):
        allow_until(position=position, last_day=last_day, reason=gettext_noop("Sollecitato"), actor=None, now=now)


def _tell(run: LadderRun, moving: Sequence[Decision], now: datetime) -> None:
    """Each payer once for a run, with no sum, name or step: the letter is with the office, the sums on the page."""
    adults = Adult.objects.filter(pk__in={one.debt.payer for one in moving}).only("fiscal_code").order_by("pk")
    accounts = accounts_of(adults).filter(is_active=True).order_by("pk").values_list("pk", flat=True)
    with override("it"):  # the office's language is not the family's
        message = Message(
            topic="payments",
            subject=str(_("Un pagamento è scaduto")),
            body=str(
                _(
                    "Ci sono avvisi scaduti a tuo nome: nella pagina li paghi o chiedi le rate. Se hai difficoltà"
                    " parlane con l'ufficio. I servizi continuano comunque."
                )
            ),
            link=reverse("desk:dues"),
        )
    notify_many(accounts=list(accounts), message=message, key=f"ladder:{run.public_id}", now=now)


@transaction.atomic
def _end(run: LadderRun, actor: int | None, now: datetime) -> dict[str, Any]:
    held = LadderRun.objects.select_for_update().get(pk=run.pk)
    if held.ended_at is None:
        held.ended_at = now
        held.save(update_fields=["ended_at"])
        record(
            action=Action.LADDER_CLIMBED,
            actor=actor,
            subject_kind="ladder_run",
            subject=held.public_id,
            now=now,
            details=dict(held.counts),
        )
    return dict(held.counts)


def _decide(run: LadderRun, now: datetime, payers: Sequence[int] | None = None) -> list[Decision]:
    today = now.astimezone(ROME).date()
    debts = overdue_on(today, payers)
    return decide(run.rules.ladder, debts, facts_of({one.payer for one in debts}, today), today)


def _start(run: LadderRun, kind: str, actor: int, now: datetime) -> Job:
    run.job = start_job(kind=kind, arguments={"run": str(run.public_id)}, requested_by=actor, now=now)
    run.save(update_fields=["job"])
    return run.job
