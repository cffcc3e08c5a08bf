"""The documents an application wants: from whom, by when, for how long they hold."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from services_catalog.admission.roots import Age, Reckoning
from services_catalog.admission.standing import check_admission_when
from services_catalog.fees.circumstance import When
from services_catalog.fees.roots import Code, Rule
from services_catalog.texts import Text
from sportello.kernel.errors import gettext_noop

type DocumentCode = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,29}$")]


class GivenAnswer(Rule, frozen=True, kw_only=True):
    """An answer to one of the questions of the edition."""

    question: Code
    choice: Code


class ChildAge(Rule, frozen=True, kw_only=True):
    """An age on a day: completed ``at_least``, not yet ``below``."""

    on: Reckoning
    at_least: Age | None = None
    below: Age | None = None

    def __post_init__(self) -> None:
        if self.at_least is None and self.below is None:
            raise ValueError(gettext_noop("una fascia di età vuole «at_least» o «below»"))


class RequiredDocument(Rule, frozen=True, kw_only=True):
    """A document wanted from those for whom all that is written holds; nothing written: from everybody.

    Only one due ``with_application`` keeps an application from being sent; one for ``later`` is due so many days after
    sending or by a day. ``valid_months`` run from the day on which it is handed in.
    """

    code: DocumentCode
    label: Text
    help: Text | None = None
    source: str = ""
    when: When = When()
    answers: tuple[GivenAnswer, ...] = ()
    age: ChildAge | None = None
    signed_by: Literal["applicant", "every_guardian"] = "applicant"
    due: Literal["with_application", "later"] = "with_application"
    within_days: Annotated[int, msgspec.Meta(ge=1, le=365)] | None = None
    by: date | None = None
    valid_months: Annotated[int, msgspec.Meta(ge=1, le=120)] | None = None

    def __post_init__(self) -> None:
        check_admission_when(self.when)
        terms = (self.within_days is not None) + (self.by is not None)
        if terms != (1 if self.due == "later" else 0):
            raise ValueError(gettext_noop("un documento per dopo dice «within_days» o «by», gli altri no"))
