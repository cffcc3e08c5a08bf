"""One order of seven layers, from national holidays to the service: the first that is against says why."""

from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.rrule import MONTHLY, YEARLY, rrule, weekday
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from services_catalog.closing import SchoolAlreadyOpen, open_school
from services_catalog.day_explanation import patron_to_confirm
from services_catalog.models import Closure, ClosureKind, SchoolOpening
from services_catalog.patron_days import patron_days
from services_catalog.regional_calendar import RegionalCalendar, RegionalYear, regional_calendar
from services_catalog.schema import ClosedDays, ServiceCalendar, Text
from services_catalog.service_days import (
    ClosedPeriod,
    DayRules,
    DayVerdict,
    Layer,
    NoService,
    OpenPeriod,
    day_verdict,
    judgements,
)
from sportello.accounts.models import Role
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from tenants.models import Municipality
from tenants.municipal_packs import municipal_packs
from tests import factories
from tests.comuni import HostClient
from tests.factories.editions import edition, edition_content
from tests.factories.meals import canteen_edition

SCHOOL, ROOM = "BAEE000001", 7
LEVELS = ("infanzia", "primaria", "nido")
FRIDAY = date(2026, 5, 8)
"""The patron of Bari in 2026, a Friday of the year whose first and last day the Region has told."""


def calendar(**changes: Any) -> ServiceCalendar:
    spans = [{"level": level, "first_day": "2025-09-01", "last_day": "2026-06-30"} for level in LEVELS]
    return edition_content(calendar={"spans": spans, **changes}).calendar


def closed(scope: str, day: date) -> ClosedPeriod:
    """A closure of that day at one scope, whose reason names the scope."""
    return ClosedPeriod(
        DateRange.one_day(day),
        "strike",
        scope,
        school_code=None if scope in {"municipality", "service"} else SCHOOL,
        section_id=ROOM if scope == "section" else None,
        of_service=scope == "service",
    )


def verdict(rules: DayRules, day: date, *, level: str = "primaria", school: str = SCHOOL) -> DayVerdict:
    return day_verdict(rules, school_code=school, level=level, day=day, section_id=ROOM)


def everything_against(day: date, *, patron: str = "", region: bool = True, from_scope: int = 0) -> DayRules:
    """The closures of every scope from that on, the Region and the patron, all on one day."""
    shut = ClosedDays(first_day=day, last_day=day, reason=Text(it="region"))
    year = RegionalYear(school_year="2025/26", confidence="sourced", closed=(shut,) if region else ())
    every = [closed(scope, day) for scope in ("municipality", "school", "section", "service")]
    return DayRules(calendar(), patron, every[from_scope:], (), RegionalCalendar("Puglia", (year,)))


def test_the_layers_are_asked_from_the_farthest_to_the_nearest() -> None:
    """Everything is against the first of May; of a Friday that is no holiday, each layer in turn has the first word."""
    first_of_may = date(2026, 5, 1)
    rules = everything_against(first_of_may, patron="05-01")
    said = list(judgements(rules, school_code=SCHOOL, level="primaria", day=first_of_may, section_id=ROOM))
    assert [one.layer for one in said] == list(Layer)
    assert all(one.why_not is not None for one in said)
    less_and_less = [
        everything_against(FRIDAY, patron="05-08"),
        everything_against(FRIDAY),
        *(everything_against(FRIDAY, region=False, from_scope=scope) for scope in range(5)),
    ]
    assert [verdict(each, FRIDAY).layer for each in less_and_less] == [
        Layer.PATRON,
        Layer.REGION,
        Layer.MUNICIPALITY,
        Layer.SCHOOL,
        Layer.SECTION,
        Layer.SERVICE,
        None,
    ]


def test_the_nearest_words_are_those_of_their_own_people() -> None:
    rules = DayRules(calendar(), closures=[closed("section", FRIDAY)])
    others = day_verdict(rules, school_code=SCHOOL, level="primaria", day=FRIDAY, section_id=8)
    assert (others.is_service_day, verdict(rules, FRIDAY).detail) == (True, "section")


@pytest.mark.parametrize(
    ("day", "level", "why_not"),
    [
        (date(2025, 9, 15), "primaria", NoService.REGION),
        (date(2025, 9, 16), "primaria", None),
        (date(2026, 6, 9), "primaria", None),
        (date(2026, 6, 10), "primaria", NoService.REGION),
        (date(2025, 9, 15), "nido", None),
    ],
)
def test_puglia_2025_26(day: date, level: str, why_not: NoService | None) -> None:
    found = verdict(DayRules(calendar(), regional=regional_calendar()), day, level=level)
    assert (found.why_not, found.layer) == (why_not, Layer.REGION if why_not else None)


def test_what_is_known_of_the_region_and_what_is_not() -> None:
    known, unknown = regional_calendar().years
    assert (known.school_year, known.confidence, len(known.sources)) == ("2025/26", "partial", 3)
    assert (known.last_day_for("infanzia"), known.lesson_days_of["infanzia"]) == (date(2026, 6, 30), 221)
    assert (unknown.school_year, unknown.confidence, unknown.first_day) == ("2026/27", "to_confirm", None)
    assert regional_calendar().year_of(date(2027, 3, 1)) == unknown
    assert regional_calendar().year_of(date(2024, 3, 1)) is None
    for year in regional_calendar().years:
        assert year.is_confirmed or "da confermare" in year.note


def test_a_school_may_depart_from_the_region_and_from_nothing_else() -> None:
    monday, sunday_before = date(2025, 9, 15), date(2025, 9, 8)
    opening = OpenPeriod(DateRange(date(2025, 9, 11), date(2025, 9, 16)), SCHOOL, "Delibera 12")
    rules = DayRules(calendar(), openings=[opening], regional=regional_calendar())
    assert verdict(rules, monday).is_service_day
    assert verdict(rules, monday, school="BAEE000002").why_not is NoService.REGION
    assert verdict(rules, sunday_before).why_not is NoService.REGION
    shut = DayRules(calendar(), "", [closed("municipality", monday)], [opening], regional_calendar())
    assert verdict(shut, monday).layer is Layer.MUNICIPALITY
    own = calendar(schools=[{"school": SCHOOL, "first_day": "2025-09-11"}])
    assert verdict(DayRules(own, regional=regional_calendar()), monday).is_service_day


def test_the_first_adaptation_stays(bari: Municipality) -> None:
    place, days = factories.school(), DateRange(date(2026, 9, 14), date(2026, 9, 16))
    made = [open_school(school=place, days=days, reason="Delibera", actor=None, now=clock.now()) for _ in range(2)]
    assert made[0] == made[1]
    with pytest.raises(SchoolAlreadyOpen):
        open_school(
            school=place,
            days=DateRange(date(2026, 9, 15), date(2026, 9, 20)),
            reason="Altra",
            actor=None,
            now=clock.now(),
        )


def by_another_way(rule: str, year: int) -> set[date]:
    """The days of a patron rule by dateutil, which knows nothing of ours."""
    found = set()
    for part in filter(None, rule.split("|")):
        text, _plus, later = part.strip().partition("+")
        after, _colon, fixed = text.rpartition("_after:")
        if after:
            text = fixed
        if "-" in text and ":" not in text:
            day = date(year, *map(int, text.split("-")))
            if after:
                day = rrule(YEARLY, dtstart=day + timedelta(days=1), byweekday=weekday(6), count=1)[0].date()
        else:
            month, nth, name = text.split(":")
            at = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN").index(name)
            day = rrule(MONTHLY, dtstart=date(year, int(month), 1), byweekday=weekday(at)(int(nth)), count=1)[0].date()
        found.add(day + timedelta(days=int(later or 0)))
    return found


@pytest.mark.parametrize("year", range(2024, 2036))
def test_the_patron_days_of_the_41_comuni_recur_year_after_year(year: int) -> None:
    packs = municipal_packs()
    assert len(packs) == 41
    for pack in packs:
        rule = pack.facts.patron.rule
        assert patron_days(rule, year) == by_another_way(rule, year), pack.facts.name


def test_patron_days_without_a_source_say_so(bari: Municipality) -> None:
    assert patron_to_confirm() == ""
    assert sum(pack.facts.patron.confidence == "unverified" for pack in municipal_packs()) == 13


def test_the_patron_day_of_terlizzi_is_to_be_confirmed_until_the_comune_says_it(terlizzi: Municipality) -> None:
    assert patron_to_confirm() == "Giorno della festa da confermare: nessuna fonte lo dice."
    terlizzi.patron_rule = "08-01"
    terlizzi.save()
    connection.set_tenant(terlizzi)  # type: ignore[attr-defined]  # the connection of django-tenants
    assert patron_to_confirm() == ""


@pytest.fixture
def clerk(bari: Municipality, bari_client: HostClient) -> HostClient:
    bari_client.force_login(factories.account(Role.CLERK))
    return bari_client


def test_the_office_reads_why_a_class_is_closed(clerk: HostClient) -> None:
    canteen_edition()
    room = factories.section(class_year=2, letter="B")
    Closure.objects.create(
        days=(date(2026, 11, 27), date(2026, 11, 28)), kind=ClosureKind.TRIP, reason="Gita a Matera", section=room
    )
    url = f"{reverse('services_catalog:why')}?giorno=2026-11-27&servizio=mensa&plesso={room.school.school_code}"
    page = clerk.get(f"{url}&classe=2b").content.decode()
    assert page.count("È questo che decide.") == 1
    assert "Chiuso (gita): Gita a Matera." in page
    assert "da confermare" in page, "the Region of 2026/27"
    whole = clerk.get(url).content.decode()
    assert ("In questo giorno il servizio c&#x27;è." in whole, "È questo che decide." in whole) == (True, False)
    assert clerk.get(f"{url}&classe=9Z").status_code == 422
    assert clerk.get(reverse("services_catalog:why")).status_code == 200
    outside = clerk.get(url.replace("2026-11-27", "2031-11-27")).content.decode()
    assert "non ha regole in vigore" in outside


def test_the_office_records_an_adaptation_and_takes_it_back(clerk: HostClient) -> None:
    url, place = reverse("services_catalog:openings"), factories.school()
    values = {
        "school": place.pk,
        "first_day_day": "14",
        "first_day_month": "9",
        "first_day_year": "2026",
        "reason": "Delibera 12",
    }
    for _ in range(2):
        assert clerk.post(url, values).status_code == 302
    held = SchoolOpening.objects.get()
    page = clerk.get(url).content.decode()
    assert ("Delibera 12" in page, "da confermare" in page, "sabato 8 maggio 2027" in page) == (True, True, True)
    values |= {"last_day_day": "20", "last_day_month": "9", "last_day_year": "2026"}
    assert clerk.post(url, values).status_code == 422
    clerk.post(reverse("services_catalog:opening_delete", args=[held.pk]))
    assert not SchoolOpening.objects.exists()


def test_a_class_is_closed_from_the_form_of_the_office(clerk: HostClient) -> None:
    edition()
    room = factories.section(class_year=2, letter="B")
    values = {
        "first_day_day": "27",
        "first_day_month": "11",
        "first_day_year": "2026",
        "kind": "trip",
        "reason": "Gita",
        "section": "2b",
    }
    assert clerk.post("/ufficio/calendario/aggiungi/", values).status_code == 422
    assert (
        clerk.post("/ufficio/calendario/aggiungi/", {**values, "school": room.school.pk, "section": "9Z"}).status_code
        == 422
    )
    assert clerk.post("/ufficio/calendario/aggiungi/", {**values, "school": room.school.pk}).status_code == 302
    assert Closure.objects.get().section == room
    shown = [
        clerk.get(f"/ufficio/calendario/?per={scope}").content.decode() for scope in ("classe", "scuola", "comune")
    ]
    assert [">Gita<" in page for page in shown] == [True, False, False]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_the_adaptations_costs_the_same_for_one_and_three(clerk: HostClient, rows: int) -> None:
    for _ in range(rows):
        SchoolOpening.objects.create(
            school=factories.school(), days=(date(2026, 9, 14), date(2026, 9, 15)), reason="Delibera"
        )
    with CaptureQueriesContext(connection) as queries:
        clerk.get(reverse("services_catalog:openings"))
    assert len(queries) <= 10
