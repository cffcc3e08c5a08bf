"""A family as its personal area shows it: each child with class, services, price, money; and what there is to do.

Of a child delegated to the person only what the delegation allows is shown: the class and the meals, or what is due,
or applying. The price is for the guardians: it tells of the ISEE.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from services_catalog.models import Archetype, Service
from sportello.accounts.models import Account
from sportello.applications.calls import Call, calls_on
from sportello.applications.models import Application, ApplicationState
from sportello.applications.queries import drafts_of, open_applications, visible_to
from sportello.billing.carts.purse import parts_shown_to
from sportello.billing.models import LedgerAccount
from sportello.billing.statements import statements_of
from sportello.canteen.queries import ChildSummary, child_summary
from sportello.canteen.service import canteen_service
from sportello.enrolment.models import Subscription
from sportello.families.models import Act, Child, Pupil
from sportello.families.queries import Reach, children_within_reach, placements_on, reach_over
from sportello.fees.explanation import unit_sentence
from sportello.fees.models import PriceDecision
from sportello.fees.rules import Price
from sportello.fees.telling import Told, tell_decision
from sportello.kernel.names import shown_name
from sportello.ui.templatetags.ui import it_date, money


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure, as `components/fact.html` draws it."""

    label: str
    value: str | int
    detail: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A child in a service: its state in words, the facts, where to read more or what to do."""

    service: Service
    tone: str
    state: str
    facts: list[Fact]
    links: list[tuple[str, str]]
    why: Told | None = None
    """Why the fee among the facts is what it is."""


@dataclass(frozen=True, slots=True)
class ChildView:
    """A child with its class and its services, as far as the person reaches."""

    child: Child
    placement: Pupil | None
    reach: Reach = field(default_factory=Reach)
    services: list[ServiceView] = field(default_factory=list)

    @property
    def has_page(self) -> bool:
        """Whether the child's own page opens to her."""
        return self.reach.allows(Act.SEE)

    @property
    def may_apply(self) -> bool:
        """Whether she may send applications for the child."""
        return self.reach.allows(Act.APPLY)

    @property
    def school(self) -> str:
        """School and class in a line; empty for who may not see them."""
        if not self.reach.allows(Act.SEE):
            return ""
        if self.placement is None:
            return _("Nessuna classe registrata")
        section = self.placement.section
        return _("%(school)s, classe %(section)s") % {"school": section.school.name, "section": section}


@dataclass(frozen=True, slots=True)
class Todo:
    """Something the person has to do, with how long she has."""

    title: str
    detail: str
    url: str
    action: str


class _Ledger:
    """What is known of some children in all services on a day, read at once: the queries do not grow with them."""

    def __init__(self, account: Account, children: Sequence[Child], today: date) -> None:
        self.account = account
        self.today = today
        self.reach = reach_over(account, children, today)
        self.services = list(Service.objects.order_by("name"))
        self.calls: dict[str, Call] = calls_on(today, *self.services)
        self.placements = placements_on(children, today)
        period = {"child__in": children, "valid_during__endswith__gt": today}
        self.places = {(s.child_id, s.service_id): s for s in Subscription.objects.filter(**period)}
        prices = PriceDecision.objects.in_force().filter(child__in=children, valid_during__contains=today)
        prices = prices.select_related("edition")
        self.prices = {(price.child_id, price.service_id): price for price in prices}
        accounts = LedgerAccount.objects.filter(child__in=children).order_by("pk")
        self.accounts = set(accounts.values_list("child_id", "service_code"))
        serves_meals = any(service.archetype == Archetype.MEALS for service in self.services)
        summaries = child_summary(children, today) if serves_meals else []
        self.canteen = {one.child.pk: one for one in _as_shown_to(account, summaries, today)}
        self.open: dict[tuple[int, int], Application] = {}
        for call in self.calls.values():
            edition = call.edition
            found = open_applications(children, service_id=edition.service_id, school_year=edition.school_year)
            self.open |= {(child_id, edition.service_id): one for child_id, one in found.items()}

    def view(self, child: Child) -> ChildView:
        reach = self.reach[child.pk]
        shown = [self._service(child, service, reach) for service in self.services]
        services = [service for service in shown if service is not None]
        return ChildView(child, self.placements.get(child.pk), reach, services)

    def _service(self, child: Child, service: Service, reach: Reach) -> ServiceView | None:
        place = self.places.get((child.pk, service.pk))
        if place is not None:
            starts = place.valid_during.lower
            words = _("dal %(day)s") % {"day": it_date(starts)} if starts > self.today else _("iscritto")
            links = _statement_link(child, service, reach)
            facts, why = self._facts(child, service, reach), self._why(child, service, reach)
            return ServiceView(service, "success", words, facts, links, why)
        application = self.open.get((child.pk, service.pk))
        under_way = application is not None and application.state != ApplicationState.ACCEPTED
        if application is not None and under_way and reach.allows(Act.APPLY):
            return self._applied(application, service, reach)
        return self._not_enrolled(child, service, reach, may_apply=reach.allows(Act.APPLY) and not under_way)

    def _applied(self, application: Application, service: Service, reach: Reach) -> ServiceView:
        tone = "attention" if application.state == ApplicationState.TO_COMPLETE else "info"
        words = _("domanda %(state)s") % {"state": application.get_state_display()}
        follows = reach.is_guardian or application.applicant_id == self.account.pk
        link = reverse("applications:application", args=[application.public_id])
        return ServiceView(service, tone, words, [], [(_("Segui la domanda"), link)] if follows else [])

    def _not_enrolled(self, child: Child, service: Service, reach: Reach, *, may_apply: bool) -> ServiceView | None:
        call = self.calls.get(service.code)
        placement = self.placements.get(child.pk)
        level = placement.section.school.level if placement else ""
        if call is None or (level and level not in call.content.audience.levels):
            return None
        known = service.archetype == Archetype.MEALS and self.canteen[child.pk].known
        facts = self._facts(child, service, reach) if known else []
        links = _statement_link(child, service, reach) if facts or self._charged(child, service) else []
        if call.is_open and may_apply:
            start = reverse("applications:start", args=[service.code])
            links = [(_("Iscrivi"), f"{start}?figlio={child.public_id}"), *links]
        why = self._why(child, service, reach) if facts else None
        return ServiceView(service, "neutral", _("nessuna iscrizione"), facts, links, why)

    def _why(self, child: Child, service: Service, reach: Reach) -> Told | None:
        """The reasons of the fee, for the guardians: they tell of the ISEE."""
        price = self.prices.get((child.pk, service.pk))
        return tell_decision(price) if price is not None and reach.is_guardian else None

    def _charged(self, child: Child, service: Service) -> bool:
        """Whether something was charged for the child in a service without meals: its account stays readable."""
        return service.archetype != Archetype.MEALS and (child.pk, service.code) in self.accounts

    def _facts(self, child: Child, service: Service, reach: Reach) -> list[Fact]:
        facts = _canteen_facts(self.canteen[child.pk], reach) if service.archetype == Archetype.MEALS else []
        price = self.prices.get((child.pk, service.pk))
        if price is not None and reach.is_guardian:
            facts.append(Fact(_("Tariffa"), money(price.unit_price), _unit(price)))
        return facts


def _as_shown_to(account: Account, summaries: Sequence[ChildSummary], today: date) -> list[ChildSummary]:
    """Where the costs of a child are divided, the balance is her part of it."""
    children = [summary.child for summary in summaries]
    parts = parts_shown_to(account, children, today)
    divided = [child for child in children if parts.divides(child.pk)]
    if not divided:
        return list(summaries)
    code = canteen_service().code
    own = {one.child.pk: one.balance for one in statements_of(divided, code, parts)}
    return [replace(one, balance=own.get(one.child.pk, one.balance)) for one in summaries]


def _canteen_facts(summary: ChildSummary, reach: Reach) -> list[Fact]:
    facts = [_balance(summary)] if reach.allows(Act.PAY) else []
    if reach.allows(Act.SEE):
        facts.append(Fact(_("Pasti di questo mese"), summary.meals_this_month))
    if summary.meals_available is not None and reach.allows(Act.PAY):
        facts.append(Fact(_("Pasti disponibili"), summary.meals_available))
    return facts


def _balance(summary: ChildSummary) -> Fact:
    if summary.balance.cents < 0:
        return Fact(_("Da pagare"), money(-summary.balance), tone="attention")
    return Fact(_("Credito") if summary.balance else _("Da pagare"), money(summary.balance))


def _unit(price: PriceDecision) -> str:
    unit: Any = price.unit  # one of UnitName: the column's choices are the same words
    return unit_sentence(Price(price.unit_price, unit, price.block_meals, ()))


def _statement_link(child: Child, service: Service, reach: Reach) -> list[tuple[str, str]]:
    if not reach.allows(Act.PAY):
        return []
    if service.archetype != Archetype.MEALS:
        return [(_("Pagamenti"), reverse("enrolment:account", args=[child.public_id, service.code]))]
    return [(_("Pasti e pagamenti"), reverse("canteen:statement", args=[child.public_id]))]


def family_of(account: Account, today: date) -> list[ChildView]:
    """The children within a person's reach, hers and delegated; a fixed number of queries however many they are."""
    children = list(children_within_reach(account, today))
    if not children:
        return []
    ledger = _Ledger(account, children, today)
    return [ledger.view(child) for child in children if child.pk in ledger.reach]


def child_view(account: Account, child: Child, today: date) -> ChildView:
    """One child within the person's reach."""
    return _Ledger(account, [child], today).view(child)


def todo_of(account: Account, today: date) -> list[Todo]:
    """What waits for her: applications to complete first, then drafts, the one touched last first."""
    waiting = visible_to(account, today).filter(state=ApplicationState.TO_COMPLETE).order_by("answer_by", "id")
    drafts = list(drafts_of(account, today))
    calls = calls_on(today, *{draft.service for draft in drafts})
    return [_to_complete(one, today) for one in waiting] + [_to_finish(one, calls, today) for one in drafts]


def _to_complete(application: Application, today: date) -> Todo:
    child = application.child
    return Todo(
        title=_("Completa la domanda per %(child)s: %(service)s")
        % {"child": shown_name(child.given_name) if child else "", "service": application.service.name},
        detail=_("L'ufficio aspetta la tua risposta. Decide entro il %(day)s, %(left)s.")
        % {"day": it_date(application.answer_by), "left": _left(application.answer_by, today)},
        url=reverse("applications:application", args=[application.public_id]),
        action=_("Rispondi"),
    )


def _to_finish(draft: Application, calls: dict[str, Call], today: date) -> Todo:
    call = calls.get(draft.service.code)
    detail = _("Le iscrizioni ora sono chiuse: la bozza resta salvata.")
    if call is not None and call.window is not None:
        closes = call.window.closes
        detail = _("Si può inviare fino al %(day)s, %(left)s.") % {
            "day": it_date(closes),
            "left": _left(closes, today),
        }
    named = shown_name(draft.child.given_name) if draft.child else _("figlio da scegliere")
    return Todo(
        title=_("Finisci la domanda: %(service)s, %(child)s") % {"service": draft.service.name, "child": named},
        detail=detail,
        url=reverse("applications:resume", args=[draft.service.code, draft.public_id]),
        action=_("Riprendi"),
    )


def _left(day: date | None, today: date) -> str:
    if day is None:
        return ""
    days = (day - today).days
    if days < 0:
        return _("termine passato")
    if days == 0:
        return _("oggi")
    return ngettext("tra %(n)s giorno", "tra %(n)s giorni", days) % {"n": days}
