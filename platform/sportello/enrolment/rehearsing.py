"""A draft edition rehearsed on everybody enrolled in its service: nothing is written."""

from services_catalog.models import Edition
from services_catalog.queries import editions_in_force
from sportello.enrolment.effect import ChildEffect, as_renewed, compared
from sportello.enrolment.effect_figures import Effect, figures
from sportello.enrolment.models import Subscription
from sportello.fees.deciding import ServiceUse, members_of
from sportello.fees.timeline import EditionSpan, work_out
from sportello.kernel.dates import DateRange


def rehearse_edition(*, draft: Edition, renewed: bool) -> Effect:
    """What the edition would do to the children enrolled on its days, against the acts in force on them.

    ``renewed``: every ISEE that lapses is renewed alike; else those known today count and no others.
    The same interpreter that decides prices, with the draft in the place of what is in force. A fixed number of
    queries; about a second for five thousand children.
    """
    return figures(effects_of(draft=draft, renewed=renewed), draft.rules.fees)


def effects_of(*, draft: Edition, renewed: bool) -> list[ChildEffect]:
    """As :func:`rehearse_edition`, child by child."""
    within = draft.period
    places = Subscription.objects.filter(service=draft.service_id, valid_during__overlap=within.bounds)
    uses = [
        ServiceUse(child=place.child, period=DateRange.from_bounds(place.valid_during))
        for place in places.select_related("child").order_by("child", "pk")
    ]
    members = [as_renewed(member) if renewed else member for member in members_of(uses)]
    held = editions_in_force(draft.service.code, within)
    today = [EditionSpan(edition.pk, edition.period, edition.rules.fees) for edition in held if edition.pk != draft.pk]
    drafted = [EditionSpan(draft.pk, within, draft.rules.fees)]
    return compared(members, work_out(members, today, within), work_out(members, drafted, within))
