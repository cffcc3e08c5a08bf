"""Which service of the Comune is the canteen, and on which days it runs."""

from datetime import date

from django.utils.translation import gettext as _

from services_catalog.models import Archetype, Service
from services_catalog.queries import day_book
from services_catalog.service_days import DayVerdict, NoService
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


def verdict_on(section: Section, day: date) -> DayVerdict:
    """Whether the canteen runs for the section on the day, and why not."""
    book = day_book(canteen_service().code, DateRange.one_day(day))
    school = section.school
    return book.verdict(school_code=school.school_code, level=school.level, day=day, section_id=section.pk)


def why_closed(verdict: DayVerdict) -> str:
    """A sentence for people: why there is no canteen; empty on a service day."""
    day = it_date(verdict.day, "long").capitalize()
    match verdict.why_not:
        case None:
            return ""
        case NoService.WEEKDAY:
            return _("%(day)s: in questo giorno della settimana la mensa non è in servizio.") % {"day": day}
        case NoService.NATIONAL_HOLIDAY:
            return _("%(day)s è festa nazionale: %(reason)s.") % {"day": day, "reason": verdict.detail}
        case NoService.PATRON_DAY:
            return _("%(day)s è la festa del santo patrono.") % {"day": day}
        case NoService.CALENDAR | NoService.CLOSURE:
            return _("%(day)s la mensa è chiusa: %(reason)s.") % {"day": day, "reason": verdict.detail}
        case _:
            return _("%(day)s è fuori dal calendario della mensa di questa scuola.") % {"day": day}


def require_open(section: Section, day: date) -> None:
    """Raises ClosedDay, with the reason, when the canteen does not run for the section on the day."""
    verdict = verdict_on(section, day)
    if not verdict.is_service_day:
        raise ClosedDay(_("Non si possono registrare pasti. %(reason)s"), reason=why_closed(verdict))
