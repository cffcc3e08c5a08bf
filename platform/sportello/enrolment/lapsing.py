"""What happens to the fees of a child when its ISEE lapses: as the edition of each service says, with the amounts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from services_catalog.models import Edition, EditionStatus
from sportello.enrolment.models import Subscription
from sportello.fees.explanation import unit_sentence
from sportello.fees.models import PriceDecision
from sportello.fees.rules import Price


@dataclass(frozen=True, slots=True)
class Lapse:
    """A child in a service: the price of today, that of the day after the ISEE lapses, the rules of that day."""

    service: str
    before: PriceDecision | None
    after: PriceDecision | None
    edition: Edition | None

    @property
    def matters(self) -> bool:
        """False where the Comune goes on counting the ISEE, or the fee is the same without one."""
        if self.edition is not None and self.edition.rules.fees.isee.missing == "last_known":
            return False
        if self.after is None or self.before is None:
            return True
        return self.after.inputs["isee_cents"] is None and self.after.unit_price_cents != self.before.unit_price_cents

    def sentence(self) -> str:
        """What changes from that day, without a new ISEE."""
        if self.edition is not None and self.edition.rules.fees.isee.missing == "refused":
            return _("%(service)s: senza un ISEE nuovo il Comune non può stabilire la tariffa.") % {
                "service": self.service
            }
        if self.before is None or self.after is None:
            return _("%(service)s: si applica la tariffa più alta.") % {"service": self.service}
        return _("%(service)s: da %(before)s a %(after)s %(unit)s.") % {
            "service": self.service,
            "before": self.before.unit_price.format(),
            "after": self.after.unit_price.format(),
            "unit": _unit(self.after),
        }


def lapses_of(places: Collection[Subscription], after: Mapping[int, date], today: date) -> dict[int, list[Lapse]]:
    """For each child (by id) its services on the day after its ISEE lapses, by name; two queries for all of them."""
    prices: dict[tuple[int, int], list[PriceDecision]] = {}
    for price in (
        PriceDecision.objects.in_force().filter(child__in=list(after), valid_during__endswith__gt=today).order_by("pk")
    ):
        prices.setdefault((price.child_id, price.service_id), []).append(price)
    services = {place.service_id for place in places}
    editions = list(Edition.objects.filter(service__in=services, status=EditionStatus.IN_FORCE).order_by("pk"))
    found: dict[int, list[Lapse]] = {}
    for place in sorted(places, key=lambda one: (one.service.name, one.pk)):
        day = after[place.child_id]
        held = prices.get((place.child_id, place.service_id), [])
        edition = next((one for one in editions if one.service_id == place.service_id and day in one.period), None)
        lapse = Lapse(place.service.name, _on(held, today), _on(held, day), edition)
        found.setdefault(place.child_id, []).append(lapse)
    return found


def _on(held: Sequence[PriceDecision], day: date) -> PriceDecision | None:
    return next((price for price in held if day in price.period), None)


def _unit(price: PriceDecision) -> str:
    unit: Any = price.unit  # one of UnitName: the column's choices are the same words
    return unit_sentence(Price(price.unit_price, unit, price.block_meals, ()))
