"""Checks on what was brought over and on what the Comune decided."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.models import Connector, Health
from integrations.registry import adapters_of
from onboarding.golive.check import Asked, Check, Cure, Finding, Where, fails, passes
from onboarding.golive.loads import carried_cents, last_loads, legacy_cents
from services_catalog.confirmation import fees_are_confirmed
from services_catalog.models import Edition, EditionStatus
from services_catalog.queries import day_book, editions_in_force, services_with_editions
from sportello.billing.verification import ledger_differences
from sportello.kernel.money import Money
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import School


def _here(name: str, words: object, *args: object) -> Cure:
    return Cure(Where.COMUNE, reverse(name, args=args, urlconf="sportello.config.urls_municipality"), str(words))


def no_open_rows(_asked: Asked) -> Finding:
    """No row of the last load of any source waits for a person, and each was committed."""
    found = last_loads()
    if not found:
        loads = _here("onboarding:list", _("Apri i caricamenti"))
        return fails(_("Nessun elenco dell'archivio precedente è stato caricato."), loads)
    for load in found:
        cure = _here("onboarding:load", _("Apri il caricamento"), load.public_id)
        if load.open_rows:
            text = ngettext(
                "Nell'ultimo caricamento di «%(source)s» %(n)d riga aspetta una decisione.",
                "Nell'ultimo caricamento di «%(source)s» %(n)d righe aspettano una decisione.",
                load.open_rows,
            )
            return fails(text % {"n": load.open_rows, "source": load.source}, cure)
        if not load.is_committed:
            text = _("L'ultimo elenco di «%(source)s» è stato controllato ma non caricato.")
            return fails(text % {"source": load.source}, cure)
    return passes(_("Nell'ultimo caricamento di ogni archivio nessuna riga aspetta una decisione."))


def balances_are_equal(_asked: Asked) -> Finding:
    """What the ledger holds as brought over is the total of the legacy reports, to the cent; and the ledger adds up."""
    theirs, cure = legacy_cents(), _here("onboarding:list", _("Apri i caricamenti"))
    if theirs is None:
        return fails(_("Non c'è un elenco caricato con cui confrontare i saldi."), cure)
    wrong = len(ledger_differences())
    if wrong:
        text = ngettext("%(n)d conto non torna.", "%(n)d conti non tornano.", wrong) % {"n": wrong}
        return fails(text, cure)
    carried, legacy = Money(carried_cents()), Money(theirs)
    values = {
        "ours": carried.format(),
        "theirs": legacy.format(),
        "difference": Money(carried.cents - legacy.cents).format(),
    }
    if carried != legacy:
        text = _("Il registro porta %(ours)s, l'elenco precedente %(theirs)s: la differenza è %(difference)s.")
        return fails(text % values, cure)
    return passes(_("I saldi riportati sono uguali all'elenco precedente: %(theirs)s.") % values)


def editions_are_in_force(asked: Asked) -> Finding:
    """Each service offered has an edition in force or to come, and none has something to confirm."""
    cure = _here("services_catalog:office", _("Apri servizi e tariffe"))
    offered = [service for service in services_with_editions() if service.editions.all()]
    if not offered:
        return fails(_("Nessun servizio ha ancora le sue regole."), cure)
    lacking, unconfirmed = [], []
    for service in offered:
        held = [one for one in service.editions.all() if _counts(one, asked)]
        if not held:
            lacking.append(service.name)
        elif not all(fees_are_confirmed(one) for one in held):
            unconfirmed.append(service.name)
    if lacking:
        return fails(_("Senza un'edizione in vigore: %(names)s.") % {"names": ", ".join(lacking)}, cure)
    if unconfirmed:
        return fails(_("Tariffe ancora da confermare: %(names)s.") % {"names": ", ".join(unconfirmed)}, cure)
    return passes(_("In vigore e confermate: %(names)s.") % {"names": ", ".join(one.name for one in offered)})


def _counts(edition: Edition, asked: Asked) -> bool:
    ends = edition.period.end
    return edition.status == EditionStatus.IN_FORCE and (ends is None or ends > asked.today)


def calendar_is_there(asked: Asked) -> Finding:
    """Each service with days has some in this school year, for a school of the Comune."""
    cure = _here("services_catalog:closures", _("Apri il calendario"))
    year = SchoolYear.of(asked.today)
    site = School.objects.filter(is_active=True).exclude(level="").order_by("school_code")
    if not site.exists():
        schools = _here("schools:list", _("Apri le scuole"))
        return fails(_("Manca l'elenco delle scuole."), schools)
    empty = [service.name for service in services_with_editions() if _has_no_day(service.code, year)]
    if empty:
        text = _("Nell'anno %(year)s nessun giorno di servizio: %(names)s.")
        return fails(text % {"year": year, "names": ", ".join(empty)}, cure)
    return passes(_("Il calendario dell'anno %(year)s c'è.") % {"year": year})


def _has_no_day(code: str, year: SchoolYear) -> bool:
    """Whether a service in force this year runs on none of its days."""
    editions = editions_in_force(code, year.period)
    if not editions:
        return False
    levels = sorted({span.level for edition in editions for span in edition.rules.calendar.spans})
    book = day_book(code, year.period)
    days = ((level, day) for level in levels for day in year.period.days())
    return not any(book.verdict(school_code="", level=level, day=day).is_service_day for level, day in days)


def connectors_work(_asked: Asked) -> Finding:
    """No connector that is switched on is down, and none is a simulator."""
    cure = _here("connectors:list", _("Apri i collegamenti"))
    held = list(Connector.objects.filter(enabled=True).order_by("kind"))
    simulators = {(one.kind, one.name) for row in held for one in adapters_of(row.kind) if one.is_simulator}
    invented = [row.kind for row in held if (row.kind, row.adapter) in simulators]
    if invented:
        return fails(_("Risponde un simulatore: %(names)s.") % {"names": ", ".join(invented)}, cure)
    down = [row.kind for row in held if row.health == Health.DOWN]
    if down:
        return fails(_("Non funzionano: %(names)s.") % {"names": ", ".join(down)}, cure)
    text = ngettext("%(n)d collegamento acceso, nessuno fermo.", "%(n)d collegamenti accesi, nessuno fermo.", len(held))
    return passes(text % {"n": len(held)}, cure)


def connectors_were_tried(_asked: Asked) -> Finding:
    """A connector that never answered, or answers by fits, is worth a look."""
    cure = _here("connectors:list", _("Apri i collegamenti"))
    shaky = Connector.objects.filter(enabled=True, health__in=[Health.NEVER, Health.DEGRADED]).order_by("kind")
    names = list(shaky.values_list("kind", flat=True))
    if names:
        return fails(_("Mai provati o a singhiozzo: %(names)s.") % {"names": ", ".join(names)}, cure)
    if not Connector.objects.filter(enabled=True).exists():
        return fails(_("Nessun collegamento è acceso: ISEE e tributi si chiedono a mano."), cure)
    return passes(_("Tutti i collegamenti accesi hanno risposto."))


DATA_CHECKS = (
    Check("rows", gettext_lazy("Nessuna riga da rivedere"), no_open_rows),
    Check("balances", gettext_lazy("Saldi uguali al centesimo"), balances_are_equal),
    Check("editions", gettext_lazy("Regole e tariffe in vigore"), editions_are_in_force),
    Check("calendar", gettext_lazy("Calendario dell'anno"), calendar_is_there),
    Check("connectors", gettext_lazy("Collegamenti che funzionano"), connectors_work),
    Check("connectors-tried", gettext_lazy("Collegamenti provati"), connectors_were_tried, blocking=False),
)
