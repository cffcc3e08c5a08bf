"""The journal of a notice and the evidence pack: byte for byte, for the office alone, on record."""

import io
import zipfile
from datetime import timedelta
from typing import Any

from django.urls import reverse

from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.receipts.models import Message
from tenants.models import Municipality
from tests.factories import account, citizen
from tests.factories.paying import NOW

NAV = "303000000000004272"


def message(operation: str, n: int, *, fault: str = "", nav: str = NAV) -> Message:
    return Message.objects.create(
        operation=operation,
        notice_number=nav,
        outcome="KO" if fault else "OK",
        fault_code=fault,
        request=f"<in{n}/>".encode(),
        response=f"<out{n}/>".encode(),
        milliseconds=n,
        happened_at=NOW + timedelta(seconds=n),
    )


def unzipped(answer: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def test_the_messages_of_a_notice(bari: Municipality, bari_client: Any) -> None:
    message("paVerifyPaymentNotice", 1)
    message("paGetPaymentV2", 2, fault="PAA_PAGAMENTO_SCADUTO")
    message("paVerifyPaymentNotice", 3, nav="303000000000004273")
    bari_client.force_login(account(Role.CLERK))
    shown = bari_client.post(reverse("reconciliation:journal"), {"number": "3030 0000 0000 0042 72"})
    assert shown.content.decode().count("data-label") == 6
    found = unzipped(bari_client.post(reverse("reconciliation:evidence"), {"number": NAV}))
    assert found["001-paVerifyPaymentNotice-OK-request.xml"] == b"<in1/>"
    assert found["002-paGetPaymentV2-PAA_PAGAMENTO_SCADUTO-response.xml"] == b"<out2/>"
    assert len(found) == 5
    assert found["index.csv"].count(b"\n") == 3
    assert Event.objects.filter(action=Action.EVIDENCE_TAKEN).count() == 1


def test_the_pack_has_one_of_each(bari: Municipality, bari_client: Any) -> None:
    message("paVerifyPaymentNotice", 1)
    message("paVerifyPaymentNotice", 2)
    message("paSendRTV2", 3)
    bari_client.force_login(account(Role.ADMINISTRATOR))
    found = unzipped(bari_client.post(reverse("reconciliation:evidence")))
    assert sorted(found) == [
        "001-paSendRTV2-OK-request.xml",
        "001-paSendRTV2-OK-response.xml",
        "002-paVerifyPaymentNotice-OK-request.xml",
        "002-paVerifyPaymentNotice-OK-response.xml",
        "index.csv",
    ]
    assert found["002-paVerifyPaymentNotice-OK-request.xml"] == b"<in2/>"


def test_the_acceptance_tests_have_a_folder_each(bari: Municipality, bari_client: Any) -> None:
    """The notices that were paid for a test; beside them one of each primitive, and what was never called."""
    message("paVerifyPaymentNotice", 1)
    message("paSendRTV2", 2)
    message("paVerifyPaymentNotice", 3, nav="303000000000004273")
    bari_client.force_login(account(Role.CLERK))
    given = {"EC-PSP-01": "3030 0000 0000 0042 72", "EC-PSP-04": "303000000000004273"}
    found = unzipped(bari_client.post(reverse("reconciliation:cases"), given))
    names = [name for name in found if name.endswith("request.xml")]
    assert names == [
        "EC-PSP-01/001-paVerifyPaymentNotice-OK-request.xml",
        "EC-PSP-01/002-paSendRTV2-OK-request.xml",
        "EC-PSP-04/003-paVerifyPaymentNotice-OK-request.xml",
        "primitive/004-paSendRTV2-OK-request.xml",
        "primitive/005-paVerifyPaymentNotice-OK-request.xml",
    ]
    index = found["index.csv"].decode()
    assert ";EC-PSP-04;paVerifyPaymentNotice;" in index
    assert ";paGetPaymentV2;;;never answered with OK;" in index
    assert (
        "paGetPayment, paGetPaymentV2, paSendRT" in bari_client.get(reverse("reconciliation:journal")).content.decode()
    )
    wrong = bari_client.post(reverse("reconciliation:cases"), {"EC-PSP-02": "12"})
    assert wrong.status_code == 422
    assert "18 cifre" in wrong.content.decode()


def test_not_for_families(bari: Municipality, bari_client: Any) -> None:
    bari_client.force_login(citizen())
    assert bari_client.get(reverse("reconciliation:journal")).status_code == 403
    assert bari_client.post(reverse("reconciliation:evidence")).status_code == 403
