"""Working off the questions for INPS: each asked outside any transaction, and tried again when INPS is down.

Only what is temporary is tried again, with growing pauses; over the day's limit everything waits for tomorrow.
"""

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final

from django.db import transaction

from integrations.errors import ConnectorError
from integrations.inps_isee.asking import consult
from integrations.inps_isee.errors import DailyLimitReached, InpsError
from integrations.inps_isee.types import Question
from integrations.typed_settings import SettingsInvalid
from sportello.kernel.clock import ROME
from sportello.means.from_inps import record_answer
from sportello.means.models import EnquiryState, IseeEnquiry

MAX_ATTEMPTS: Final = 6
PAUSES: Final = tuple(timedelta(minutes=5 * 3**step) for step in range(MAX_ATTEMPTS - 1))
LEASE: Final = timedelta(minutes=10)
BATCH: Final = 100
MORNING: Final = time(7)
log = logging.getLogger(__name__)


def ask_due(*, now: Callable[[], datetime]) -> int:
    """Puts the questions that are due, oldest first, and returns how many were settled. `now` tells the time.

    Stops at the first one that INPS does not answer: the others would find it down as well.
    """
    settled = 0
    for _turn in range(BATCH):
        enquiry = _claim(now())
        if enquiry is None or not _ask(enquiry, now):
            break
        settled += 1
    return settled


@transaction.atomic
def _claim(now: datetime) -> IseeEnquiry | None:
    """The next question, ours for ten minutes: two workers never put the same one, a dead worker's is put again."""
    due = IseeEnquiry.objects.filter(state=EnquiryState.WAITING, next_attempt_at__lte=now)
    found = due.order_by("next_attempt_at", "id").select_for_update(skip_locked=True).first()
    if found is not None:
        found.attempts += 1
        found.next_attempt_at = now + LEASE
        found.save(update_fields=["attempts", "next_attempt_at"])
    return found


def _ask(enquiry: IseeEnquiry, now: Callable[[], datetime]) -> bool:
    """Whether the question is settled, for good or ill."""
    moment = now()
    try:
        answer = consult(_question(enquiry, moment), reference=str(enquiry.public_id), now=moment)
    except DailyLimitReached as failure:
        _wait_for_tomorrow(enquiry, failure.why, moment)
        return False
    except ConnectorError as failure:
        trouble = failure.why if isinstance(failure, InpsError) else failure.code
        if not failure.permanent:
            _put_off(enquiry, trouble, moment)
            return False
        _end(enquiry, EnquiryState.REFUSED, trouble, moment)
        return True
    except SettingsInvalid as failure:
        _end(enquiry, EnquiryState.REFUSED, failure.code, moment)
        return True
    record_answer(enquiry=enquiry, answer=answer, now=moment)
    return True


def _question(enquiry: IseeEnquiry, now: datetime) -> Question:
    return Question(
        fiscal_code=enquiry.child.fiscal_code or "",
        valid_on=now.astimezone(ROME).date(),
        benefit=enquiry.benefit,
        application=enquiry.reason,
        operator="" if enquiry.asked_by_id is None else f"operatore-{enquiry.asked_by_id}",
        dsu_protocol=enquiry.dsu_protocol,
    )


def _put_off(enquiry: IseeEnquiry, trouble: str, now: datetime) -> None:
    if enquiry.attempts >= MAX_ATTEMPTS:
        log.warning("INPS did not answer a question", extra={"attempt": enquiry.attempts})
        _end(enquiry, EnquiryState.GIVEN_UP, trouble, now)
        return
    enquiry.next_attempt_at = now + PAUSES[enquiry.attempts - 1]
    enquiry.trouble = trouble
    enquiry.save(update_fields=["next_attempt_at", "trouble"])


def _wait_for_tomorrow(enquiry: IseeEnquiry, trouble: str, now: datetime) -> None:
    """The turn that was not there does not count as an attempt; whatever else is due waits as well."""
    tomorrow = datetime.combine(now.astimezone(ROME).date() + timedelta(days=1), MORNING, ROME)
    IseeEnquiry.objects.filter(pk=enquiry.pk).update(attempts=enquiry.attempts - 1)
    waiting = IseeEnquiry.objects.filter(state=EnquiryState.WAITING, next_attempt_at__lt=tomorrow)
    waiting.update(next_attempt_at=tomorrow, trouble=trouble)


def _end(enquiry: IseeEnquiry, state: EnquiryState, trouble: str, now: datetime) -> None:
    enquiry.state, enquiry.trouble, enquiry.answered_at = state, trouble, now
    enquiry.save(update_fields=["state", "trouble", "answered_at"])
