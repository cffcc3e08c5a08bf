"""A parent is told when credit runs low: once each time it falls below the sum she chose."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.credits.models import CreditAlert
from sportello.billing.models import LedgerAccount
from sportello.families.models import Act
from sportello.families.queries import children_for
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.notifications.notifying import notify

TOPIC = "credit"


@transaction.atomic
def set_credit_alert(*, ledger: LedgerAccount, person: Account, threshold: Money | None, now: datetime) -> None:
    """Has the person told when the account falls below the sum; None or nothing: no more.

    Where it is below already she is told at the next look.
    """
    held = CreditAlert.objects.filter(ledger=ledger, person=person)
    if threshold is None or threshold.cents <= 0:
        held.delete()
    else:
        CreditAlert.objects.update_or_create(
            ledger=ledger,
            person=person,
            defaults={"threshold_cents": threshold.cents, "set_at": now, "is_below": False},
        )
    record(
        action=Action.CREDIT_ALERT_CHANGED,
        actor=person.pk,
        subject_kind="ledger_account",
        subject=ledger.public_id,
        now=now,
        details={"cents": threshold.cents if threshold else 0},
    )


@transaction.atomic
def tell_low_credit(*, now: datetime) -> int:
    """Tells whose credit has fallen below her sum since the last look; returns how many. Twice in a row tells once.

    Who may see the account no more is not told. Two looks at once wait for one another.
    """
    alerts = CreditAlert.objects.select_for_update(of=("self",)).select_related("ledger", "person")
    risen = alerts.filter(is_below=True, ledger__balance_cents__gte=F("threshold_cents"))
    risen.update(is_below=False)
    told = 0
    for alert in alerts.filter(is_below=False, ledger__balance_cents__lt=F("threshold_cents")).order_by("pk"):
        alert.is_below, alert.crossings = True, alert.crossings + 1
        alert.save(update_fields=["is_below", "crossings"])
        told += _tell(alert, now)
    return told


def _tell(alert: CreditAlert, now: datetime) -> bool:
    """A notice without names or sums: the page, which asks who reads, has them."""
    today = now.astimezone(ROME).date()
    if not children_for(alert.person, Act.PAY, today).filter(pk=alert.ledger.child_id).exists():
        return False
    with override("it"):
        notify(
            account=alert.person,
            topic=TOPIC,
            subject=_("Il credito sta finendo"),
            body=_("Il credito di un servizio è sceso sotto la somma che hai scelto. Il servizio continua comunque."),
            link=reverse("desk:dues"),
            email=alert.person.email,
            key=f"low_credit:{alert.pk}:{alert.set_at.timestamp():.0f}:{alert.crossings}",
            now=now,
        )
    return True
