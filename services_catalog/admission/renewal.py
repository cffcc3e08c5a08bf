"""What becomes of a place when the school year ends, and from when a late enrolment may be used."""

from typing import Annotated, Literal

import msgspec

from services_catalog.admission.roots import MonthDay
from services_catalog.fees.roots import Rule


class AutomaticRenewal(Rule, frozen=True, kw_only=True, tag_field="kind", tag="automatic"):
    """The place goes on, without an application, as long as the child stays at its school level (or its school)."""

    until: Literal["end_of_level", "end_of_school"] = "end_of_level"


class ConfirmedRenewal(Rule, frozen=True, kw_only=True, tag_field="kind", tag="confirmed"):
    """The place goes on if the family confirms by a day of the calendar year in which the school year ends."""

    by: MonthDay


class NoRenewal(Rule, frozen=True, kw_only=True, tag_field="kind", tag="none"):
    """A new application every year."""


type Renewal = AutomaticRenewal | ConfirmedRenewal | NoRenewal


class FirstUse(Rule, frozen=True, kw_only=True):
    """An enrolment filed in a window may be used after so many working days, the day of filing not counted:
    on the last of them, or on the day after.
    """

    working_days: Annotated[int, msgspec.Meta(ge=1, le=60)]
    on: Literal["last_day", "day_after"] = "last_day"
