"""Three hundred payments and everything that goes wrong: to the cent, and nothing left for the accountant to explain.

`make bench ARGS=faults` does the same with ten thousand, over the whole stack of the station.
"""

from datetime import datetime

import pytest
from django.db import OperationalError

from sportello.billing.receipts.answering import answer
from sportello.billing.reconciliation import fetching
from tenants.models import Municipality
from tests.billing.closing import close
from tests.billing.storm import FATES, Storm
from tests.factories.paying import institution


def tell(body: bytes, now: datetime) -> bytes:
    """No answer where the database dies: the view would say PAA_SYSTEM_ERROR."""
    try:
        return answer(body=body, soap_action=None, now=now, asked=lambda *_: None)
    except OperationalError:
        return b""


def test_three_hundred_payments_under_faults(bari: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_AT_ONCE", 7)  # so that turns are needed
    storm = Storm(institution(bari).fiscal_code, 300, tell)
    storm.weather()
    assert set(FATES) <= set(storm.met), "every fault happened"
    closed = close(storm)
    assert closed.wrongs == []
    assert closed.received_cents == closed.attributed_cents + closed.aside_cents
    assert closed.lines > closed.receipts > 280
