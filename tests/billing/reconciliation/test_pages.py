"""The accountant's pages: who enters, what is shown, a difference explained."""

from typing import Any

import pytest
from django.urls import reverse

from sportello.accounts.models import Role
from sportello.billing.reconciliation.archiving import archive_flow
from sportello.billing.reconciliation.judging import judge_waiting
from sportello.billing.reconciliation.models import Explanation, FlowLine
from tenants.models import Municipality
from tests.billing.reconciliation.flows import flow, line
from tests.factories import account, citizen
from tests.factories.paying import NOW, institution


@pytest.fixture
def unknown(bari: Municipality) -> FlowLine:
    code = institution(bari).fiscal_code
    archive_flow(flow=flow(code, line("03999999999999999", "IUR-1", 4550)), now=NOW)
    judge_waiting(now=NOW)
    return FlowLine.objects.get()


def test_the_office_alone(bari: Municipality, bari_client: Any) -> None:
    pages = bari_client
    pages.force_login(citizen())
    assert pages.get(reverse("reconciliation:days")).status_code == 403


def test_a_difference_is_seen_and_explained(unknown: FlowLine, bari_client: Any) -> None:
    pages = bari_client
    pages.force_login(account(Role.CLERK))
    assert pages.get(reverse("reconciliation:days") + "?fino=x").status_code == 200
    at = reverse("reconciliation:day", args=[2026, 11, 23])
    shown = pages.get(at).content.decode()
    assert "IUR-1" in shown
    assert "l&#x27;avviso non esiste" in shown
    told = {"kind": "line", "what": str(unknown.public_id)}
    assert pages.post(at, {**told, "note": ""}).status_code == 422
    assert pages.post(at, {**told, "note": "Chiarito"}).status_code == 302
    assert Explanation.objects.get().note == "Chiarito"
    assert pages.get(reverse("reconciliation:day", args=[2026, 13, 1])).status_code == 404
