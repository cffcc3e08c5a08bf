"""A parent enrols a child, step by step."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from services_catalog.models import Edition
from sportello.applications.models import Application, ApplicationState, Attachment, SensitiveAnswer
from sportello.applications.receipts import receipt_of
from sportello.enrolment.models import Subscription, SubscriptionOrigin
from sportello.means.models import IseeAttestation, Provenance
from sportello.notifications.models import Notice, OutboxMail
from tenants.models import Municipality
from tests.applications.enrolling import QUESTIONS, Enrolling, family_at_school
from tests.comuni import HostClient
from tests.factories.applications import sent_application
from tests.factories.editions import edition, edition_content
from tests.factories.means import isee
from tests.factories.people import Family, citizen, family
from tests.factories.schooling import pupil

PDF = b"%PDF-1.7\n%certificato\n"


def body(response: Any) -> str:
    return str(response.content.decode())


def test_the_whole_way_gives_protocol_dates_notice_and_mail(enrolling: Enrolling, parent: Family) -> None:
    isee(parent.children[0], "8.500,00")
    application = enrolling.fill()
    enrolling.post("isee", isee="known")
    page = body(enrolling.client.get(enrolling.url("riepilogo")))
    assert "1,90" in page
    response = enrolling.send()
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    assert str(application.protocol) == "0000001/2026"
    assert str(application.taken_in_charge_on) == "2026-11-23"
    assert str(application.answer_by) == "2026-12-23"
    assert application.explanation["amount_cents"] == 190
    confirmation = body(enrolling.client.get(response["Location"]))
    dates = ("lunedì 23 novembre 2026, ore 9:05", "mercoledì 23 dicembre 2026")
    for shown in ("0000001/2026", *dates, "mamma@example.org"):
        assert shown in confirmation
    assert Notice.objects.filter(account=parent.account).count() == 1
    assert OutboxMail.objects.get().recipient == "mamma@example.org"


def test_sending_twice_gives_the_same_protocol_number(enrolling: Enrolling) -> None:
    application = enrolling.fill()
    first, second = enrolling.send(), enrolling.send()
    assert first["Location"] == second["Location"]
    application.refresh_from_db()
    assert str(application.protocol) == "0000001/2026"
    assert application.state_changes.count() == 1
    assert OutboxMail.objects.count() == 1


def test_a_wrong_answer_comes_back_as_422_and_is_kept(enrolling: Enrolling) -> None:
    application = enrolling.begin()
    enrolling.post("figlio")
    enrolling.post("scuola")
    response = enrolling.post("isee", isee="declared", amount="dodici")
    assert response.status_code == 422
    assert "<title>Errore: " in body(response)
    assert "error-summary" in body(response)
    application.refresh_from_db()
    assert application.answers["isee"]["values"]["amount"] == "dodici"
    assert "dodici" in body(enrolling.client.get(enrolling.url("isee")))


def test_save_and_continue_later_keeps_even_what_is_wrong(enrolling: Enrolling) -> None:
    application = enrolling.begin()
    response = enrolling.post("figlio", action="save", contact_email="non è una mail")
    assert response["Location"] == reverse("desk:area")
    application.refresh_from_db()
    assert application.answers["figlio"] == {
        "values": {"child": str(enrolling.child.public_id), "contact_email": "non è una mail"},
        "complete": False,
    }


def test_the_draft_is_resumed_on_another_device(enrolling: Enrolling, parent: Family, bari: Municipality) -> None:
    application = enrolling.begin()
    enrolling.post("figlio")
    elsewhere = HostClient("bari.localhost", bari.schema_name)
    elsewhere.force_login(parent.account)
    area = body(elsewhere.get(reverse("desk:area")))
    resume = reverse("applications:resume", args=["mensa", application.public_id])
    assert resume in area
    assert elsewhere.get(resume)["Location"].endswith("/scuola/")


def test_steps_cannot_be_skipped(enrolling: Enrolling) -> None:
    enrolling.begin()
    assert enrolling.client.get(enrolling.url("isee"))["Location"].endswith("/figlio/")
    assert enrolling.client.get(enrolling.url("riepilogo"))["Location"].endswith("/figlio/")


def test_a_change_from_the_summary_returns_to_the_summary(enrolling: Enrolling) -> None:
    enrolling.fill()
    answers = {**enrolling.answers("scuola"), "action": "next"}
    response = enrolling.client.post(f"{enrolling.url('scuola')}?da=riepilogo", answers)
    assert response["Location"] == enrolling.url("riepilogo")


def test_beginning_twice_goes_on_with_the_same_empty_draft(enrolling: Enrolling) -> None:
    enrolling.begin()
    enrolling.application = None
    enrolling.begin()
    assert Application.objects.count() == 1


def test_another_child_asks_school_and_isee_again(bari_client: HostClient, enrolling: Enrolling) -> None:
    application = enrolling.fill()
    parent = enrolling.child.guardianships.get().adult
    sibling = family(children=1).children[0]
    sibling.guardianships.update(adult=parent)
    pupil(sibling)
    enrolling.child = sibling
    enrolling.post("figlio")
    application.refresh_from_db()
    assert set(application.answers) == {"privacy", "figlio"}


def test_a_medical_diet_wants_its_certificate_and_lives_apart(enrolling: Enrolling) -> None:
    application = enrolling.begin()
    enrolling.post("figlio")
    assert enrolling.post("scuola", diet="medical").status_code == 422
    certificate = SimpleUploadedFile("../../certificato.pdf", PDF, content_type="text/html")
    assert enrolling.post("scuola", diet="medical", certificate=certificate).status_code == 302
    application.refresh_from_db()
    assert "medical" not in str(application.answers)
    kept = {answer.question: answer.value for answer in SensitiveAnswer.objects.all()}
    assert kept["diet"] == "medical"
    attachment = Attachment.objects.get()
    assert (attachment.media_type, attachment.name) == ("application/pdf", "certificato.pdf")
    with attachment.file.open("rb") as file:
        assert file.read() == PDF


def test_a_certificate_may_be_brought_to_the_office(enrolling: Enrolling) -> None:
    enrolling.begin()
    enrolling.post("figlio")
    assert enrolling.post("scuola", diet="medical", certificate_later="on").status_code == 302


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"MZ\x90 programma", "non è un PDF"), (b"<html>", "non è un PDF"), (PDF + b"0" * 5_300_000, "supera 5 MB")],
)
def test_a_file_is_judged_by_its_first_bytes_and_size(enrolling: Enrolling, content: bytes, sentence: str) -> None:
    enrolling.begin()
    enrolling.post("figlio")
    upload = SimpleUploadedFile("certificato.pdf", content, content_type="application/pdf")
    response = enrolling.post("scuola", diet="medical", certificate=upload)
    assert response.status_code == 422
    assert sentence in body(response)
    assert not Attachment.objects.exists()


def test_a_declared_isee_is_asked_once(enrolling: Enrolling) -> None:
    enrolling.fill()
    declared = {"isee": "declared", "amount": "10.000,00", "dsu_protocol": "INPS-ISEE-2026-0000001A-00"}
    day = {"filed_on_day": "3", "filed_on_month": "2", "filed_on_year": "2026"}
    assert enrolling.post("isee", **declared, **day).status_code == 302
    enrolling.send()
    attestation = IseeAttestation.objects.get()
    assert attestation.provenance == Provenance.DECLARED
    assert (attestation.amount_cents, str(attestation.valid_during.upper)) == (1_000_000, "2027-01-01")


def test_the_isee_of_last_year_is_refused(enrolling: Enrolling) -> None:
    enrolling.fill()
    declared = {"isee": "declared", "amount": "10.000,00", "dsu_protocol": "INPS-ISEE-2025-0000001A-00"}
    day = {"filed_on_day": "3", "filed_on_month": "2", "filed_on_year": "2025"}
    response = enrolling.post("isee", **declared, **day)
    assert response.status_code == 422
    assert "è scaduto il 31 dicembre" in body(response)


def test_the_receipt_is_the_same_at_each_time_and_says_nothing_of_the_diet(enrolling: Enrolling) -> None:
    import io

    import pikepdf

    application = enrolling.begin()
    enrolling.post("figlio")
    enrolling.post("scuola", diet="medical", certificate_later="on")
    enrolling.post("isee")
    enrolling.send()
    application.refresh_from_db()
    first = enrolling.client.get(reverse("applications:receipt", args=[application.public_id]))
    again = receipt_of(
        Application.objects.get(), verification_url=f"http://bari.localhost/verifica/{application.public_id}/"
    )
    assert first["Content-Type"] == "application/pdf"
    assert first.content == again
    with pikepdf.open(io.BytesIO(first.content)) as document:
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang) == "it"
        assert "diet" not in str(document.docinfo).lower()


def test_the_verification_page_is_public_and_nameless(enrolling: Enrolling, bari: Municipality) -> None:
    application = enrolling.fill()
    address = reverse("applications:verification", args=[application.public_id])
    anybody = HostClient("bari.localhost", bari.schema_name)
    assert anybody.get(address).status_code == 404
    enrolling.send()
    page = body(anybody.get(address))
    assert "0000001/2026" in page
    assert enrolling.child.family_name not in page


def test_a_child_already_applied_for_cannot_be_chosen(enrolling: Enrolling) -> None:
    enrolling.fill()
    enrolling.send()
    enrolling.application = None
    enrolling.begin()
    page = body(enrolling.client.get(enrolling.url("figlio")))
    assert "Ha già una domanda per questo anno scolastico: protocollo 0000001/2026." in page
    assert enrolling.post("figlio").status_code == 422


def test_a_draft_can_be_thrown_away_and_a_sent_application_cannot(enrolling: Enrolling) -> None:
    application = enrolling.fill()
    address = reverse("applications:delete_draft", args=[application.public_id])
    assert enrolling.client.get(address).status_code == 200
    enrolling.send()
    enrolling.client.post(address)
    assert Application.objects.filter(pk=application.pk).exists()


def test_an_unknown_person_is_led_through_the_login_into_the_flow(bari_client: Client, parent: Family) -> None:
    response = bari_client.get(reverse("applications:start", args=["mensa"]))
    assert response.status_code == 302
    assert "servizi/mensa/domanda" in response["Location"].replace("%2F", "/")


def test_a_parent_without_children_here_is_told_what_to_do(bari_client: HostClient, parent: Family) -> None:
    bari_client.force_login(citizen())
    bari_client.post(reverse("applications:start", args=["mensa"]), {"read": "on", "action": "next"})
    application = Application.objects.get()
    page = body(bari_client.get(reverse("applications:step", args=["mensa", application.public_id, "figlio"])))
    assert "Ora non puoi fare la domanda per un figlio" in page


def test_a_child_who_uses_the_service_already_cannot_be_chosen(enrolling: Enrolling) -> None:
    application = enrolling.begin()
    Subscription.objects.create(
        child=enrolling.child,
        service=application.service,
        edition=application.edition,
        origin=SubscriptionOrigin.ROSTER,
        valid_during=("2026-09-01", "2027-09-01"),
    )
    assert "È già iscritto a questo servizio." in body(enrolling.client.get(enrolling.url("figlio")))
    assert enrolling.post("figlio").status_code == 422


def test_the_list_asks_the_same_queries_for_one_application_and_for_three(
    parent: Family, bari_client: HostClient
) -> None:
    counts = []
    for number in (1, 3):
        made = family(children=number)
        for child in made.children:
            sent_application(Edition.objects.get(), child, applicant=made.account)
        bari_client.force_login(made.account)
        bari_client.get(reverse("applications:applications"))
        with CaptureQueriesContext(connection) as queries:
            page = body(bari_client.get(reverse("applications:applications")))
        assert page.count("Protocollo") == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_conditions_a_fee_reads_are_asked_and_move_the_estimate(
    bari: Municipality, bari_client: HostClient
) -> None:
    asked = {
        "code": "need",
        "kind": "yes_no",
        "read_by": "fees.condition",
        "condition": "social_services",
        "label": {"it": "I servizi sociali vi seguono?"},
    }
    table = {"reductions": [{"kind": "exemption", "condition": "social_services"}]}
    edition(content=edition_content(questions=[*QUESTIONS, asked], fees=table))
    made = family_at_school()
    bari_client.force_login(made.account)
    enrolling = Enrolling(bari_client, made.children[0])
    application = enrolling.begin()
    enrolling.post("figlio")
    enrolling.post("scuola")
    assert enrolling.post("isee").status_code == 422
    enrolling.post("isee", need="yes")
    enrolling.send()
    application.refresh_from_db()
    assert application.explanation["amount_cents"] == 0
    assert application.explanation["facts"]["conditions"] == ["social_services"]
