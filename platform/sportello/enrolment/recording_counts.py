"""The office writes down what was counted in a month where no roll is called: presences, absences, sick days."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from services_catalog.fee_table import Counted, FeeTable
from services_catalog.models import Service
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.enrolment.competences import charged_here, register_name
from sportello.enrolment.models import MonthCount, Subscription
from sportello.enrolment.registers import KEPT
from sportello.families.models import Child
from sportello.kernel.month import Month
from sportello.schools.models import Section


@transaction.atomic
def record_counts(
    *,
    service: Service,
    month: Month,
    numbers: Mapping[tuple[int, Counted], int | None],
    actor: Account,
    now: datetime,
) -> int:
    """Keeps the number of each child (by id) and count; None takes one back. Returns of how many children it changed.

    The next charge of the month follows, by a difference where it was charged already. An audit record for each child
    whose numbers change.
    """
    held = MonthCount.objects.select_for_update().filter(service=service, month=month.first_day)
    known = {(one.child_id, one.counted): one for one in held.order_by("pk")}
    changed: set[int] = set()
    for (child, name), number in numbers.items():
        before = known.get((child, name))
        if number == (before.number if before else None):
            continue
        changed.add(child)
        if number is None and before is not None:
            before.delete()
        elif number is not None:
            MonthCount.objects.update_or_create(
                child_id=child,
                service=service,
                month=month.first_day,
                counted=name,
                defaults={"number": number, "recorded_at": now, "recorded_by": actor.pk},
            )
    for minor in Child.objects.filter(pk__in=changed).order_by("pk"):
        record(
            action=Action.PRESENCE_CORRECTED,
            actor=actor.pk,
            subject_kind="child",
            subject=minor.public_id,
            now=now,
            details={"service": service.code, "month": str(month)},
        )
    return len(changed)


def counts_asked(tables: Iterable[FeeTable], kept: Collection[str] = ()) -> list[Counted]:
    """What the tables read that only a register can say and no roll has ``kept``, in the order of the registers."""
    read: set[str] = set()
    for table in tables:
        for _place, tariff, _code in charged_here(table):
            read |= {getattr(rule, "counted", None) or "" for rule in tariff.proration}
            read.add(register_name(tariff.unit) or "")
    return [name for name in KEPT if name in read and name not in kept]


def classes_of(service: Service, month: Month) -> list[Section]:
    """The classes in which somebody has a place in the service in the month; one query."""
    held = Subscription.objects.filter(service=service, valid_during__overlap=month.period.bounds)
    seated = Section.objects.filter(
        pupils__child__in=held.values("child"), pupils__valid_during__overlap=month.period.bounds
    )
    return list(seated.select_related("school").distinct().order_by("school__name", "class_year", "letter"))


def children_of_class(service: Service, month: Month, section: Section) -> list[Child]:
    """The children of a class with a place in the service in the month, by name; one query."""
    held = Subscription.objects.filter(service=service, valid_during__overlap=month.period.bounds)
    seated = Child.objects.filter(
        pk__in=held.values("child"),
        placements__section=section,
        placements__valid_during__overlap=month.period.bounds,
    )
    return list(seated.distinct().order_by("family_name", "given_name", "pk"))


def numbers_known(service: Service, month: Month, children: Collection[Child]) -> dict[tuple[int, str], int]:
    """What was written down already, by child id and count; one query."""
    held = MonthCount.objects.filter(service=service, month=month.first_day, child__in=children).order_by("pk")
    return {(one.child_id, one.counted): one.number for one in held}
