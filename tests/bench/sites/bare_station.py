"""The URL map of the payments' host with the views that the station is measured by: one does nothing, one the least."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tenants.current import ask_prepared, in_schema

SCHEMA: Final = "c_a662"
_READ: Final = "SELECT id FROM here.debts_paymentoption WHERE notice_number = %s"
_WRITE: Final = """
INSERT INTO here.receipts_message (operation, notice_number, receipt_id, outcome, fault_code, request, response,
                              milliseconds, happened_at)
SELECT '', '', '', 'OK', '', '', '', 0, now() FROM (SELECT set_config('synchronous_commit', %s, true)) set_before
RETURNING id
"""


def nothing(request: HttpRequest) -> HttpResponse:  # as Django calls it
    """Answers nothing."""
    return HttpResponse(b"")


def least(request: HttpRequest, synchronous: str) -> HttpResponse:  # as Django calls it
    """Reads one row of a Comune and commits one."""
    with in_schema(SCHEMA):
        ask_prepared(_READ, ["300000000000000000"])
        ask_prepared(_WRITE, [synchronous])
    return HttpResponse(b"")


urlpatterns = [
    path("nulla/", nothing),
    path("minimo/", least, {"synchronous": "on"}),
    path("minimo/subito/", least, {"synchronous": "off"}),
    path("", include("sportello.billing.receipts.urls_station")),
]
