"""Telling somebody something: a notice in the personal area and, with an address, a mail in the outbox."""

from datetime import datetime

from django.db import transaction

from sportello.accounts.models import Account
from sportello.notifications.models import Notice, OutboxMail
from sportello.notifications.tasks import send_pending


def notify(
    *,
    account: Account,
    topic: str,
    subject: str,
    body: str,
    link: str,
    email: str,
    key: str,
    now: datetime,
) -> Notice:
    """Writes the notice and the mail in the caller's transaction; the mail leaves after its commit.

    `key` names the event: telling the same event twice changes nothing. `link` is a path on the
    Comune's host. The mail carries only the subject and an invitation to log in.
    """
    notice, is_new = Notice.objects.get_or_create(
        account=account,
        key=key,
        defaults={"topic": topic, "subject": subject, "body": body, "link": link, "created_at": now},
    )
    if is_new and email:
        OutboxMail.objects.create(
            idempotency_key=f"{key}:{account.pk}",
            recipient=email,
            subject=subject,
            body=body,
            link=link,
            created_at=now,
            next_attempt_at=now,
        )
        transaction.on_commit(send_pending.delay)
    return notice
