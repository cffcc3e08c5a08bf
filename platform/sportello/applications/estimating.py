"""What the service would cost a child, with its explanation: told before sending and kept when sent."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from services_catalog.models import Edition
from services_catalog.schema import EditionContent
from sportello.applications.enrolled import users_among
from sportello.applications.queries import open_applications
from sportello.families.models import Child
from sportello.families.queries import siblings_of
from sportello.fees.deciding import facts_to_json
from sportello.fees.rules import Facts, Price, price


@dataclass(frozen=True, slots=True)
class Estimate:
    """A price, the facts it rests on and the edition whose table was read."""

    price: Price
    facts: Facts
    edition: Edition
    content: EditionContent

    def stored(self) -> dict[str, Any]:
        """Plain data for the `explanation` of an application."""
        return {
            "amount_cents": self.price.amount.cents,
            "unit": self.price.unit,
            "block_meals": self.price.block_meals,
            "facts": facts_to_json(self.facts),
            "steps": [asdict(step) for step in self.price.steps],
            "act": {"number": self.edition.act_number, "url": self.edition.act_url},
        }


def estimate(edition: Edition, facts: Facts) -> Estimate:
    """The price under an edition. Raises the errors of `fees.rules` where the table has no answer."""
    content = edition.rules
    return Estimate(price=price(content.fees, facts), facts=facts, edition=edition, content=content)


def sibling_place(child: Child, *, edition: Edition, content: EditionContent, today: date) -> tuple[int, int]:
    """(rank, children) of a child among those of the household who use the service, itself included.

    Counts who already uses it and who has an application under way, as the edition's fee table says to count.
    """
    siblings = list(siblings_of(child))
    counting = content.fees.siblings
    if counting.counted != "minors_of_household":
        using = users_among([sibling.pk for sibling in siblings], edition.service_id, today)
        applying = open_applications(siblings, service_id=edition.service_id, school_year=edition.school_year)
        siblings = [sibling for sibling in siblings if sibling.pk in using or sibling.pk in applying]
    else:
        siblings = [sibling for sibling in siblings if _is_minor(sibling, today)]
    ordered = sorted(
        [child, *siblings],
        key=lambda one: (one.birth_date or date.max, one.pk),
        reverse=counting.order == "youngest_first",
    )
    return ordered.index(child) + 1, len(ordered)


def _is_minor(child: Child, today: date) -> bool:
    born = child.birth_date
    return born is None or (today.year - born.year) - ((today.month, today.day) < (born.month, born.day)) < 18
