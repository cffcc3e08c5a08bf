"""A parent pays what is due for two children in one go, on a phone or at a desk, with scripts or without."""

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from integrations.pagopa.models import CreditorInstitution
from sportello.billing.carts.models import Cart
from sportello.billing.debts.opening import Collected
from sportello.billing.models import EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.billing.receipts.settling import settle
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.schools.models import Level, School
from tenants.current import current_municipality
from tests.factories import family, pupil, section
from tests.factories.numbering import next_number
from tests.factories.paying import instalments, institution, position, receipt
from tests.factories.people import Family
from tests.journeys.browser import Visitor
from tests.journeys.site import Site


def owing_family(site: Site, slug: str) -> Family:
    """Sofia: canteen overdue and due, bus in three instalments. Luca: canteen due, credit on the bus, a notice paid."""
    with site.inside(slug):
        school = School.objects.filter(level=Level.PRIMARY).order_by("school_code").first()
        made = family(children=2)
        for child, name in zip(made.children, ("Sofia", "Luca"), strict=True):
            child.given_name = name
            child.save()
            pupil(child, section(school, class_year=2))
        if not CreditorInstitution.objects.filter(municipality=current_municipality()).exists():
            institution(current_municipality(), cbill_code="AB12C")
        one, two = made.children
        _post(one.pk, "mensa", -3800, date(2026, 9, 30))
        _post(one.pk, "mensa", -4200, date(2026, 10, 31))
        _post(two.pk, "mensa", -4000, date(2026, 10, 31))
        _post(two.pk, "trasporto", 1500, date(2026, 10, 5))
        _post(one.pk, "trasporto", -9000, date(2026, 10, 31))
        position(
            made.parent,
            Collected(one.pk, "trasporto", 9000),
            description="Trasporto scolastico, anno 2026/27",
            instalments=instalments(3000, 3000, 3000),
        )
        paid = position(made.parent, Collected(two.pk, "mensa", 1900), description="Mensa scolastica, settembre 2026")
        settle(receipt_id=receipt(paid.options.get()).pk, now=clock.now())
        _post(two.pk, "mensa", -1900, date(2026, 9, 30))
        return made


def _post(child: int, service: str, cents: int, on: date) -> None:
    kind = EntryKind.CHARGE if cents < 0 else EntryKind.PAYMENT
    words = "20 pasti" if cents < 0 else "Pagamento registrato dall'ufficio"
    line = EntryLine(child, service, kind, Money(cents), on, words, f"journey:{next_number()}")
    post_entries(lines=[line], now=clock.now() - timedelta(days=(clock.today() - on).days - 3), actor=None)


def test_a_family_pays_everything_in_one_go(everybody: Visitor) -> None:
    made = owing_family(everybody.site, "bari")
    everybody.enter_as(made.account, "bari")
    page = everybody.open("bari", "/area/dovuto/")
    expect(page.get_by_text("Di cui scaduto")).to_be_visible()
    everybody.assert_page_is_good("1-dues")
    page.get_by_role("button", name="Paga le voci scelte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pagamento")
    everybody.assert_page_is_good("2-cart")
    cart = _newest_cart(everybody.site, made)
    page.goto(f"{page.url}esito/ok/")
    expect(page.get_by_text("In verifica").first).to_be_visible()
    everybody.assert_page_is_good("3-checking")
    _receipts_come(everybody.site, cart)
    _looked_again(everybody, page)
    everybody.assert_page_is_good("4-paid")
    page.get_by_role("link", name="Torna a «Da pagare»").click()
    expect(page.get_by_role("heading", name="Che cosa hai pagato")).to_be_visible()
    everybody.assert_page_is_good("5-after")


def test_a_plan_and_credit(anybody: Visitor) -> None:
    made = owing_family(anybody.site, "bari")
    anybody.enter_as(made.account, "bari")
    page = anybody.open("bari", "/area/dovuto/")
    for box in page.get_by_role("checkbox", name=re.compile("rata", re.IGNORECASE)).all():
        box.uncheck()
    page.get_by_role("button", name="Paga a rate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pagare a rate")
    anybody.assert_page_is_good("plan")
    page.get_by_role("button", name="Accetta il piano").click()
    expect(page.get_by_text("Il piano è fatto")).to_be_visible()
    anybody.assert_page_is_good("planned")
    page.get_by_role("link", name=re.compile("^Credito")).first.click()
    expect(page.get_by_role("heading", name="Rimborso a fine ciclo")).to_be_visible()
    anybody.assert_page_is_good("credit")
    page.get_by_label("IBAN").fill("IT00")
    page.get_by_role("button", name="Chiedi il rimborso").click()
    expect(page.get_by_role("alert")).to_contain_text("IBAN")
    anybody.assert_page_is_good("credit-error")


def _newest_cart(site: Site, made: Family) -> int:
    with site.inside("bari"):
        cart = Cart.objects.filter(account=made.account).latest("pk")
        assert cart.notices.count() >= 3
        return cart.pk


def _receipts_come(site: Site, cart: int) -> None:
    with site.inside("bari"):
        for notice in Cart.objects.get(pk=cart).notices.select_related("option"):
            settle(receipt_id=receipt(notice.option).pk, now=clock.now())


def _looked_again(person: Visitor, page: Page) -> None:
    """The page looks by itself: a piece every few seconds with scripts, the whole page without."""
    expect(page.get_by_text("La ricevuta di pagoPA è arrivata")).to_be_visible(timeout=20_000)
