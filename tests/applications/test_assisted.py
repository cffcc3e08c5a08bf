"""With support beside her: it may prepare a draft; what is declared, withdrawn or thrown away is hers alone."""

from typing import Any

import pytest
from django.urls import reverse

from sportello.accounts.models import Role
from sportello.applications.models import Application
from sportello.audit.models import Action, Event
from tests.accounts.test_sessions import entered
from tests.accounts.test_supporting import banner, start
from tests.applications.enrolling import Enrolling
from tests.comuni import HostClient
from tests.factories.people import Family, account


@pytest.fixture
def assisted(parent: Family, bari_client: HostClient) -> Enrolling:
    """The browser of support, acting as the parent, about to enrol the child."""
    desk = entered(bari_client, account(Role.SUPPORT).identifier)
    assert start(desk, parent.account).status_code == 302
    return Enrolling(desk, parent.children[0])


def state(application: Application) -> str:
    return str(Application.objects.get(pk=application.pk).state)


def refused(answer: Any) -> tuple[int, bool]:
    return answer.status_code, "di persona" in answer.content.decode()


def test_support_prepares_and_the_parent_sends(assisted: Enrolling, parent: Family, bari_client: HostClient) -> None:
    application = assisted.fill()
    page = assisted.client.get(assisted.url("riepilogo")).content.decode()
    assert ("Invia la domanda" in page, "la invia" in page) == (False, True)
    assert (refused(assisted.send()), state(application)) == ((403, True), "draft")
    assert Event.objects.filter(action=Action.APPLICATION_SUBMITTED).count() == 0
    hers = Enrolling(entered(bari_client, parent.account.identifier), parent.children[0], application)
    assert hers.send().status_code == 302
    assert state(application) == "submitted"
    submitted = Event.objects.get(action=Action.APPLICATION_SUBMITTED)
    assert (submitted.actor, submitted.on_behalf_of) == (parent.account.pk, None)


def test_support_saves_the_draft_for_her(assisted: Enrolling, parent: Family) -> None:
    application = assisted.fill()
    answer = assisted.client.post(assisted.url("riepilogo"), {"action": "save"})
    assert (answer.status_code, answer["Location"], state(application)) == (302, "/area/", "draft")
    assert Application.objects.get(pk=application.pk).applicant_id == parent.account.pk


def test_each_step_is_on_record_in_the_name_of_support(assisted: Enrolling, parent: Family) -> None:
    application = assisted.begin()
    assisted.post("figlio")
    last = Event.objects.filter(action=Action.SUPPORT_PAGE).latest("pk")
    assert (last.on_behalf_of, last.actor == parent.account.pk) == (parent.account.pk, False)
    about = {"about": str(application.public_id)}
    assert last.details == {"page": "applications:step", "method": "POST", "status": 302, **about}


@pytest.mark.parametrize("step", ["withdraw", "delete_draft", "complete"])
def test_what_cannot_be_undone_is_hers(assisted: Enrolling, step: str) -> None:
    application = assisted.fill()
    answer = assisted.client.post(reverse(f"applications:{step}", args=[application.public_id]), {"text": "ecco"})
    assert (refused(answer), state(application)) == ((403, True), "draft")


def test_the_steps_carry_the_banner(assisted: Enrolling) -> None:
    application = assisted.fill()
    paths = [assisted.url(slug) for slug in ("figlio", "scuola", "isee", "riepilogo")]
    paths += [reverse("applications:start", args=["mensa"]), f"/area/domande/{application.public_id}/elimina/"]
    assert ["Agisci come" in banner(assisted.client, path) for path in paths] == [True] * 6  # type: ignore[arg-type]
