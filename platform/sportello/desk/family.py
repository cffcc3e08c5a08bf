"""A family as its personal area shows it: each child with class, services, price, money; and what there is to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
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
from sportello.canteen.queries import ChildSummary, child_summary
from sportello.enrolment.models import Subscription
from sportello.families.models import Child, Pupil
from sportello.families.queries import children_of, placements_on
from sportello.fees.explanation import unit_sentence
from sportello.fees.models import PriceDecision
from sportello.fees.rules import Price
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


@dataclass(frozen=True, slots=True)
class ChildView:
    """A child with its class and its services."""

    child: Child
    placement: Pupil | None
    services: list[ServiceView] = field(default_factory=list)

    @property
    def school(self) -> str:
        """School and class in a line."""
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

    def __init__(self, children: Sequence[Child], today: date) -> None:
        self.today = today
        self.services = list(Service.objects.order_by("name"))
        self.calls: dict[str, Call] = calls_on(today, *self.services)
        self.placements = placements_on(children, today)
        period = {"child__in": children, "valid_during__endswith__gt": today}
        self.places = {(s.child_id, s.service_id): s for s in Subscription.objects.filter(**period)}
        prices = PriceDecision.objects.filter(child__in=children, valid_during__contains=today)
        self.prices = {(price.child_id, price.service_id): price for price in prices}
        serves_meals = any(service.archetype == Archetype.MEALS for service in self.services)
        summaries = child_summary(children, today) if serves_meals else []
        self.canteen = {summary.child.pk: summary for summary in summaries}
        self.open: dict[tuple[int, int], Application] = {}
        for call in self.calls.values():
            edition = call.edition
            found = open_applications(children, service_id=edition.service_id, school_year=edition.school_year)
            self.open |= {(child_id, edition.service_id): one for child_id, one in found.items()}

    def view(self, child: Child) -> ChildView:
        services = [self._service(child, service) for service in self.services]
        return ChildView(child, self.placements.get(child.pk), [shown for shown in services if shown is not None])

    def _service(self, child: Child, service: Service) -> ServiceView | None:
        place = self.places.get((child.pk, service.pk))
        if place is not None:
            starts = place.valid_during.lower
            words = _("dal %(day)s") % {"day": it_date(starts)} if starts > self.today else _("iscritto")
            return ServiceView(service, "success", words, self._facts(child, service), _statement_link(child, service))
        application = self.open.get((child.pk, service.pk))
        if application is not None and application.state != ApplicationState.ACCEPTED:
            tone = "attention" if application.state == ApplicationState.TO_COMPLETE else "info"
            link = reverse("applications:application", args=[application.public_id])
            words = _("domanda %(state)s") % {"state": application.get_state_display()}
            return ServiceView(service, tone, words, [], [(_("Segui la domanda"), link)])
        return self._not_enrolled(child, service)

    def _not_enrolled(self, child: Child, service: Service) -> ServiceView | None:
        call = self.calls.get(service.code)
        placement = self.placements.get(child.pk)
        level = placement.section.school.level if placement else ""
        if call is None or (level and level not in call.content.audience.levels):
            return None
        known = service.archetype == Archetype.MEALS and self.canteen[child.pk].known
        facts = self._facts(child, service) if known else []
        links = _statement_link(child, service) if facts else []
        if call.is_open:
            start = reverse("applications:start", args=[service.code])
            links = [(_("Iscrivi"), f"{start}?figlio={child.public_id}"), *links]
        return ServiceView(service, "neutral", _("nessuna iscrizione"), facts, links)

    def _facts(self, child: Child, service: Service) -> list[Fact]:
        facts = _canteen_facts(self.canteen[child.pk]) if service.archetype == Archetype.MEALS else []
        price = self.prices.get((child.pk, service.pk))
        if price is not None:
            facts.append(Fact(_("Tariffa"), money(price.unit_price), _unit(price)))
        return facts


def _canteen_facts(summary: ChildSummary) -> list[Fact]:
    owes = summary.balance.cents < 0
    facts = [
        Fact(_("Da pagare"), money(-summary.balance), tone="attention")
        if owes
        else Fact(_("Credito") if summary.balance else _("Da pagare"), money(summary.balance)),
        Fact(_("Pasti di questo mese"), summary.meals_this_month),
    ]
    if summary.meals_available is not None:
        facts.append(Fact(_("Pasti disponibili"), summary.meals_available))
    return facts


def _unit(price: PriceDecision) -> str:
    unit: Any = price.unit  # one of UnitName: the column's choices are the same words
    return unit_sentence(Price(price.unit_price, unit, price.block_meals, ()))


def _statement_link(child: Child, service: Service) -> list[tuple[str, str]]:
    if service.archetype != Archetype.MEALS:
        return []
    return [(_("Pasti e pagamenti"), reverse("canteen:statement", args=[child.public_id]))]


def family_of(account: Account, today: date) -> list[ChildView]:
    """The children of a person; a fixed number of queries however many they are."""
    children = list(children_of(account, today))
    if not children:
        return []
    ledger = _Ledger(children, today)
    return [ledger.view(child) for child in children]


def child_view(child: Child, today: date) -> ChildView:
    """One child."""
    return _Ledger([child], today).view(child)


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
