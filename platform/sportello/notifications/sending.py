"""Emptying the outbox: each mail in its own transaction, locked, retried with growing pauses."""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from sportello.notifications.models import MailState, OutboxMail
from tenants.addresses import site_url
from tenants.current import current_municipality, in_twin

MAX_ATTEMPTS: Final = 8
BATCH: Final = 200
log = logging.getLogger(__name__)


def send_due(*, now: Callable[[], datetime]) -> int:
    """Sends what is due, oldest first; returns how many left. Two workers never send the same mail at once.

    From a twin nothing leaves: its mails stay in the outbox.
    """
    if in_twin():
        return 0
    sent = 0
    for _ in range(BATCH):
        outcome = _send_next(now())
        if outcome is None:
            break
        sent += outcome
    return sent


@transaction.atomic
def _send_next(now: datetime) -> bool | None:
    """True: sent. False: tried and put off. None: nothing is due."""
    due = OutboxMail.objects.filter(state=MailState.PENDING, next_attempt_at__lte=now)
    mail = due.order_by("next_attempt_at", "id").select_for_update(skip_locked=True).first()
    if mail is None:
        return None
    mail.attempts += 1
    try:
        _message(mail).send()
    except (smtplib.SMTPException, OSError) as failure:
        _put_off(mail, failure, now)
        return False
    mail.state, mail.sent_at, mail.last_error = MailState.SENT, now, ""
    mail.save(update_fields=["attempts", "state", "sent_at", "last_error"])
    return True


def _put_off(mail: OutboxMail, failure: Exception, now: datetime) -> None:
    mail.last_error = type(failure).__name__
    mail.next_attempt_at = now + timedelta(minutes=2**mail.attempts)
    if mail.attempts >= MAX_ATTEMPTS:
        mail.state = MailState.FAILED
    mail.save(update_fields=["attempts", "state", "last_error", "next_attempt_at"])
    log.warning("A mail could not be sent", extra={"attempt": mail.attempts})


def _message(mail: OutboxMail) -> EmailMessage:
    """The mail as it leaves; its Message-ID is made of its key's row, so that a second sending is recognised."""
    municipality = current_municipality()
    facts = {"mail": mail, "municipality": municipality, "url": site_url(municipality, mail.link)}
    return EmailMessage(
        subject=mail.subject,
        body=render_to_string("notifications/mail.txt", facts),
        to=[mail.recipient],
        headers={"Message-ID": f"<{mail.public_id}@{site_url(municipality, '').split('//')[1].split(':')[0]}>"},
    )
