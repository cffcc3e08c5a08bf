"""A clerk brings in the months of the school bus: places and debts are written, the rest is told, all is undone."""

import re

from playwright.sync_api import Page, expect

from sportello.enrolment.models import Subscription
from sportello.kernel import clock
from sportello.kernel.month import Month
from tests.factories import fiscal_code
from tests.factories.numbering import next_number
from tests.factories.people import invented_name
from tests.journeys.browser import Visitor
from tests.journeys.test_clerk_roster import SLUG, amount, at_the_desk, hand_in, wait_for

FIELDS = {
    "id_utente": "legacy_id",
    "cf_bambino": "child_fiscal_code",
    "bambino": "child_name",
    "cf_genitore": "payer_fiscal_code",
    "genitore": "payer_name",
    "linea": "route",
    "fermata": "stop",
    "mese": "month",
    "anno": "year",
    "importo": "amount",
    "pagato": "paid",
}


def months_of_two() -> tuple[str, bytes]:
    """A boy and a girl, this month and the next: she has not paid."""
    number, this = next_number(), Month.of(clock.today())
    name = invented_name(number).upper()
    payer = fiscal_code(family_name=name, given_name="NICOLO", sex="M")
    rows = ["|".join(FIELDS)]
    for at, (given, sex) in enumerate((("EMMA", "F"), ("LUCA", "M"))):
        code = fiscal_code(family_name=name, given_name=given, sex=sex)
        paid = "SI" if sex == "M" else "NO"
        who = f"{number * 10 + at}|{code}|{name} {given}|{payer}|{name} NICOLO|L1|Via Roma 12"
        rows += [f"{who}|{month.number}|{month.year}|10,00|{paid}" for month in (this, this.next)]
    return name, "\n".join([*rows, ""]).encode()


def test_from_the_months_to_the_places_and_back(everybody: Visitor) -> None:
    name, content = months_of_two()
    page = at_the_desk(everybody)
    hand_in(page, content, name="autobus.txt")
    wait_for(everybody, page)
    _confirm_the_columns(everybody, page)
    expect(page.locator("main")).to_contain_text("Linea, fermata e corsa restano in questo caricamento")
    everybody.assert_page_is_good("1-dry-run")
    page.get_by_role("button", name="Carica 4 righe").click()
    wait_for(everybody, page)
    assert amount(page, "Posti nuovi nel trasporto") == "2"
    assert amount(page, "Saldi scritti nei conti") == "1"
    expect(page.locator("main")).to_contain_text("Tenuto qui, non registrato")
    expect(page.get_by_role("row", name=re.compile("Il mese non è ancora arrivato"))).to_contain_text("3")
    everybody.assert_page_is_good("2-loaded")
    with everybody.site.inside(SLUG):
        assert Subscription.objects.filter(child__family_name=name, service__code="trasporto").count() == 2
    page.get_by_role("link", name="Annulla il caricamento").click()
    page.get_by_role("button", name=re.compile("Annulla")).click()
    wait_for(everybody, page)
    expect(page.get_by_text("tutto è come prima")).to_be_visible()
    with everybody.site.inside(SLUG):
        assert not Subscription.objects.filter(child__family_name=name).exists()


def _confirm_the_columns(person: Visitor, page: Page) -> None:
    if not page.get_by_role("heading", name="Colonne del file", level=1).count():
        return
    page.get_by_label("Di che cosa parla").select_option("transport")
    for name, field in FIELDS.items():
        page.get_by_label(f"Che cosa diventa la colonna {name}", exact=True).select_option(field)
    page.get_by_role("button", name="Conferma e controlla il file").click()
    wait_for(person, page)
