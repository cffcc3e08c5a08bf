"""What a draft changes for everybody enrolled: the same as deciding with it, told in figures, with names on record."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services_catalog.fee_table import FeeTable
from services_catalog.models import Edition
from services_catalog.publication import put_in_force
from services_catalog.reading import from_builtins
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.enrolment.effect import ChildEffect, Kind, as_renewed, compared
from sportello.enrolment.effect_figures import BandLine, Effect, bounds_of, figures
from sportello.enrolment.effect_words import signed, told
from sportello.enrolment.pricing import reprice_service
from sportello.enrolment.rehearsing import effects_of, rehearse_edition
from sportello.families.models import Child, Household
from sportello.fees.models import PriceDecision
from sportello.fees.timeline import EditionSpan, IseeSpan, Member, work_out
from sportello.kernel.dates import DateRange
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account, child, family, isee, pupil, school, section
from tests.factories.deciding import send
from tests.factories.editions import BANDS, NOW, act, draft, edition, edition_content
from tests.factories.meals import place
from tests.factories.numbering import YEAR

NEW_YEAR = date(2027, 1, 1)
REST = DateRange(NEW_YEAR, YEAR.period.end)
SIBLINGS = [{"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": 50}]}]
DEARER = {
    "kind": "flat_bands",
    "bands": [
        {"isee_to": "8000.00", "amount": "0.00"},
        {"isee_from": "8000.01", "isee_to": "12500.00", "amount": "2.10"},
        {"isee_from": "12500.01", "amount": "3.40"},
    ],
}


def table(base: dict[str, Any] | None = None, **parts: Any) -> FeeTable:
    return from_builtins({"unit": {"kind": "meal"}, "base": base or BANDS, **parts}, FeeTable)


def member(child_id: int, cents: int | None = None, *, home: int | None = None, **facts: Any) -> Member:
    held = () if cents is None else (IseeSpan(DateRange(date(2026, 2, 1), NEW_YEAR), cents, (1,)),)
    values: dict[str, Any] = {"uses": (YEAR.period,), "levels": ((YEAR.period, "primaria"),), "isee": held}
    return Member(child_id=child_id, household_id=home, birth_date=date(2018, 1, child_id), **{**values, **facts})


def told_apart(members: list[Member], after: FeeTable, before: FeeTable | None = None) -> dict[int, ChildEffect]:
    today, drafted = EditionSpan(1, YEAR.period, before or table()), EditionSpan(2, YEAR.period, after)
    worlds = [work_out(members, [one], YEAR.period) for one in (today, drafted)]
    return {one.child_id: one for one in compared(members, *worlds)}


def effect(members: list[Member], after: FeeTable, before: FeeTable | None = None) -> Effect:
    return figures(told_apart(members, after, before).values(), after)


def test_each_child_is_told_by_the_first_day_on_which_its_price_differs() -> None:
    found = told_apart([member(1, 700_000), member(2, 1_000_000), member(3)], table(DEARER))
    assert [(one.kind, one.change_cents, one.day) for one in found.values()] == [
        (Kind.DOWN, -190, YEAR.period.start),
        (Kind.UP, 20, YEAR.period.start),
        (Kind.UP, 40, YEAR.period.start),
    ]
    only_later = told_apart([member(1, 500_000)], table(DEARER))[1]
    assert (only_later.kind, only_later.change_cents, only_later.day) == (Kind.UP, 40, NEW_YEAR)


def test_an_isee_counted_as_renewed_leaves_only_the_table_to_judge() -> None:
    poor = as_renewed(member(1, 500_000))
    assert told_apart([poor], table(DEARER))[1].kind is Kind.SAME
    assert as_renewed(member(2)) == member(2)


def test_what_cannot_be_compared_is_told_apart() -> None:
    refusing = table(isee={"missing": "refused"})
    assert told_apart([member(1)], refusing)[1].kind is Kind.UNDECIDABLE
    lapsing = told_apart([member(1, 500_000)], refusing)[1]
    assert (lapsing.kind, lapsing.day, lapsing.reason is None) == (Kind.UNDECIDABLE, NEW_YEAR, False)
    assert told_apart([member(1)], table(), refusing)[1].kind is Kind.NEW
    assert told_apart([member(1)], refusing, refusing)[1].kind is Kind.UNPRICED
    monthly = told_apart([member(1)], table(unit={"kind": "month"}))[1]
    assert (monthly.kind, monthly.change_cents) == (Kind.OTHER_UNIT, 0)
    assert told_apart([member(1, uses=())], table(DEARER)) == {}


def test_families_are_counted_once_with_the_sum_of_their_children() -> None:
    members = [
        member(1, 1_000_000, home=1),
        member(2, 1_000_000, home=1),
        member(3, 700_000, home=2),
        member(4, 2_000_000),
        member(5, 100_000),
    ]
    found = effect([as_renewed(one) for one in members], table(DEARER))
    assert (found.children, found.families, found.families_changing) == (5, 4, 3)
    assert (found.families_up, found.families_down, found.median_cents) == (2, 1, 40)
    assert (found.lowest_cents, found.highest_cents) == (-190, 40)
    assert [(one.child_id, one.change_cents) for one in found.largest] == [(3, -190), (4, 40), (1, 20), (2, 20)]
    assert found.bands == (
        BandLine(first=0, last=800_000, children=2, up=0, down=1, median_cents=-190),
        BandLine(first=800_001, last=1_250_000, children=2, up=2, down=0, median_cents=20),
        BandLine(first=1_250_001, last=None, children=1, up=1, down=0, median_cents=40),
    )


def test_only_the_ten_largest_are_kept() -> None:
    found = effect([member(number) for number in range(1, 15)], table(DEARER))
    assert [one.child_id for one in found.largest] == list(range(1, 11))


def test_a_table_without_bands_is_told_in_round_brackets() -> None:
    assert bounds_of(table({"kind": "single_price", "amount": "1.00"}))[:2] == (0, 500_000)
    nothing = effect([], table(DEARER))
    assert (nothing.children, nothing.median_cents, nothing.bands) == (0, 0, ())


def test_a_change_shows_its_sign() -> None:
    shown = [signed(cents).replace("\N{NO-BREAK SPACE}", " ") for cents in (20, -20, 0)]
    assert shown == ["+0,20 €", "\N{MINUS SIGN}0,20 €", "0,00 €"]


@pytest.fixture
def town(bari: Municipality) -> Edition:
    """A canteen, families of every kind, and the prices decided as they stand."""
    held = edition(content=edition_content(fees={"reductions": SIBLINGS}))
    room = section(school(level="primaria"))
    for number, cents in enumerate((None, 400_000, 700_000, 1_000_000, 1_250_001)):
        home = Household.objects.create()
        for place_in_home in range(1 + number % 3):
            minor = child(household=home)
            if (number, place_in_home) != (3, 0):  # one is in no class: nobody can price it
                pupil(minor, room)
            if cents is not None:
                isee(minor, amount_cents=cents, valid_during=(date(2026, 2, 1), date(2027, 4, 1)))
            start = date(2026, 9, 1) if place_in_home < 2 else date(2027, 2, 1)
            place(minor, held, valid_during=(start, YEAR.period.end))
    reprice_service(service=held.service, within=YEAR.period, now=NOW)
    send()
    return held


def _prices() -> dict[int, list[tuple[DateRange, int]]]:
    """What counts; not the days on which nobody can decide any more, whose price waits for the office."""
    undecided: dict[int, list[DateRange]] = {}
    for end in PriceDecision.objects.to_send().filter(ends=True).order_by("pk"):
        undecided.setdefault(end.child_id, []).append(end.period)
    rows: dict[int, list[tuple[DateRange, int]]] = {}
    for row in PriceDecision.objects.in_force().order_by("pk"):
        left = [row.period]
        for gap in undecided.get(row.child_id, []):
            left = [piece for period in left for piece in period.subtract(gap)]
        rows.setdefault(row.child_id, []).extend((period, row.unit_price_cents) for period in left)
    return rows


def _by_hand(before: dict[int, Any], after: dict[int, Any]) -> Iterator[tuple[int, str, int]]:
    """Day by day, what deciding really gave."""
    for minor in Child.objects.order_by("pk"):
        found = (minor.pk, "same", 0)
        for day in REST.days():
            was, becomes = (
                next((cents for period, cents in rows.get(minor.pk, []) if day in period), None)
                for rows in (before, after)
            )
            if was is not None and becomes is None:
                found = (minor.pk, "undecidable", 0)
                break
            if found[1] == "same" and was is not None and becomes is not None and was != becomes:
                found = (minor.pk, "up" if becomes > was else "down", becomes - was)
        yield found


@pytest.mark.parametrize(
    "fees",
    [
        {"base": DEARER, "reductions": SIBLINGS},
        {"base": DEARER, "siblings": {"order": "dearest_first"}, "reductions": SIBLINGS},
        {"reductions": []},
        {"isee": {"missing": "refused"}, "reductions": SIBLINGS},
        {"base": {"kind": "single_price", "amount": "2.00"}},
    ],
    ids=["dearer", "dearest-first", "no-siblings", "isee-required", "one-price"],
)
def test_the_effect_is_what_deciding_with_the_draft_gives(town: Edition, fees: dict[str, Any]) -> None:
    drafted = draft(town.service, content=edition_content(fees=fees), valid_from=NEW_YEAR)
    found = {one.child_id: one for one in effects_of(draft=drafted, renewed=False)}
    unpriced = {pk for pk, one in found.items() if one.kind is Kind.UNPRICED}
    assert len(unpriced) == 1, "the child in no class"
    before = _prices()
    put_in_force(edition=drafted, act=act(), actor=None, now=NOW)
    reprice_service(service=town.service, within=drafted.period, now=NOW)
    send()
    expected = [row for row in _by_hand(before, _prices()) if row[0] not in unpriced]
    assert [
        (pk, one.kind.value, one.change_cents) for pk, one in sorted(found.items()) if pk not in unpriced
    ] == expected
    assert {kind for _pk, kind, _cents in expected} != {"same"}


@pytest.mark.parametrize("size", [1, 3])
def test_it_costs_the_same_queries_for_one_child_and_three(
    bari: Municipality, size: int, django_assert_num_queries: Any
) -> None:
    held, room = edition(), section(school(level="primaria"))
    for minor in family(children=size).children:
        pupil(minor, room)
        place(minor, held)
    drafted = draft(held.service, content=edition_content(fees={"base": DEARER}), valid_from=NEW_YEAR)
    drafted = Edition.objects.select_related("service").get(pk=drafted.pk)
    with django_assert_num_queries(7):
        assert rehearse_edition(draft=drafted, renewed=True).children == size


def page(held: Edition) -> str:
    return f"/ufficio/tariffe/{held.pk}/effetto/"


@pytest.fixture
def drafted(town: Edition) -> Edition:
    content = edition_content(fees={"base": DEARER, "reductions": SIBLINGS})
    return draft(town.service, content=content, valid_from=NEW_YEAR)


def test_an_administrator_reads_the_largest_by_name_and_that_is_on_record(
    bari_client: HostClient, drafted: Edition
) -> None:
    reader = account(Role.ADMINISTRATOR)
    bari_client.force_login(reader)
    shown = bari_client.get(page(drafted))
    largest = shown.context["largest"]
    words = shown.content.decode()
    assert f"/ufficio/bambini/{largest[0].child.public_id}/" in words
    assert largest[0].child.full_name in words
    event = Event.objects.get(action=Action.PERSON_LIST_READ)
    assert (event.actor, event.subject, event.details["children"]) == (
        reader.pk,
        str(drafted.pk),
        sorted(row.child.pk for row in largest),
    )
    assert "mediana" in words


def test_a_clerk_reads_figures_without_names(bari_client: HostClient, drafted: Edition) -> None:
    bari_client.force_login(account(Role.CLERK))
    words = bari_client.get(page(drafted)).content.decode()
    assert "mediana" in words
    assert not [one for one in Child.objects.all() if one.family_name in words]
    assert not Event.objects.filter(action=Action.PERSON_LIST_READ).exists()
    bari_client.force_login(account(Role.SCHOOL))
    assert bari_client.get(page(drafted)).status_code == 403


def test_the_lapsed_isee_may_be_taken_as_they_are(bari_client: HostClient, drafted: Edition) -> None:
    bari_client.force_login(account(Role.CLERK))
    renewed = bari_client.get(page(drafted)).context["told"].effect
    of_today = bari_client.get(page(drafted) + "?isee=di-oggi").context["told"].effect
    assert of_today.families_changing > renewed.families_changing, "who lapses pays the dearer top band"


def test_who_would_lose_the_price_is_named_with_the_reason(bari_client: HostClient, town: Edition) -> None:
    content = edition_content(fees={"isee": {"missing": "refused"}, "reductions": SIBLINGS})
    held = draft(town.service, content=content, valid_from=NEW_YEAR)
    bari_client.force_login(account(Role.ADMINISTRATOR))
    shown = bari_client.get(page(held))
    (row,) = shown.context["undecidable"]
    assert row.reason
    assert row.reason in shown.content.decode()
    assert "Bambini che resterebbero senza prezzo: 1." in shown.content.decode()


def test_who_judges_reads_the_figures_and_nobody_s_name(bari_client: HostClient, drafted: Edition) -> None:
    bari_client.force_login(account(Role.ADMINISTRATOR))
    words = bari_client.get(f"/ufficio/tariffe/{drafted.pk}/proponi/").content.decode()
    assert told(drafted, rehearse_edition(draft=drafted, renewed=True)).summary in words
    assert not [one for one in Child.objects.all() if one.family_name in words]


def test_what_is_in_force_changes_nothing_any_more(bari_client: HostClient, town: Edition) -> None:
    bari_client.force_login(account(Role.CLERK))
    assert bari_client.get(page(town)).headers["Location"] == f"/ufficio/tariffe/{town.pk}/"
