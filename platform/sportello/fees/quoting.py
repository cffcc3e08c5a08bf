"""What would it cost? A price from facts somebody states, without keeping anything."""

from dataclasses import dataclass
from datetime import date

from services_catalog.models import Edition
from services_catalog.queries import edition_on
from sportello.fees.rules import Facts, Price, price


@dataclass(frozen=True, slots=True)
class Quote:
    """A price and the edition it came from."""

    price: Price
    edition: Edition


def quote(*, service_code: str, day: date, facts: Facts) -> Quote:
    """The price on a day for the facts stated; raises NoEditionInForce and the failures of ``rules.price``."""
    edition = edition_on(service_code, day)
    return Quote(price=price(edition.rules.fees, facts), edition=edition)
