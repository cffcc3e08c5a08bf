"""The queue: by deadline, filtered in the URL, exported, at a fixed price in queries; and for the office alone."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import openpyxl
import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services_catalog.models import Edition
from sportello.accounts.models import Account, Role
from sportello.applications.models import Application, ApplicationState, Attachment, SensitiveAnswer
from sportello.audit.models import Action, Event
from sportello.enrolment.models import Subscription
from sportello.kernel import clock
from tenants.models import Municipality
from tests import factories
from tests.factories.applications import sent_application
from tests.factories.editions import edition_from_pack

type Sent = Callable[..., Application]
QUEUE = "/ufficio/domande/"


@pytest.fixture
def edition(bari: Municipality) -> Edition:
    return edition_from_pack("bari")


@pytest.fixture
def clerk(bari: Municipality) -> Account:
    return factories.account(Role.CLERK)


@pytest.fixture
def sent(edition: Edition) -> Sent:
    return partial(sent_application, edition)


@pytest.fixture
def office(bari_client: Any, clerk: Account) -> Any:
    bari_client.force_login(clerk)
    return bari_client


def order_in(page: str, *applications: Application) -> list[int]:
    return [page.index(f"/ufficio/domande/{one.public_id}/") for one in applications]


def test_the_most_urgent_comes_first(office: Any, sent: Sent) -> None:
    later, sooner = sent(days_left=9), sent(days_left=2)
    page = office.get(QUEUE).content.decode()
    assert order_in(page, sooner, later) == sorted(order_in(page, sooner, later))


def test_views_and_filters_live_in_the_url(office: Any, sent: Sent) -> None:
    waiting, late = sent(state=ApplicationState.TO_COMPLETE), sent(days_left=-1)
    sent(days_left=20)
    page = office.get(f"{QUEUE}?vista=da-completare").content.decode()
    assert str(waiting.public_id) in page
    assert str(late.public_id) not in page
    page = office.get(f"{QUEUE}?scadenza=scadute").content.decode()
    assert page.count('name="domanda"') == 1
    assert str(late.public_id) in page


def test_search_by_protocol_or_name(office: Any, sent: Sent) -> None:
    wanted, other = sent(), sent()
    assert wanted.child is not None
    for words in (str(wanted.protocol), wanted.child.family_name[:5].lower()):
        page = office.get(QUEUE, {"cerca": words}).content.decode()
        assert str(wanted.public_id) in page
        assert str(other.public_id) not in page


def test_a_list_costs_the_same_with_one_row_and_three(office: Any, sent: Sent) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(QUEUE).status_code == 200
        return len(queries)

    sent()
    office.get(QUEUE)
    one = cost()
    sent()
    sent()
    assert cost() == one


def test_export_holds_the_filtered_rows_and_is_recorded(office: Any, sent: Sent) -> None:
    application = sent()
    response = office.get(f"{QUEUE}?formato=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "Protocollo"
    assert rows[1][0] == str(application.protocol)
    assert Event.objects.filter(action=Action.PERSON_LIST_EXPORTED).count() == 1
    text = office.get(f"{QUEUE}?formato=csv").content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith(str(application.protocol))


def test_bulk_acceptance(office: Any, sent: Sent) -> None:
    first, second = sent(), sent()
    response = office.post(f"{QUEUE}accogli/", {"domanda": [str(first.public_id), str(second.public_id)]}, follow=True)
    assert "2 domande accolte." in response.content.decode()
    assert Subscription.objects.count() == 2


def test_bulk_without_a_tick_says_what_to_do(office: Any, sent: Sent) -> None:
    sent()
    response = office.post(f"{QUEUE}accogli/", {"domanda": ["not-a-uuid"]}, follow=True)
    assert "Spunta almeno una domanda" in response.content.decode()


def test_the_workbench_shows_checks_and_opens_the_next(office: Any, sent: Sent) -> None:
    first, second = sent(days_left=1), sent(days_left=2)
    page = office.get(f"{QUEUE}{first.public_id}/").content.decode()
    assert "Nessun ISEE valido" in page
    assert "Il bambino non risulta in nessuna classe." in page
    response = office.post(f"{QUEUE}{first.public_id}/accogli/")
    assert response.headers["Location"] == f"{QUEUE}{second.public_id}/"


def test_a_rejection_needs_a_reason_and_loses_nothing(office: Any, sent: Sent) -> None:
    application = sent()
    response = office.post(f"{QUEUE}{application.public_id}/respingi/", {"respingi-reason": ""})
    assert response.status_code == 422
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    office.post(f"{QUEUE}{application.public_id}/respingi/", {"respingi-reason": "Non frequenta."})
    application.refresh_from_db()
    assert (application.state, application.reason) == (ApplicationState.REJECTED, "Non frequenta.")


def test_a_choice_that_may_be_written_instead_is_not_called_optional(office: Any, sent: Sent) -> None:
    page = office.get(f"{QUEUE}{sent().public_id}/").content.decode()
    assert "(facoltativo)" not in page
    assert "Scegli un motivo o scrivilo." in page
    assert "Scegli una richiesta o scrivila." in page


def test_asking_for_completion(office: Any, sent: Sent) -> None:
    application = sent()
    office.post(f"{QUEUE}{application.public_id}/integra/", {"integra-reason": "Manca il certificato."})
    application.refresh_from_db()
    assert application.state == ApplicationState.TO_COMPLETE


@pytest.mark.parametrize("roles", [(), (Role.SCHOOL,)], ids=["citizen", "school"])
def test_others_do_not_enter(bari_client: Any, sent: Sent, roles: tuple[Role, ...]) -> None:
    application = sent()
    bari_client.force_login(factories.account(*roles) if roles else factories.citizen())
    for path in (QUEUE, f"{QUEUE}{application.public_id}/"):
        assert bari_client.get(path).status_code == 403


def test_the_clerk_of_another_comune_does_not_enter(bitonto_client: Any, bari_client: Any, clerk: Account) -> None:
    bari_client.force_login(clerk)
    bitonto_client.cookies = bari_client.cookies
    assert bitonto_client.get(QUEUE).status_code == 302


def test_the_office_reads_diet_and_certificate_on_the_record(office: Any, sent: Sent) -> None:
    application = sent()
    SensitiveAnswer.objects.create(application=application, question="diet", value="medical")
    certificate = Attachment.objects.create(
        application=application,
        purpose="certificate",
        name="certificato.pdf",
        media_type="application/pdf",
        size=8,
        file=ContentFile(b"%PDF-1.7", name="certificato.pdf"),
        uploaded_at=clock.now(),
    )
    page = office.get(f"{QUEUE}{application.public_id}/").content.decode()
    assert "Dieta sanitaria" in page
    response = office.get(f"{QUEUE}allegati/{certificate.public_id}/")
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert Event.objects.filter(action=Action.DIET_READ).count() == 2


def test_the_copy_for_the_archive_is_pdf_a(office: Any, sent: Sent) -> None:
    application = sent()
    response = office.get(f"{QUEUE}{application.public_id}/archivio.pdf")
    with pikepdf.open(BytesIO(response.content)) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
