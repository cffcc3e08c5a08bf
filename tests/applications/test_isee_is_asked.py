"""The application is sent whatever INPS does: the question leaves afterwards, and only where an ISEE was stated."""

from collections.abc import Callable
from typing import Any

import pytest

from sportello.accounts.models import Role
from sportello.applications.models import Application, ApplicationState
from sportello.kernel import clock
from sportello.means.answering import ask_due
from sportello.means.models import EnquiryState, IseeEnquiry
from sportello.means.queries import isee_on
from tests.applications.enrolling import Enrolling
from tests.factories import account
from tests.factories.inps import inps_answers

DECLARED = {
    "isee": "declared",
    "amount": "8.500,00",
    "dsu_protocol": "INPS-ISEE-2026-00000123A-00",
    "filed_on_day": "3",
    "filed_on_month": "2",
    "filed_on_year": "2026",
}


def send(enrolling: Enrolling, **isee: str) -> Application:
    application = enrolling.begin()
    for step in ("figlio", "scuola"):
        enrolling.post(step)
    assert enrolling.post("isee", **isee).status_code == 302
    assert enrolling.send().status_code == 302
    application.refresh_from_db()
    return application


def test_a_declared_isee_is_asked_for_by_its_protocol(enrolling: Enrolling) -> None:
    application = send(enrolling, **DECLARED)
    asked = IseeEnquiry.objects.get()
    assert (application.state, asked.child, asked.state, asked.asked_by) == (
        ApplicationState.SUBMITTED,
        enrolling.child,
        EnquiryState.WAITING,
        None,
    )
    assert (asked.reason, asked.benefit, asked.dsu_protocol) == (
        str(application.protocol),
        "A2.12",
        "INPS-ISEE-2026-00000123A-00",
    )


def test_the_question_leaves_only_after_the_commit(
    enrolling: Enrolling, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sportello.means.enquiring.ask_inps_task.delay", lambda: asked.append("inps"))
    with django_capture_on_commit_callbacks(execute=True):
        send(enrolling, **DECLARED)
        assert asked == []
    assert asked == ["inps"]


def test_a_protocol_that_inps_would_refuse_is_not_sent_to_it(enrolling: Enrolling) -> None:
    send(enrolling, **{**DECLARED, "dsu_protocol": "il mio"})
    assert IseeEnquiry.objects.get().dsu_protocol == ""


def test_nobody_asks_where_no_isee_is_stated(enrolling: Enrolling) -> None:
    assert send(enrolling, isee="none").state == ApplicationState.SUBMITTED
    assert IseeEnquiry.objects.count() == 0


@pytest.mark.parametrize("change", [{"daily_limit": 0}, {"answers": {"*": "unreachable"}}, {"unknown": "key"}])
def test_whatever_inps_does_the_application_goes_on(enrolling: Enrolling, change: dict[str, Any]) -> None:
    inps_answers("minors", **change)
    application = send(enrolling, **DECLARED)
    held = isee_on(enrolling.child, clock.today())
    assert held is not None
    assert (application.state, held.amount_cents) == (ApplicationState.SUBMITTED, 850000)


def test_the_office_reads_the_difference_before_it_decides(enrolling: Enrolling, client_of: Callable[..., Any]) -> None:
    inps_answers("minors:9120.00")
    application = send(enrolling, **DECLARED)
    clerk = client_of("bari")
    clerk.force_login(account(Role.CLERK))
    page = f"/ufficio/domande/{application.public_id}/"
    assert "La domanda a INPS parte tra poco." in clerk.get(page).content.decode()
    ask_due(now=clock.now)
    assert "ISEE: dichiarato 8.500,00, INPS 9.120,00." in clerk.get(page).content.decode()
