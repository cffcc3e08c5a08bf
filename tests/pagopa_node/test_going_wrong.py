"""What the desk arms for calls: spent by one call that writes, apart from what is armed for payments."""

from typing import Any

import pytest

pytestmark = pytest.mark.django_db
ADDRESS = "/gpd/debt-positions-service/v1/organizations/80015010723/debtpositions"


@pytest.mark.parametrize(
    ("fault", "status"), [("call_broken", 500), ("call_busy", 429), ("call_refused", 400), ("call_lost", 504)]
)
def test_one_call_that_writes_goes_wrong(node: Any, machine: Any, fault: str, status: int) -> None:
    assert node.post(f"/guasti/{fault}/").status_code == 302
    assert machine.get(ADDRESS).status_code == 200
    assert machine.post(ADDRESS, b"{}", content_type="application/json").status_code == status
    assert machine.get(ADDRESS).status_code == 200
    again = machine.post(ADDRESS, b"{}", content_type="application/json")
    assert (again.status_code, b"armed" in again.content) == (400, False)


def test_a_payment_does_not_spend_what_is_armed_for_a_call(node: Any) -> None:
    from integrations.pagopa.simulator.arming import armed_calls, spend, spend_call
    from integrations.pagopa.simulator.faults import CallFault, Fault

    for name in ("call_lost", "silent"):
        node.post(f"/guasti/{name}/")
    assert spend() == (Fault.SILENT,)
    assert armed_calls() == (CallFault.CALL_LOST,)
    assert (spend_call(), spend_call()) == (CallFault.CALL_LOST, None)


def test_a_switch_stands_on_the_desk_and_is_turned_back(node: Any) -> None:
    node.post("/guasti/call_refused/")
    page = node.get("/").content.decode()
    assert "Avviso rifiutato" in page
    assert page.count("innescato</span>") == 1
    node.post("/guasti/call_refused/")
    assert "innescato</span>" not in node.get("/").content.decode()


def test_mypay_answers_what_is_no_question(node: Any) -> None:
    assert node.post("/mypay", b"hello", content_type="text/xml").status_code == 400
    empty = b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>'
    assert node.post("/mypay", empty, content_type="text/xml").status_code == 400
    stranger = empty.replace(b"<e:Body/>", b"<e:Body><x/></e:Body>")
    answer = node.post("/mypay", stranger, content_type="text/xml")
    assert b"PAA_ENTE_NON_VALIDO" in answer.content
