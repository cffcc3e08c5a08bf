"""A trip, a strike, a closure in one click: told with its meals, done once, told to each family once, undone until
a month was closed on its word."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from services_catalog.models import Closure, ClosureKind, Edition
from sportello.accounts.models import Account, Role
from sportello.billing.models import Entry
from sportello.billing.statements import statement_of
from sportello.canteen.announcing import TELL_CLOSURE, TELL_REOPENING
from sportello.canteen.models import Presence
from sportello.canteen.month import Month
from sportello.canteen.months import month_row
from sportello.families.models import Child
from sportello.jobs.models import Job
from sportello.jobs.running import run_job
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.notifications.models import Notice, OutboxMail
from sportello.schools.models import Section
from tests.canteen.test_month_close import close
from tests.comuni import HostClient
from tests.factories import child, citizen, family, pupil, scope, section
from tests.factories.meals import canteen_edition, meals, place, price
from tests.factories.people import grant

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
NOVEMBER = Month(2026, 11)


@dataclass
class Class:
    section: Section
    children: list[Child]
    parents: list[Account]
    edition: Edition


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 8, 30, tzinfo=UTC).astimezone(clock.ROME))


@pytest.fixture
def first_a(bari: object) -> Class:
    """Two families: one with two children in the class, one with one."""
    edition, room = canteen_edition(), section()
    homes = [family(children=2), family()]
    children = [minor for home in homes for minor in home.children]
    for minor in children:
        pupil(minor, room)
        place(minor, edition)
        price(minor, edition, 190)
    return Class(room, children, [home.account for home in homes], edition)


def staff(role: Role, *over: Any) -> Account:
    person = citizen()
    grant(person, role)
    for each in over:
        scope(person, each)
    return person


@pytest.fixture
def teacher(first_a: Class, bari_client: HostClient) -> HostClient:
    bari_client.force_login(staff(Role.SCHOOL, first_a.section))
    return bari_client


def address(**whom: object) -> str:
    return f"{reverse('canteen:cancel')}?" + "&".join(f"{name}={value}" for name, value in whom.items())


def split(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def told_on(page: str) -> str:
    return page.split('name="told" value="')[1].split('"', maxsplit=1)[0]


def confirm(client: HostClient, url: str, *, kind: str = "trip", day: date = FRIDAY, reason: str = "Gita") -> Any:
    """Looks at what would be cancelled, then confirms it."""
    values = {"kind": kind, "reason": reason, **split("first_day", day)}
    told = told_on(client.post(url, values).content.decode())
    return client.post(url, {**values, "told": told}, follow=True)


def run_jobs(kind: str) -> list[int]:
    """Runs the jobs of a kind as a worker would; how many people each told."""
    found = []
    for job in Job.objects.filter(kind=kind).order_by("pk"):
        run_job(public_id=job.public_id, now=clock.now)
        found.append(Job.objects.get(pk=job.pk).result["told"])
    return found


def test_a_trip_is_told_with_its_meals_and_then_done(teacher: HostClient, first_a: Class) -> None:
    url = address(classe=first_a.section.pk, tipo="trip", giorno=FRIDAY)
    page = teacher.get(url).content.decode()
    assert "Conferma: annulla 3 pasti" in page
    assert not Closure.objects.exists(), "looking changes nothing"
    values = {"kind": "trip", "reason": "Gita a Matera", "told": told_on(page), **split("first_day", FRIDAY)}
    done = teacher.post(url, values, follow=True).content.decode()
    assert "Segnato: 3 pasti annullati." in done
    assert "In gita" in done
    made = Closure.objects.get()
    assert (made.section, made.school, made.service) == (first_a.section, first_a.section.school, None)
    assert (made.kind, made.reason, made.days.lower, made.days.upper) == (
        ClosureKind.TRIP,
        "Gita a Matera",
        FRIDAY,
        date(2026, 11, 28),
    )
    again = teacher.post(url, values, follow=True).content.decode()
    assert "Era già segnato" in again
    assert (Closure.objects.count(), Job.objects.filter(kind=TELL_CLOSURE).count()) == (1, 1)


def test_another_day_than_the_one_told_is_told_again(teacher: HostClient, first_a: Class) -> None:
    url = address(classe=first_a.section.pk, tipo="trip", giorno=FRIDAY)
    told = told_on(teacher.get(url).content.decode())
    values = {"kind": "trip", "told": told, **split("first_day", MONDAY), **split("last_day", FRIDAY)}
    page = teacher.post(url, values).content.decode()
    assert "Conferma: annulla 15 pasti" in page
    assert "ricontrolla e conferma" in page
    assert not Closure.objects.exists()


@pytest.mark.parametrize(("last", "said"), [(date(2026, 11, 20), "viene prima"), (date(2027, 1, 15), "un mese")])
def test_days_that_are_no_days_are_refused(teacher: HostClient, first_a: Class, last: date, said: str) -> None:
    values = {"kind": "trip", **split("first_day", MONDAY), **split("last_day", last)}
    answer = teacher.post(address(classe=first_a.section.pk), values)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_each_guardian_is_told_once_with_all_her_children(teacher: HostClient, first_a: Class) -> None:
    confirm(teacher, address(classe=first_a.section.pk), reason="Gita a Matera")
    assert run_jobs(TELL_CLOSURE) == [2]
    Job.objects.update(finished_at=None, state="queued")
    run_jobs(TELL_CLOSURE)
    notices = list(Notice.objects.order_by("account_id"))
    assert [notice.account for notice in notices] == sorted(first_a.parents, key=lambda person: person.pk)
    assert all(minor.given_name in notices[0].body for minor in first_a.children[:2])
    assert notices[0].subject == "Mensa: Gita a Matera, venerdì 27 novembre 2026"
    assert OutboxMail.objects.count() == 2
    assert all(
        minor.family_name not in OutboxMail.objects.get(pk=mail.pk).subject
        for minor in first_a.children
        for mail in OutboxMail.objects.all()
    )


def test_a_holiday_of_the_calendar_is_told_to_nobody(first_a: Class, bari_client: HostClient) -> None:
    bari_client.force_login(staff(Role.ADMINISTRATOR))
    values = {"kind": "holiday", "reason": "Natale", **split("first_day", date(2026, 12, 23))}
    assert bari_client.post("/ufficio/calendario/aggiungi/", values).status_code == 302
    assert (Closure.objects.count(), Job.objects.count()) == (1, 0)


def test_a_class_on_a_trip_is_shown_and_eats_nothing(teacher: HostClient, first_a: Class) -> None:
    confirm(teacher, address(classe=first_a.section.pk), day=MONDAY, reason="Gita a Matera")
    other, minor = section(first_a.section.school), child()
    pupil(minor, other)
    place(minor, first_a.edition)
    teacher.force_login(staff(Role.SCHOOL, first_a.section.school))
    page = teacher.get("/scuola/").content.decode()
    assert ("in gita" in page, "1 classe da chiamare" in page) == (True, True)
    kitchen = teacher.get(reverse("canteen:kitchen", args=[other.school.school_code])).content.decode()
    assert '<span class="fact-value">1</span>' in kitchen
    roll = teacher.get(reverse("canteen:roll", args=[first_a.section.pk, MONDAY])).content.decode()
    assert ("la classe è in gita: Gita a Matera" in roll, "Registra l" in roll) == (True, False)
    posted = {"child": [str(one.public_id) for one in first_a.children]}
    assert teacher.post(reverse("canteen:roll", args=[first_a.section.pk, MONDAY]), posted).status_code == 422
    month = teacher.get(reverse("canteen:section_month", args=[first_a.section.pk])).content.decode()
    assert ("Giorni senza mensa" in month, "Gita a Matera" in month) == (True, True)


def test_a_trip_taken_back_is_told_to_those_who_knew(teacher: HostClient, first_a: Class) -> None:
    confirm(teacher, address(classe=first_a.section.pk))
    run_jobs(TELL_CLOSURE)
    undo = reverse("canteen:undo_cancel", args=[Closure.objects.get().pk])
    assert "la mensa c&#x27;è di nuovo" in teacher.post(undo, follow=True).content.decode()
    assert not Closure.objects.exists()
    assert run_jobs(TELL_REOPENING) == [2]
    assert Notice.objects.filter(key__startswith="reopened:").count() == 2
    assert teacher.post(undo).status_code == 404


def test_a_trip_taken_back_before_anybody_was_told_tells_nobody(teacher: HostClient, first_a: Class) -> None:
    confirm(teacher, address(classe=first_a.section.pk))
    teacher.post(reverse("canteen:undo_cancel", args=[Closure.objects.get().pk]))
    assert (run_jobs(TELL_CLOSURE), run_jobs(TELL_REOPENING)) == ([0], [0])
    assert not Notice.objects.exists()


def test_what_a_month_was_closed_on_is_not_taken_back(teacher: HostClient, first_a: Class) -> None:
    confirm(teacher, address(classe=first_a.section.pk))
    close(first_a.edition)
    held = Closure.objects.get()
    page = teacher.post(reverse("canteen:undo_cancel", args=[held.pk]), follow=True).content.decode()
    assert "è già stato chiuso" in page
    teacher.force_login(staff(Role.CLERK))
    page = teacher.post(reverse("services_catalog:closure_delete", args=[held.pk]), follow=True).content.decode()
    assert "è già stato chiuso" in page
    assert Closure.objects.get() == held


def test_a_strike_told_after_the_close_comes_back_by_a_difference(
    first_a: Class, bari_client: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    minor = first_a.children[0]
    meals(first_a.section, {minor: [date(2026, 11, 19), date(2026, 11, 20)]})
    close(first_a.edition)
    assert statement_of(minor, "mensa").due == Money(380)
    late = datetime(2026, 12, 3, 9, tzinfo=clock.ROME)
    monkeypatch.setattr(clock, "now", lambda: late)
    bari_client.force_login(staff(Role.CLERK))
    page = confirm(bari_client, address(), kind="strike", day=date(2026, 11, 20), reason="Sciopero").content.decode()
    assert "1 pasto annullato" in page
    assert month_row(first_a.edition.service, NOVEMBER, late.date()).state == "changed"
    run_jobs(TELL_CLOSURE)
    notice = Notice.objects.get(account=first_a.parents[0])
    assert "tornano a credito" in notice.body
    assert Presence.objects.get(child=minor, day=date(2026, 11, 20)).ate, "what happened stays on record"
    assert close(first_a.edition, now=late)["posted_cents"] == -190
    assert (statement_of(minor, "mensa").due, Entry.objects.count()) == (Money(190), 2)
    assert close(first_a.edition, now=late)["entries"] == 0
    assert month_row(first_a.edition.service, NOVEMBER, late.date()).state == "closed"


def test_who_may_close_what(first_a: Class, bari_client: HostClient) -> None:
    """A teacher closes her class, the head her school, the office the Comune; a citizen nothing."""
    room, stranger = first_a.section, section(first_a.section.school)
    of_class, of_stranger = address(classe=room.pk), address(classe=stranger.pk)
    of_school, of_comune = address(plesso=room.school.school_code), address()
    wanted = {
        staff(Role.SCHOOL, room): (200, 404, 404, 403),
        staff(Role.SCHOOL, room.school): (200, 200, 200, 403),
        staff(Role.CLERK): (200, 200, 200, 200),
        citizen(): (403, 403, 403, 403),
    }
    for person, statuses in wanted.items():
        bari_client.force_login(person)
        urls = (of_class, of_stranger, of_school, of_comune)
        assert tuple(bari_client.get(url).status_code for url in urls) == statuses
    held = Closure.objects.create(days=(MONDAY, FRIDAY), kind=ClosureKind.STRIKE, reason="Tutti")
    bari_client.force_login(staff(Role.SCHOOL, room.school))
    assert bari_client.post(reverse("canteen:undo_cancel", args=[held.pk])).status_code == 404


@pytest.mark.parametrize("rooms", [1, 3])
def test_counting_the_meals_of_a_school_costs_the_same_for_one_and_three_classes(
    first_a: Class, bari_client: HostClient, django_assert_max_num_queries: Any, rooms: int
) -> None:
    for _ in range(rooms - 1):
        room, minor = section(first_a.section.school), child()
        pupil(minor, room)
        place(minor, first_a.edition)
    bari_client.force_login(staff(Role.CLERK))
    with django_assert_max_num_queries(16):
        page = bari_client.get(address(plesso=first_a.section.school.school_code)).content.decode()
    assert f"annulla {2 + rooms} pasti" in page


def test_the_parent_reads_the_trip_in_the_month(teacher: HostClient, first_a: Class) -> None:
    confirm(teacher, address(classe=first_a.section.pk), reason="Gita a Matera")
    teacher.force_login(first_a.parents[0])
    url = reverse("canteen:statement", args=[first_a.children[0].public_id])
    page = teacher.get(f"{url}?mese=2026-11").content.decode()
    assert ("in gita" in page, "la classe è in gita: Gita a Matera" in page) == (True, True)
    assert page.count("È questo che decide.") == 1
    december = teacher.get(f"{url}?mese=2026-12").content.decode()
    assert ("Immacolata" in december, "da confermare" in december) == (True, True)
