"""Sending: the window, the numbers of the register, and two hands on the same button."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from sportello.accounts.models import Role
from sportello.applications.models import Application, ApplicationState, ProtocolRecord, StateChange
from sportello.applications.protocol import register
from sportello.applications.queries import drafts_of
from sportello.applications.submitting import AlreadyApplied, WindowClosed, submit
from sportello.enrolment.admission import accept_application
from sportello.fees.models import PriceDecision
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality
from tests.applications.enrolling import Enrolling, enrolment_edition, family_at_school
from tests.comuni import HostClient
from tests.factories.means import isee
from tests.factories.people import Family, account

NOW = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)


def test_outside_the_window_the_draft_is_kept(enrolling: Enrolling, parent: Family) -> None:
    application = enrolling.fill()
    late = datetime(2027, 1, 10, 8, 0, tzinfo=UTC)
    with pytest.raises(WindowClosed):
        submit(application=application, applicant=parent.account, now=late)
    application.refresh_from_db()
    assert application.state == ApplicationState.DRAFT
    assert not ProtocolRecord.objects.exists()


def test_two_drafts_for_one_child_make_one_application(enrolling: Enrolling, parent: Family) -> None:
    first = enrolling.fill()
    enrolling.application = None
    second = enrolling.fill()
    assert first.pk != second.pk
    submit(application=first, applicant=parent.account, now=NOW)
    with pytest.raises(AlreadyApplied):
        submit(application=second, applicant=parent.account, now=NOW)
    assert ProtocolRecord.objects.count() == 1


def test_a_number_not_used_is_given_back(bari: Municipality) -> None:
    register(subject="Una domanda", now=NOW)

    def failed() -> None:
        with transaction.atomic():
            register(subject="Una domanda che non va a buon fine", now=NOW)
            raise WindowClosed("chiuso")

    with pytest.raises(WindowClosed):
        failed()
    assert str(register(subject="Un'altra domanda", now=NOW)) == "0000002/2026"


def test_the_numbers_begin_again_each_year_at_midnight_in_rome(bari: Municipality) -> None:
    register(subject="Una domanda", now=NOW)
    assert str(register(subject="Una domanda", now=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))) == "0000001/2027"


def test_the_history_cannot_be_rewritten(enrolling: Enrolling) -> None:
    from django.db import IntegrityError

    enrolling.fill()
    enrolling.send()
    with pytest.raises(IntegrityError), transaction.atomic():
        StateChange.objects.update(reason="altro")


def test_two_hands_on_the_same_button_get_one_protocol_number(transactional_db: None) -> None:
    municipality = Municipality.objects.get(slug="bari")
    with in_schema(municipality.schema_name):
        enrolment_edition()
        parent = family_at_school()
        client = HostClient("bari.localhost", municipality.schema_name)
        client.force_login(parent.account)
        application = Enrolling(client, parent.children[0]).fill()
    start, outcomes = threading.Barrier(2), []

    def press() -> None:
        with in_schema(municipality.schema_name):
            mine = Application.objects.get(pk=application.pk)
            start.wait(timeout=10)
            outcomes.append(submit(application=mine, applicant=parent.account, now=clock.now()).protocol_id)
        connection.close()

    _together(press, press)
    with in_schema(municipality.schema_name):
        assert outcomes[0] == outcomes[1]
        assert ProtocolRecord.objects.count() == 1
        assert StateChange.objects.count() == 1


def test_many_parents_at_once_leave_no_hole_in_the_register(transactional_db: None) -> None:
    municipality = Municipality.objects.get(slug="bari")

    def take() -> None:
        with in_schema(municipality.schema_name), transaction.atomic():
            register(subject="Una domanda", now=NOW)
        connection.close()

    _together(take, take, take)
    with in_schema(municipality.schema_name):
        numbers = ProtocolRecord.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == [1, 2, 3]


def _together(*deeds: Any) -> None:
    threads = [threading.Thread(target=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)


def test_the_isee_of_a_sibling_chosen_for_this_child_decides_the_price_it_was_told(
    bari: Municipality, bari_client: HostClient
) -> None:
    """The estimate is the first price."""
    enrolment_edition()
    parents = family_at_school(children=2)
    sibling, newcomer = parents.children
    isee(sibling, "8.500,00")
    bari_client.force_login(parents.account)
    enrolling = Enrolling(bari_client, newcomer)
    enrolling.begin()
    enrolling.post("figlio")
    enrolling.post("scuola")
    enrolling.post("isee", isee="known")
    enrolling.send()
    application = Application.objects.get()
    told = application.explanation["amount_cents"]
    accept_application(public_id=application.public_id, actor=account(Role.CLERK), now=clock.now())
    first = PriceDecision.objects.filter(child=newcomer).earliest("valid_during")
    assert (first.unit_price_cents, told) == (190, 190)


def test_a_draft_for_a_child_who_has_applied_since_is_not_to_be_finished(
    bari: Municipality, bari_client: HostClient
) -> None:
    enrolment_edition()
    parents = family_at_school()
    bari_client.force_login(parents.account)
    forgotten = Enrolling(bari_client, parents.children[0])
    forgotten.begin()
    forgotten.post("figlio")
    Application.objects.update(created_at=datetime(2026, 11, 1, tzinfo=UTC))
    sent = Enrolling(bari_client, parents.children[0])
    sent.fill()
    assert [draft.pk for draft in drafts_of(parents.account, clock.today())] != []
    sent.send()
    assert list(drafts_of(parents.account, clock.today())) == []
