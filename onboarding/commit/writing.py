"""What every commit is given: the load, its days, who and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onboarding.commit.span import CommitSpan
from onboarding.models import RosterLoad
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
