"""A closed day can never be charged: whatever the closures and presences, by whatever way they were written."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services_catalog.models import Archetype, Closure, ClosureKind, Edition, SchoolOpening, Service
from services_catalog.publication import register_service
from services_catalog.schema import ClosedDays, Text
from sportello.billing.statements import statement_of
from sportello.billing.verification import ledger_differences
from sportello.canteen import reckoning
from sportello.canteen.models import MealBlock, Presence, RollCall
from sportello.canteen.queries import child_summary
from sportello.canteen.reckoning import reckon
from sportello.families.models import Child
from sportello.schools.models import Section
from tests.canteen.test_month_close import NOVEMBER, close, eater
from tests.factories import school, section
from tests.factories.meals import NOW, block_edition, canteen_content, canteen_edition, meals

DAYS = [day for day in NOVEMBER.period.days() if day.weekday() < 5]
TUESDAY = date(2026, 11, 3)


@dataclass(frozen=True)
class Shut:
    """A closure as it was drawn: its days, and which school and class of those of the test (None: all)."""

    first: date
    length: int
    school: int | None
    room: int | None
    service: str | None

    def covers(self, day: date, room: int) -> bool:
        """Worked out from the drawing, not from our rules: two classes to a school, the canteen's closures alone."""
        return (
            self.first <= day < self.first + timedelta(days=self.length)
            and self.service in (None, "mensa")
            and self.school in (None, room // 2)
            and self.room in (None, room)
        )


def drawn_closure() -> st.SearchStrategy[Shut]:
    """At every scope: Comune, school, class; every service, the canteen, another one."""
    scope = st.one_of(
        st.just((None, None)),
        st.integers(0, 1).map(lambda at: (at, None)),
        st.integers(0, 3).map(lambda at: (at // 2, at)),
    )
    return st.builds(
        lambda first, length, whom, service: Shut(first, length, *whom, service),
        st.sampled_from(DAYS),
        st.integers(1, 4),
        scope,
        st.sampled_from([None, "mensa", "scuolabus"]),
    )


def write(shut: Shut, rooms: list[Section], kind: ClosureKind = ClosureKind.STRIKE) -> None:
    Closure.objects.get_or_create(
        days=(shut.first, shut.first + timedelta(days=shut.length)),
        kind=kind,
        school=None if shut.school is None else rooms[shut.school * 2].school,
        section=None if shut.room is None else rooms[shut.room],
        service=Service.objects.get(code=shut.service) if shut.service else None,
        defaults={"reason": "Sciopero"},
    )


@pytest.fixture
def mensa(bari: object) -> Edition:
    register_service(code="scuolabus", name="Scuolabus", archetype=Archetype.TRANSPORT)
    bridge = ClosedDays(first_day=date(2026, 11, 2), last_day=date(2026, 11, 2), reason=Text(it="Ponte"))
    return canteen_edition(canteen_content(closed=(bridge,)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    eaten=st.lists(st.sets(st.sampled_from(DAYS), max_size=12), min_size=4, max_size=4),
    before=st.lists(drawn_closure(), max_size=3),
    after=st.lists(drawn_closure(), max_size=3),
)
def test_no_charge_ever_falls_on_a_closed_day(
    mensa: Edition, eaten: list[set[date]], before: list[Shut], after: list[Shut]
) -> None:
    """Four classes of two schools; some closures before the month is closed, some after: the next close settles."""
    with undone():
        places = [school(), school()]
        rooms = [section(places[at // 2]) for at in range(4)]
        children = [eater(mensa) for _ in rooms]
        for room, minor, days in zip(rooms, children, eaten, strict=True):
            meals(room, {minor: sorted(days)})
        for shut in before:
            write(shut, rooms)
        close(mensa)
        assert charged(children) == wanted(eaten, before)
        for shut in after:
            write(shut, rooms)
        close(mensa)
        assert charged(children) == wanted(eaten, [*before, *after])
        assert close(mensa)["entries"] == 0
        assert ledger_differences() == []


class Undone(Exception):
    """Takes an example back."""


class undone:  # noqa: N801 -- reads as a word
    """Each example in a savepoint of its own, taken back."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(kind, error, trace)  # type: ignore[arg-type]  # the trace of Python itself


def charged(children: list[Child]) -> list[int]:
    return [-statement_of(minor, "mensa").balance.cents for minor in children]


def wanted(eaten: list[set[date]], closures: list[Shut]) -> list[int]:
    """190 cents for each meal of a day that nothing closes; the second of November is closed by the edition."""
    return [
        190 * sum(day.day != 2 and not any(shut.covers(day, room) for shut in closures) for day in days)
        for room, days in enumerate(eaten)
    ]


def shut_class(room: Section) -> Closure:
    return Closure.objects.create(days=(TUESDAY, date(2026, 11, 4)), kind=ClosureKind.TRIP, reason="Gita", section=room)


def test_the_database_refuses_a_meal_on_a_closed_day(mensa: Edition) -> None:
    """By raw SQL as by the ORM, at every scope; an absence is no meal, and another class eats."""
    room, minor = section(), eater(mensa)
    shut_class(room)
    for write_meal in (insert_meal, insert_meal_by_hand):
        with pytest.raises(IntegrityError, match="No meal on a closed day"), transaction.atomic():
            write_meal(room, minor)
    meals(room, {}, absent=[TUESDAY])
    absence = Presence.objects.create(child=minor, roll_call=RollCall.objects.get(), day=TUESDAY, ate=False)
    with pytest.raises(IntegrityError, match="No meal on a closed day"), transaction.atomic():
        Presence.objects.filter(pk=absence.pk).update(ate=True)
    other = section(room.school)
    meals(other, {eater(mensa): [TUESDAY]})
    assert Presence.objects.filter(ate=True).count() == 1


def insert_meal(room: Section, minor: Child) -> None:
    meals(room, {minor: [TUESDAY]})


def insert_meal_by_hand(room: Section, minor: Child) -> None:
    call = RollCall.objects.create(section=room, day=TUESDAY, called_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO canteen_presence (child_id, roll_call_id, day, ate) VALUES (%s, %s, %s, true)",
            [minor.pk, call.pk, TUESDAY],
        )


@pytest.mark.parametrize(("service", "refused"), [(None, True), ("mensa", True), ("scuolabus", False)])
def test_a_closure_of_another_service_refuses_no_meal(mensa: Edition, service: str | None, refused: bool) -> None:
    named = Service.objects.get(code=service) if service else None
    Closure.objects.create(days=(TUESDAY, date(2026, 11, 4)), kind=ClosureKind.STRIKE, reason="Sciopero", service=named)
    if refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_meal(section(), eater(mensa))
    else:
        insert_meal(section(), eater(mensa))
    assert Presence.objects.count() == (0 if refused else 1)


def test_a_closure_recorded_afterwards_leaves_the_presence_as_it_was(mensa: Edition) -> None:
    room, minor = section(), eater(mensa)
    meals(room, {minor: [TUESDAY]})
    shut_class(room)
    Presence.objects.update(child=minor)
    assert Presence.objects.get().ate
    assert child_summary([minor], date(2026, 11, 30))[0].meals_this_month == 0


def test_the_close_does_not_charge_it_even_if_our_rules_forgot(mensa: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules in Python say that nothing is closed: the query of the close leaves the meal out by itself."""
    room, minor = section(), eater(mensa)
    meals(room, {minor: [TUESDAY, date(2026, 11, 5)]})
    shut_class(room)
    monkeypatch.setattr(reckoning, "roll_calls_on_closed_days", lambda *_: [])
    assert reckon(mensa.service, NOVEMBER).meals == 1


def test_a_block_is_not_opened_for_a_closed_day_even_if_our_rules_forgot(
    terlizzi: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition, room = block_edition(), section()
    minor = eater(edition, 3200)
    MealBlock.objects.create(child=minor, meals=1, opened_on=date(2026, 10, 1))
    meals(room, {minor: [TUESDAY, date(2026, 11, 5)]})
    shut_class(room)
    monkeypatch.setattr("sportello.canteen.blocks.roll_calls_on_closed_days", lambda *_: [])
    assert close(edition)["blocks"] == 0


def test_the_section_of_a_closure_is_of_the_school_it_names(mensa: Edition) -> None:
    room = section()
    held = shut_class(room)
    held.refresh_from_db()
    assert held.school == room.school
    with pytest.raises(IntegrityError, match="another school"), transaction.atomic():
        Closure.objects.create(
            days=(TUESDAY, date(2026, 11, 5)), kind=ClosureKind.TRIP, reason="Gita", section=room, school=school()
        )


def test_two_adaptations_of_a_school_do_not_overlap(mensa: Edition) -> None:
    place_of, days = school(), (date(2026, 9, 14), date(2026, 9, 16))
    SchoolOpening.objects.create(school=place_of, days=days, reason="Delibera")
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolOpening.objects.create(school=place_of, days=days, reason="Altra delibera")
