"""A parent is told at once whether her child may apply, is asked what a rule reads, and hands in what it wants."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from services_catalog.models import Edition
from sportello.applications.models import Application, ApplicationState
from sportello.applications.submitting import NotAdmissible, PlacesTaken, submit
from sportello.enrolment.models import Subscription
from sportello.fees.models import RecognisedCondition
from sportello.kernel import clock
from tenants.models import Municipality
from tests import factories
from tests.applications.enrolling import ANSWERS, QUESTIONS, Enrolling, enrolment_edition, family_at_school
from tests.factories.editions import edition, edition_content
from tests.factories.people import Family

AGE = {
    "kind": "age",
    "code": "eta",
    "source": "art. 3 del regolamento",
    "bands": [
        {
            "code": "grandi",
            "label": {"it": "Sei anni"},
            "on": {"kind": "day_of_year", "day": "12-31"},
            "at_least": {"years": 6},
        }
    ],
}
DISTANCE = {"kind": "distance", "code": "distanza", "measure": "walking", "rows": [{"more_than": 500}]}
METRES = {
    "code": "metri",
    "kind": "metres",
    "read_by": "admission.rule",
    "rule": "distanza",
    "required": False,
    "label": {"it": "Quanti metri a piedi?"},
}
ALONE = {"code": "alone", "label": {"it": "torna da solo"}, "evidence": "self_declared"}
ASK_ALONE = {
    "code": "solo",
    "kind": "yes_no",
    "read_by": "admission.condition",
    "condition": "alone",
    "label": {"it": "Torna da solo?"},
}
CONSENT = {
    "code": "consenso",
    "label": {"it": "autorizzazione firmata"},
    "when": {"all_of": ["alone"]},
    "signed_by": "every_guardian",
}
PDF = b"%PDF-1.7 prova"


def body(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


@pytest.fixture
def parent(bari: Municipality) -> Family:
    """A parent of a child of seven; each test puts its own edition in force."""
    made = family_at_school()
    child = made.children[0]
    child.birth_date = date(2019, 3, 1)
    child.save()
    return made


def under(client: Client, parent: Family, *, questions: tuple[dict[str, Any], ...] = (), **parts: Any) -> Enrolling:
    content = edition_content(questions=[*QUESTIONS, *questions], **parts)
    edition(content=content)
    client.force_login(parent.account)
    return Enrolling(client, parent.children[0])


def test_a_child_too_young_is_told_why_before_anything_is_asked(bari_client: Client, parent: Family) -> None:
    child = parent.children[0]
    child.birth_date = date(2021, 1, 1)
    child.save()
    enrolling = under(bari_client, parent, admission={"rules": [AGE]})
    enrolling.begin()
    page = body(bari_client.get(enrolling.url("figlio")))
    assert "Età: la regola chiede «Sei anni: almeno 6 anni compiuti, contati il 31/12" in page
    assert "Il 31/12/2026 gli anni compiuti sono: 5 anni e 11 mesi. Regola: art. 3 del regolamento, Atto " in page
    assert enrolling.post("figlio").status_code == 422


def test_an_unknown_birth_date_goes_to_the_office_and_refuses_nobody(bari_client: Client, parent: Family) -> None:
    child = parent.children[0]
    child.birth_date = None
    child.save()
    enrolling = under(bari_client, parent, admission={"rules": [AGE]})
    enrolling.begin()
    page = body(bari_client.get(enrolling.url("figlio")))
    assert "puoi fare la domanda, l'ufficio verificherà" in page
    assert "Età: lo verifica l'ufficio" in page
    application = fill(enrolling)
    assert "Che cosa verificherà l'ufficio" in body(bari_client.get(enrolling.url("riepilogo")))
    enrolling.send()
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    assert application.admission["outcome"] == "needs_office"


def fill(enrolling: Enrolling, **answers: dict[str, Any]) -> Application:
    """The steps from the child on, with the answers of some of them."""
    if enrolling.application is None:
        enrolling.begin()
    for step in ("figlio", "scuola", *answers, "isee"):
        data = answers.get(step, {}) or (ANSWERS.get(step) or enrolling.answers(step))
        response = enrolling.client.post(enrolling.url(step), {**data, "action": "next"})
        assert response.status_code == 302, (step, response.content.decode()[:3000])
    assert enrolling.application is not None
    enrolling.application.refresh_from_db()
    return enrolling.application


def test_the_metres_are_asked_only_where_a_rule_reads_them(bari_client: Client, parent: Family) -> None:
    enrolling = under(bari_client, parent)
    enrolling.begin()
    enrolling.post("figlio")
    assert bari_client.get(enrolling.url("requisiti")).status_code == 404


def test_a_home_too_near_is_refused_where_it_is_typed_and_the_answer_is_kept(
    bari_client: Client, parent: Family
) -> None:
    enrolling = under(bari_client, parent, questions=(METRES,), admission={"rules": [DISTANCE]})
    application = enrolling.begin()
    enrolling.post("figlio")
    enrolling.post("scuola")
    refused = bari_client.post(enrolling.url("requisiti"), {"metri": "500", "action": "next"})
    assert refused.status_code == 422
    assert "Distanza da scuola: la regola chiede «più di 500 m; a piedi, per la via più breve»." in body(refused)
    assert "La distanza dichiarata è 500 m." in body(refused)
    application.refresh_from_db()
    assert application.answers["requisiti"]["values"] == {"metri": "500"}
    assert bari_client.post(enrolling.url("requisiti"), {"metri": "501", "action": "next"}).status_code == 302


def test_a_distance_left_empty_goes_to_the_office(bari_client: Client, parent: Family) -> None:
    enrolling = under(bari_client, parent, questions=(METRES,), admission={"rules": [DISTANCE]})
    application = fill(enrolling, requisiti={"metri": ""})
    enrolling.send()
    application.refresh_from_db()
    said = {one["rule"]: one["outcome"] for one in application.admission["reasons"]}
    assert said == {"audience": "allowed", "distanza": "needs_office"}
    assert application.admission["act"].startswith("Atto ")


def test_sending_refuses_what_the_edition_refuses_and_keeps_the_draft(bari_client: Client, parent: Family) -> None:
    enrolling = under(bari_client, parent, admission={"rules": [AGE]})
    application = fill(enrolling)
    child = parent.children[0]
    child.birth_date = date(2024, 1, 1)
    child.save()
    with pytest.raises(NotAdmissible, match="Età"):
        submit(application=application, applicant=parent.account, now=clock.now())
    application.refresh_from_db()
    assert (application.state, application.protocol) == (ApplicationState.DRAFT, None)


def test_what_is_kept_of_the_verdict_is_italian_and_holds_no_fact_of_the_child(
    bari_client: Client, parent: Family
) -> None:
    enrolling = under(bari_client, parent, admission={"rules": [AGE]})
    application = fill(enrolling)
    with translation.override("en"):
        submit(application=application, applicant=parent.account, now=clock.now())
    application.refresh_from_db()
    kept = application.admission
    assert (kept["day"], kept["outcome"], kept["band"]) == ("2026-11-23", "allowed", "grandi")
    assert kept["reasons"][-1]["sentence"].startswith("Età: va bene")
    assert "2019" not in str(kept)


def test_a_document_is_wanted_only_from_whom_it_concerns(bari_client: Client, parent: Family) -> None:
    parts: dict[str, Any] = {"conditions": [ALONE], "admission": {"documents": [CONSENT]}}
    enrolling = under(bari_client, parent, questions=(ASK_ALONE,), **parts)
    fill(enrolling, requisiti={"solo": "no"})
    assert bari_client.get(enrolling.url("documenti")).status_code == 404
    bari_client.post(enrolling.url("requisiti"), {"solo": "yes", "action": "next"})
    page = body(bari_client.get(enrolling.url("documenti")))
    assert "Autorizzazione firmata" in page
    assert "Firmano tutti i genitori o tutori. Serve insieme alla domanda." in page


def test_a_document_due_with_the_application_keeps_it_from_being_sent(bari_client: Client, parent: Family) -> None:
    parts: dict[str, Any] = {"conditions": [ALONE], "admission": {"documents": [CONSENT]}}
    enrolling = under(bari_client, parent, questions=(ASK_ALONE,), **parts)
    application = fill(enrolling, requisiti={"solo": "yes"})
    empty = bari_client.post(enrolling.url("documenti"), {"action": "next"})
    assert empty.status_code == 422
    assert "Carica questo documento" in body(empty)
    assert bari_client.get(enrolling.url("riepilogo")).status_code == 302
    file = SimpleUploadedFile("firma.pdf", PDF)
    assert bari_client.post(enrolling.url("documenti"), {"doc_consenso": file, "action": "next"}).status_code == 302
    assert "firma.pdf" in body(bari_client.get(enrolling.url("riepilogo")))
    enrolling.send()
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    assert [one.purpose for one in application.attachments.all()] == ["doc_consenso"]


def test_a_document_for_later_blocks_nothing_and_says_its_day(bari_client: Client, parent: Family) -> None:
    later = {"code": "foto", "label": {"it": "fotografia"}, "due": "later", "within_days": 30}
    enrolling = under(bari_client, parent, admission={"documents": [later]})
    fill(enrolling)
    assert bari_client.post(enrolling.url("documenti"), {"action": "next"}).status_code == 302
    assert "Da consegnare entro il 23/12/2026" in body(bari_client.get(enrolling.url("riepilogo")))
    assert enrolling.send().url.endswith(reverse("applications:sent", args=["mensa", enrolling.application.public_id]))


def test_a_document_for_later_is_handed_in_from_her_area(bari_client: Client, parent: Family) -> None:
    later = {"code": "foto", "label": {"it": "fotografia"}, "due": "later", "within_days": 30}
    enrolling = under(bari_client, parent, admission={"documents": [later]})
    application = fill(enrolling)
    bari_client.post(enrolling.url("documenti"), {"action": "next"})
    enrolling.send()
    sent = reverse("applications:application", args=[application.public_id])
    page = reverse("applications:documents", args=[application.public_id])
    assert "Fotografia, entro il 23/12/2026" in body(bari_client.get(sent))
    assert bari_client.get(page).status_code == 200
    refused = bari_client.post(page, {})
    assert refused.status_code == 422
    assert "Scegli almeno uno dei documenti che mancano." in body(refused)
    assert bari_client.post(page, {"foto": SimpleUploadedFile("foto.pdf", b"non un pdf")}).status_code == 422
    given = bari_client.post(page, {"foto": SimpleUploadedFile("foto.pdf", PDF)}, follow=True)
    assert "Documento consegnato." in body(given)
    assert [one.purpose for one in application.attachments.all()] == ["doc_foto"]
    assert "Documenti da consegnare" not in body(bari_client.get(sent))
    assert bari_client.get(page).status_code == 404


def test_nobody_else_hands_in_documents_nor_once_it_is_closed(bari_client: Client, parent: Family) -> None:
    later = {"code": "foto", "label": {"it": "fotografia"}, "due": "later", "within_days": 30}
    enrolling = under(bari_client, parent, admission={"documents": [later]})
    application = fill(enrolling)
    bari_client.post(enrolling.url("documenti"), {"action": "next"})
    enrolling.send()
    page = reverse("applications:documents", args=[application.public_id])
    bari_client.force_login(factories.family().account)
    assert bari_client.get(page).status_code == 404
    bari_client.force_login(parent.account)
    assert bari_client.get(page).status_code == 200
    Application.objects.update(state=ApplicationState.WITHDRAWN)
    assert bari_client.get(page).status_code == 404


def full_service(held: Edition) -> None:
    """Somebody else has the one place."""
    year = (date(2026, 9, 1), date(2027, 9, 1))
    child = factories.child(factories.adult())
    Subscription.objects.create(child=child, service=held.service, edition=held, origin="roster", valid_during=year)


@pytest.mark.parametrize(("beyond", "sent"), [("waiting_list", True), ("refused", False)])
def test_beyond_the_places_an_application_waits_or_is_not_taken(
    bari_client: Client, parent: Family, beyond: str, sent: bool
) -> None:
    places = [{"code": "tutti", "label": {"it": "la mensa"}, "places": 1}]
    enrolling = under(bari_client, parent, admission={"capacity": {"places": places, "beyond": beyond}})
    full_service(Edition.objects.get())
    application = fill(enrolling)
    page = body(bari_client.get(enrolling.url("riepilogo")))
    assert "Posti esauriti (la mensa): oltre i posti la domanda" in page
    if sent:
        submit(application=application, applicant=parent.account, now=clock.now())
    else:
        with pytest.raises(PlacesTaken, match="non si può inviare"):
            submit(application=application, applicant=parent.account, now=clock.now())
        assert enrolling.send().status_code == 422
    application.refresh_from_db()
    assert (application.state == ApplicationState.SUBMITTED) is sent


def test_the_sheet_of_the_service_tells_rules_places_and_her_children(bari_client: Client, parent: Family) -> None:
    young = factories.child(parent.parent, given_name="Piccola", birth_date=date(2022, 1, 1))
    places = [{"code": "tutti", "label": {"it": "la mensa"}, "places": 1}]
    under(bari_client, parent, admission={"rules": [AGE], "capacity": {"places": places}})
    address = reverse("desk:service", args=["mensa"])
    page = body(bari_client.get(address))
    assert "Chi può fare domanda" in page
    assert "La mensa: 0 posti occupati su 1." in page
    assert page.count("Puoi fare la domanda.") == 1
    assert f"{young.full_name}</span>" in page
    assert "gli anni compiuti sono: 4 anni e 11 mesi" in page
    full_service(Edition.objects.get())
    assert "Posti esauriti (la mensa): oltre i posti la domanda va in lista d'attesa." in body(bari_client.get(address))
    bari_client.logout()
    anonymous = body(bari_client.get(address))
    assert "Chi può fare domanda" in anonymous
    assert young.full_name not in anonymous


def test_arrears_refuse_only_where_the_comune_says_so(bari_client: Client, parent: Family) -> None:
    child = parent.children[0]
    known = {"child": child, "recognised_at": clock.now()}
    RecognisedCondition.objects.create(condition="arrears", valid_during=(date(2026, 9, 1), None), **known)
    conditions = [{"code": code, "label": {"it": code}} for code in ("arrears", "social_services")]
    policy = {"blocks_enrolment": True, "spared": ["social_services"]}
    enrolling = under(bari_client, parent, conditions=conditions, fees={"arrears": policy})
    enrolling.begin()
    page = body(bari_client.get(enrolling.url("figlio")))
    assert "Condizione: la regola chiede «in regola con i pagamenti»." in page
    RecognisedCondition.objects.create(condition="social_services", valid_during=(date(2026, 9, 1), None), **known)
    assert "in regola con i pagamenti" not in body(bari_client.get(enrolling.url("figlio")))
    assert enrolling.post("figlio").status_code == 302


def test_a_delegate_is_not_told_the_isee_of_the_family(bari_client: Client, parent: Family) -> None:
    child, friend = parent.children[0], factories.adult()
    factories.isee(child, "20.000,00")
    factories.delegation(child, parent.parent, friend)
    rule = {
        "kind": "circumstance",
        "code": "i",
        "label": {"it": "ISEE fino a 9.000 €"},
        "any_of": [{"isee_to": "9000"}],
    }
    enrolling = under(bari_client, parent, admission={"rules": [rule]})
    enrolling.begin()
    assert "la regola chiede «ISEE fino a 9.000 €»" in body(bari_client.get(enrolling.url("figlio")))
    bari_client.force_login(factories.citizen(friend))
    enrolling.application = None
    enrolling.begin()
    page = body(bari_client.get(enrolling.url("figlio")))
    assert child.full_name in page
    assert "la regola chiede" not in page


def test_an_edition_without_rules_says_nothing_new(bari_client: Client, parent: Family) -> None:
    enrolment_edition()
    bari_client.force_login(parent.account)
    assert "Chi può fare domanda" not in body(bari_client.get(reverse("desk:service", args=["mensa"])))


@pytest.mark.parametrize("address", ["desk:service", "applications:start"])
def test_three_children_are_judged_with_the_queries_of_one(bari_client: Client, parent: Family, address: str) -> None:
    residence = {"kind": "residence", "code": "casa", "whose": "guardian"}
    need = {"kind": "circumstance", "code": "c", "label": {"it": "c"}, "any_of": [{"minors_from": 1}]}
    enrolling = under(bari_client, parent, admission={"rules": [AGE, residence, need]})
    enrolling.begin()
    url = reverse("desk:service", args=["mensa"]) if address == "desk:service" else enrolling.url("figlio")
    counts = []
    for _ in (1, 3):
        bari_client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert bari_client.get(url).status_code == 200
        counts.append(len(queries))
        for _more in range(2):
            sibling = factories.child(parent.parent, household=parent.children[0].household)
            factories.pupil(sibling)
    assert counts[0] == counts[1]


def test_a_late_window_asks_what_an_ordinary_one_does_not(bari_client: Client, parent: Family) -> None:
    today = clock.today()
    window = {
        "code": "tardi",
        "label": {"it": "Fuori termine"},
        "opens": (today - timedelta(days=1)).isoformat(),
        "closes": (today + timedelta(days=9)).isoformat(),
        "late": True,
    }
    rule = {
        "kind": "circumstance",
        "code": "posto",
        "windows": ["tardi"],
        "label": {"it": "un posto libero"},
        "any_of": [{"all_of": ["social_services"]}],
    }
    enrolling = under(bari_client, parent, windows=[window], admission={"rules": [rule]})
    application = fill(enrolling)
    enrolling.send()
    application.refresh_from_db()
    assert application.admission["reasons"][-1] == {
        "rule": "posto",
        "outcome": "needs_office",
        "sentence": "Condizione: lo verifica l'ufficio (un posto libero).",
    }
