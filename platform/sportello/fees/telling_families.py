"""Telling the families of the decisions sent: one notice for each person and sending, with the reasons.

It runs as a job: whoever sends the decisions of a whole Comune does not wait for its families.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sportello.families.queries import accounts_acting_for
from sportello.fees.explanation import unit_sentence
from sportello.fees.models import PriceDecision
from sportello.fees.reasons import sentences_of
from sportello.fees.rules import Price
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.notifications.notifying import notify
from sportello.ui.templatetags.ui import it_date


def tell_prices(*, sending: UUID, now: datetime) -> int:
    """Tells each guardian of the children concerned, once; returns how many people. The subject says no amount."""
    rows = PriceDecision.objects.filter(sending=sending).select_related("child", "service")
    of_child: dict[int, list[PriceDecision]] = {}
    for row in rows.order_by("service__name", "valid_during"):
        of_child.setdefault(row.child_id, []).append(row)
    people = accounts_acting_for(list(of_child), now.astimezone(ROME).date())
    for account, children in people:
        with override("it"):  # the office's language is not the family's
            subject = _("Una nuova decisione sulle tariffe dei servizi scolastici")
            body = "\n".join(_told(row) for child in children for row in of_child[child.pk])
        notify(
            account=account,
            topic="fees",
            subject=subject,
            body=body,
            link=reverse("desk:child", args=[children[0].public_id]),
            email=account.email,
            key=f"prices:{sending}",
            now=now,
        )
    return len(people)


def run_tell_prices(job: Job, progress: Progress) -> dict[str, Any]:
    """The job: its argument is the key of the sending."""
    told = tell_prices(sending=UUID(job.arguments["sending"]), now=clock.now())
    progress.advance(done=1, total=1)
    return {"told": told}


def _told(row: PriceDecision) -> str:
    words = {
        "child": row.child.given_name,
        "service": row.service.name,
        "day": it_date(row.period.start),
        "price": price_in_words(row),
        "before": "" if row.before_cents is None else Money(row.before_cents).format(),
    }
    if row.ends:
        sentence = _("%(child)s, %(service)s: dal %(day)s nessuna tariffa.") % words
    elif row.before_cents is None:
        sentence = _("%(child)s, %(service)s: dal %(day)s %(price)s.") % words
    else:
        sentence = _("%(child)s, %(service)s: dal %(day)s %(price)s; prima %(before)s.") % words
    return " ".join([sentence, *sentences_of(row.reasons)])


def price_in_words(row: PriceDecision) -> str:
    """The price of a unit: "1,90 € a pasto"."""
    unit: Any = row.unit  # one of UnitName: the column's choices are the same words
    return f"{row.unit_price.format()} {unit_sentence(Price(row.unit_price, unit, row.block_meals, ()))}"
