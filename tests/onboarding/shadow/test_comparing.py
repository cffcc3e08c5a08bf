"""What is seeded in the desk or in the file is found; nothing else is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onboarding.golive.check import Asked
from onboarding.models import ExportKind, LoadState
from onboarding.shadow.errors import NothingToExplain
from onboarding.shadow.models import FamilyState, ShadowFamily
from onboarding.shadow.noting import explain_difference, withdraw_explanation
from onboarding.shadow.standing import nobody_waits, nothing_is_unexplained, read_shadow
from services_catalog.models import Closure, ClosureKind
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.models import Entry, EntryKind
from sportello.canteen.models import Presence, PresenceChange
from sportello.enrolment.models import Subscription
from sportello.families.models import Child
from sportello.fees.facts import Facts
from tenants.models import Municipality
from tests.factories import account, child, pupil
from tests.factories.charging import charged_edition, decided, rider, service_of
from tests.factories.meals import meals, place
from tests.onboarding.shadow.world import DAYS, NOW, OCTOBER, compared, load_of, october, post, reasons, record_of


def test_two_sides_that_say_the_same_have_no_difference(bari: Municipality) -> None:
    world = october()
    run = compared(load_of(world.records))
    assert reasons(run) == []
    families = ShadowFamily.objects.order_by("name")
    assert [(one.name.split()[0], len(one.children), one.state) for one in families] == [
        ("Amoruso", 2, FamilyState.EQUAL),
        ("Zonno", 1, FamilyState.EQUAL),
    ]
    assert run.totals["families"] == run.totals["equal"] == 2
    assert run.totals["legacy"] == {"meals": 15, "balance": 12000}
    assert run.totals["ours"] == {"meals": 15, "balance": 12000}


def test_every_seeded_difference_is_found_and_no_other(bari: Municipality) -> None:
    """One child each: a day closed afterwards, a payment, a correction made late; and one that only the file has."""
    world = october()
    first, second, third = world.children
    post(second, 500, EntryKind.PAYMENT, date(2026, 10, 20), "paid")
    call_change(third)
    stranger = record_of(child(), child_fiscal_code="NSSNSS16A01A662X", child_surname="Nessuno")
    run = compared(load_of([*world.records, stranger]))
    assert sorted(reasons(run)) == sorted(
        [
            (second.fiscal_code or "", "balance", "paid_only_here", 500),
            (third.fiscal_code or "", "meals", "corrected_later", -1),
            ("NSSNSS16A01A662X", "child", "only_there", -1),
        ]
    )
    assert first.fiscal_code not in {code for code, *_rest in reasons(run)}


def call_change(minor: Child) -> None:
    """A presence becomes an absence after the export."""
    held = Presence.objects.get(child=minor, day=DAYS[0])
    held.ate = False
    held.save(update_fields=["ate"])
    PresenceChange.objects.create(
        presence=held, ate_before=True, ate_after=False, changed_at=NOW, changed_by=None, reason="errore"
    )


def test_a_closed_day_is_told_with_its_day(bari: Municipality) -> None:
    world = october()
    Closure.objects.create(
        days=(DAYS[0], DAYS[0] + timedelta(days=1)), kind=ClosureKind.STRIKE, reason="Sciopero", section=world.room
    )
    run = compared(load_of(world.records))
    assert {one[1:] for one in reasons(run)} == {("meals", "closed_days", -1)}
    told = ShadowFamily.objects.order_by("name")[0].children[0]["differences"][0]
    assert told["days"] == [DAYS[0].isoformat()]


def test_who_is_here_and_not_in_the_file(bari: Municipality) -> None:
    world = october()
    run = compared(load_of(world.records[:-1]))
    assert [one[1:] for one in reasons(run)] == [("child", "only_here", 1)]


def test_who_ate_in_the_old_programme_has_no_place_here(bari: Municipality) -> None:
    world = october()
    guest = child()
    run = compared(load_of([*world.records, record_of(guest, balance="0.00")]))
    assert reasons(run) == [(guest.fiscal_code, "meals", "no_place", -5)]


def test_absences_and_what_nothing_explains(bari: Municipality) -> None:
    world = october()
    ill = child()
    pupil(ill, world.room)
    place(ill, world.edition)
    meals(world.room, {ill: [date(2026, 10, 12)]}, absent=[date(2026, 10, 13), date(2026, 10, 14)])
    says = [record_of(ill, meals={"OTT": 3}, balance="0.07")]
    run = compared(load_of([*world.records, *says]))
    assert [one[1:] for one in reasons(run)] == [("meals", "absences", -2), ("balance", "unexplained", -7)]
    assert reasons(compared(load_of([*world.records, *says]), tolerance=7)) == [
        (ill.fiscal_code, "meals", "absences", -2)
    ]


def test_an_opening_balance_that_was_not_brought_over(bari: Municipality) -> None:
    world = october()
    newcomer = child()
    pupil(newcomer, world.room)
    place(newcomer, world.edition)
    says = record_of(newcomer, meals={"OTT": 0}, balance="12.30")
    load = load_of([*world.records, says], state=LoadState.COMMITTED, committed_at=NOW)
    assert reasons(compared(load)) == [(newcomer.fiscal_code, "balance", "opening_missing", -1230)]


def test_what_comes_after_the_export_is_no_fault(bari: Municipality) -> None:
    world = october()
    post(world.children[0], 700, EntryKind.PAYMENT, date(2026, 11, 2), "later")
    run = compared(load_of(world.records))
    assert [one[1:] for one in reasons(run)] == [("balance", "later_entry", 700)]
    fewer = [one | {"meals": {"OTT": 4}} for one in world.records]
    early = compared(load_of(fewer), exported_on=DAYS[3])
    assert sorted(one[1:] for one in reasons(early)) == [
        ("balance", "later_entry", 700),
        *[("meals", "eaten_later", 1)] * 3,
    ]


def test_a_month_of_the_bus(bari: Municipality) -> None:
    bus, rider = service_of(), child()
    post(rider, -2500, EntryKind.CHARGE, date(2026, 10, 31), "bus", service=bus.code)
    same = {"child_fiscal_code": rider.fiscal_code, "month": "2026-10", "amount": "25.00", "paid": False}
    assert reasons(compared(load_of([same], ExportKind.TRANSPORT))) == []
    paid = compared(load_of([same | {"paid": True}], ExportKind.TRANSPORT))
    assert reasons(paid) == [(rider.fiscal_code, "payment", "paid_only_there", -2500)]
    other = compared(load_of([same | {"amount": "26.00"}], ExportKind.TRANSPORT))
    assert reasons(other) == [(rider.fiscal_code, "charge", "unexplained", -100)]


def test_nothing_of_the_comune_is_changed(bari: Municipality) -> None:
    world = october()
    before = (Entry.objects.count(), Presence.objects.count(), Subscription.objects.count(), Event.objects.count())
    compared(load_of(world.records[:1]))
    assert before == (
        Entry.objects.count(),
        Presence.objects.count(),
        Subscription.objects.count(),
        Event.objects.count(),
    )


def test_a_note_is_found_again_while_the_difference_is_the_same(bari: Municipality) -> None:
    world, clerk = october(), account(Role.CLERK)
    load = load_of([record_of(world.children[0], balance="39.00"), *world.records[1:]])
    compared(load)
    family = ShadowFamily.objects.get(state=FamilyState.OPEN)
    [key] = family.waiting
    explain_difference(family=family, key=key, note="Buono pasto cartaceo", actor=clerk, now=NOW)
    family.refresh_from_db()
    assert (family.state, family.waiting, family.unexplained) == (FamilyState.SETTLED, [], 0)
    assert Event.objects.filter(action=Action.ROWS_DECIDED, actor=clerk.pk).count() == 1
    with pytest.raises(NothingToExplain):
        explain_difference(family=family, key=key, note="Ancora", actor=clerk, now=NOW)
    again = compared(load)
    assert (again.totals["open"], again.totals["settled"]) == (0, 1)
    withdraw_explanation(family=family, key=key, actor=clerk, now=NOW)
    assert [one.state for one in ShadowFamily.objects.filter(name=family.name).order_by("pk")] == ["open", "open"]
    assert compared(load).totals["open"] == 1
    other = compared(load_of([record_of(world.children[0], balance="38.00"), *world.records[1:]]))
    assert other.totals["open"] == 1


def test_the_check_list_and_the_board_follow(bari: Municipality) -> None:
    world, clerk = october(), account(Role.CLERK)
    asked = Asked(bari, NOW.date(), datetime(2026, 11, 3, 8, tzinfo=UTC))
    assert nothing_is_unexplained(asked).passed is False
    assert read_shadow(OCTOBER)[0].blocks == "go_live"
    compared(load_of([record_of(world.children[0], balance="39.00"), *world.records[1:]]))
    assert nothing_is_unexplained(asked).sentence == "Ottobre 2026: 1 differenza non ha una spiegazione."
    assert read_shadow(OCTOBER)[0].params == {"open": 1, "all": 2}
    family = ShadowFamily.objects.get(state=FamilyState.OPEN)
    explain_difference(family=family, key=family.waiting[0], note="Vista col Comune", actor=clerk, now=NOW)
    assert nothing_is_unexplained(asked).passed is True
    assert nobody_waits(asked).passed is True
    assert (read_shadow(OCTOBER)[0].tone, read_shadow(OCTOBER)[0].blocks) == ("success", "")


def test_the_queries_do_not_grow_with_the_children(bari: Municipality) -> None:
    world = october()
    counts = []
    for records in (world.records[:1], world.records):
        load = load_of(records)
        with CaptureQueriesContext(connection) as told:
            compared(load)
        counts.append(len(told))
    assert counts[0] == counts[1]


def test_another_price_is_explained_by_our_own_table(bari: Municipality) -> None:
    """Three bands of ISEE for the bus: the file charges the price of its own ISEE, of none, or of nothing we know."""
    bands = [
        {"isee_to": "6000.00", "amount": "10.00"},
        {"isee_from": "6000.01", "isee_to": "12500.00", "amount": "25.00"},
        {"isee_from": "12500.01", "amount": "30.00"},
    ]
    made = charged_edition({"base": {"kind": "flat_bands", "bands": bands}})
    riders = [rider(made) for _ in range(4)]
    for minor in riders:
        decided(minor, made, Facts(level="primaria", isee_cents=800_000))
        post(minor, -2500, EntryKind.CHARGE, date(2026, 10, 31), "bus", service=made.service.code)

    def says(minor: Child, amount: str, isee: str | None) -> dict[str, str | None]:
        return {"child_fiscal_code": minor.fiscal_code, "month": "2026-10", "amount": amount, "isee": isee}

    records = [
        says(riders[0], "25.00", "8000.00"),
        says(riders[1], "10.00", "5000.00"),
        says(riders[2], "30.00", None),
        says(riders[3], "27.00", "8000.00"),
    ]
    assert sorted(reasons(compared(load_of(records, ExportKind.TRANSPORT)))) == sorted(
        [
            (riders[1].fiscal_code or "", "charge", "other_isee", 1500),
            (riders[2].fiscal_code or "", "charge", "isee_missing_there", -500),
            (riders[3].fiscal_code or "", "charge", "unexplained", -200),
        ]
    )
