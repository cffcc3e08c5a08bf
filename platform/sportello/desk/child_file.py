"""Everything the office may see of a child on one page: class, family, ISEE, services, money, history."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.models import Edition, EditionStatus
from sportello.applications.models import Application, ApplicationState
from sportello.billing.models import LedgerAccount
from sportello.enrolment.models import MonthCount, Subscription
from sportello.enrolment.registers import LABELS
from sportello.families.models import Adult, Child, Guardianship, PayerAssignment, Pupil
from sportello.families.queries import delegations_about, guardians_of, placement_on
from sportello.families.shown_delegations import ShownDelegation, shown
from sportello.fees.models import PriceDecision, RecognisedCondition
from sportello.kernel.dates import DateRange
from sportello.kernel.month import Month
from sportello.means.models import TaxPosition
from sportello.means.showing import ShownIsee, isee_of_file
from sportello.means.tax_queries import tax_positions_of


@dataclass(frozen=True, slots=True)
class HeldCondition:
    """A recognised condition in the words of the edition that reads it."""

    label: str
    row: RecognisedCondition


@dataclass(frozen=True, slots=True)
class HeldGuardianship:
    """Days in which an adult acts for the child, or is kept from it."""

    row: Guardianship

    @property
    def period(self) -> DateRange:
        return DateRange.from_bounds(self.row.valid_during)


@dataclass(frozen=True, slots=True)
class HeldTaxPosition:
    """How an adult who acts for the child stands with the local taxes; None: nothing is known today."""

    adult: Adult
    position: TaxPosition | None


@dataclass(frozen=True, slots=True)
class HeldCount:
    """What was written down for a month in which no roll was called."""

    row: MonthCount

    @property
    def month(self) -> str:
        return Month.of(self.row.month).name

    @property
    def what(self) -> str:
        return _(LABELS[self.row.counted])


@dataclass(frozen=True, slots=True)
class ChildFile:
    """The rooms' facts about one child on a day."""

    child: Child
    placement: Pupil | None
    guardianships: list[HeldGuardianship]
    delegations: list[ShownDelegation]
    payer: PayerAssignment | None
    isee: ShownIsee
    subscriptions: list[Subscription]
    accounts: list[LedgerAccount]
    prices: list[PriceDecision]
    conditions: list[HeldCondition]
    applications: list[Application]
    taxes: list[HeldTaxPosition]
    counts: list[HeldCount]


def child_file(child: Child, today: date) -> ChildFile:
    """Reads the file; a fixed number of queries."""
    own = {"child": child}
    ahead = DateRange(today).bounds  # what is to come too: a court's order may run from a later day, or until one
    held = Guardianship.objects.filter(**own, valid_during__overlap=ahead).select_related("adult")
    given = delegations_about(Child.objects.filter(pk=child.pk), today)
    paying = PayerAssignment.objects.filter(**own, valid_during__contains=today).select_related("adult")
    places = Subscription.objects.filter(**own).select_related("service", "edition")
    prices = PriceDecision.objects.in_force().filter(**own).select_related("service", "edition")
    counted = MonthCount.objects.filter(**own).select_related("service")
    sent = Application.objects.filter(**own).exclude(state=ApplicationState.DRAFT)
    return ChildFile(
        child=child,
        placement=placement_on(child, today),
        guardianships=[
            HeldGuardianship(row) for row in held.order_by("adult__family_name", "adult_id", "valid_during")
        ],
        delegations=[shown(one, counts=counts, today=today) for one, counts in given],
        payer=paying.first(),
        isee=isee_of_file(child, today),
        subscriptions=list(places),
        accounts=list(LedgerAccount.objects.filter(**own)),
        prices=list(prices),
        conditions=_conditions(child),
        applications=list(sent.select_related("service", "protocol")),
        taxes=_taxes(child, today),
        counts=[HeldCount(row) for row in counted.order_by("-month", "service__name", "counted")],
    )


def _taxes(child: Child, today: date) -> list[HeldTaxPosition]:
    adults = list(guardians_of(child, today))
    held = tax_positions_of(adults, today)
    return [HeldTaxPosition(adult, held.get(adult.pk)) for adult in adults]


def guardians_to_bar(child: Child, today: date) -> QuerySet[Adult]:
    """The adults with days ahead in which they act for the child."""
    return _with_days_ahead(child, today, barred=False)


def guardians_barred(child: Child, today: date) -> QuerySet[Adult]:
    """The adults with days ahead in which a court keeps them from the child."""
    return _with_days_ahead(child, today, barred=True)


def _with_days_ahead(child: Child, today: date, *, barred: bool) -> QuerySet[Adult]:
    days = Guardianship.objects.filter(
        child=child, adult=OuterRef("pk"), barred=barred, valid_during__overlap=DateRange(today).bounds
    )
    return Adult.objects.filter(Exists(days))


def _conditions(child: Child) -> list[HeldCondition]:
    language = get_language() or "it"
    said = {
        one.code: one.label.within(language)
        for edition in Edition.objects.filter(status=EditionStatus.IN_FORCE).order_by("valid_during")
        for one in edition.rules.conditions
    }
    held = RecognisedCondition.objects.filter(child=child)
    return [HeldCondition(said.get(row.condition, row.condition), row) for row in held]
