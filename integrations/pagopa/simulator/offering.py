"""What a notice says now, for the pages: from our station, or from GPD where the creditor keeps it there."""

from datetime import datetime

from integrations.pagopa.simulator.contracts import BadAnswer
from integrations.pagopa.simulator.paying import verify
from integrations.pagopa.simulator.station import Offer, Refused
from integrations.pagopa.simulator.wire import NoAnswer, Wire


class NoOffer(Exception):
    """The notice cannot be paid now; the words say why."""


def offer_of(nav: str, fiscal_code: str, *, station_url: str, wire: Wire, now: datetime) -> Offer:
    """Raises NoOffer for a refusal, a broken contract, and silence."""
    try:
        return verify(nav, fiscal_code, station_url=station_url, wire=wire, now=now)
    except (Refused, BadAnswer, NoAnswer) as error:
        raise NoOffer(str(error)) from error
