"""Everything the office may see of a child on one page: class, family, ISEE, services, money, history."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from services_catalog.models import Edition, EditionStatus
from sportello.applications.models import Application, ApplicationState
from sportello.billing.models import LedgerAccount
from sportello.enrolment.models import Subscription
from sportello.families.models import Child, Guardianship, PayerAssignment, Pupil
from sportello.families.queries import placement_on
from sportello.fees.models import PriceDecision, RecognisedCondition
from sportello.means.models import IseeAttestation


@dataclass(frozen=True, slots=True)
class HeldCondition:
    """A recognised condition in the words of the edition that reads it."""

    label: str
    row: RecognisedCondition


@dataclass(frozen=True, slots=True)
class ChildFile:
    """The rooms' facts about one child on a day."""

    child: Child
    placement: Pupil | None
    guardianships: list[Guardianship]
    payer: PayerAssignment | None
    isee: list[IseeAttestation]
    subscriptions: list[Subscription]
    accounts: list[LedgerAccount]
    prices: list[PriceDecision]
    conditions: list[HeldCondition]
    applications: list[Application]


def child_file(child: Child, today: date) -> ChildFile:
    """Reads the file; a fixed number of queries."""
    own = {"child": child}
    held = Guardianship.objects.filter(**own, valid_during__contains=today).select_related("adult")
    paying = PayerAssignment.objects.filter(**own, valid_during__contains=today).select_related("adult")
    places = Subscription.objects.filter(**own).select_related("service", "edition")
    prices = PriceDecision.objects.filter(**own).select_related("service", "edition")
    sent = Application.objects.filter(**own).exclude(state=ApplicationState.DRAFT)
    return ChildFile(
        child=child,
        placement=placement_on(child, today),
        guardianships=list(held),
        payer=paying.first(),
        isee=list(IseeAttestation.objects.filter(**own)),
        subscriptions=list(places),
        accounts=list(LedgerAccount.objects.filter(**own)),
        prices=list(prices),
        conditions=_conditions(child),
        applications=list(sent.select_related("service", "protocol")),
    )


def _conditions(child: Child) -> list[HeldCondition]:
    language = get_language() or "it"
    said = {
        one.code: one.label.within(language)
        for edition in Edition.objects.filter(status=EditionStatus.IN_FORCE).order_by("valid_during")
        for one in edition.rules.conditions
    }
    held = RecognisedCondition.objects.filter(child=child)
    return [HeldCondition(said.get(row.condition, row.condition), row) for row in held]
