"""Telling somebody something: a notice in the personal area and, with an address, a mail in the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Message:
    """What many are told alike: nothing in it is about one of them."""

    topic: str
    subject: str
    body: str
    link: str


def notify_many(*, accounts: Iterable[Account], message: Message, key: str, now: datetime) -> int:
    """Tells many people the same, each as :func:`notify` does; returns how many were not told before. Four queries."""
    held = list(accounts)
    told = set(Notice.objects.filter(key=key, account__in=held).order_by().values_list("account", flat=True))
    new = [account for account in held if account.pk not in told]
    Notice.objects.bulk_create(
        Notice(
            account=account,
            key=key,
            topic=message.topic,
            subject=message.subject,
            body=message.body,
            link=message.link,
            created_at=now,
        )
        for account in new
    )
    mails = [
        OutboxMail(
            idempotency_key=f"{key}:{account.pk}",
            recipient=account.email,
            subject=message.subject,
            body=message.body,
            link=message.link,
            created_at=now,
            next_attempt_at=now,
        )
        for account in new
        if account.email
    ]
    OutboxMail.objects.bulk_create(mails)
    if mails:
        transaction.on_commit(send_pending.delay)
    return len(new)
