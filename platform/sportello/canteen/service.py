"""Which service of the Comune is the canteen, and on which days it runs."""

from datetime import date

from django.utils.translation import gettext as _

from services_catalog.models import Archetype, ClosureKind, Service
from services_catalog.queries import DayBook, day_book
from services_catalog.service_days import DayVerdict, Layer, NoService
from sportello.canteen.errors import ClosedDay, NoCanteen
from sportello.kernel.dates import DateRange
from sportello.schools.models import Section
from sportello.ui.templatetags.ui import it_date


def canteen_service() -> Service:
    """The service of meals; raises NoCanteen."""
    found = Service.objects.filter(archetype=Archetype.MEALS).order_by("code").first()
    if found is None:
        raise NoCanteen(_("Questo Comune non offre il servizio mensa."))
    return found


def book_of(day: date) -> DayBook:
    """The day book of the canteen for one day."""
    return day_book(canteen_service().code, DateRange.one_day(day))


def verdict_on(section: Section, day: date) -> DayVerdict:
    """Whether the canteen runs for the section on the day, and why not."""
    school = section.school
    return book_of(day).verdict(school_code=school.school_code, level=school.level, day=day, section_id=section.pk)


def why_closed(verdict: DayVerdict) -> str:
    """A sentence for people: why there is no canteen; empty on a service day."""
    match verdict.why_not:
        case None:
            return ""
        case NoService.WEEKDAY:
            text = _("%(day)s: in questo giorno della settimana la mensa non è in servizio.")
        case NoService.NATIONAL_HOLIDAY:
            text = _("%(day)s è festa nazionale: %(reason)s.")
        case NoService.PATRON_DAY:
            text = _("%(day)s è la festa del santo patrono.")
        case NoService.CLOSURE if verdict.kind == ClosureKind.TRIP and verdict.layer is Layer.SECTION:
            text = _("%(day)s la classe è in gita: %(reason)s.")
        case NoService.REGION if not verdict.detail:
            text = _("%(day)s è fuori dal calendario scolastico della Regione.")
        case NoService.CALENDAR | NoService.CLOSURE | NoService.REGION:
            text = _("%(day)s la mensa è chiusa: %(reason)s.")
        case _:
            text = _("%(day)s è fuori dal calendario della mensa di questa scuola.")
    return text % {"day": it_date(verdict.day, "long").capitalize(), "reason": verdict.detail}


def closed_word(verdict: DayVerdict) -> str:
    """Why there is no canteen in a word that fits a chip or the cell of a calendar; empty on a service day."""
    match verdict.why_not:
        case None:
            return ""
        case NoService.CLOSURE:
            return _("in gita") if verdict.kind == ClosureKind.TRIP else str(ClosureKind(verdict.kind).label)
        case NoService.NATIONAL_HOLIDAY | NoService.PATRON_DAY:
            return _("festa")
        case _:
            return _("chiuso")


def require_open(section: Section, day: date) -> None:
    """Raises ClosedDay, with the reason, when the canteen does not run for the section on the day."""
    verdict = verdict_on(section, day)
    if not verdict.is_service_day:
        raise ClosedDay(_("Non si possono registrare pasti. %(reason)s"), reason=why_closed(verdict))
