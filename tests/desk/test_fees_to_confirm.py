"""Where no act states the fees yet, every page says so and none shows an amount: the 36 Comuni begin like this."""

import re
from typing import Any

import pytest
from django.urls import reverse

from services_catalog.fee_table import structs_of
from services_catalog.fees.payment import PaymentPolicy
from services_catalog.metropolitan import MetropolitanTemplate, latest_templates, templates
from services_catalog.models import Edition, EditionStatus
from services_catalog.packs import load_pack, own_services
from services_catalog.proposing import offer_templates
from services_catalog.publication import EditionHasErrors, draft_edition, put_in_force, register_service
from sportello.accounts.models import Role
from sportello.fees.facts import FeesToConfirm
from sportello.fees.rules import Facts, price
from sportello.kernel.money import Money
from tenants.models import Municipality
from tenants.municipal_packs import municipal_packs, pack_of
from tests.comuni import HostClient
from tests.factories import account, citizen
from tests.factories.editions import NOW, act

AMOUNT = re.compile(r"\d+[,.]\d{2}(?!\d)|€|\d+ euro")
QUOTE = {"ha_isee": "si", "isee": "12.000,00", "figli": "1", "posto": "1"}
WITHOUT_RULES = [pack for pack in municipal_packs() if not own_services(pack)]


@pytest.fixture
def begun(terlizzi: Municipality) -> Municipality:
    """A Comune whose pack says nothing: here Terlizzi, before its pack is loaded."""
    assert offer_templates(own_services=frozenset(), now=NOW).started == ("mensa",)
    return terlizzi


def body(client: HostClient, path: str, **query: Any) -> str:
    response = client.get(path, query)
    assert response.status_code == 200, path
    text = response.content.decode()
    return re.sub(r"<(script|style|head)\b.*?</\1>", "", text, flags=re.DOTALL)


def test_thirty_six_comuni_begin_with_the_canteen_of_the_template() -> None:
    assert len(WITHOUT_RULES) == 36
    assert [code for code, one in latest_templates().items() if one.file.starts_everywhere] == ["mensa"]


@pytest.mark.parametrize("template", templates(), ids=lambda one: f"{one.code}-{one.version}")
def test_a_template_holds_no_amount_anywhere(template: MetropolitanTemplate) -> None:
    assert template.content.fees.to_confirm
    defaults = {"round_to": Money(1), "above": Money(0)}  # what prices are rounded to, no arrears
    held = [
        value
        for struct in structs_of(template.content)
        if not isinstance(struct, PaymentPolicy)  # how a sum is paid, not how much
        for name in struct.__struct_fields__
        if isinstance(value := getattr(struct, name), Money) and value != defaults.get(name)
    ]
    assert held == []
    for sheet in (template.content.sheet.it, template.content.sheet.en):
        assert sheet is not None
        assert AMOUNT.search(" ".join(map(str, (sheet.costs, sheet.conditions, sheet.how_to, sheet.timing)))) is None
    with pytest.raises(FeesToConfirm):
        price(template.content.fees, Facts(level="primaria", isee_cents=0))


def test_no_page_shows_an_amount(begun: Municipality, terlizzi_client: HostClient) -> None:
    for path in ("/", "/servizi/mensa/", "/servizi/mensa/quanto-pagherei/"):
        text = body(terlizzi_client, path)
        assert "Tariffe da confermare" in text, path
        assert AMOUNT.search(text) is None, path
    asked = body(terlizzi_client, "/servizi/mensa/quanto-pagherei/", **QUOTE)
    assert "Tariffe da confermare" in asked
    assert AMOUNT.search(asked) is None
    assert "2026-09-28" not in asked
    assert "28/09/2026" not in body(terlizzi_client, "/servizi/mensa/")


def test_the_pages_are_in_english_too(begun: Municipality, terlizzi_client: HostClient) -> None:
    terlizzi_client.cookies["django_language"] = "en"
    for path in ("/", "/servizi/mensa/", "/servizi/mensa/quanto-pagherei/"):
        text = body(terlizzi_client, path)
        assert "Fees to be confirmed" in text, path
        assert "da confermare" not in text, path


def test_the_public_data_have_no_fee_table(begun: Municipality, terlizzi_client: HostClient) -> None:
    listed = terlizzi_client.get("/api/v1/services").json()
    assert [row["code"] for row in listed["results"]] == ["mensa"]
    assert terlizzi_client.get("/api/v1/services/mensa/fee-tables").json() == []
    assert terlizzi_client.get("/api/v1/services/mensa/windows").json() == []


def test_nobody_can_apply_nor_be_charged(begun: Municipality, terlizzi_client: HostClient) -> None:
    terlizzi_client.force_login(citizen())
    assert terlizzi_client.get("/servizi/mensa/domanda/").status_code == 404
    assert terlizzi_client.get("/area/").status_code == 200
    with pytest.raises(EditionHasErrors, match="da confermare"):
        put_in_force(edition=Edition.objects.get(), act=act(), actor=None, now=NOW)


def test_the_office_reads_that_the_fees_are_to_confirm(begun: Municipality, terlizzi_client: HostClient) -> None:
    terlizzi_client.force_login(account(Role.ADMINISTRATOR))
    held = Edition.objects.get()
    page = body(terlizzi_client, f"/ufficio/tariffe/{held.pk}/")
    assert "da confermare" in page
    assert terlizzi_client.get("/ufficio/").status_code == 200
    assert terlizzi_client.get(f"/ufficio/tariffe/{held.pk}/modifica/").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        *("office:home", "office:children", "office:adults", "office:sections", "enrolment:queue", "canteen:office"),
        *("canteen:close", "canteen:cancel", "services_catalog:office", "services_catalog:closures"),
        *("services_catalog:why", "services_catalog:templates", "onboarding:list", "canteen:school"),
    ],
)
def test_the_office_works_before_there_are_fees(begun: Municipality, terlizzi_client: HostClient, name: str) -> None:
    terlizzi_client.force_login(account(Role.ADMINISTRATOR))
    assert terlizzi_client.get(reverse(name)).status_code == 200


def test_no_rehearsal_is_made_of_fees_to_confirm(begun: Municipality, terlizzi_client: HostClient) -> None:
    terlizzi_client.force_login(account(Role.ADMINISTRATOR))
    held = Edition.objects.get()
    page = terlizzi_client.get(reverse("canteen:what_if", args=[held.pk]))
    assert page.status_code in {200, 422}
    assert AMOUNT.search(re.sub(r"<(script|style|head)\b.*?</\1>", "", page.content.decode(), flags=re.DOTALL)) is None


def test_the_word_goes_when_an_act_states_the_fees(begun: Municipality, terlizzi_client: HostClient) -> None:
    load_pack(pack=pack_of("L109"), in_force=True, actor=None, now=NOW)
    assert "da confermare" not in body(terlizzi_client, "/")
    assert "87,00" in body(terlizzi_client, "/servizi/mensa/")


def test_of_the_bus_of_bitonto_only_what_was_read_is_said(bitonto: Municipality, bitonto_client: HostClient) -> None:
    load_pack(pack=pack_of("A893"), in_force=True, actor=None, now=NOW)
    assert Edition.objects.get(service__code="trasporto").status == EditionStatus.DRAFT
    sheet = body(bitonto_client, "/servizi/trasporto/")
    assert "inferiore a 12.000 euro" in sheet
    assert "Tariffe da confermare" in sheet
    assert "modello comune" not in sheet
    assert re.search(r"\d+,\d{2}", sheet) is None


def test_offering_again_changes_nothing_and_own_rules_are_left_alone(begun: Municipality) -> None:
    assert offer_templates(own_services=frozenset(), now=NOW).started == ()
    assert Edition.objects.count() == 1


def test_a_service_of_which_the_pack_speaks_waits_for_the_pack(terlizzi: Municipality) -> None:
    assert offer_templates(own_services=frozenset({"mensa"}), now=NOW).started == ()


@pytest.mark.parametrize("codes", [("mensa",), ("mensa", "trasporto", "nido")])
def test_the_front_page_costs_the_same_with_one_and_three_of_them(
    terlizzi: Municipality, terlizzi_client: HostClient, codes: tuple[str, ...], django_assert_num_queries: Any
) -> None:
    template = latest_templates()["mensa"]
    for code in codes:
        service = register_service(code=code, name=code, archetype="meals")
        draft_edition(service=service, school_year=template.year, content=template.content, actor=None, now=NOW)
    terlizzi_client.get("/")
    with django_assert_num_queries(3):
        assert body(terlizzi_client, "/").count('<article class="panel">') == len(codes)
