"""Who may apply, on the sheet of a service: the rules in words, the places left, her children once she has entered."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser

from services_catalog.admission.admission import Admission
from services_catalog.describing_admission import admission_rows
from services_catalog.describing_fees import Row
from sportello.accounts.models import Account
from sportello.applications.admissibility.words import count_words, full_words
from sportello.applications.calls import Call
from sportello.applications.occupied import places_left
from sportello.applications.standing import ChildStanding, children_standing
from sportello.kernel.clock import ROME
from sportello.kernel.school_year import SchoolYear


@dataclass(frozen=True, slots=True)
class Entitlement:
    """The section "Chi può fare domanda"."""

    rows: list[Row]
    places: list[str]
    children: list[ChildStanding]


def entitlement(account: Account | AnonymousUser, call: Call, now: datetime) -> Entitlement | None:
    """What the sheet says beyond its own text; None where the edition has no rules of enrolment."""
    content = call.content
    if content.admission == Admission() and content.audience.residents == "everyone":
        return None
    today = now.astimezone(ROME).date()
    children: list[ChildStanding] = []
    if call.is_open and isinstance(account, Account) and not account.is_minor_on(today):
        children = children_standing(account=account, call=call, now=now)
    return Entitlement(list(admission_rows(content)), _places(call, today), children)


def _places(call: Call, today: date) -> list[str]:
    capacity = call.content.admission.capacity
    first = max(today, SchoolYear(call.edition.school_year).period.start)
    return [
        f"{count_words(one)}." if one.left or capacity is None else full_words(capacity, [one])
        for one in places_left(call.edition, call.content, first)
    ]
