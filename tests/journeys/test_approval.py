"""A fee table from its draft to its force by four hands: one administrator writes and proposes, another approves."""

import re
from datetime import timedelta

import msgspec
from playwright.sync_api import expect

from services_catalog.fee_table import SinglePrice
from services_catalog.models import Edition, EditionStatus
from services_catalog.publication import copy_as_draft, discard_draft, revise_draft
from sportello.accounts.models import Role
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.schools.models import Level, School
from tests.factories import account, family, isee, pupil, section
from tests.factories.meals import place
from tests.journeys.browser import Visitor

SLUG = "bitonto"


def test_a_fee_is_written_by_one_and_approved_by_another(anybody: Visitor) -> None:
    with anybody.site.inside(SLUG):
        author, other = (account(Role.ADMINISTRATOR, given_name=name) for name in ("Prima", "Seconda"))
        edition = Edition.objects.filter(status=EditionStatus.IN_FORCE, valid_during__contains=clock.today())[0]
        tomorrow = clock.today() + timedelta(days=1)
        draft = copy_as_draft(edition=edition, valid_from=tomorrow, actor=author, now=clock.now())
    anybody.enter_as(author, SLUG)
    page = anybody.open(SLUG, f"/ufficio/tariffe/{draft.pk}/esempi/")
    page.get_by_role("link", name="Aggiungi un esempio").click()
    page.get_by_label(re.compile("^ISEE")).fill("4.000,00")
    page.get_by_label("Importo").fill("99,00")
    page.get_by_label("Perché").fill("Il caso del volantino")
    page.get_by_role("button", name="Salva e calcola").click()
    expect(page.get_by_text("invece di 99,00 €")).to_be_visible()
    anybody.assert_page_is_good("esempio-diverso")
    page = anybody.open(SLUG, f"/ufficio/tariffe/{draft.pk}/proponi/")
    expect(page.get_by_role("heading", name="Prima bisogna sistemare")).to_be_visible()
    page = anybody.open(SLUG, f"/ufficio/tariffe/{draft.pk}/esempi/")
    page.get_by_role("button", name="Accetta").click()
    expect(page.get_by_text("Tutti gli esempi tornano")).to_be_visible()

    page = anybody.open(SLUG, f"/ufficio/tariffe/{draft.pk}/")
    page.get_by_role("link", name="Proponi").click()
    expect(page.get_by_role("heading", name="Che cosa cambia per le famiglie")).to_be_visible()
    page.get_by_label("Per chi la approva").fill("Come da bozza di delibera")
    _read_warnings(anybody)
    anybody.assert_page_is_good("proposta")
    page.get_by_role("button", name="Proponi").click()
    expect(page.get_by_text("In attesa di approvazione")).to_be_visible()
    page.get_by_role("link", name="Guarda la proposta").click()
    expect(page.get_by_role("button", name="Metti in vigore")).to_have_count(0)

    anybody.enter_as(other, SLUG)
    page = anybody.open(SLUG, "/area/avvisi/")
    expect(page.get_by_text("Una tariffa aspetta la tua approvazione").first).to_be_visible()
    page = anybody.open(SLUG, f"/ufficio/tariffe/{draft.pk}/")
    page.get_by_role("link", name="Esamina e approva").click()
    expect(page.get_by_text("Come da bozza di delibera")).to_be_visible()
    page.get_by_label("Numero dell'atto").fill("88/2026")
    for part, value in (("Giorno", "20"), ("Mese", "11"), ("Anno", "2026")):
        page.get_by_role("group", name="Data dell'atto").get_by_label(part).fill(value)
    page.get_by_label("Chi lo ha approvato").fill("Giunta comunale")
    _read_warnings(anybody)
    anybody.assert_page_is_good("approvazione")
    page.get_by_role("button", name="Metti in vigore").click()
    expect(page.get_by_text("La tariffa è in vigore.")).to_be_visible()
    with anybody.site.inside(SLUG):
        draft.refresh_from_db()
        assert (draft.status, draft.proposed_by, draft.in_force_by) == (EditionStatus.IN_FORCE, author, other)


def test_the_largest_changes_are_read_by_name(anybody: Visitor) -> None:
    with anybody.site.inside(SLUG):
        author = account(Role.ADMINISTRATOR)
        edition = Edition.objects.filter(status=EditionStatus.IN_FORCE, valid_during__contains=clock.today())[0]
        room = section(School.objects.filter(level=Level.PRIMARY).order_by("pk")[0])
        for euro in ("4.000,00", "30.000,00"):
            made = family(children=2)
            for minor in made.children:
                pupil(minor, room)
                isee(minor, euro)
                place(minor, edition)
        fees = msgspec.structs.replace(edition.rules.fees, base=SinglePrice(amount=Money(300)), minimum=None)
        draft = copy_as_draft(edition=edition, valid_from=clock.today(), actor=author, now=clock.now())
        content = msgspec.structs.replace(edition.rules, fees=fees)
        revise_draft(edition=draft, content=content, actor=author, now=clock.now())
    anybody.enter_as(author, SLUG)
    page = anybody.open(SLUG, f"/ufficio/tariffe/{draft.pk}/effetto/")
    expect(page.get_by_role("heading", name="I cambiamenti più grandi")).to_be_visible()
    expect(page.get_by_role("link", name=made.children[0].full_name).first).to_be_visible()
    anybody.assert_page_is_good()
    page.get_by_role("link", name="Conta solo gli ISEE di oggi").click()
    expect(page.get_by_text("Contano solo gli ISEE di oggi")).to_be_visible()
    with anybody.site.inside(SLUG):
        discard_draft(edition=draft, actor=author, now=clock.now())


def _read_warnings(person: Visitor) -> None:
    seen = person.page.get_by_label("Ho letto gli avvisi")
    if seen.count():
        seen.check()
