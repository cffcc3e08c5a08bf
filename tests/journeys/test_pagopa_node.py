"""The simulated Node of pagoPA: its desk, the checkout's page and the tobacconist's, on a phone and at a desk."""

import json
from typing import Any

from django.conf import settings

from tests.journeys.browser import Visitor
from tests.journeys.site import Site

NODE = "nodo"


def _keep_notices(site: Site, test: str) -> list[str]:
    """Three notices of 12.50 EUR in GPD, so that no station is needed; their numbers are the test's own."""
    import msgspec

    from integrations.pagopa.simulator.institutions import register
    from integrations.pagopa.simulator.positions.keeping import create
    from integrations.pagopa.simulator.positions.structs import PaymentPosition
    from sportello.kernel import clock
    from tests.pagopa_node.fake_station import BARI
    from tests.pagopa_node.positions import option, position, transfer

    register(fiscal_code=BARI, company_name="Comune di Bari")
    first = sum(test.encode()) * 1000
    navs = []
    for number in range(first, first + 3):
        iuv = f"03{number:013d}00"
        sent = position(f"node-{number}", paymentOption=[option(iuv, 1250, transfer=[transfer(amount=1250)])])
        create(
            product="gpd",
            fiscal_code=BARI,
            sent=msgspec.convert(sent, PaymentPosition),
            publish=True,
            now=clock.now(),
        )
        navs.append(f"3{iuv}")
    return navs


def _cart(site: Site, navs: list[str]) -> str:
    """The path of a cart's page."""
    from integrations.pagopa.simulator.carts import open_cart
    from sportello.kernel import clock
    from tests.pagopa_node.fake_station import BARI

    notice: dict[str, Any] = {"fiscalCode": BARI, "amount": 1200, "companyName": "Comune di Bari"}
    urls = ("returnOkUrl", "returnCancelUrl", "returnErrorUrl", "returnWaitingUrl")
    content = {
        "paymentNotices": [{**notice, "noticeNumber": nav, "description": "Mensa scolastica"} for nav in navs],
        "returnUrls": {name: site.url("bari", f"/?ritorno={name}") for name in urls},
    }
    return f"/carrello/{open_cart(body=json.dumps(content).encode(), now=clock.now()).token}/"


def test_a_cart_is_paid_and_a_notice_at_the_tobacconists(anybody: Visitor, site: Site) -> None:
    navs = _keep_notices(site, f"{anybody.test}-{anybody.size}")
    page = anybody.open(NODE)
    anybody.assert_page_is_good("desk-before")
    page.get_by_role("button", name="Paga un'altra persona").click()
    cart = _cart(site, navs[:2])
    anybody.open(NODE, cart)
    anybody.assert_page_is_good("cart")
    assert page.get_by_text("Nel carrello erano 12,00").count() == 2
    page.get_by_role("button", name="Paga 25,00").click()
    page.wait_for_url(f"http://bari.{settings.BASE_HOST}:{site.port}/?ritorno=returnOkUrl")
    anybody.open(NODE, cart)
    anybody.assert_page_is_good("cart-closed")
    anybody.open(NODE, "/tabaccheria/")
    anybody.assert_page_is_good("counter")
    page.get_by_label("Testo del codice").fill("niente")
    page.get_by_role("button", name="Leggi").click()
    anybody.assert_page_is_good("counter-refused")
    page.get_by_label("Testo del codice").fill(f"PAGOPA|002|{navs[2]}|80015010723|1200")
    page.get_by_role("button", name="Leggi").click()
    anybody.assert_page_is_good("counter-offer")
    page.get_by_role("button", name="Incassa 12,50").click()
    anybody.assert_page_is_good("counter-paid")
    page.get_by_role("link", name="Banco del Nodo").click()
    page.get_by_role("button", name="Fai i flussi").click()
    page.get_by_role("button", name="Inglese").click()
    anybody.assert_page_is_good("desk")
    page.get_by_role("link", name="Cart").first.click()
    anybody.assert_page_is_good("happening")
