"""Where one can go: the places of each desk, for who may enter them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Role
from tenants.current import in_twin

CLERKS: Final = frozenset({Role.CLERK, Role.ADMINISTRATOR})
ACCOUNTANTS: Final = frozenset({Role.ACCOUNTANT})


@dataclass(frozen=True, slots=True)
class Place:
    """A link of a desk. `roles` empty: for everybody who sees the desk. `counts` names a number beside it; a place
    that is `real_only` has no meaning in the twin of a Comune.
    """

    label: str | Promise
    name: str
    icon: str
    roles: frozenset[Role] = frozenset()
    counts: str = ""
    real_only: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A link as templates/base/_navigation.html and components/bottom_bar.html draw it."""

    label: str | Promise
    url: str
    icon: str
    count: int = 0
    current: bool = False


PUBLIC: Final = (
    Place(_("Servizi"), "desk:home", "pa"),
    Place(_("Prenota un appuntamento"), "desk:appointment", "calendar"),
)
CITIZEN: Final = (
    Place(_("La mia area"), "desk:area", "user"),
    Place(_("Servizi"), "desk:home", "pa"),
    Place(_("Domande"), "applications:applications", "file"),
    Place(_("Da pagare"), "desk:dues", "card"),
    Place(_("Avvisi"), "notifications:notices", "mail", counts="unread"),
)
MINOR: Final = (
    Place(_("Partecipazione"), "desk:participation", "user"),
    Place(_("I tuoi accessi"), "accounts:sessions", "key"),
)
OFFICE: Final = (
    Place(_("Oggi"), "office:home", "inbox", CLERKS),
    Place(_("Domande"), "enrolment:queue", "file", CLERKS),
    Place(_("Bambini"), "office:children", "user", CLERKS),
    Place(_("Genitori"), "office:adults", "card", CLERKS),
    Place(_("Classi"), "office:sections", "list", CLERKS),
    Place(_("Mensa"), "canteen:office", "calendar", CLERKS),
    Place(_("Decisioni"), "fees:to_send", "mail", CLERKS),
    Place(_("Chiusura del mese"), "canteen:close", "lock", CLERKS),
    Place(_("Addebiti dei servizi"), "enrolment:charges", "card", CLERKS),
    Place(_("Emissione avvisi"), "issuing:issues", "mail", CLERKS),
    Place(_("Solleciti"), "ladder:runs", "mail", CLERKS),
    Place(_("Somme da sistemare"), "receipts:asides", "inbox", CLERKS),
    Place(_("Rimborsi"), "credits:refunds", "card", CLERKS),
    Place(_("Riconciliazione"), "reconciliation:days", "check-circle", CLERKS | ACCOUNTANTS),
    Place(_("Contabilità"), "accounting:collections", "chart-line", CLERKS | ACCOUNTANTS),
    Place(_("Scuole"), "schools:list", "pa", CLERKS),
    Place(_("Calendario"), "services_catalog:closures", "calendar", CLERKS),
    Place(_("Servizi e tariffe"), "services_catalog:office", "settings", CLERKS),
    Place(_("Nuovo anno"), "rollover:work_list", "refresh", CLERKS),
    Place(_("Caricamenti"), "onboarding:list", "upload", CLERKS | {Role.ONBOARDER}),
    Place(_("Tributi"), "means:tax_files", "card", CLERKS),
    Place(_("Assistenza"), "support:list", "hearing", frozenset({Role.SUPPORT})),
    Place(_("Collegamenti"), "connectors:list", "settings", frozenset({Role.ADMINISTRATOR})),
    Place(_("Esportazione"), "leaving:exports", "download", frozenset({Role.ADMINISTRATOR})),
    Place(_("Personale"), "staff:list", "key", frozenset({Role.ADMINISTRATOR})),
    Place(_("Scuola"), "canteen:school", "check-circle", frozenset({Role.SCHOOL})),
    Place(_("Formazione"), "training:mine", "presentation", CLERKS | {Role.SCHOOL, Role.SUPPORT}),
    Place(_("Mese di prova"), "shadow:mine", "list", CLERKS),
    Place(_("Avvio"), "golive:mine", "flag", frozenset({Role.ADMINISTRATOR}), real_only=True),
    Place(_("Valutazione"), "assessment:overview", "chart-line", frozenset({Role.ADMINISTRATOR}), real_only=True),
)
SCHOOL: Final = (
    Place(_("Appello"), "canteen:school", "check-circle", CLERKS | {Role.SCHOOL}),
    Place(_("Ufficio"), "office:home", "inbox", CLERKS),
    Place(_("Formazione"), "training:mine", "presentation", frozenset({Role.SCHOOL})),
)
CENTRAL: Final = (
    Place(_("Comuni"), "central:home", "pa", frozenset({Role.CENTRAL})),
    Place(_("Quadro dei Comuni"), "central_board:board", "chart-line", frozenset({Role.CENTRAL})),
    Place(_("Modelli"), "central:templates", "list", frozenset({Role.CENTRAL})),
    Place(_("Identità digitale"), "central:identities", "locked", frozenset({Role.CENTRAL})),
    Place(_("pagoPA"), "central:pagopa", "card", frozenset({Role.CENTRAL})),
    Place(_("Squadra"), "staff:list", "key", frozenset({Role.CENTRAL})),
)
DESKS: Final = (
    Place(_("La mia area"), "desk:area", "user"),
    Place(_("Ufficio"), "office:home", "inbox", CLERKS),
    Place(_("Scuola"), "canteen:school", "check-circle", frozenset({Role.SCHOOL})),
    Place(_("Ragioneria"), "reconciliation:days", "chart-line", ACCOUNTANTS),
    Place(_("Assistenza"), "support:list", "hearing", frozenset({Role.SUPPORT})),
)


def items(
    places: Sequence[Place], *, roles: frozenset[Role], path: str, counts: dict[str, int] | None = None
) -> list[Item]:
    """The places that these roles may enter, as links; the one that holds `path` is the current one.

    A place whose page is not part of this installation is left out.
    """
    found = [
        Item(place.label, url, place.icon, count=(counts or {}).get(place.counts, 0))
        for place in places
        if (not place.roles or place.roles & roles)
        and not (place.real_only and in_twin())
        and (url := _address(place.name))
    ]
    urls = [item.url for item in found]
    here = max((url for url in urls if _holds(url, path, urls)), key=len, default=None)
    return [replace(item, current=item.url == here) for item in found]


def _holds(url: str, path: str, places: Sequence[str]) -> bool:
    """A page whose address is the beginning of another place's holds only itself."""
    has_places_below = any(place != url and place.startswith(url) for place in places)
    return path == url if url == "/" or has_places_below else path.startswith(url)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
