"""Under which edition applications are taken on a day."""

from dataclasses import dataclass
from datetime import date

from services_catalog.models import Edition, EditionStatus, Service
from services_catalog.schema import EditionContent, Window
from sportello.kernel.school_year import SchoolYear


@dataclass(frozen=True, slots=True)
class Call:
    """An edition in force, what it says, and the window open on the day asked about (None: closed)."""

    edition: Edition
    content: EditionContent
    window: Window | None
    next_window: Window | None

    @property
    def is_open(self) -> bool:
        """Whether applications are taken."""
        return self.window is not None

    @property
    def year(self) -> SchoolYear:
        """The school year applied for."""
        return SchoolYear(self.edition.school_year)


def calls_on(day: date, *services: Service) -> dict[str, Call]:
    """For each service, by its code: the edition whose window is open on the day, or else the one that holds that
    day, or else the first to come. Applications for a year may open while the year before still runs.
    """
    editions = Edition.objects.filter(service__in=services, status=EditionStatus.IN_FORCE).select_related("service")
    found: dict[str, Call] = {}
    for edition in editions.order_by("service", "valid_during"):
        if edition.valid_during.upper is not None and edition.valid_during.upper <= day:
            continue
        call = _call(edition, day)
        known = found.get(edition.service.code)
        if known is None or (call.is_open and not known.is_open):
            found[edition.service.code] = call
    return found


def call_on(service: Service, day: date) -> Call | None:
    """As :func:`calls_on` for one service."""
    return calls_on(day, service).get(service.code)


def call_of(edition: Edition, day: date) -> Call:
    """What an edition says of a day."""
    return _call(edition, day)


def _call(edition: Edition, day: date) -> Call:
    content = edition.rules
    return Call(edition=edition, content=content, window=content.window_on(day), next_window=content.next_window(day))
