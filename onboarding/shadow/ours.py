"""What the desk holds of each child in a month: a fixed number of queries, however many children."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from django.db.models import Q, Sum

from onboarding.shadow.rules import Legacy, OtherPrice, Ours, Reason
from services_catalog.models import Archetype, Edition, Service
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.canteen.closed_days import is_closed, roll_calls_on_closed_days
from sportello.canteen.models import MonthClose, Presence, PresenceChange
from sportello.canteen.reckoning import BY_MEALS
from sportello.canteen.rules import PricedDays, meals_by_price, unpriced
from sportello.enrolment.models import ChargeRun, Subscription
from sportello.families.models import Child, PayerAssignment
from sportello.fees.deciding import facts_from_json
from sportello.fees.models import DecisionStatus, PriceDecision, PriceUnit
from sportello.fees.rules import Facts, Pricer
from sportello.kernel.clock import ROME
from sportello.kernel.errors import DomainError
from sportello.kernel.month import Month


@dataclass(slots=True)
class OurChild:
    """A child of the desk and who pays for it; `decisions` are the prices of the month, the last one first."""

    code: str
    name: str
    payer_code: str = ""
    payer_name: str = ""
    holds: Ours = field(default_factory=lambda: Ours(has_place=False))
    decisions: list[PriceDecision] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which month of which service, and until which day the file can know."""

    service: Service
    month: Month
    exported_on: date

    @property
    def meals(self) -> bool:
        return self.service.archetype == Archetype.MEALS

    @property
    def exported_by(self) -> datetime:
        """The last moment of the day of the export."""
        return datetime.combine(self.exported_on, time.max, tzinfo=ROME)


@dataclass(slots=True)
class _Days:
    """The month of a child at table."""

    eaten: list[date] = field(default_factory=list)
    absent: list[date] = field(default_factory=list)
    closed: list[date] = field(default_factory=list)


def read_ours(asked: Asked, codes: Collection[str], carried: Mapping[str, int]) -> dict[int, OurChild]:
    """The children who use the service in the month, and those of the file that the desk knows, by id."""
    places = set(_places(asked))
    opened = {one.child_id: one.balance_cents for one in _accounts(asked)}
    children = {one.pk: one for one in Child.objects.filter(Q(fiscal_code__in=codes) | Q(pk__in=places | set(opened)))}
    found = {pk: OurChild(one.fiscal_code or "", one.listed_name) for pk, one in children.items()}
    days, corrections = (_days(asked), _corrections(asked)) if asked.meals else ({}, {})
    decisions = _decisions(asked)
    openings, charges = _openings(asked), _charges(asked)
    payments, later = _moves(asked)
    is_charged = _is_charged(asked)
    for pk, one in found.items():
        own = days.get(pk, _Days())
        one.decisions = decisions.get(pk, [])
        reckoned, unit = _reckoned(asked, own, one.decisions)
        one.holds = Ours(
            meals=len(own.eaten) if asked.meals else None,
            charged=charges.get(pk, 0) if is_charged or reckoned is None else reckoned,
            balance=opened.get(pk, 0),
            has_place=pk in places,
            unit_cents=unit,
            is_charged=is_charged,
            closed=tuple(own.closed),
            absent=tuple(own.absent),
            corrections=tuple(corrections.get(pk, {}).items()),
            later=tuple(day for day in own.eaten if day > asked.exported_on),
            opening=openings.get(pk),
            carried=carried.get(one.code) if asked.meals else None,
            payments=tuple(payments.get(pk, ())),
            later_entries=tuple(later.get(pk, ())),
        )
        if not is_charged and reckoned is None and pk not in charges:
            one.holds = replace(one.holds, charged=None)
    _name_payers(asked, found)
    return found


def _places(asked: Asked) -> Iterator[int]:
    held = Subscription.objects.filter(service=asked.service, valid_during__overlap=asked.month.period.bounds)
    yield from held.order_by().values_list("child_id", flat=True)
    if asked.meals:
        eaten = Presence.objects.filter(ate=True, day__range=(asked.month.first_day, asked.month.last_day))
        known = Subscription.objects.filter(service=asked.service).order_by().values("child_id")
        yield from eaten.filter(child__in=known).order_by().values_list("child_id", flat=True).distinct()


def _accounts(asked: Asked) -> Iterator[LedgerAccount]:
    yield from LedgerAccount.objects.filter(service_code=asked.service.code).order_by().iterator(chunk_size=5000)


def _days(asked: Asked) -> dict[int, _Days]:
    """Days at table, absent, and at table on a day that was closed afterwards: those are never charged."""
    found: dict[int, _Days] = defaultdict(_Days)
    month = asked.month
    shut = roll_calls_on_closed_days(asked.service, month.period)
    held = Presence.objects.filter(day__range=(month.first_day, month.last_day)).annotate(shut=is_closed())
    rows = held.order_by("day", "pk").values_list("child_id", "day", "ate", "roll_call_id", "shut")
    not_open = set(shut)
    for child, day, ate, call, is_shut in rows.iterator(chunk_size=5000):
        own = found[child]
        if not ate:
            own.absent.append(day)
        else:
            (own.closed if is_shut or call in not_open else own.eaten).append(day)
    return found


def _corrections(asked: Asked) -> dict[int, dict[date, int]]:
    """What was corrected after the day of the export on days that it covers: one meal more or less a day."""
    found: dict[int, dict[date, int]] = defaultdict(dict)
    days = (asked.month.first_day, min(asked.month.last_day, asked.exported_on))
    held = PresenceChange.objects.filter(presence__day__range=days, changed_at__gt=asked.exported_by)
    rows = held.order_by("changed_at", "pk").values_list(
        "presence__child_id", "presence__day", "ate_before", "ate_after"
    )
    for child, day, before, after in rows:
        moved = int(after) - int(bool(before))
        found[child][day] = found[child].get(day, 0) + moved
    return found


def _decisions(asked: Asked) -> dict[int, list[PriceDecision]]:
    """The prices of the month: those sent, and those to send where none was; the close would send them."""
    found: dict[int, list[PriceDecision]] = defaultdict(list)
    held = PriceDecision.objects.filter(
        service=asked.service,
        valid_during__overlap=asked.month.period.bounds,
        status__in=[DecisionStatus.SENT, DecisionStatus.DRAFT],
        ends=False,
    ).select_related("edition")
    for one in held.order_by("child_id", "-status", "-valid_during", "pk"):
        own = found[one.child_id]
        if one.status == DecisionStatus.SENT or not any(known.period.overlaps(one.period) for known in own):
            own.append(one)
    return found


def _reckoned(asked: Asked, own: _Days, decisions: list[PriceDecision]) -> tuple[int | None, int | None]:
    """What the meals of the month come to, and the price of one (or of the month) where it is one; None where the month
    is not paid by meals: then the ledger alone says what it costs.
    """
    if not asked.meals:
        monthly = {one.unit_price_cents for one in decisions if one.unit == PriceUnit.MONTH}
        return None, next(iter(monthly)) if len(monthly) == 1 == len(decisions) else None
    if any(one.unit not in BY_MEALS or one.unit == PriceUnit.BLOCK for one in decisions):
        return None, None
    served = 0
    for day in own.eaten:
        served |= 1 << (day.day - 1)
    held = [PricedDays(asked.month.mask(one.period), one.unit_price_cents) for one in decisions]
    prices = {one.unit_price_cents for one in decisions}
    unit = next(iter(prices)) if len(prices) == 1 else None
    if unpriced(served, held):
        return None, unit
    return sum(cents * meals for cents, meals in meals_by_price(served, held).items()), unit


def _is_charged(asked: Asked) -> bool:
    month = asked.month.first_day
    runs = MonthClose if asked.meals else ChargeRun
    return runs.objects.filter(service=asked.service, month=month).exists()


def _openings(asked: Asked) -> dict[int, int]:
    """What was brought over, with what corrected it."""
    brought = Q(kind=EntryKind.OPENING_BALANCE) | Q(corrects__kind=EntryKind.OPENING_BALANCE)
    return _sums(asked, brought)


def _charges(asked: Asked) -> dict[int, int]:
    """What the ledger charges for the month, in cents to pay."""
    charged = Q(kind=EntryKind.CHARGE) | Q(kind=EntryKind.CORRECTION, corrects__kind=EntryKind.CHARGE)
    within = Q(competence_on__range=(asked.month.first_day, asked.month.last_day))
    return {child: -cents for child, cents in _sums(asked, charged & within).items()}


def _sums(asked: Asked, which: Q) -> dict[int, int]:
    rows = Entry.objects.filter(which, account__service_code=asked.service.code).order_by()
    sums = rows.values("account__child_id").annotate(cents=Sum("amount_cents"))
    return {row["account__child_id"]: row["cents"] for row in sums}


def _moves(asked: Asked) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Payments of the month, and whatever is of a day after the export or was written after it."""
    payments: dict[int, list[int]] = defaultdict(list)
    later: dict[int, list[int]] = defaultdict(list)
    first, last = asked.month.first_day, min(asked.month.last_day, asked.exported_on)
    after = Q(competence_on__gt=asked.exported_on) | Q(posted_at__gt=asked.exported_by)
    paid = Q(kind=EntryKind.PAYMENT, competence_on__range=(first, last))
    rows = Entry.objects.filter(after | paid, account__service_code=asked.service.code)
    rows = rows.exclude(kind=EntryKind.OPENING_BALANCE).order_by("pk")
    wanted = rows.values_list("account__child_id", "kind", "amount_cents", "competence_on", "posted_at")
    for child, kind, cents, day, posted_at in wanted.iterator(chunk_size=5000):
        is_later = day > asked.exported_on or posted_at > asked.exported_by
        if kind == EntryKind.PAYMENT and not is_later:
            payments[child].append(cents)
        else:
            later[child].append(cents)
    return payments, later


def _name_payers(asked: Asked, found: Mapping[int, OurChild]) -> None:
    held = PayerAssignment.objects.filter(child__in=found, valid_during__overlap=asked.month.period.bounds)
    for one in held.select_related("adult").order_by("valid_during", "pk"):
        child = found[one.child_id]
        child.payer_code, child.payer_name = one.adult.fiscal_code or "", one.adult.listed_name


def other_prices(child: OurChild, says: Legacy, editions: Collection[Edition]) -> tuple[OtherPrice, ...]:
    """What a meal would cost by our own tables if one fact were another, where that makes another price."""
    if not child.decisions:
        return ()
    decision = child.decisions[0]
    facts = facts_from_json(decision.inputs)
    found = []
    for reason, changed in _supposed(facts, says):
        found.append((reason, _price(decision.edition, changed)))
    found += [(Reason.OTHER_EDITION, _price(one, facts)) for one in editions if one.pk != decision.edition_id]
    return tuple(
        OtherPrice(reason, cents) for reason, cents in found if cents is not None and cents != decision.unit_price_cents
    )


def _supposed(facts: Facts, says: Legacy) -> Iterator[tuple[Reason, Facts]]:
    """The facts with one of them changed."""
    if says.isee is not None and says.isee != facts.isee_cents:
        reason = Reason.ISEE_MISSING_HERE if facts.isee_cents is None else Reason.OTHER_ISEE
        yield reason, replace(facts, isee_cents=says.isee, isee_state="attested")
    if facts.isee_cents is not None and says.isee is None:
        yield Reason.ISEE_MISSING_THERE, replace(facts, isee_cents=None)
    if facts.sibling_rank > 1 or facts.children_using > 1:
        yield Reason.SIBLINGS, replace(facts, sibling_rank=1, children_using=1)
    else:
        yield Reason.SIBLINGS, replace(facts, sibling_rank=2, children_using=2)


def _price(edition: Edition, facts: Facts) -> int | None:
    """None where the table cannot say."""
    try:
        return Pricer(edition.rules.fees).price(facts).amount.cents
    except DomainError:
        return None
