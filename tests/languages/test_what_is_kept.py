"""What is written down stays Italian whatever the language of the page: notices, mails, the register, the reasons."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from sportello.accounts.models import Role
from sportello.applications.appointments import request_appointment
from sportello.applications.models import AppointmentSlot
from sportello.applications.reviewing import ask_completion, reject
from sportello.enrolment.forms import COMPLETIONS, REASONS
from sportello.jobs.models import Job, JobState
from sportello.kernel import clock
from sportello.notifications.models import Notice, OutboxMail
from sportello.ui.retelling import retold
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.applications import sent_application
from tests.factories.editions import edition


def test_a_clerk_who_works_in_english_answers_a_family_in_italian(bari: object) -> None:
    clerk, application = account(Role.CLERK), sent_application(edition())
    with override("en"):
        ask_completion(application=application, reason="Manca la classe", actor=clerk, now=clock.now())
        reject(application=application, reason="Manca la classe", actor=clerk, now=clock.now())
    subjects = [
        f"Manca qualcosa nella domanda {application.protocol}",
        f"La domanda {application.protocol} è stata respinta",
    ]
    assert list(Notice.objects.order_by("id").values_list("subject", flat=True)) == subjects
    assert list(OutboxMail.objects.order_by("id").values_list("subject", flat=True)) == subjects


def test_a_family_that_reads_english_is_announced_in_italian(bari: object) -> None:
    account(Role.CLERK)
    day = clock.today() + timedelta(days=3)
    with override("en"):
        request_appointment(
            account=None,
            office="Ufficio scuola",
            day=day,
            slot=AppointmentSlot.choices[0][0],
            topic="Mensa",
            reason="Saldo",
            name="Ada Neri",
            email="ada@example.org",
            phone="",
            now=clock.now(),
        )
    told = Notice.objects.get()
    assert told.subject == f"Chiesto un appuntamento per il {day:%d/%m/%Y}"
    assert told.body.startswith("mattina, dalle 9 alle 11. Chi: Ada Neri")


def test_a_reason_is_picked_in_english_and_kept_in_italian() -> None:
    with override("en"):
        picked = {str(label): str(value) for value, label in [*REASONS, *COMPLETIONS]}
    assert picked["School not covered"] == "Il bambino non frequenta una scuola servita."
    assert picked["Medical certificate"] == "Carica il certificato medico per la dieta speciale."


def test_what_a_job_said_in_italian_is_read_in_english(bari_client: HostClient, bari: object) -> None:
    clerk = account(Role.CLERK)
    bari_client.force_login(clerk)
    bari_client.post("/lingua/", {"language": "en"})
    job = Job.objects.create(
        kind="prova",
        requested_by=clerk.pk,
        state=JobState.DONE,
        message="Mese chiuso",
        created_at=clock.now(),
        finished_at=clock.now(),
    )
    page = bari_client.get(f"/ufficio/lavori/{job.public_id}/").content.decode()
    assert "Month closed" in page
    assert "Mese chiuso" not in page


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("14 pasti di novembre 2026", "14 meals of November 2026"),
        (
            "1 pasto in meno a marzo 2027, corretto dopo la chiusura",
            "1 meal fewer in March 2027, corrected after the close",
        ),
        ("Blocchetto da 21 pasti, ordinato", "Block of 21 meals, ordered"),
        ("Pagamento registrato dall'ufficio", "Payment recorded by the office"),
        ("Saldo riportato dall'archivio precedente", "Balance carried over from the previous archive"),
        ("3 pasti di troppo", "3 pasti di troppo"),
        ("", ""),
    ],
)
def test_an_entry_kept_in_italian_is_read_in_english(kept: str, said: str) -> None:
    with override("it"):
        assert retold(kept) == kept
    with override("en"):
        assert retold(kept) == said
