"""A notice once per event; a mail that leaves once, is retried, and is given up loudly."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from sportello.accounts.models import Account
from sportello.kernel import clock
from sportello.notifications.models import MailState, Notice, OutboxMail
from sportello.notifications.notifying import notify
from sportello.notifications.sending import MAX_ATTEMPTS, send_due
from tests import factories

pytestmark = pytest.mark.usefixtures("bari")


def tell(account: Account, **changes: Any) -> Notice:
    facts: dict[str, Any] = {
        "account": account,
        "topic": "application",
        "subject": "La domanda è stata accolta",
        "body": "Il servizio comincia domani.",
        "link": "/area/",
        "email": "madre@example.org",
        "key": "accepted:1",
        "now": clock.now(),
    }
    return notify(**{**facts, **changes})


def test_the_same_event_is_told_once() -> None:
    account = factories.citizen()
    tell(account)
    tell(account)
    assert (Notice.objects.count(), OutboxMail.objects.count()) == (1, 1)


def test_two_people_are_told_of_the_same_event() -> None:
    for account in (factories.citizen(), factories.citizen()):
        tell(account)
    assert (Notice.objects.count(), OutboxMail.objects.count()) == (2, 2)


def test_without_an_address_only_the_notice_is_written() -> None:
    tell(factories.citizen(), email="")
    assert (Notice.objects.count(), OutboxMail.objects.count()) == (1, 0)


def test_a_mail_leaves_once_with_the_address_of_the_comune(mailoutbox: list[mail.EmailMessage]) -> None:
    tell(factories.citizen())
    assert send_due(now=clock.now) == 1
    assert send_due(now=clock.now) == 0
    assert [message.to for message in mailoutbox] == [["madre@example.org"]]
    assert "http://bari.localhost" in str(mailoutbox[0].body)
    assert OutboxMail.objects.get().state == MailState.SENT


def refuse_to_send(*args: object, **options: object) -> int:
    raise smtplib.SMTPServerDisconnected


def test_a_mail_that_fails_waits_longer_each_time_and_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(factories.citizen())
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse_to_send)
    assert send_due(now=clock.now) == 0
    row = OutboxMail.objects.get()
    assert (row.state, row.attempts, row.last_error) == (MailState.PENDING, 1, "SMTPServerDisconnected")
    assert row.next_attempt_at > clock.now() + timedelta(minutes=1)


def test_a_mail_is_given_up_after_the_last_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(factories.citizen())
    OutboxMail.objects.update(attempts=MAX_ATTEMPTS - 1)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse_to_send)
    send_due(now=clock.now)
    assert OutboxMail.objects.get().state == MailState.FAILED


def test_a_person_reads_only_her_notices(bari_client: Any) -> None:
    hers, other = factories.citizen(), factories.citizen()
    mine, not_mine = tell(hers), tell(other, subject="Di un'altra persona")
    bari_client.force_login(hers)
    page = bari_client.get("/area/avvisi/").content.decode()
    assert "La domanda è stata accolta" in page
    assert "Di un'altra persona" not in page
    assert bari_client.get(f"/area/avvisi/{mine.public_id}/").status_code == 200
    assert bari_client.get(f"/area/avvisi/{not_mine.public_id}/").status_code == 404
    mine.refresh_from_db()
    assert mine.read_at is not None
