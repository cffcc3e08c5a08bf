"""A parent sees her own applications and those of the other guardian; nobody else, and nobody barred by a court."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sportello.accounts.models import Role
from sportello.applications.models import Application, Attachment
from sportello.applications.queries import visible_to
from sportello.families.models import Guardianship
from sportello.kernel import clock
from tenants.models import Municipality
from tests.applications.enrolling import Enrolling
from tests.comuni import HostClient
from tests.factories.people import Family, account, adult, citizen, family, guardianship

PDF = b"%PDF-1.7\n"


@pytest.fixture
def sent(enrolling: Enrolling) -> Application:
    """An application with a file, sent."""
    application = enrolling.begin()
    enrolling.post("figlio")
    enrolling.post("scuola", diet="medical", certificate=SimpleUploadedFile("c.pdf", PDF))
    enrolling.post("isee")
    enrolling.send()
    application.refresh_from_db()
    return application


def addresses(application: Application) -> list[str]:
    """Every page and document of an application."""
    public_id = application.public_id
    names = ("application", "receipt", "withdraw", "delete_draft")
    found = [reverse(f"applications:{name}", args=[public_id]) for name in names]
    found += [reverse(f"applications:{name}", args=["mensa", public_id]) for name in ("sent", "resume", "summary")]
    found.append(reverse("applications:step", args=["mensa", public_id, "scuola"]))
    return [*found, reverse("applications:attachment", args=[Attachment.objects.get().public_id])]


def statuses(client: HostClient, application: Application) -> set[int]:
    return {client.get(address).status_code for address in addresses(application)}


@pytest.mark.parametrize("role", [None, Role.CLERK, Role.SCHOOL])
def test_nobody_else_opens_it(sent: Application, bari_client: HostClient, role: Role | None) -> None:
    bari_client.force_login(account(role) if role else family().account)
    assert statuses(bari_client, sent) == {404}


def test_without_entering_one_is_led_to_the_login(sent: Application, bari: Municipality) -> None:
    anybody = HostClient("bari.localhost", bari.schema_name)
    assert statuses(anybody, sent) == {302}


def test_the_other_guardian_follows_it(sent: Application, bari_client: HostClient) -> None:
    other = adult()
    assert sent.child is not None
    guardianship(other, sent.child)
    bari_client.force_login(citizen(other))
    assert bari_client.get(reverse("applications:application", args=[sent.public_id])).status_code == 200


def test_the_draft_of_the_other_guardian_is_hers_alone(enrolling: Enrolling, bari_client: HostClient) -> None:
    draft = enrolling.fill()
    other = adult()
    guardianship(other, enrolling.child)
    assert not visible_to(citizen(other), clock.today()).filter(pk=draft.pk).exists()


def test_a_guardian_barred_by_a_court_sees_nothing_even_of_what_she_sent(
    sent: Application, parent: Family, bari_client: HostClient
) -> None:
    Guardianship.objects.filter(adult=parent.parent).update(barred=True)
    bari_client.force_login(parent.account)
    assert statuses(bari_client, sent) == {404}
    child = parent.children[0]
    assert bari_client.get(reverse("desk:child", args=[child.public_id])).status_code == 404
    assert child.given_name not in bari_client.get(reverse("desk:area")).content.decode()


def test_a_posted_child_of_others_is_refused(enrolling: Enrolling) -> None:
    stranger = family().children[0]
    enrolling.begin()
    assert enrolling.post("figlio", child=str(stranger.public_id)).status_code == 422
    assert Application.objects.get().child is None


def test_the_child_page_of_others_is_not_found(parent: Family, bari_client: HostClient) -> None:
    bari_client.force_login(parent.account)
    stranger = family().children[0]
    assert bari_client.get(reverse("desk:child", args=[stranger.public_id])).status_code == 404
