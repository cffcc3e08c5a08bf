"""What the Comune knows of a parent's household already, so that she need not write it: she may change everything."""

from datetime import date
from typing import Any

from sportello.accounts.models import Account
from sportello.desk.quote_form import HAVE, NONE, Known
from sportello.enrolment.models import Subscription
from sportello.families.models import Child, Pupil
from sportello.families.queries import children_of, placements_on
from sportello.fees.models import RecognisedCondition
from sportello.kernel.money import Money
from sportello.kernel.names import shown_name
from sportello.means.queries import isee_of_many
from tenants.current import current_municipality


def known_children(account: Account, today: date) -> list[Known]:
    """Her own children from the eldest on; a fixed number of queries."""
    children = _children(account, today)
    placed = placements_on(children, today)
    services: dict[int, set[str]] = {}
    conditions: dict[int, set[str]] = {}
    places = Subscription.objects.filter(child__in=children, valid_during__endswith__gt=today).order_by("pk")
    for child_id, code in places.values_list("child_id", "service__code"):
        services.setdefault(child_id, set()).add(code)
    recognised = RecognisedCondition.objects.filter(child__in=children, valid_during__contains=today).order_by("pk")
    for child_id, condition in recognised.values_list("child_id", "condition"):
        conditions.setdefault(child_id, set()).add(condition)
    return [
        _known(child, placed.get(child.pk), services.get(child.pk, set()), conditions.get(child.pk, set()))
        for child in children
    ]


def known_household(account: Account, today: date) -> dict[str, Any]:
    """Initial values of the form: the ISEE that counts today and the residence.

    Where her children have more than one ISEE, that of the eldest: she sees it, and may change it.
    """
    children = _children(account, today)
    held = isee_of_many(children, today)
    first = next((held[child.pk] for child in children if child.pk in held), None)
    belfiore = current_municipality().belfiore_code
    resident = all(child.residence_code in ("", belfiore) for child in children)
    return {
        "ha_isee": NONE if first is None else HAVE,
        "isee": None if first is None else Money(first.amount_cents),
        "residente": HAVE if resident else NONE,
    }


def _children(account: Account, today: date) -> list[Child]:
    return list(children_of(account, today).order_by("birth_date", "pk"))


def _known(child: Child, placed: Pupil | None, services: set[str], conditions: set[str]) -> Known:
    school = placed.section.school if placed else None
    return Known(
        name=shown_name(child.given_name),
        school=f"{school.level}:{school.school_code}" if school else "",
        school_name=school.name if school else "",
        services=frozenset(services),
        conditions=frozenset(conditions),
    )
