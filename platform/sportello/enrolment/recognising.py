"""The office recognises a condition that a fee reads; what the child and its siblings pay is decided anew at once."""

from datetime import datetime

from django.db import transaction

from services_catalog.models import Service
from sportello.accounts.models import Account
from sportello.enrolment.pricing import reprice_household
from sportello.families.models import Child
from sportello.fees.models import RecognisedCondition
from sportello.fees.recognising import recognise_condition
from sportello.kernel.dates import DateRange


@transaction.atomic
def recognise_and_reprice(
    *, child: Child, service: Service, condition: str, during: DateRange, reason: str, actor: Account, now: datetime
) -> RecognisedCondition:
    """Recognises the condition for the period and works out the prices of its days anew, as drafts to send.

    Months already closed change at their next close, by a difference. Raises ConditionAlreadyRecognised.
    """
    made = recognise_condition(child=child, condition=condition, during=during, reason=reason, actor=actor, now=now)
    reprice_household(child=child, service=service, within=during, now=now)
    return made
