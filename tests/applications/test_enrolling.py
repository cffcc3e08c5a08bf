"""A parent enrols a child, step by step."""

import pytest
import time_machine
from django.urls import reverse

from sportello.applications.models import Application, ApplicationState, SensitiveAnswer
from sportello.notifications.models import Notice, OutboxMail
from tenants.models import Municipality
from tests.applications.enrolling import Enrolling, enrolment_edition, family_at_school
from tests.comuni import HostClient
from tests.factories.means import isee
from tests.factories.people import Family

NOW = "2026-11-23 09:05:00+01:00"


@pytest.fixture(autouse=True)
def _today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def parent(bari: Municipality) -> Family:
    enrolment_edition()
    return family_at_school()


@pytest.fixture
def enrolling(parent: Family, bari_client: HostClient) -> Enrolling:
    bari_client.force_login(parent.account)
    return Enrolling(bari_client, parent.children[0])


def test_the_whole_way_gives_protocol_dates_notice_and_mail(enrolling: Enrolling, parent: Family, mailoutbox) -> None:
    isee(parent.children[0], "8.500,00")
    application = enrolling.fill()
    enrolling.post("isee", isee="known")
    page = enrolling.client.get(enrolling.url("riepilogo")).content.decode()
    assert "1,90" in page
    response = enrolling.send()
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    assert str(application.protocol) == "0000001/2026"
    assert str(application.taken_in_charge_on) == "2026-11-23"
    assert str(application.answer_by) == "2026-12-23"
    assert application.explanation["amount_cents"] == 190
    confirmation = enrolling.client.get(response["Location"]).content.decode()
    for shown in ("0000001/2026", "lunedì 23 novembre 2026, ore 9:05", "mercoledì 23 dicembre 2026", "mamma@example.org"):
        assert shown in confirmation
    assert Notice.objects.filter(account=parent.account).count() == 1
    assert OutboxMail.objects.get().recipient == "mamma@example.org"
