"""Ten thousand payments under injected faults, over the whole stack of the station: what is left to explain."""

import io
import os
from datetime import datetime
from time import perf_counter
from typing import Final
from unittest.mock import patch

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from sportello.billing.receipts import station
from sportello.billing.receipts.models import Message
from tenants.current import in_schema, stay_in, whereabouts
from tenants.models import Municipality
from tenants.municipal_packs import pack_of
from tenants.registering import bring_in
from tests.bench.ground import database
from tests.bench.table import Row, Table
from tests.billing.closing import close
from tests.billing.storm import Storm
from tests.factories.paying import institution

PAYMENTS: Final = int(os.environ.get("PAYMENTS", "10000"))
SCHEMA: Final = "c_a662"


def run() -> Table:
    """One process plays the Node, the PSPs and the worker; the station is asked by whole requests."""
    with database():
        bring_in(pack=pack_of("A662"))
        with in_schema(SCHEMA), patch.object(station.settle_receipt, "apply_async"):
            creditor = institution(Municipality.objects.get(schema_name=SCHEMA)).fiscal_code
            storm = Storm(creditor, PAYMENTS, Station())
            began = perf_counter()
            storm.weather()
            played = perf_counter() - began
            began = perf_counter()
            closed = close(storm)
            proved = perf_counter() - began
            messages = Message.objects.count()
    faults = sum(count for name, count in storm.met.items() if name != "plain")
    flows = sum(count for psp in storm.psps for name, count in psp.met.items() if name != "right at once")
    for wrong in closed.wrongs[:20]:
        print(wrong)  # noqa: T201  # a bench speaks on the terminal
    return Table(
        "Faults",
        f"{PAYMENTS:,} families pay, {messages:,} messages over WSGI, {faults:,} faults, {flows:,} wrong flows of"
        f" {sum(psp.met.total() for psp in storm.psps):,}; {closed.receipts:,} receipts,"
        f" {closed.lines:,} lines of flows. In: {closed.received_cents / 100:,.2f} euro; attributed"
        f" {closed.attributed_cents / 100:,.2f}; kept aside"
        f" {closed.aside_cents / 100:,.2f}.",
        (
            Row("differences left", len(closed.wrongs), "", aim="none", is_met=not closed.wrongs),
            Row("the whole storm", played, "s"),
            Row("the books proved again from the messages", proved, "s"),
        ),
    )


class Station:
    """The station in this process, at the instant of the storm."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()

    def __call__(self, body: bytes, now: datetime) -> bytes:
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/stazione/",
            "SERVER_NAME": settings.PAYMENTS_HOST,
            "SERVER_PORT": "80",
            "HTTP_HOST": settings.PAYMENTS_HOST,
            "CONTENT_TYPE": "text/xml; charset=utf-8",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
        }
        with patch("sportello.kernel.clock.now", lambda: now), stay_in(whereabouts()):
            response = self.handler(environ, lambda *_: None)
            content = b"".join(response)
            response.close()
        return content
