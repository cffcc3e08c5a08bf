"""The office answers; the family completes or withdraws; the state table has the last word."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sportello.accounts.models import Account, Role
from sportello.applications.completing import complete, withdraw
from sportello.applications.models import Application, ApplicationState
from sportello.applications.reviewing import ReasonMissing, ask_completion, reject
from sportello.applications.states import TRANSITIONS, Actor, TransitionNotAllowed, change_state, may_become
from sportello.audit.models import Action, Event
from sportello.kernel import clock
from sportello.notifications.models import Notice, OutboxMail
from tests.applications.enrolling import Enrolling
from tests.comuni import HostClient
from tests.factories.people import Family, account


@pytest.fixture
def sent(enrolling: Enrolling) -> Application:
    application = enrolling.fill()
    enrolling.send()
    application.refresh_from_db()
    return application


@pytest.fixture
def clerk(parent: Family) -> Account:
    return account(Role.CLERK)


def test_the_family_reads_what_is_asked_answers_and_the_office_has_it_again(
    sent: Application, clerk: Account, bari_client: HostClient
) -> None:
    ask_completion(application=sent, reason="Manca il certificato", actor=clerk, now=clock.now())
    assert "Manca il certificato" not in OutboxMail.objects.latest("id").body
    page = bari_client.get(reverse("desk:area")).content.decode()
    assert "Completa la domanda" in page
    address = reverse("applications:application", args=[sent.public_id])
    assert "Manca il certificato" in bari_client.get(address).content.decode()
    upload = SimpleUploadedFile("c.png", b"\x89PNG\r\n\x1a\n0000")
    answer = {"text": "Eccolo", "document": upload}
    assert bari_client.post(reverse("applications:complete", args=[sent.public_id]), answer).status_code == 302
    sent.refresh_from_db()
    assert sent.state == ApplicationState.SUBMITTED
    history = [(change.before, change.after, change.reason) for change in sent.state_changes.all()]
    assert history == [
        ("draft", "submitted", ""),
        ("submitted", "to_complete", "Manca il certificato"),
        ("to_complete", "submitted", "Eccolo"),
    ]
    assert sent.attachments.get().media_type == "image/png"


def test_an_empty_completion_is_told_what_to_do(sent: Application, clerk: Account, bari_client: HostClient) -> None:
    ask_completion(application=sent, reason="Manca la classe", actor=clerk, now=clock.now())
    response = bari_client.post(reverse("applications:complete", args=[sent.public_id]), {"text": "  "})
    assert response.status_code == 422
    assert "Scrivi una risposta o aggiungi un documento." in response.content.decode()


def test_a_refusal_says_why_on_the_page_and_leaves_a_record(
    sent: Application, clerk: Account, bari_client: HostClient
) -> None:
    reject(application=sent, reason="Scuola non servita", actor=clerk, now=clock.now())
    page = bari_client.get(reverse("applications:application", args=[sent.public_id])).content.decode()
    assert "Scuola non servita" in page
    assert "riesame" in page
    assert Notice.objects.count() == 2
    assert Event.objects.filter(action=Action.APPLICATION_DECIDED, actor=clerk.pk).count() == 1


def test_a_refusal_without_a_reason_is_no_refusal(sent: Application, clerk: Account) -> None:
    with pytest.raises(ReasonMissing):
        reject(application=sent, reason="  ", actor=clerk, now=clock.now())


def test_she_withdraws_after_being_asked(sent: Application, bari_client: HostClient) -> None:
    address = reverse("applications:withdraw", args=[sent.public_id])
    assert "Vuoi ritirare la domanda?" in bari_client.get(address).content.decode()
    bari_client.post(address)
    sent.refresh_from_db()
    assert sent.state == ApplicationState.WITHDRAWN


def test_what_is_decided_stays_decided(sent: Application, parent: Family, clerk: Account) -> None:
    reject(application=sent, reason="Scuola non servita", actor=clerk, now=clock.now())
    with pytest.raises(TransitionNotAllowed):
        withdraw(application=sent, actor=parent.account, now=clock.now())
    with pytest.raises(TransitionNotAllowed):
        complete(application=sent, actor=parent.account, text="ecco", upload=None, now=clock.now())


@pytest.mark.parametrize("before", ApplicationState)
@pytest.mark.parametrize("after", ApplicationState)
def test_only_the_table_moves_an_application(
    sent: Application, clerk: Account, before: ApplicationState, after: ApplicationState
) -> None:
    sent.state = before
    for side in Actor:
        if TRANSITIONS.get((before, after)) == side:
            assert may_become(sent, after, side)
        else:
            with pytest.raises(TransitionNotAllowed):
                change_state(application=sent, after=after, side=side, actor=clerk, now=clock.now())
