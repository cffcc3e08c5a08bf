"""Why a service runs or not on a day, layer by layer, in sentences; what nobody has confirmed yet says so."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services_catalog.models import ClosureKind
from services_catalog.queries import DayBook
from services_catalog.regional_calendar import LEVELS, regional_calendar
from services_catalog.service_days import DayVerdict, Judgement, Layer, NoService
from sportello.schools.models import School, Section
from tenants.current import current_municipality
from tenants.municipal_packs import PackNotFound, Patron, pack_of

LABELS: Final = {
    Layer.NATIONAL: gettext_lazy("Feste nazionali"),
    Layer.PATRON: gettext_lazy("Festa patronale"),
    Layer.REGION: gettext_lazy("Calendario della Regione"),
    Layer.MUNICIPALITY: gettext_lazy("Comune"),
    Layer.SCHOOL: gettext_lazy("Scuola"),
    Layer.SECTION: gettext_lazy("Classe"),
    Layer.SERVICE: gettext_lazy("Servizio"),
}
_SURE: Final = frozenset({"sourced", "sourced_no_day"})


@dataclass(frozen=True, slots=True)
class Reason:
    """What a layer says: whether it closes, whether it is the one that decided, whether it is still to be confirmed."""

    label: str
    sentence: str
    closes: bool
    decides: bool
    to_confirm: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict of a day and its reasons in the order in which they were asked; none outside every edition."""

    verdict: DayVerdict
    reasons: tuple[Reason, ...]


def explain_day(book: DayBook, *, school: School, section: Section | None, day: date) -> Explanation:
    """Why the service runs or not for a class (or its school) on a day."""
    code, level, section_id = school.school_code, school.level, section.pk if section else None
    verdict = book.verdict(school_code=code, level=level, day=day, section_id=section_id)
    chain = book.chain(school_code=code, level=level, day=day, section_id=section_id)
    reasons = tuple(
        Reason(
            label=str(LABELS[said.layer]),
            sentence=_sentence(said, school.level, day),
            closes=said.why_not is not None,
            decides=said.layer == verdict.layer,
            to_confirm=_to_confirm(said.layer, school.level, day),
        )
        for said in chain
    )
    return Explanation(verdict, reasons)


def _sentence(said: Judgement, level: str, day: date) -> str:
    match said.layer:
        case Layer.NATIONAL:
            return _("È festa: %(name)s.") % {"name": said.detail} if said.why_not else _("Non è festa nazionale.")
        case Layer.PATRON:
            return _("È la festa del santo patrono.") if said.why_not else _("Non è giorno di festa patronale.")
        case Layer.REGION:
            return _of_the_region(said, level, day)
        case Layer.SERVICE:
            return _of_the_service(said)
        case _:
            return _closure(said) if said.why_not else _("Nessuna chiusura.")


def _of_the_region(said: Judgement, level: str, day: date) -> str:
    if said.why_not:
        return said.detail or _("Le lezioni non sono cominciate, o sono finite.")
    if said.detail:
        return _("La scuola fa lezione per un suo adattamento: %(reason)s.") % {"reason": said.detail}
    if level not in LEVELS:
        return _("Non riguarda questo ordine di scuola.")
    year = regional_calendar().year_of(day)
    if year is None or (year.first_day is None and not year.closed):
        return _("Non dice nulla: di quest'anno non c'è ancora una fonte.")
    return _("È nel periodo delle lezioni, e non è fra le chiusure note.")


def _of_the_service(said: Judgement) -> str:
    match said.why_not:
        case None:
            return _("In questo giorno il servizio c'è.")
        case NoService.OUT_OF_PERIOD:
            return _("Il servizio non è ancora cominciato, o è finito.")
        case NoService.WEEKDAY:
            return _("In questo giorno della settimana il servizio non c'è.")
        case NoService.CALENDAR:
            return _("Chiuso dalle regole del servizio: %(reason)s.") % {"reason": said.detail}
        case _:
            return _closure(said)


def _closure(said: Judgement) -> str:
    kind = ClosureKind(said.kind).label if said.kind else _("chiusura")
    return _("Chiuso (%(kind)s): %(reason)s.") % {"kind": kind, "reason": said.detail}


def _to_confirm(layer: Layer, level: str, day: date) -> str:
    """What is not sure of the layer; empty when nothing is."""
    if layer is Layer.REGION and level in LEVELS:
        year = regional_calendar().year_of(day)
        if year is None:
            return _("Calendario dell'anno da confermare.")
        return "" if year.is_confirmed else year.note
    if layer is Layer.PATRON:
        return patron_to_confirm()
    return ""


def patron_to_confirm() -> str:
    """What is not sure of the patron days of the current Comune; empty when its source, or the Comune, says them."""
    municipality = current_municipality()
    patron = _patron_of(municipality.belfiore_code)
    if patron is None or patron.rule != municipality.patron_rule or patron.confidence in _SURE:
        return ""
    if patron.confidence == "unverified":
        return _("Giorno della festa da confermare: nessuna fonte lo dice.")
    return _("Giorno della festa da confermare: le fonti ne dicono più d'uno.")


@lru_cache(maxsize=64)
def _patron_of(belfiore_code: str) -> Patron | None:
    """The patron as the pack of the Comune tells it; None for a Comune without a pack."""
    try:
        return pack_of(belfiore_code).facts.patron
    except PackNotFound:
        return None
