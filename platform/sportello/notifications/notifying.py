"""Telling somebody something: a notice in the personal area and, with an address, a mail in the outbox."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction

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


_NOTICES = """
INSERT INTO notifications_notice (public_id, account_id, key, topic, subject, body, link, created_at)
SELECT gen_random_uuid(), wanted, %(key)s, %(topic)s, %(subject)s, %(body)s, %(link)s, %(now)s
FROM unnest(%(accounts)s::bigint[]) wanted
ON CONFLICT (account_id, key) DO NOTHING
RETURNING account_id
"""
_MAILS = """
INSERT INTO notifications_outboxmail (public_id, idempotency_key, recipient, subject, body, link, state, attempts,
                                      next_attempt_at, created_at, last_error)
SELECT gen_random_uuid(), %(key)s || ':' || id, email, %(subject)s, %(body)s, %(link)s, 'pending', 0, %(now)s, %(now)s,
       ''
FROM accounts_account WHERE id = ANY(%(accounts)s) AND email <> ''
"""


def notify_many(*, accounts: Collection[int], message: Message, key: str, now: datetime) -> int:
    """Tells many people (accounts, by id) the same, each as :func:`notify` does; returns how many were not told before.

    Two statements, however many they are.
    """
    values = {**asdict(message), "key": key, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_NOTICES, {**values, "accounts": list(accounts)})
        told = [row[0] for row in cursor.fetchall()]
        cursor.execute(_MAILS, {**values, "accounts": told})
        if cursor.rowcount:
            transaction.on_commit(send_pending.delay)
    return len(told)
