"""Meals sold in advance: how many a child has left. A stock, not a period, and never a condition for eating."""

from collections.abc import Collection, Iterable

from django.db.models import Count, Q, Sum

from services_catalog.fee_table import PerBlock
from services_catalog.models import Edition, EditionStatus, Service
from sportello.canteen.closed_days import roll_calls_on_closed_days
from sportello.canteen.models import MealBlock, Presence
from sportello.families.models import Child
from sportello.kernel.dates import DateRange


def block_periods(service: Service) -> list[DateRange]:
    """The periods in which the editions of the Comune sell meals in blocks; one query."""
    editions = Edition.objects.filter(service=service, status=EditionStatus.IN_FORCE).order_by("valid_during")
    return [edition.period for edition in editions if isinstance(edition.rules.fees.unit, PerBlock)]


def within_any(periods: Iterable[DateRange], field: str = "day") -> Q:
    """The condition that a day lies in one of the periods; no period, no row."""
    condition = Q(pk__in=[])
    for period in periods:
        inside = Q(**{f"{field}__gte": period.start})
        if period.end is not None:
            inside &= Q(**{f"{field}__lt": period.end})
        condition |= inside
    return condition


def meals_available(children: Collection[Child], service: Service) -> dict[int, int]:
    """Child id -> meals bought less meals eaten, for every child given; empty where none are sold in advance.

    Meals of days closed afterwards do not count. Negative when more was eaten than bought: the next close opens a
    block. Nine queries at most.
    """
    periods = block_periods(service)
    if not periods:
        return {}
    ids = [child.pk for child in children]
    bought = MealBlock.objects.filter(child__in=ids).order_by().values("child_id").annotate(meals=Sum("meals"))
    closed = roll_calls_on_closed_days(service, DateRange(periods[0].start, periods[-1].end), children)
    eaten = (
        Presence.objects.filter(within_any(periods), child__in=ids, ate=True).exclude(roll_call__in=closed).order_by()
    )
    stock = dict.fromkeys(ids, 0)
    for row in bought:
        stock[row["child_id"]] += row["meals"]
    for row in eaten.values("child_id").annotate(meals=Count("pk")):
        stock[row["child_id"]] -= row["meals"]
    return stock
