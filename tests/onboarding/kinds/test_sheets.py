"""The months of a school's sheet: how many meals, of whom. No roll is invented, nothing a person wrote is changed."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from django.urls import reverse

from onboarding.errors import ChangedSince, ComuneAtWork
from onboarding.models import RosterLoad
from onboarding.uploading import request_commit
from services_catalog.fee_table import Counted
from services_catalog.models import Service
from sportello.accounts.models import Role
from sportello.canteen.models import MonthClose, Presence, RollCall
from sportello.enrolment.models import MonthCount
from sportello.enrolment.recording_counts import record_counts
from sportello.families.models import Child
from sportello.kernel.month import Month
from sportello.schools.models import School, Section
from tenants.current import in_schema
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories.people import account
from tests.onboarding.judging.mappings import SHEET
from tests.onboarding.judging.samples import SAMPLES
from tests.onboarding.kinds.loads import checked, commit, committed, counts, everything, left_out, moment, undone

TODAY = date(2026, 11, 23)
HEAD = ";".join(SHEET.layout.header)
TOMMASO, LEONARDO = "CSSTMS17C19Z222F", "DBRLRD21B18C983Y"
MEALS = {TOMMASO: (19, 13, 7), LEONARDO: (7, 15, 10)}


def sheet(meals: Mapping[str, tuple[int, ...]]) -> bytes:
    """A school's sheet: September, October and November of two children; the months to come are empty."""
    names = {TOMMASO: "CASSANO TOMMASO;INDIA;19/3/17", LEONARDO: "DI BARI LEONARDO;corato;18/2/21"}
    rows = [
        f"{at};{names[code]};{code};2^C;Cassano Giuseppe;Ruggieri Emma;0805981164;;"
        f"{';'.join([*map(str, eaten), *[''] * (10 - len(eaten))])};{sum(eaten)}"
        for at, (code, eaten) in enumerate(meals.items(), 1)
    ]
    return "\r\n".join(["ELENCO;;", ";;", ";;", HEAD, *rows, ""]).encode("utf-8-sig")


def of(meals: Mapping[str, tuple[int, ...]] = MEALS, *, today: date = TODAY) -> RosterLoad:
    return committed(sheet(meals), SHEET, today=today, year=2026, source="segreteria")


def held() -> list[tuple[str | None, date, int]]:
    rows = MonthCount.objects.filter(counted="meals", service__code="mensa").order_by("child__fiscal_code", "month")
    return list(rows.values_list("child__fiscal_code", "month", "number"))


def test_the_meals_of_each_month_are_kept(ready: Municipality) -> None:
    load = of()
    assert held() == [
        (code, date(2026, month, 1), number)
        for code in sorted(MEALS)
        for month, number in zip((9, 10, 11), MEALS[code], strict=True)
    ]
    assert (load.result["counts_created"], left_out(load)) == (6, {})
    assert not Presence.objects.exists()


def test_the_office_reads_them_in_the_file_of_the_child(ready: Municipality, bari_client: HostClient) -> None:
    of()
    bari_client.force_login(account(Role.CLERK))
    child = Child.objects.get(fiscal_code=TOMMASO)
    page = bari_client.get(reverse("office:child", args=[child.public_id])).content.decode()
    assert "Numeri scritti mese per mese" in page
    assert "settembre 2026" in page


def test_the_same_sheet_again_changes_nothing_and_another_only_what_differs(ready: Municipality) -> None:
    of()
    before = everything()
    again = of(today=TODAY + timedelta(days=7))
    assert everything() == before
    assert counts(again) == {"rows": 2, "children_unchanged": 2, "counts_unchanged": 6}
    later = of({TOMMASO: (19, 13, 12), LEONARDO: (7, 0, 10)}, today=TODAY + timedelta(days=8))
    assert (later.result["counts_updated"], later.result["counts_unchanged"]) == (2, 4)
    assert [number for _code, _month, number in held()] == [19, 13, 12, 7, 0, 10]
    undone(later)
    assert everything() == before


def test_undo_takes_back_the_meals_of_the_whole_sample(ready: Municipality) -> None:
    before = everything()
    load = committed(SAMPLES[1].content(), SHEET, today=TODAY, year=2026, source="segreteria")
    good = MonthCount.objects.count()
    assert good == load.result["counts_created"] > 3_000
    assert left_out(load)["month_to_come"] > 1_000
    undone(load)
    assert everything() == before


def test_a_year_that_is_over_keeps_the_children_and_says_what_it_left_out(ready: Municipality) -> None:
    load = committed(sheet(MEALS), SHEET, today=TODAY, year=2025, source="segreteria")
    assert Child.objects.count() == 2
    assert left_out(load) == {"no_edition": 2, "no_place": 2}
    assert not MonthCount.objects.exists()


def test_closed_months_rolls_and_what_the_office_wrote_are_left_alone(ready: Municipality) -> None:
    of({TOMMASO: (), LEONARDO: ()})
    mensa, clerk, now = Service.objects.get(code="mensa"), account(Role.CLERK), moment(TODAY)
    children = {child.fiscal_code: child for child in Child.objects.all()}
    MonthClose.objects.create(service=mensa, month=date(2026, 9, 1), totals={}, closed_at=now)
    section = Section.objects.create(
        school=School.objects.order_by("pk")[0], school_year=2026, class_year=2, letter="C"
    )
    call = RollCall.objects.create(section=section, day=date(2026, 10, 7), called_at=now)
    Presence.objects.create(child=children[TOMMASO], roll_call=call, day=call.day, ate=True)
    number: dict[tuple[int, Counted], int | None] = {(children[LEONARDO].pk, "meals"): 3}
    record_counts(service=mensa, month=Month(2026, 10), numbers=number, actor=clerk, now=now - timedelta(hours=1))
    load = of()
    assert held() == [
        (TOMMASO, date(2026, 11, 1), 7),
        (LEONARDO, date(2026, 10, 1), 3),
        (LEONARDO, date(2026, 11, 1), 10),
    ]
    assert left_out(load) == {"month_closed": 2, "roll_called": 1, "written_by_office": 1}


def test_what_the_office_corrected_since_stops_the_undo(ready: Municipality) -> None:
    load = of()
    number: dict[tuple[int, Counted], int | None] = {(Child.objects.get(fiscal_code=LEONARDO).pk, "meals"): 3}
    mensa, clerk = Service.objects.get(code="mensa"), account(Role.CLERK)
    record_counts(service=mensa, month=Month(2026, 10), numbers=number, actor=clerk, now=moment(date(2026, 11, 24)))
    before = everything()
    with pytest.raises(ChangedSince):
        undone(load)
    assert everything() == before


def test_other_comuni_see_nothing_and_a_second_operator_is_told(ready: Municipality) -> None:
    bitonto = Municipality.objects.get(slug="bitonto")
    with in_schema(bitonto.schema_name):
        before = everything()
    first = checked(sheet(MEALS), SHEET, today=TODAY, year=2026)
    second = checked(sheet(MEALS), SHEET, today=TODAY, year=2026)
    request_commit(load=first, actor=None, now=moment(TODAY))
    with pytest.raises(ComuneAtWork):
        request_commit(load=second, actor=None, now=moment(TODAY))
    commit(RosterLoad.objects.get(pk=first.pk), today=TODAY)
    with in_schema(bitonto.schema_name):
        assert everything() == before
