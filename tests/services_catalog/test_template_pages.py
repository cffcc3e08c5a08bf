"""The office reads in what its services differ from the template; the administrator decides what is proposed."""

from typing import Any

import pytest

from services_catalog.lineage import differences, follow, start_from_template
from services_catalog.metropolitan import latest_templates
from services_catalog.models import Edition, EditionStatus, ProposalState, TemplateLineage, TemplateProposal
from services_catalog.proposing import propose
from services_catalog.publication import draft_edition, register_service
from sportello.accounts.models import Role
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.editions import NOW
from tests.services_catalog.templates import FASTER, followed, version

LIST = "/ufficio/tariffe/modelli/"
PAGE = f"{LIST}mensa/"


@pytest.fixture
def lineage(bari: Municipality) -> TemplateLineage:
    return followed()


@pytest.fixture
def browser(bari: Municipality, bari_client: HostClient) -> HostClient:
    bari_client.force_login(account(Role.ADMINISTRATOR))
    return bari_client


@pytest.fixture
def offered(lineage: TemplateLineage) -> TemplateProposal:
    made = propose(lineage=lineage, template=version(2, **FASTER), now=NOW)
    assert made is not None
    return made


def deeds(offered: TemplateProposal) -> list[str]:
    number = offered.pk
    proposals = "/ufficio/tariffe/proposte/"
    return [
        f"{PAGE}motivo/",
        f"{LIST}trasporto/inizia/",
        *(f"{proposals}{number}/{one}/" for one in ("accetta", "rifiuta")),
    ]


def test_clerks_read_and_only_administrators_decide(offered: TemplateProposal, bari_client: HostClient) -> None:
    assert bari_client.get(PAGE).status_code == 302
    bari_client.force_login(account())
    assert bari_client.get(PAGE).status_code == 403
    bari_client.force_login(account(Role.CLERK))
    assert bari_client.get(LIST).status_code == bari_client.get(PAGE).status_code == 200
    assert "Accetta e prepara la bozza" not in bari_client.get(PAGE).content.decode()
    for path in deeds(offered):
        assert bari_client.post(path, {"reason": "x", "place": "fees.base"}).status_code == 403, path
    offered.refresh_from_db()
    assert offered.state == ProposalState.PROPOSED


def test_the_difference_is_told_and_its_reason_written(browser: HostClient, lineage: TemplateLineage) -> None:
    page = browser.get(PAGE).content.decode()
    assert "da confermare" in page
    assert "da 12.500,01" in page
    assert "nessuno lo ha ancora scritto" in page
    place = "fees.base"
    assert browser.post(f"{PAGE}motivo/", {"place": place, "reason": "Delibera 12/2026"}).status_code == 302
    assert "Delibera 12/2026" in browser.get(PAGE).content.decode()
    refused = browser.post(f"{PAGE}motivo/", {"place": place, "reason": " "})
    assert refused.status_code == 422
    assert "Scrivi il motivo." in refused.content.decode()


def test_a_proposal_is_accepted_as_a_draft(browser: HostClient, offered: TemplateProposal) -> None:
    page = browser.get(PAGE).content.decode()
    assert "Giorni per la risposta" in page
    assert "non c&#x27;è" not in page  # thirty days are said, though nobody wrote them
    assert "Risposta in 20 giorni." in page
    response = browser.post(deeds(offered)[2], follow=True)
    assert response.status_code == 200
    drafted = Edition.objects.get(status=EditionStatus.DRAFT)
    assert response.request["PATH_INFO"] == f"/ufficio/tariffe/{drafted.pk}/"
    assert drafted.rules.procedure.answer_days == 20
    assert "accettato" in browser.get(PAGE).content.decode()


def test_a_proposal_is_declined_with_a_reason(browser: HostClient, offered: TemplateProposal) -> None:
    decline = deeds(offered)[3]
    assert browser.post(decline, {"reason": ""}).status_code == 422
    assert browser.post(decline, {"reason": "Restiamo a 30 giorni"}).status_code == 302
    assert "Restiamo a 30 giorni" in browser.get(PAGE).content.decode()
    assert not Edition.objects.filter(status=EditionStatus.DRAFT).exists()
    assert browser.post(deeds(offered)[2], follow=True).status_code == 200  # decided: said, not done
    assert not Edition.objects.filter(status=EditionStatus.DRAFT).exists()


def test_a_service_begins_with_its_template_from_the_page(browser: HostClient) -> None:
    assert "Trasporto scolastico" in browser.get(LIST).content.decode()
    response = browser.post(f"{LIST}trasporto/inizia/", follow=True)
    assert "Tariffe da confermare" in response.content.decode()
    assert Edition.objects.get().service.code == "trasporto"
    assert browser.post(f"{LIST}trasporto/inizia/", follow=True).status_code == 200
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(("shape", "kind"), [("single", "single_price"), ("bands", "flat_bands")])
def test_the_first_amount_of_an_act_is_written(browser: HostClient, shape: str, kind: str) -> None:
    drafted = start_from_template(template=latest_templates()["mensa"], actor=None, now=NOW)
    path = f"/ufficio/tariffe/{drafted.pk}/importo/"
    assert "Scrivi la tariffa" in browser.get(f"/ufficio/tariffe/{drafted.pk}/").content.decode()
    assert browser.post(path, {"shape": shape}).status_code == 422
    assert browser.post(path, {"shape": shape, "amount": "2,50"}, follow=True).status_code == 200
    drafted.refresh_from_db()
    assert not drafted.rules.fees.to_confirm
    assert drafted.content["fees"]["base"]["kind"] == kind
    assert Money(250).as_decimal_string() in str(drafted.content["fees"]["base"])
    assert browser.get(path).status_code == 302
    assert [one.point.place for one in differences(TemplateLineage.objects.get())] == ["fees.base"]


@pytest.mark.parametrize("codes", [("mensa",), ("mensa", "nido", "trasporto")])
def test_the_list_costs_the_same_with_one_and_three(
    browser: HostClient, codes: tuple[str, ...], django_assert_max_num_queries: Any
) -> None:
    template = latest_templates()["mensa"]
    for code in codes:
        service = register_service(code=code, name=code, archetype="meals")
        draft_edition(service=service, school_year=template.year, content=template.content, actor=None, now=NOW)
        propose(lineage=follow(service=service, template=template, now=NOW), template=version(2, **FASTER), now=NOW)
    browser.get(LIST)
    with django_assert_max_num_queries(9):
        assert browser.get(LIST).content.decode().count("da decidere") == len(codes)
