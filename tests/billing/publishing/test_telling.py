"""A gateway that answers in our place holds what we ask, and nothing else: whatever fails on the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from integrations.models import Connector
from integrations.pagopa.models import CreditorInstitution
from sportello.billing.correcting import correct_entry
from sportello.billing.debts.calendar import follow_calendar
from sportello.billing.debts.changing import adjust_amount, invalidate_position, postpone_position
from sportello.billing.debts.models import DebtPosition, PositionState, Purpose
from sportello.billing.debts.opening import Asked, Collected, open_positions
from sportello.billing.models import Entry, PaymentMeans
from sportello.billing.publishing import sending
from sportello.billing.publishing.errors import NotThereYet
from sportello.billing.publishing.following import follow_ledger, tell_all, try_again
from sportello.billing.publishing.models import GatewayCopy, Standing
from sportello.billing.publishing.sending import LEASE, PATIENCE, tell_at_once, tell_waiting
from sportello.billing.publishing.standing import standing_of
from sportello.billing.publishing.tasks import tell
from sportello.billing.recording_payments import record_paid_elsewhere
from sportello.kernel.money import Money
from tenants.current import in_schema
from tenants.models import Municipality
from tests.billing.publishing.conftest import Wire, pay, there
from tests.factories.paying import NOW, TODAY, charge, instalments, institution, position
from tests.factories.people import Family

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


def notice(home: Family, cents: int = 1500, **fields: Any) -> DebtPosition:
    return position(home.parent, Collected(home.children[0].pk, "mensa", cents), **fields)


def whole(held: DebtPosition) -> Any:
    return held.options.get(number=0)


def copy_of(held: DebtPosition) -> GatewayCopy:
    return GatewayCopy.objects.get(pk=held.pk)


def test_a_notice_is_payable_there_with_sum_day_and_payer(home: Family, wire: Wire) -> None:
    held = notice(home)
    assert tell_waiting(now=NOW) == 1
    option = there(whole(held))
    assert (option.amount_cents, option.position.state) == (1500, "VALID")
    assert option.due_at.date() == TODAY + timedelta(days=60), "the last day on which we take it"
    assert option.position.content["fiscalCode"] == home.parent.fiscal_code
    assert tell_waiting(now=NOW) == 0
    assert len(wire.asked) == 1
    copy = copy_of(held)
    assert (copy.standing, copy.told_version, copy.attempts, copy.leased_until) == (Standing.PUBLISHED, 1, 0, None)


def test_a_row_is_written_in_the_transaction_of_the_position(home: Family, wire: Wire) -> None:
    with transaction.atomic():
        notice(home)
        assert GatewayCopy.objects.count() == 1
        transaction.set_rollback(True)
    assert GatewayCopy.objects.count() == 0


def test_of_a_draft_nobody_hears_until_it_is_published(home: Family, wire: Wire) -> None:
    notice(home, publish=False)
    assert tell_waiting(now=NOW) == 0
    assert wire.asked == []


def test_a_sum_that_changes_is_told_and_so_is_another_day(home: Family, wire: Wire) -> None:
    held = notice(home)
    tell_waiting(now=NOW)
    line = held.lines.get()
    adjust_amount(position=held, amounts={line.pk: Money(900)}, reason="sconto", actor=None, now=NOW)
    postpone_position(
        position=held,
        due_on=TODAY + timedelta(days=80),
        last_day=TODAY + timedelta(days=90),
        reason="proroga",
        actor=None,
        now=NOW,
    )
    assert tell_waiting(now=NOW) == 1
    option = there(whole(held))
    assert (option.amount_cents, option.due_at.date()) == (900, TODAY + timedelta(days=90))


def test_what_is_annulled_here_cannot_be_paid_there(home: Family, wire: Wire) -> None:
    held = notice(home)
    tell_waiting(now=NOW)
    invalidate_position(position=held, reason="errore", actor=None, now=NOW)
    tell_waiting(now=NOW)
    assert there(whole(held)).position.state == "INVALID"
    assert copy_of(held).standing == Standing.ANNULLED


def test_what_is_annulled_before_it_was_told_is_never_told(home: Family, wire: Wire) -> None:
    held = notice(home)
    invalidate_position(position=held, reason="errore", actor=None, now=NOW)
    tell_waiting(now=NOW)
    assert wire.asked == []
    assert there(whole(held)) is None


def test_what_is_owed_no_more_cannot_be_paid_there(home: Family, wire: Wire) -> None:
    held = notice(home)
    tell_waiting(now=NOW)
    entry = Entry.objects.get(account__child=home.children[0])
    correct_entry(entry=entry, difference=Money(500), token=uuid4(), reason="assenza", actor=1, now=NOW + MINUTE)
    assert follow_ledger() == 1
    tell_waiting(now=NOW + 2 * MINUTE)
    assert there(whole(held)).amount_cents == 1000
    assert follow_ledger() == 0, "nothing has moved since"


def test_where_the_sum_is_the_same_nothing_leaves(home: Family, wire: Wire) -> None:
    notice(home)
    tell_waiting(now=NOW)
    charge(home.children[0], 400, now=NOW + MINUTE)
    assert follow_ledger() == 1
    assert tell_waiting(now=NOW + 2 * MINUTE) == 1
    assert len(wire.asked) == 1


def test_what_was_paid_at_the_desk_is_paid_there(home: Family, wire: Wire) -> None:
    held = notice(home)
    tell_waiting(now=NOW)
    record_paid_elsewhere(
        position=held, paid_on=TODAY, reference="POS 12", means=PaymentMeans.CARD, actor=1, now=NOW + MINUTE
    )
    tell_waiting(now=NOW + MINUTE)
    assert there(whole(held)).state == "PO_PAID"
    assert copy_of(held).standing == Standing.SETTLED


def test_a_plan_is_told_whole_and_in_parts(home: Family, wire: Wire) -> None:
    held = notice(home, instalments=instalments(500, 1000))
    tell_waiting(now=NOW)
    told = [(there(one).amount_cents, there(one).partial) for one in held.options.all()]
    assert told == [(1500, False), (500, True), (1000, True)]


def test_an_answer_that_is_lost_is_asked_for_again_and_does_no_harm(home: Family, wire: Wire) -> None:
    held = notice(home)
    wire.lost = 1
    assert tell_waiting(now=NOW) == 0
    assert copy_of(held).standing == Standing.UNKNOWN
    assert tell_waiting(now=NOW) == 0, "not before a minute has passed"
    assert tell_waiting(now=NOW + MINUTE) == 1
    assert wire.verbs()[:2] == ["POST debtpositions", "POST debtpositions"]
    assert copy_of(held).standing == Standing.PUBLISHED


def test_what_may_have_arrived_is_annulled_though_no_answer_came(home: Family, wire: Wire) -> None:
    held = notice(home)
    wire.lost = 1
    tell_waiting(now=NOW)
    invalidate_position(position=held, reason="errore", actor=None, now=NOW)
    tell_waiting(now=NOW + MINUTE)
    assert there(whole(held)).position.state == "INVALID"


def test_a_gateway_that_is_down_is_not_asked_for_each(home: Family, wire: Wire) -> None:
    notice(home, 700)
    notice(home, 800)
    wire.down = True
    assert tell_waiting(now=NOW) == 0
    assert len(wire.asked) == 1
    wire.down = False
    assert tell_waiting(now=NOW + MINUTE) == 2
    assert standing_of(NOW).waiting == 0


def test_the_pauses_grow(home: Family, wire: Wire) -> None:
    held = notice(home)
    wire.down = True
    at, pauses = NOW, []
    for _turn in range(6):
        tell_waiting(now=at)
        until = copy_of(held).not_before
        assert until is not None
        pauses.append(until - at)
        at = until
    assert pauses == [MINUTE * count for count in (1, 5, 15, 60, 360, 360)]
    assert standing_of(NOW).failing == 1


def _die(*_args: object) -> None:
    raise SystemExit


def test_after_a_death_the_row_is_taken_again(home: Family, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    held = notice(home)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_told", _die)
        with pytest.raises(SystemExit):
            tell_waiting(now=NOW)
    assert tell_waiting(now=NOW + MINUTE) == 0
    assert tell_waiting(now=NOW + LEASE) == 1
    assert copy_of(held).standing == Standing.PUBLISHED
    assert there(whole(held)).amount_cents == 1500


def test_two_workers_never_tell_the_same_row(home: Family, wire: Wire) -> None:
    notice(home)
    inside: list[int] = []

    def another() -> None:
        wire.before = None
        inside.append(tell_waiting(now=NOW))

    wire.before = another
    assert tell_waiting(now=NOW) == 1
    assert inside == [0]
    assert len(wire.asked) == 1


def test_a_change_during_the_telling_is_told_after_it(home: Family, wire: Wire) -> None:
    held = notice(home)

    def change() -> None:
        wire.before = None
        line = held.lines.get()
        adjust_amount(position=held, amounts={line.pk: Money(900)}, reason="sconto", actor=None, now=NOW)

    wire.before = change
    assert tell_waiting(now=NOW) == 2
    assert there(whole(held)).amount_cents == 900


def test_a_refusal_waits_for_a_person_or_a_change(home: Family, wire: Wire) -> None:
    held, other = notice(home, 700), notice(home, 800)
    tell_waiting(now=NOW)
    taken = there(whole(other))
    taken.position.iupd = "another"
    with in_schema("public"):
        taken.position.save(update_fields=["iupd"])
    tell_all(actor=1, now=NOW)
    tell_waiting(now=NOW)
    refused = copy_of(other)
    assert refused.refusal_code == "pagopa_refused"
    assert "already used" in refused.refusal_words
    assert copy_of(held).standing == Standing.PUBLISHED, "the others go on"
    assert standing_of(NOW).refused == 1
    assert tell_waiting(now=NOW + timedelta(days=9)) == 0
    with in_schema("public"):
        taken.position.iupd = str(other.public_id)
        taken.position.save(update_fields=["iupd"])
    assert try_again(positions=[other.public_id, uuid4()], actor=1, now=NOW) == 1
    assert tell_waiting(now=NOW) == 1
    assert copy_of(other).standing == Standing.PUBLISHED


def test_what_is_paid_there_already_is_left_to_its_receipt_for_a_while(home: Family, wire: Wire) -> None:
    held = notice(home)
    tell_waiting(now=NOW)
    pay(whole(held))
    line = held.lines.get()
    adjust_amount(position=held, amounts={line.pk: Money(900)}, reason="sconto", actor=None, now=NOW)
    at = NOW
    for _turn in range(PATIENCE):
        tell_waiting(now=at)
        at += timedelta(hours=7)
    assert copy_of(held).refusal_code == "pagopa_position_closed"


def test_before_the_checkout_it_is_told_at_once(home: Family, wire: Wire) -> None:
    held = notice(home)
    wire.down = True
    with pytest.raises(NotThereYet):
        tell_at_once([held.pk], now=NOW)
    wire.down = False
    tell_at_once([held.pk], now=NOW + MINUTE)
    assert there(whole(held)) is not None


def test_whoever_has_a_station_tells_aca(home: Family, wire: Wire) -> None:
    Connector.objects.filter(kind="pagopa").update(adapter="simulator")
    held = notice(home)
    tell_waiting(now=NOW)
    assert there(whole(held)) is None
    assert there(whole(held), "aca").amount_cents == 1500


def test_an_expired_notice_is_left_and_may_come_back(home: Family, wire: Wire) -> None:
    held = notice(home)
    tell_waiting(now=NOW)
    late = NOW + timedelta(days=70)
    follow_calendar(now=late)
    assert DebtPosition.objects.get(pk=held.pk).state == PositionState.EXPIRED
    assert tell_waiting(now=late) == 0
    postpone_position(
        position=held,
        due_on=late.date() + timedelta(days=5),
        last_day=late.date() + timedelta(days=9),
        reason="proroga",
        actor=None,
        now=late,
    )
    assert tell_waiting(now=late) == 1
    assert there(whole(held)).due_at.date() == late.date() + timedelta(days=9)


def test_many_are_written_at_once(home: Family) -> None:
    one = Asked(
        payer_id=home.parent.pk,
        purpose=Purpose.DUES,
        description="Servizi scolastici",
        lines=(Collected(home.children[0].pk, "mensa", 100),),
        due_on=TODAY,
        last_day=TODAY,
        key="x",
    )
    many = [replace(one, key=f"many:{n}") for n in range(50)]
    open_positions(asked=many, actor=None, now=NOW)
    assert GatewayCopy.objects.filter(version=1, told_version=0).count() == 50


def test_the_rows_of_one_comune_are_its_own(
    home: Family, creditor: CreditorInstitution, bitonto: Municipality, wire: Wire
) -> None:
    institution(bitonto)
    with in_schema(creditor.municipality.schema_name):
        notice(home)
    assert GatewayCopy.objects.count() == 0, "the test stands in Bitonto"
    assert tell_waiting(now=NOW) == 0
    with in_schema(creditor.municipality.schema_name):
        assert tell_waiting(now=NOW) == 1


def test_without_codes_nothing_is_lost(home: Family, wire: Wire, creditor: CreditorInstitution) -> None:
    held = notice(home)
    Connector.objects.filter(kind="pagopa").update(adapter="gpd")  # real, and without its secret
    tell()
    assert copy_of(held).standing == Standing.UNKNOWN
    Connector.objects.filter(kind="pagopa").update(adapter="simulator_gpd")
    assert tell_waiting(now=NOW + timedelta(days=3)) == 1
