"""What every commit is given: the load, its days, who and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onboarding.checking import mapping_of
from onboarding.commit.span import CommitSpan
from onboarding.models import RosterLoad
from services_catalog.models import Edition, Service
from services_catalog.queries import NoEditionInForce, edition_on
from sportello.jobs.registry import Progress
from sportello.kernel.month import Month

type Step = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Writing:
    """A commit at work. Any: psycopg's cursor behind Django's wrapper."""

    cursor: Any
    load: RosterLoad
    span: CommitSpan
    today: date
    now: datetime
    actor: int | None
    progress: Progress

    @property
    def values(self) -> dict[str, Any]:
        """The parameters that the statements share."""
        return {
            **self.span.values,
            "load": self.load.pk,
            "now": self.now,
            "actor": self.actor,
            "this_month": Month.of(self.today).first_day,
        }

    @property
    def is_of_the_past(self) -> bool:
        """Whether the file speaks of a school year that is over: nobody can be asked for the act of that year."""
        end = self.span.period.end
        return end is not None and end <= self.today


def edition_of(writing: Writing, service: Service) -> Edition | None:
    """The rules that places given by the load stand on. Raises NoEditionInForce, unless the year is over: no act of a
    past year will ever be put in force, and what the file says beside places is worth keeping.
    """
    try:
        return edition_on(service.code, writing.span.effective_on)
    except NoEditionInForce:
        if writing.is_of_the_past:
            return None
        raise


def fields_read(load: RosterLoad) -> set[str]:
    """The fields that the file has columns for."""
    return {column.field for column in mapping_of(load).columns}
