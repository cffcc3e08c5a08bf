"""What the office sees first: what waits, what is late, what the month has brought."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum

from services_catalog.models import Edition, EditionStatus
from sportello.applications.models import Application, ApplicationState
from sportello.billing.models import LedgerAccount
from sportello.billing.receipts.proving import last_proof
from sportello.canteen.models import Presence
from sportello.enrolment.models import Subscription


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """The figures of one day: counts, and the sum of what families owe in cents (positive)."""

    to_decide: int
    late: int
    due_this_week: int
    waiting_for_family: int
    enrolled: int
    meals_this_month: int
    owed_cents: int
    in_debt: int
    fees_to_approve: int
    books_are_open: bool


def office_day(today: date) -> OfficeDay:
    """Six queries, whatever the size of the Comune."""
    submitted = Q(state=ApplicationState.SUBMITTED)
    applications = Application.objects.aggregate(
        to_decide=Count("pk", filter=submitted),
        late=Count("pk", filter=submitted & Q(answer_by__lt=today)),
        due_this_week=Count("pk", filter=submitted & Q(answer_by__range=(today, today + timedelta(days=7)))),
        waiting=Count("pk", filter=Q(state=ApplicationState.TO_COMPLETE)),
    )
    debts = LedgerAccount.objects.filter(balance_cents__lt=0).aggregate(sum=Sum("balance_cents"), count=Count("pk"))
    proof = last_proof()
    return OfficeDay(
        to_decide=applications["to_decide"],
        late=applications["late"],
        due_this_week=applications["due_this_week"],
        waiting_for_family=applications["waiting"],
        enrolled=Subscription.objects.filter(valid_during__contains=today).count(),
        meals_this_month=Presence.objects.filter(day__gte=today.replace(day=1), day__lte=today, ate=True).count(),
        owed_cents=-(debts["sum"] or 0),
        in_debt=debts["count"],
        books_are_open=proof is not None and not proof.is_sound,
        fees_to_approve=Edition.objects.filter(status=EditionStatus.PROPOSED).count(),
    )
