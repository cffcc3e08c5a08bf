"""Conformity criteria C.SE.1.* of the digital services of a Comune (experience of the citizen), one test each."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from sportello.applications.models import Application
from sportello.notifications.models import Notice, OutboxMail
from tests.applications.enrolling import Enrolling
from tests.comuni import HostClient
from tests.factories.means import isee
from tests.factories.people import Family

STEPS = ("privacy", "figlio", "scuola", "isee", "riepilogo")
TYPEFACES = {"Titillium Web", "Lora", "Roboto Mono"}
FALLBACKS = {"inherit", "sans-serif", "serif", "monospace", "Geneva", "Tahoma"}
FEW_STARS = (
    "A volte le indicazioni non erano chiare",
    "A volte le indicazioni non erano complete",
    "A volte non capivo se stavo procedendo correttamente",
    "Ho avuto problemi tecnici",
    "Altro",
)
MANY_STARS = (
    "Le indicazioni erano chiare",
    "Le indicazioni erano complete",
    "Capivo sempre che stavo procedendo correttamente",
    "Non ho avuto problemi tecnici",
    "Altro",
)


def body(response: Any) -> str:
    return str(response.content.decode())


def test_cse_1_1_login_from_the_sheet_lands_inside_the_flow(bari_client: HostClient, parent: Family) -> None:
    sheet = body(bari_client.get("/servizi/mensa/"))
    link = re.search(r'href="([^"]+)" data-element="service-online-access"', sheet)
    assert link is not None
    login = bari_client.get(link[1])
    assert login.status_code == 302
    assert link[1] in login["Location"].replace("%2F", "/")


def test_cse_1_2_sending_tells_her_in_the_area_and_by_mail(enrolling: Enrolling, parent: Family) -> None:
    enrolling.fill()
    enrolling.send()
    assert Notice.objects.filter(account=parent.account).count() == 1
    assert OutboxMail.objects.filter(recipient="mamma@example.org").count() == 1


def test_cse_1_3_only_the_three_typefaces() -> None:
    sheets = (Path(settings.BASE_DIR) / "static" / "css").glob("*.css")
    families = {
        name.strip().strip("\"'")
        for sheet in sheets
        for declared in re.findall(r"font-family:\s*([^;}]+)", sheet.read_text())
        for name in declared.split(",")
    }
    assert families - TYPEFACES - FALLBACKS == set()


def test_cse_1_4_one_textual_summary_right_before_sending(enrolling: Enrolling) -> None:
    enrolling.fill()
    page = body(enrolling.client.get(enrolling.url("riepilogo")))
    for said in (enrolling.child.full_name, "mamma@example.org", "Nessuna dieta speciale", "Non dichiarato", "Letta"):
        assert said in page
    assert "Invia la domanda" in page
    assert "Le informazioni che hai fornito hanno valore di dichiarazione." in page


def test_cse_1_5_what_is_known_is_never_asked_again(enrolling: Enrolling, parent: Family) -> None:
    isee(enrolling.child, "8.500,00")
    enrolling.begin()
    child_page = body(enrolling.client.get(enrolling.url("figlio")))
    assert parent.account.identifier in child_page
    assert f'value="{parent.account.email}"' in child_page
    for asked in ("codice_fiscale", "fiscal_code", "birth_date", "address", "given_name"):
        assert f'name="{asked}' not in child_page
    enrolling.post("figlio")
    assert "Sì, sono giuste" in body(enrolling.client.get(enrolling.url("scuola")))
    enrolling.post("scuola")
    assert "8.500,00" in body(enrolling.client.get(enrolling.url("isee")))


def test_cse_1_6_a_draft_is_saved_at_every_step_and_resumed(enrolling: Enrolling) -> None:
    enrolling.begin()
    for step, following in zip(STEPS[1:], [*STEPS[2:], None], strict=True):
        assert "Salva e continua dopo" in body(enrolling.client.get(enrolling.url(step)))
        saved = enrolling.client.post(enrolling.url(step), {"action": "save"})
        assert saved["Location"] == reverse("desk:area")
        if following:
            enrolling.post(step)
    assert "Riprendi" in body(enrolling.client.get(reverse("desk:area")))


def test_cse_1_7_the_rating_with_the_mandated_words(enrolling: Enrolling) -> None:
    enrolling.fill()
    page = body(enrolling.client.get(enrolling.send()["Location"]))
    assert "Quanto è stato facile usare questo servizio?" in page
    assert [f'data-element="feedback-rate-{star}"' in page for star in range(1, 6)] == [True] * 5
    address = reverse("applications:rating", args=["mensa"])
    for rating, question, answers in (
        ("3", "Dove hai incontrato le maggiori difficoltà?", FEW_STARS),
        ("4", "Quali sono stati gli aspetti che hai preferito?", MANY_STARS),
    ):
        second = body(enrolling.client.post(address, {"rating": rating}))
        assert question in second
        shown = re.findall(r'name="reasons"[^>]*><span>([^<]+)</span>', second)
        assert tuple(shown) == answers
        assert 'data-element="feedback-input-text"' in second


def test_cse_1_8_the_steps_are_always_shown_and_one_can_go_back(enrolling: Enrolling) -> None:
    enrolling.fill()
    for place, step in enumerate(STEPS, start=1):
        page = body(enrolling.client.get(enrolling.url(step)))
        assert f"Passo {place} di 5" in page
        assert 'aria-current="step"' in page
        for before in STEPS[: place - 1]:
            assert f'href="{enrolling.url(before)}"' in page


def test_cse_1_9_the_area_tells_state_and_milestones(enrolling: Enrolling) -> None:
    application = enrolling.fill()
    enrolling.send()
    page = body(enrolling.client.get(reverse("applications:application", args=[application.public_id])))
    for milestone in ("Domanda inviata e presa in carico", "L&#x27;ufficio esamina la domanda", "Ricevi la risposta"):
        assert milestone in page


def test_cse_1_10_day_taken_in_charge_protocol_and_last_day_within_the_term(enrolling: Enrolling) -> None:
    application = enrolling.fill()
    page = body(enrolling.client.get(enrolling.send()["Location"]))
    for shown in ("0000001/2026", "lunedì 23 novembre 2026, ore 9:05", "mercoledì 23 dicembre 2026"):
        assert shown in page
    sent = Application.objects.get(pk=application.pk)
    assert sent.answer_by is not None
    assert sent.taken_in_charge_on is not None
    term = sent.edition.rules.procedure.answer_days
    assert (sent.answer_by - sent.taken_in_charge_on).days <= term
    assert f"entro {term} giorni" in body(enrolling.client.get("/servizi/mensa/"))
