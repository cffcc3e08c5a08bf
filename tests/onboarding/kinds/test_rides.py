"""The school bus: places from the months listed, unpaid months as a debt, what is known of a child left as it is."""

from datetime import date

import pytest

from onboarding.errors import NoBusService
from onboarding.judging.words.amounts import cents_of
from onboarding.leavers import leavers_of, say_farewell
from onboarding.models import RosterLoad
from services_catalog.models import Service
from sportello.billing.models import LedgerAccount
from sportello.billing.verification import ledger_differences
from sportello.enrolment.models import ChargeRun, Subscription, SubscriptionOrigin
from sportello.families.models import Adult, Child, PayerAssignment
from tenants.current import in_schema
from tenants.models import Municipality
from tests.onboarding.judging.mappings import BUS
from tests.onboarding.judging.samples import SAMPLES
from tests.onboarding.kinds.loads import (
    committed,
    counts,
    everything,
    in_force_a_year_before,
    left_out,
    moment,
    undone,
    with_year,
)
from tests.onboarding.rosters import committed as committed_roster
from tests.onboarding.rosters import roster
from tests.onboarding.test_committing import EMMA, NICOLO, emma

TODAY = date(2026, 11, 23)
CATERINA, DOMENICO = "LRSCRN12T61E155W", "LRSDNC95H25A662M"
MAPPING = with_year(BUS, 2026)


def ride(month: str, paid: str = "SI", *, code: str = CATERINA, name: str = "LO RUSSO CATERINA") -> str:
    year = 2026 if int(month) > 8 else 2027
    payer = f"LO RUSSO DOMENICO|{DOMENICO}" if code == CATERINA else f"RUSSO NICOLO'|{NICOLO}"
    paid_on = f"{year}-{month}-05" if paid == "SI" else ""
    return f"501|{code}|{name}|{payer}|BAMM81301V|L1|Via Roma 12|{month}|{year}|R|10,00|{paid}|{paid_on}|"


def of(*rows: str, today: date = TODAY) -> RosterLoad:
    content = "\n".join(["|".join(BUS.layout.header), *rows, ""]).encode()
    return committed(content, MAPPING, today=today, year=2026, source="autobus")


def places() -> list[tuple[str | None, date, date, str]]:
    held = Subscription.objects.filter(service__code="trasporto").order_by("child__fiscal_code", "valid_during")
    return [
        (one.child.fiscal_code, one.valid_during.lower, one.valid_during.upper, one.origin)
        for one in held.select_related("child")
    ]


def balances() -> dict[str | None, int]:
    held = LedgerAccount.objects.filter(service_code="trasporto").order_by("pk")
    return dict(held.values_list("child__fiscal_code", "balance_cents"))


def test_who_is_new_gets_a_place_from_the_first_month_and_owes_what_was_not_paid(ready: Municipality) -> None:
    load = of(ride("10"), ride("11", "NO"), ride("12", "NO"))
    girl, payer = Child.objects.get(), Adult.objects.get()
    assert (girl.family_name, girl.given_name, girl.sex, girl.birth_date) == (
        "LO RUSSO",
        "CATERINA",
        "F",
        date(2012, 12, 21),
    )
    assert (payer.full_name, PayerAssignment.objects.get().adult) == ("Domenico Lo Russo", payer)
    assert places() == [(CATERINA, date(2026, 10, 1), date(2027, 9, 1), SubscriptionOrigin.ROSTER)]
    assert balances() == {CATERINA: -1000}
    assert left_out(load) == {"month_to_come": 1}
    assert counts(load) == {
        "rows": 1,
        "children_created": 1,
        "adults_created": 1,
        "guardianships_created": 1,
        "places_created": 1,
        "entries_posted": 1,
    }


def test_the_next_week_only_what_differs_is_written_and_undone(ready: Municipality) -> None:
    nothing = everything()
    first = of(ride("10"), ride("11", "NO"))
    before = everything()
    again = of(ride("10"), ride("11", "NO"), today=date(2026, 11, 30))
    assert everything() == before
    assert counts(again) == {"rows": 1, "places_unchanged": 1}
    paid = of(ride("09", "NO"), ride("10"), ride("11"), today=date(2026, 12, 1))
    assert paid.counts["since"] == {"created": 1, "updated": 1, "unchanged": 1, "disappeared": 0}
    assert places() == [(CATERINA, date(2026, 9, 1), date(2027, 9, 1), SubscriptionOrigin.ROSTER)]
    assert (counts(paid), balances()) == ({"rows": 1, "places_updated": 1}, {CATERINA: -1000})
    settled = of(ride("09"), ride("10"), ride("11"), today=date(2026, 12, 2))
    assert (settled.result["entries_posted"], balances()) == (1, {CATERINA: 0})
    for load, was in ((settled, None), (paid, before), (again, before), (first, nothing)):
        undone(load)
        assert was is None or everything() == was
    assert ledger_differences() == []


def test_what_the_desk_knows_of_a_child_stays(ready: Municipality) -> None:
    committed_roster(roster(emma(CF_PAG=NICOLO)))
    girl = Child.objects.values().get()
    load = of(ride("11", "NO", code=EMMA, name="RUSSO EMMA"))
    assert Child.objects.values().get() == girl
    assert PayerAssignment.objects.count() == Adult.objects.count() == 1
    assert (load.result["children_created"], load.result["places_created"]) == (0, 1)
    assert sorted(LedgerAccount.objects.values_list("service_code", "balance_cents")) == [
        ("mensa", 4001),
        ("trasporto", -1000),
    ]


def test_who_is_no_longer_listed_had_the_place_until_then(ready: Municipality) -> None:
    of(ride("09"), ride("11", code=EMMA, name="RUSSO EMMA"))
    assert places() == [
        (CATERINA, date(2026, 9, 1), date(2026, 10, 1), SubscriptionOrigin.ROSTER),
        (EMMA, date(2026, 11, 1), date(2027, 9, 1), SubscriptionOrigin.ROSTER),
    ]
    back = of(ride("09"), ride("11"), ride("11", code=EMMA, name="RUSSO EMMA"))
    assert places()[0][1:3] == (date(2026, 9, 1), date(2027, 9, 1))
    undone(back)
    assert places()[0][1:3] == (date(2026, 9, 1), date(2026, 10, 1))


def test_a_person_ends_the_place_of_who_disappeared(ready: Municipality) -> None:
    of(ride("10"), ride("11"), ride("11", code=EMMA, name="RUSSO EMMA"))
    load = of(ride("11", code=EMMA, name="RUSSO EMMA"), today=date(2026, 12, 1))
    gone = list(leavers_of(load))
    assert [row.key for row in gone] == [f"{CATERINA}|2026-10", f"{CATERINA}|2026-11"]
    now = moment(date(2026, 12, 1))
    say_farewell(load=load, key=gone[1].key, choice="end", ends_on=date(2026, 12, 1), actor=None, now=now)
    assert places()[1 if places()[0][0] == EMMA else 0][2] == date(2026, 12, 1)
    of(ride("10"), ride("11"), ride("11", code=EMMA, name="RUSSO EMMA"), today=date(2026, 12, 2))
    assert {code: until for code, _since, until, _origin in places()}[CATERINA] == date(2026, 12, 1)


def test_a_month_that_the_desk_has_charged_is_not_owed_twice(ready: Municipality) -> None:
    bus = Service.objects.get(code="trasporto")
    ChargeRun.objects.create(service=bus, month=date(2026, 10, 1), totals={}, charged_at=moment(TODAY))
    load = of(ride("10", "NO"), ride("11", "NO"))
    assert (balances(), left_out(load)) == ({CATERINA: -1000}, {"charged_here": 1})


def test_a_comune_without_a_bus_says_so(ready: Municipality) -> None:
    bus = Service.objects.get(code="trasporto")
    bus.archetype = "grant"
    bus.save()
    with pytest.raises(NoBusService):
        of(ride("10"))
    assert not Child.objects.exists()


def test_a_year_that_is_over_keeps_children_and_debts(ready: Municipality) -> None:
    nothing = everything()
    content = SAMPLES[3].content()
    load = committed(content, BUS, today=TODAY, year=2025)
    assert places() == []
    assert left_out(load)["no_edition"] > 1_000
    assert load.result["children_created"] == Child.objects.count() > 100
    undone(load)
    assert everything() == nothing


def test_the_sample_is_written_and_undone_and_nobody_else_is_touched(ready: Municipality) -> None:
    in_force_a_year_before("trasporto")
    bitonto = Municipality.objects.get(slug="bitonto")
    with in_schema(bitonto.schema_name):
        elsewhere = everything()
    nothing = everything()
    today = date(2026, 7, 1)
    load = committed(SAMPLES[3].content(), BUS, today=today, year=2025)
    unpaid = load.rows.filter(verdict__in=("good", "fix"), record__paid=False)
    owed = sum(cents_of(row.record["amount"]) for row in unpaid if row.record)
    assert (load.result["places_created"], -sum(balances().values())) == (Child.objects.count(), owed)
    assert left_out(load) == {}
    before = everything()
    again = committed(SAMPLES[3].content(), BUS, today=today, year=2025)
    assert everything() == before
    assert again.counts["since"]["unchanged"] == load.committable_rows
    with in_schema(bitonto.schema_name):
        assert everything() == elsewhere
    undone(again)
    undone(load)
    assert everything() == nothing
