"""Who was there: the sections of a day, and a section over a month. Presences only; never money."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from services_catalog.models import Archetype
from services_catalog.queries import day_book
from services_catalog.service_days import DayVerdict, Layer, NoService
from sportello.accounts.models import Account
from sportello.canteen.diet_names import diet_name
from sportello.canteen.models import Presence, PresenceChange, RollCall, SpecialDiet
from sportello.canteen.month import Month
from sportello.canteen.roll import children_on_roll
from sportello.canteen.service import canteen_service, closed_word
from sportello.families.models import Child, Pupil
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import School, Section


@dataclass(frozen=True, slots=True)
class SectionDay:
    """A section on a day: how many are on the roll, whether it was called, how many ate, and the diets by code."""

    section: Section
    expected: int
    roll_call: RollCall | None
    ate: int
    diets: tuple[tuple[str, int], ...]
    verdict: DayVerdict

    @property
    def named_diets(self) -> tuple[tuple[str, int], ...]:
        """Name of the diet -> meals."""
        return _named(self.diets)

    @property
    def meals(self) -> int:
        """Meals to serve: those who are there, or all who are expected until the roll is called; none when closed."""
        if not self.verdict.is_service_day:
            return 0
        return self.ate if self.roll_call else self.expected

    @property
    def closed_word(self) -> str:
        """Why the class does not eat, in a word: in gita, sciopero."""
        return closed_word(self.verdict)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to call."""
        return self.roll_call is not None or not self.verdict.is_service_day


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """A school on a day: its sections, and the sums for the kitchen."""

    school: School
    sections: tuple[SectionDay, ...]

    @property
    def meals(self) -> int:
        return sum(section.meals for section in self.sections)

    @property
    def called(self) -> int:
        return sum(section.is_settled for section in self.sections)

    @property
    def is_open(self) -> bool:
        """Whether the school as a whole is open: a class on a trip does not close it."""
        return any(one.verdict.layer in (None, Layer.SECTION) for one in self.sections)

    @property
    def diets(self) -> tuple[tuple[str, int], ...]:
        """Code -> meals, over the sections."""
        sums: dict[str, int] = {}
        for section in self.sections:
            if not section.verdict.is_service_day:
                continue
            for code, count in section.diets:
                sums[code] = sums.get(code, 0) + count
        return tuple(sorted(sums.items()))

    @property
    def named_diets(self) -> tuple[tuple[str, int], ...]:
        """Name of the diet -> meals, over the sections."""
        return _named(self.diets)

    @property
    def ordinary(self) -> int:
        """Meals with the ordinary menu."""
        return self.meals - sum(count for _code, count in self.diets)


def _named(diets: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((diet_name(code), count) for code, count in diets))


def schools_on(sections: QuerySet[Section], day: date) -> list[SchoolDay]:
    """The schools of those sections on a day, with the sections that have children on the roll; seven queries."""
    year = SchoolYear.of(day).start_year
    rooms = list(
        sections.filter(school_year=year).select_related("school").order_by("school__name", "class_year", "letter")
    )
    book = day_book(canteen_service().code, DateRange.one_day(day))
    expected = _expected(rooms, day)
    calls = {call.section_id: call for call in RollCall.objects.filter(section__in=rooms, day=day)}
    ate = _ate(calls.values())
    diets = _diets(rooms, day)
    by_school: dict[School, list[SectionDay]] = {}
    for room in rooms:
        if not expected.get(room.pk) and room.pk not in calls:
            continue
        call = calls.get(room.pk)
        by_school.setdefault(room.school, []).append(
            SectionDay(
                section=room,
                expected=expected.get(room.pk, 0),
                roll_call=call,
                ate=ate.get(call.pk, 0) if call else 0,
                diets=tuple(sorted(diets.get(room.pk, {}).items())),
                verdict=book.verdict(
                    school_code=room.school.school_code, level=room.school.level, day=day, section_id=room.pk
                ),
            )
        )
    return [SchoolDay(school, tuple(days)) for school, days in by_school.items()]


def _on_roll(rooms: Iterable[Section], day: date) -> QuerySet[Pupil]:
    return Pupil.objects.filter(
        section__in=list(rooms),
        valid_during__contains=day,
        child__subscriptions__service__archetype=Archetype.MEALS,
        child__subscriptions__valid_during__contains=day,
    ).order_by()


def _expected(rooms: Iterable[Section], day: date) -> dict[int, int]:
    counted = _on_roll(rooms, day).values("section_id").annotate(children=Count("child", distinct=True))
    return {row["section_id"]: row["children"] for row in counted}


def _ate(calls: Iterable[RollCall]) -> dict[int, int]:
    counted = Presence.objects.filter(roll_call__in=list(calls), ate=True).order_by().values("roll_call_id")
    return {row["roll_call_id"]: row["meals"] for row in counted.annotate(meals=Count("pk"))}


def _diets(rooms: Iterable[Section], day: date) -> dict[int, dict[str, int]]:
    """Section -> code -> meals: diets of those who are there, or are expected until the roll is called."""
    absent = Presence.objects.filter(day=day, ate=False).values("child")
    held = (
        SpecialDiet.objects.filter(valid_during__contains=day, child__in=_on_roll(rooms, day).values("child"))
        .filter(child__placements__in=_on_roll(rooms, day))
        .exclude(child__in=absent)
        .order_by()
    )
    found: dict[int, dict[str, int]] = {}
    for row in held.values("child__placements__section_id", "code").annotate(meals=Count("child", distinct=True)):
        found.setdefault(row["child__placements__section_id"], {})[row["code"]] = row["meals"]
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """A correction as people read it: child, what, who, when, why."""

    child: Child
    ate_before: bool | None
    ate_after: bool
    who: str
    change: PresenceChange


def changes_of(roll_call: RollCall) -> list[Change]:
    """The corrections of a roll, the latest first; two queries."""
    changes = list(
        PresenceChange.objects.filter(presence__roll_call=roll_call)
        .select_related("presence__child")
        .order_by("-changed_at", "-pk")
    )
    names = names_of(change.changed_by for change in changes)
    return [
        Change(
            change.presence.child, change.ate_before, change.ate_after, names.get(change.changed_by or 0, ""), change
        )
        for change in changes
    ]


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Account id -> full name."""
    return {account.pk: account.full_name for account in Account.objects.filter(pk__in={pk for pk in ids if pk})}


@dataclass(frozen=True, slots=True)
class ChildMonth:
    """A child over a month: one mark per day of the sheet (True ate, False absent, None not on the roll)."""

    child: Child
    marks: tuple[bool | None, ...]

    @property
    def meals(self) -> int:
        return sum(mark is True for mark in self.marks)


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """A section over a month: the days on which the roll was called, its children, and the closures of the month.

    A day called and closed afterwards is among the closures alone: its presences stay on record, and count nowhere.
    """

    month: Month
    days: tuple[date, ...]
    rows: tuple[ChildMonth, ...]
    closed: tuple[DayVerdict, ...] = ()

    @property
    def totals(self) -> tuple[int, ...]:
        """Meals by day, in the order of `days`."""
        return tuple(sum(row.marks[at] is True for row in self.rows) for at in range(len(self.days)))


def month_sheet(section: Section, month: Month) -> MonthSheet:
    """The sheet of a section; seven queries."""
    inside = (month.first_day, month.last_day)
    called = RollCall.objects.filter(section=section, day__range=inside).order_by("day").values_list("day", flat=True)
    shut = {verdict.day: verdict for verdict in _shut_days(section, month)}
    days = [day for day in called if day not in shut]
    present = Presence.objects.filter(roll_call__section=section, day__range=inside)
    marks: dict[int, dict[date, bool]] = {}
    for child_id, day, ate in present.order_by("pk").values_list("child_id", "day", "ate"):
        marks.setdefault(child_id, {})[day] = ate
    current = children_on_roll(section, month.last_day).values("pk")
    children = Child.objects.filter(Q(pk__in=list(marks)) | Q(pk__in=current)).order_by(
        "family_name", "given_name", "pk"
    )
    rows = [ChildMonth(child, tuple(marks.get(child.pk, {}).get(day) for day in days)) for child in children]
    closed = tuple(verdict for verdict in shut.values() if verdict.why_not is NoService.CLOSURE)
    return MonthSheet(month, tuple(days), tuple(rows), closed)


def _shut_days(section: Section, month: Month) -> list[DayVerdict]:
    book, school = day_book(canteen_service().code, month.period), section.school
    verdicts = [
        book.verdict(school_code=school.school_code, level=school.level, day=day, section_id=section.pk)
        for day in month.period.days()
    ]
    return [verdict for verdict in verdicts if not verdict.is_service_day]
