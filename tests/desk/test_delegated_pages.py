"""What a delegate reads on the pages that open to her: by act, never the ISEE nor why a price is what it is."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from services_catalog.models import Edition
from sportello.accounts.models import Account
from sportello.applications.models import Application, ApplicationState
from sportello.applications.queries import readers_of
from sportello.applications.reviewing import ask_completion
from sportello.billing.models import EntryKind, LedgerAccount
from sportello.billing.posting import EntryLine, post_entries
from sportello.enrolment.workbench import dossier
from sportello.families.delegating import revoke
from sportello.families.models import Act, Child, Delegation, Guardianship
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.notifications.models import Notice, OutboxMail
from tests.applications.enrolling import Enrolling, family_at_school
from tests.comuni import HostClient
from tests.factories import account, adult, citizen, delegation, guardianship, isee
from tests.factories.applications import sent_application
from tests.factories.meals import place, price
from tests.factories.numbering import TODAY
from tests.factories.people import Family

EURO = "\N{NO-BREAK SPACE}€"


@pytest.fixture
def edition(parent: Family) -> Edition:
    return Edition.objects.get()


def delegated(child: Child, parent: Family, *acts: Act) -> Account:
    holder = adult(given_name="Rosa")
    delegation(child, parent.parent, holder, *acts)
    return citizen(holder)


def owing(child: Child, edition: Edition) -> None:
    """A place, a price of 1.90, and 5.70 owed with its reason."""
    place(child, edition)
    made = price(child, edition, 190)
    explanation = {"edition": edition.pk, "steps": made.steps}
    line = EntryLine(
        child_id=child.pk, service_code="mensa", kind=EntryKind.CHARGE, amount=Money(-570), competence_on=TODAY,
        description="3 pasti di novembre 2026", key="owing", explanation=explanation,
    )  # fmt: skip
    post_entries(lines=[line], now=clock.now(), actor=None)


def test_who_may_see_reads_class_and_meals_but_no_figure_of_money(
    parent: Family, edition: Edition, bari_client: HostClient
) -> None:
    child = parent.children[0]
    owing(child, edition)
    bari_client.force_login(delegated(child, parent, Act.SEE))
    for path in (reverse("desk:area"), reverse("desk:child", args=[child.public_id])):
        page = bari_client.get(path).content.decode().split("<main")[1].split("</main")[0]
        assert child.placements.get().section.school.name in page
        assert "Pasti di questo mese" in page
        assert f"Delega data da {parent.parent.full_name}, fino al 22/12/2026: vedere classe, servizi e pasti." in page
        for hidden in ("Da pagare", "Tariffa", EURO, "Pasti e pagamenti", "Iscrivi", str(child.fiscal_code)):
            assert hidden not in page


def test_who_may_pay_reads_what_is_due_and_not_why(parent: Family, edition: Edition, bari_client: HostClient) -> None:
    child = parent.children[0]
    owing(child, edition)
    bari_client.force_login(parent.account)
    statement = reverse("canteen:statement", args=[child.public_id])
    assert "Perché questo importo?" in bari_client.get(statement).content.decode()
    bari_client.force_login(delegated(child, parent, Act.PAY))
    page = bari_client.get(statement).content.decode()
    assert f"5,70{EURO}" in page
    assert "Perché questo importo?" not in page
    assert "Prezzo unico" not in page
    area = bari_client.get(reverse("desk:area")).content.decode()
    assert f"5,70{EURO}" in area
    assert child.placements.get().section.school.name not in area
    assert "Tariffa" not in area
    assert f'href="{reverse("desk:child", args=[child.public_id])}"' not in area


def test_the_pdf_of_a_delegate_has_no_reasons(
    parent: Family, edition: Edition, bari_client: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = parent.children[0]
    owing(child, edition)
    drawn = "sportello.canteen.documents.render_pdf"
    monkeypatch.setattr(drawn, lambda _template, data, **_: json.dumps(data, ensure_ascii=False).encode())
    address = reverse("canteen:statement_pdf", args=[child.public_id])
    bari_client.force_login(parent.account)
    assert "Prezzo unico" in bari_client.get(address).content.decode()
    bari_client.force_login(delegated(child, parent, Act.PAY))
    told = bari_client.get(address).content.decode()
    assert "3 pasti di novembre 2026" in told
    assert "Prezzo unico" not in told


def test_only_a_guardian_orders_blocks(parent: Family, bari_client: HostClient) -> None:
    bari_client.force_login(delegated(parent.children[0], parent, *Act))
    address = reverse("canteen:order_blocks", args=[parent.children[0].public_id])
    assert (bari_client.get(address).status_code, bari_client.post(address).status_code) == (404, 404)


def test_she_applies_with_the_known_isee_and_never_reads_it(
    parent: Family, edition: Edition, bari_client: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, pages = parent.children[0], []
    isee(child, "8.500,00")
    holder = delegated(child, parent, Act.APPLY)
    bari_client.force_login(holder)
    enrolling = Enrolling(bari_client, child)
    application = enrolling.begin()
    for step in ("figlio", "scuola"):
        assert enrolling.post(step).status_code == 302
    pages.append(bari_client.get(enrolling.url("isee")).content.decode())
    assert enrolling.post("isee", isee="known").status_code == 302
    pages.append(bari_client.get(enrolling.url("riepilogo")).content.decode())
    assert "Usa l'ISEE che il Comune conosce già" in pages[0].replace("&#x27;", "'")
    assert "Quello che il Comune conosce già" in pages[1]
    enrolling.send()
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    assert application.explanation is not None
    pages.append(bari_client.get(reverse("applications:application", args=[application.public_id])).content.decode())
    drawn = "sportello.applications.receipts.render_pdf"
    monkeypatch.setattr(drawn, lambda _template, data, **_: json.dumps(data, ensure_ascii=False).encode())
    pages.append(bari_client.get(reverse("applications:receipt", args=[application.public_id])).content.decode())
    assert "La vedono i genitori" in pages[-1]
    for page in pages:
        assert re.findall(r"8\.500|1,90|Prezzo|fascia", page) == []
    bari_client.force_login(parent.account)
    seen = bari_client.get(reverse("applications:application", args=[application.public_id])).content.decode()
    assert f"1,90{EURO}" in seen
    checks = dossier(application, TODAY).checks
    assert (checks[0].holds, checks[0].sentence) == (True, "Chi chiede ha la delega di un genitore o tutore.")


def test_her_delegation_revoked_before_she_sends_the_draft_stays_unsent(
    parent: Family, edition: Edition, bari_client: HostClient
) -> None:
    child = parent.children[0]
    bari_client.force_login(delegated(child, parent, Act.APPLY))
    enrolling = Enrolling(bari_client, child)
    application = enrolling.fill()
    revoke(delegation=Delegation.objects.get(), actor=parent.account, now=clock.now())
    assert enrolling.send().status_code == 404
    application.refresh_from_db()
    assert application.state == ApplicationState.DRAFT


def test_the_isee_of_a_child_delegated_to_her_serves_no_child_of_hers(
    parent: Family, edition: Edition, bari_client: HostClient
) -> None:
    """Two children of one household, of two mothers: each known ISEE stays with its own."""
    other = family_at_school()
    child, hers = parent.children[0], other.children[0]
    Child.objects.filter(pk=hers.pk).update(household=child.household)
    isee(child, "8.500,00")
    delegation(child, parent.parent, other.parent, Act.APPLY)
    bari_client.force_login(other.account)
    enrolling = Enrolling(bari_client, hers)
    enrolling.begin()
    for step in ("figlio", "scuola"):
        enrolling.post(step)
    page = bari_client.get(enrolling.url("isee")).content.decode()
    assert "8.500" not in page
    assert 'value="known"' not in page


def test_the_area_tells_her_children_from_those_delegated(parent: Family, bari_client: HostClient) -> None:
    other = family_at_school()
    child = parent.children[0]
    delegation(child, parent.parent, other.parent, Act.SEE)
    bari_client.force_login(other.account)
    page = bari_client.get(reverse("desk:area")).content.decode()
    own, delegated_part = page.split('id="delegati"')
    assert other.children[0].full_name in own
    assert child.full_name not in own
    assert child.full_name in delegated_part
    bari_client.force_login(parent.account)
    assert 'id="delegati"' not in bari_client.get(reverse("desk:area")).content.decode()


def test_the_area_of_a_delegate_asks_the_same_queries_for_one_child_and_for_three(
    edition: Edition, bari_client: HostClient
) -> None:
    counts = []
    for number in (1, 3):
        made = family_at_school(children=number)
        holder = adult()
        for child in made.children:
            place(child, edition)
            LedgerAccount.objects.create(child=child, service_code="mensa")
            delegation(child, made.parent, holder)
        bari_client.force_login(citizen(holder))
        bari_client.get(reverse("desk:area"))
        with CaptureQueriesContext(connection) as queries:
            page = bari_client.get(reverse("desk:area")).content.decode()
        assert page.count("Delega data da") == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_news_of_an_application_reaches_who_may_still_see_it(parent: Family, edition: Edition) -> None:
    """A guardian barred since she sent it hears nothing: the other guardian does, at his own address."""
    child, father = parent.children[0], adult(email="padre@example.org")
    guardianship(father, child)
    his = citizen(father)
    sent = sent_application(edition, child, applicant=parent.account, contact_email="madre@example.org")
    assert readers_of(sent, TODAY) == [(parent.account, "madre@example.org")]
    Guardianship.objects.filter(adult=parent.parent).update(barred=True)
    ask_completion(application=sent, reason="Manca la classe", actor=account(), now=clock.now())
    assert [notice.account for notice in Notice.objects.all()] == [his]
    assert [mail.recipient for mail in OutboxMail.objects.all()] == ["padre@example.org"]
    assert Application.objects.get().state == ApplicationState.TO_COMPLETE
