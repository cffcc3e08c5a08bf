"""The URL map of the Node's own host. The calls have the paths of the real platform behind the name of each product."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter
from django.views.i18n import set_language

import integrations.pagopa.simulator.fence  # noqa: F401  # refuses to load in production
from integrations.pagopa.simulator.views import (
    archive_api,
    backoffice_api,
    carts_api,
    checkout,
    counter,
    desk,
    events_api,
    flows_api,
    mypay_api,
    positions_api,
)


class ProductConverter(StringConverter):
    """GPD or ACA."""

    regex = "gpd|aca"


register_converter(ProductConverter, "product")
FLOW = "fdr/organizations/<str:fiscal_code>/fdrs/<str:fdr>/revisions/<int:revision>/psps/<str:psp_id>"
CREDITOR = "<product:product>/debt-positions-service/v1/organizations/<str:fiscal_code>"
ARCHIVE = "gpd/payments-receipts-service/v1/payments/<str:fiscal_code>/receipts"
calls = [
    path("checkout/ec/v2/carts", carts_api.carts, name="carts"),
    path("fdr/organizations/<str:fiscal_code>/fdrs", flows_api.flows, name="flows"),
    path(FLOW, flows_api.flow, name="flow"),
    path(f"{FLOW}/payments", flows_api.payments, name="flow_payments"),
    path("biz-events/organizations/<str:fiscal_code>/receipts/<str:iur>", events_api.receipt, name="receipt"),
    path(
        "biz-events/organizations/<str:fiscal_code>/receipts/<str:iur>/paymentoptions/<str:iuv>",
        events_api.receipt,
        name="receipt_of_option",
    ),
    path(
        "backoffice/brokers/<str:broker_code>/creditor_institutions",
        backoffice_api.creditor_institutions,
        name="creditor_institutions",
    ),
    path("backoffice/brokers/<str:broker_code>/ibans", backoffice_api.ibans, name="ibans"),
    path("mypay", mypay_api.mypay, name="mypay"),
    path(ARCHIVE, archive_api.receipts, name="archive"),
    path(f"{ARCHIVE}/<str:iuv>", archive_api.receipt, name="archived"),
    path(f"{CREDITOR}/debtpositions", positions_api.positions, name="positions"),
    path(f"{CREDITOR}/debtpositions/transfers", positions_api.transfers, name="transfers"),
    path(f"{CREDITOR}/debtpositions/<str:iupd>", positions_api.position, name="position"),
    path(f"{CREDITOR}/debtpositions/<str:iupd>/publish", positions_api.publish, name="publish"),
    path(f"{CREDITOR}/debtpositions/<str:iupd>/invalidate", positions_api.invalidate, name="invalidate"),
    path(f"{CREDITOR}/paymentoptions/paids/<str:nav>", positions_api.paids, name="paids"),
]
pages = [
    path("", desk.home, name="home"),
    path("guasti/<slug:name>/", desk.arm, name="arm"),
    path("coda/", desk.run_queue, name="run_queue"),
    path("coda/riparti/", desk.restart_queue, name="restart_queue"),
    path("ricevute/di-nuovo/", desk.send_again, name="send_again"),
    path("ricevute/sconosciuta/", desk.send_stray, name="send_stray"),
    path("flussi/", desk.make_flows_now, name="make_flows"),
    path("backoffice/", desk.backoffice, name="backoffice"),
    path("accaduto/<int:number>/", desk.happening, name="happening"),
    path("carrello/<str:token>/", checkout.cart, name="cart"),
    path("tabaccheria/", counter.counter, name="counter"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("lingua/", set_language, name="set_language"),
    path("", include((calls + pages, "nodo"))),
]
