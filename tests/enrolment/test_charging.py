"""A month of a service goes to the ledger: once, to the cent, with its reasons; what changes is a difference."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services_catalog.models import Closure, ClosureKind, Edition
from sportello.audit.models import Action, Event
from sportello.billing.models import Entry, EntryKind
from sportello.billing.statements import statement_of
from sportello.billing.verification import ledger_differences
from sportello.enrolment.charge_reckoning import reckon_charges
from sportello.enrolment.charging import MonthNotCome, NothingToCharge, charge_month
from sportello.enrolment.models import ChargeRun, Subscription
from sportello.families.models import Child
from sportello.fees.cases import Case
from sportello.fees.deciding import steps_from_json
from sportello.fees.facts import Facts
from sportello.fees.models import PriceDecision
from sportello.fees.operations import replayed
from sportello.kernel.clock import ROME
from sportello.kernel.month import Month
from sportello.ui.retelling import retold
from tests.factories import child, school, section
from tests.factories.charging import charged_edition, decide, decided, rider, service_of, written_down
from tests.factories.editions import edition as meals_edition
from tests.fees.reading_tables import cases_of, table_of

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (Month(2026, number) for number in (9, 10, 11, 12))
JANUARY, JUNE = Month(2027, 1), Month(2027, 6)
LATER = datetime(2027, 7, 1, 8, tzinfo=ROME)
PRIMARY = Facts(level="primaria", isee_cents=1_800_000)
PLAN = [
    {"code": "first", "due_on": "2026-10-31", "share_percent": "50"},
    {"code": "second", "due_on": "2027-01-31", "share_percent": "33.33"},
    {"code": "last", "due_on": "2027-04-30", "share_percent": "16.67"},
]
NINTHS = {"kind": "parts", "counted": "months", "of": 9, "at_least_percent": "50"}
FLAT = {"base": {"kind": "single_price", "amount": "17.00"}}
YEARLY = {
    "unit": {"kind": "year"},
    "base": {"kind": "single_price", "amount": "180.01"},
    "proration": [NINTHS],
    "instalments": PLAN,
}


class Silent:
    def advance(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        return


def charge(made: Edition, month: Month = NOVEMBER, now: datetime = LATER) -> dict[str, Any]:
    return charge_month(service=made.service, month=month, actor=None, now=now, progress=Silent())


def entries(minor: Child, code: str = "trasporto") -> list[tuple[str, int]]:
    """Kind and cents owed, in the order posted; each explanation alone gives its amount again."""
    found = Entry.objects.filter(account__child=minor, account__service_code=code).order_by("pk")
    for entry in found:
        assert entry.explanation is not None
        assert replayed(steps_from_json(entry.explanation["steps"])) == -entry.amount_cents
        assert entry.explanation["act_number"]
    return [(entry.kind, -entry.amount_cents) for entry in found]


def owes(minor: Child, code: str = "trasporto") -> int:
    return -statement_of(minor, code).balance.cents


@pytest.fixture
def bus(bari: object) -> Edition:
    return charged_edition(FLAT)


def test_a_month_of_the_bus_is_charged_once(bus: Edition) -> None:
    minor, other = rider(bus), rider(bus)
    decide(bus)
    totals = charge(bus)
    assert {key: totals[key] for key in ("children", "cents", "entries", "posted_cents", "left_out")} == {
        "children": 2,
        "cents": 3400,
        "entries": 2,
        "posted_cents": 3400,
        "left_out": {},
    }
    assert totals["by_part"] == [{"part": "", "span": "month", "children": 2, "cents": 3400}]
    assert entries(minor) == entries(other) == [("charge", 1700)]
    entry = statement_of(minor, "trasporto").entries[0]
    assert (entry.description, entry.competence_on) == ("Quota di novembre 2026", date(2026, 11, 30))
    before = list(Entry.objects.order_by("pk").values())
    assert charge(bus)["entries"] == 0
    assert list(Entry.objects.order_by("pk").values()) == before
    assert (ChargeRun.objects.count(), Event.objects.filter(action=Action.MONTH_CLOSED).count()) == (1, 1)


SAMPLES = ("bari_trasporto_2021_22", "fasano_trasporto", "canicattini_nido", "rubiera_nido", "rapallo_nido_band_shift")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_printed_examples_of_a_monthly_price_reach_the_ledger(bari: object, name: str) -> None:
    fees, cases = table_of(name), cases_of(name).cases
    made = charged_edition(fees.fees, conditions=[one.code for one in fees.conditions])
    children = [example(made, case) for case in cases]
    charge(made)
    assert [owes(minor) for minor in children] == [case.pays.cents for case in cases if case.pays is not None]


def example(made: Edition, case: Case) -> Child:
    minor = rider(made, level=case.level)
    decided(minor, made, case.facts)
    written_down(minor, made, NOVEMBER, **{str(name): number for name, number in case.counts.items()})
    return minor


def test_the_printed_examples_of_ravenna_are_two_lines(bari: object) -> None:
    """A monthly fee and a fee for each day of presence, on a line of its own."""
    made = charged_edition(table_of("ravenna_nido_linear").fees)
    cases = cases_of("ravenna_nido_linear").cases
    children = [example(made, case) for case in cases]
    charge(made)
    assert [owes(minor) for minor in children] == [case.pays.cents for case in cases if case.pays is not None]
    third = Entry.objects.filter(account__child=children[2]).order_by("pk")
    assert [(one.description, -one.amount_cents) for one in third] == [
        ("Quota di novembre 2026", 10353),
        ("Quota di novembre 2026, voce «daily»", 18 * 166),
    ]


@pytest.mark.parametrize("case", cases_of("tresignana_trasporto_proration").cases, ids=lambda case: case.name)
def test_the_printed_examples_of_ninths_reach_the_ledger(bari: object, case: Case) -> None:
    """The months of use are those of the subscription: nine end with May, six with February, two with October."""
    fees = table_of("tresignana_trasporto_proration")
    made = charged_edition(fees.fees, conditions=[one.code for one in fees.conditions])
    ends = {9: date(2027, 6, 1), 6: date(2027, 3, 1), 2: date(2026, 11, 1)}[case.counts["months"]]
    minor = rider(made, valid_during=(date(2026, 9, 1), ends))
    decided(minor, made, case.facts)
    charge(made, SEPTEMBER)
    assert case.pays is not None
    assert entries(minor) == [("charge", case.pays.cents)]


def test_instalments_are_charged_on_their_dates_and_add_up(bari: object) -> None:
    made = charged_edition(YEARLY)
    minor = rider(made)
    decided(minor, made, PRIMARY)
    assert [charge(made, month)["posted_cents"] for month in (SEPTEMBER, OCTOBER, NOVEMBER)] == [0, 9001, 0]
    charge(made, JUNE)
    assert entries(minor) == [("charge", 9001), ("charge", 6000), ("charge", 3000)]
    assert charge(made, OCTOBER)["entries"] == 0
    last = Entry.objects.order_by("pk").last()
    assert last is not None
    assert (last.description, last.competence_on) == ("Rata del 30/04/2027, anno 2026/27", date(2027, 4, 30))


def test_who_withdraws_gets_back_what_was_not_used_as_the_edition_says(bari: object) -> None:
    made = charged_edition({**YEARLY, "instalments": []})
    minor = rider(made)
    decided(minor, made, PRIMARY)
    charge(made, SEPTEMBER)
    Subscription.objects.filter(child=minor).update(valid_during=(date(2026, 9, 1), date(2027, 3, 1)))
    charge(made, OCTOBER)
    assert entries(minor) == [("charge", 18001), ("correction", -6000)]
    credit = Entry.objects.get(kind=EntryKind.CORRECTION)
    assert credit.corrects == Entry.objects.get(kind=EntryKind.CHARGE)
    assert credit.description == "Quota dell'anno 2026/27, ricalcolata"
    Subscription.objects.all().delete()
    charge(made, OCTOBER)
    assert owes(minor) == 0
    assert entries(minor)[-1] == ("correction", -12001)


def test_a_price_changed_after_the_charge_is_a_difference_that_names_it(bus: Edition) -> None:
    minor = rider(bus)
    decide(bus)
    charge(bus)
    dearer = charged_edition(
        {"base": {"kind": "single_price", "amount": "35.00"}}, service=bus.service, valid_from=date(2026, 11, 16)
    )
    totals = charge(dearer)
    days = 21
    assert owes(minor) == totals["cents"] == round(1700 * 10 / days) + round(3500 * 11 / days)
    (charged, _amount), (corrected, more) = entries(minor)
    assert (charged, corrected, more) == ("charge", "correction", totals["cents"] - 1700)
    assert charge(dearer)["entries"] == 0
    assert [run.revision for run in ChargeRun.objects.order_by("revision")] == [1, 2]


def test_a_closed_day_is_never_charged(bari: object) -> None:
    """A fee by the day, a strike told late: the day comes back; a month closed to the end costs nothing."""
    made = charged_edition({"unit": {"kind": "day"}, "base": {"kind": "single_price", "amount": "1.00"}})
    room = section(school(level="primaria"))
    minor, elsewhere = rider(made, room), rider(made)
    decide(made)
    charge(made)
    assert (owes(minor), owes(elsewhere)) == (2100, 2100)
    Closure.objects.create(
        days=(date(2026, 11, 3), date(2026, 11, 5)), kind=ClosureKind.STRIKE, reason="Sciopero", section=room
    )
    charge(made)
    assert (owes(minor), owes(elsewhere)) == (1900, 2100)
    Closure.objects.create(days=(date(2026, 11, 1), date(2026, 12, 1)), kind=ClosureKind.ORDINANCE, reason="Neve")
    charge(made)
    assert (owes(minor), owes(elsewhere)) == (0, 0)


def test_a_month_of_holidays_is_not_charged(bus: Edition) -> None:
    minor = rider(bus)
    decide(bus)
    assert reckon_charges(bus.service, Month(2027, 7)).lines == ()
    assert owes(minor) == 0


def test_who_cannot_be_charged_is_left_out_and_holds_nobody_up(bari: object) -> None:
    sick = {"kind": "each_time", "counted": "days_sick", "amount": "1.00"}
    made = charged_edition({**FLAT, "proration": [sick]})
    counted, uncounted, classless = rider(made), rider(made), child()
    from tests.factories.meals import place

    place(classless, made)
    decide(made)
    written_down(counted, made, NOVEMBER, days_sick=3)
    totals = charge(made)
    assert (owes(counted), owes(uncounted), owes(classless)) == (1400, 0, 0)
    assert sorted(totals["left_out"].values()) == [1, 1]
    assert any("giorni di malattia" in reason for reason in totals["left_out"])
    written_down(uncounted, made, NOVEMBER, days_sick=0)
    charge(made)
    assert owes(uncounted) == 1700


def test_a_child_without_a_price_gets_one_before_the_charge(bus: Edition) -> None:
    minor = rider(bus)
    assert reckon_charges(bus.service, NOVEMBER).unpriced == (minor.pk,)
    charge(bus)
    assert owes(minor) == 1700
    assert PriceDecision.objects.filter(child=minor).exists()


def test_a_month_is_charged_when_it_has_come(bari: object) -> None:
    """A flat fee from the first day of the month; one that counts days when they have all been counted."""
    flat = charged_edition(FLAT)
    rider(flat)
    decide(flat)
    with pytest.raises(MonthNotCome):
        charge(flat, DECEMBER, datetime(2026, 11, 30, 12, tzinfo=ROME))
    charge(flat, DECEMBER, datetime(2026, 12, 1, 0, 30, tzinfo=ROME))
    daily = charged_edition({**FLAT, "unit": {"kind": "day"}}, service=service_of("nido", "place"))
    rider(daily)
    decide(daily)
    with pytest.raises(MonthNotCome):
        charge(daily, DECEMBER, datetime(2026, 12, 31, 12, tzinfo=ROME))
    charge(daily, DECEMBER, datetime(2027, 1, 1, 0, 30, tzinfo=ROME))


def test_a_canteen_by_the_meal_is_not_charged_here(bari: object) -> None:
    with pytest.raises(NothingToCharge):
        charge(meals_edition())


@pytest.mark.parametrize("children", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_children(
    bus: Edition, children: int, django_assert_num_queries: Any
) -> None:
    minors = [rider(bus) for _ in range(children)]
    decide(bus)
    reckon_charges(bus.service, NOVEMBER)
    with django_assert_num_queries(11):
        assert reckon_charges(bus.service, NOVEMBER).children == len(minors)


def test_the_words_of_the_ledger_are_told_in_the_language_of_the_reader() -> None:
    from django.utils import translation

    with translation.override("en"):
        assert retold("Rata del 30/04/2027, anno 2026/27, voce «daily», ricalcolata") != (
            "Rata del 30/04/2027, anno 2026/27, voce «daily», ricalcolata"
        )
        assert "November 2026" in retold("Quota di novembre 2026")
        assert retold("Quota associativa, ricalcolata da me") == "Quota associativa, ricalcolata da me"


steps = st.lists(
    st.tuples(st.sampled_from(["price", "end", "close", "count"]), st.integers(1, 27), st.integers(0, 4000)), max_size=5
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings=steps)
def test_whatever_happens_the_ledger_holds_what_a_fresh_reckoning_says(
    bari: object, happenings: list[tuple[str, int, int]]
) -> None:
    """After any changes, charged one at a time, the entries of a child add up to what is charged once and for all."""
    fees = {"base": {"kind": "stated_amount", "name": "monthly"}, "proration": [{"kind": "absence_share"}]}
    made = charged_edition(fees, service=service_of(f"s{Edition.objects.count()}"))
    code = made.service.code
    minor = rider(made)
    plain = Facts(level="primaria", amounts=frozenset({("monthly", 1700)}))
    decided(minor, made, plain)
    written_down(minor, made, NOVEMBER, days_absent=0)
    charge(made)
    for what, number, amount in happenings:
        happen(made, minor, what, number, amount)
        charge(made)
        count = Entry.objects.count()
        assert charge(made)["entries"] == 0
        assert Entry.objects.count() == count
    fresh = reckon_charges(made.service, NOVEMBER)
    assert fresh.lines == ()
    assert owes(minor, code) == fresh.whole.cents
    assert sum(cents for _kind, cents in entries(minor, code)) == fresh.whole.cents
    assert ledger_differences() == []


def happen(made: Edition, minor: Child, what: str, number: int, amount: int) -> None:
    """Something changes in a month already charged."""
    day = date(2026, 11, number)
    match what:
        case "price":
            other = Facts(level="primaria", amounts=frozenset({("monthly", amount)}))
            plain = Facts(level="primaria", amounts=frozenset({("monthly", 1700)}))
            decided(minor, made, plain, valid_during=(date(2026, 9, 1), day))
            decided(minor, made, other, valid_during=(day, date(2027, 9, 1)))
        case "end":
            Subscription.objects.filter(child=minor).update(valid_during=(date(2026, 9, 1), day))
        case "close":
            Closure.objects.get_or_create(
                days=(day, date(2026, 11, number + 1)), kind=ClosureKind.STRIKE, reason="Sciopero"
            )
        case _:
            from sportello.enrolment.models import MonthCount

            MonthCount.objects.filter(child=minor).update(number=number % 6)
