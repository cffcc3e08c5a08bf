"""Which ages a service takes, counted on a day."""

from typing import Annotated, Literal

import msgspec

from services_catalog.admission.roots import AdmissionRule, Age, Reckoning
from services_catalog.fees.roots import Code, Rule
from services_catalog.texts import Text
from sportello.kernel.errors import gettext_noop


class AgeBand(Rule, frozen=True, kw_only=True):
    """Children who on a day have completed ``at_least`` and not yet ``below``; a child not yet born has no age.

    Who is admitted only ``if_places_remain`` waits until nobody of another band waits for a place.
    """

    code: Code
    label: Text
    on: Reckoning
    at_least: Age | None = None
    below: Age | None = None
    admitted: Literal["always", "if_places_remain"] = "always"

    def __post_init__(self) -> None:
        if self.at_least is None and self.below is None:
            raise ValueError(gettext_noop("una fascia di età vuole «at_least» o «below»"))
        if self.at_least and self.below and self.below.total_months <= self.at_least.total_months:
            raise ValueError(gettext_noop("«below» non supera «at_least»"))


class AgeRule(AdmissionRule, frozen=True, kw_only=True, tag_field="kind", tag="age"):
    """The child belongs to the first band in which its age falls; in none, it may not apply."""

    bands: Annotated[tuple[AgeBand, ...], msgspec.Meta(min_length=1)]
