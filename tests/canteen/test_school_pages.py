"""The pages of the school: its own sections only, presences and codes only, never money."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from services_catalog.models import Closure, ClosureKind, Edition
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.canteen.models import DietKind, Presence, RollCall, SpecialDiet
from sportello.families.models import Child
from sportello.kernel import clock
from sportello.schools.models import Section
from tests.comuni import HostClient
from tests.factories import child, isee, pupil, scope, section
from tests.factories import citizen as make_citizen
from tests.factories.meals import canteen_edition, place, price
from tests.factories.people import grant

MONDAY = date(2026, 11, 23)


@dataclass
class Class:
    section: Section
    children: list[Child]
    edition: Edition


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 8, 30, tzinfo=UTC).astimezone(clock.ROME))


@pytest.fixture
def school_class(bari: object) -> Class:
    edition, room = canteen_edition(), section()
    children = [child(family_name=name) for name in ("Abate", "Bruno", "Conte")]
    for minor in children:
        pupil(minor, room)
        place(minor, edition)
        price(minor, edition, 190)
        isee(minor, "8.512,34")
    SpecialDiet.objects.create(
        child=children[1], kind=DietKind.MEDICAL, code="D7", valid_during=(date(2026, 9, 1), None)
    )
    return Class(room, children, edition)


def staff(*roles: Role) -> Account:
    person = make_citizen()
    for role in roles:
        grant(person, role)
    return person


@pytest.fixture
def teacher(school_class: Class, bari_client: HostClient) -> HostClient:
    person = staff(Role.SCHOOL)
    scope(person, school_class.section)
    bari_client.force_login(person)
    return bari_client


def roll_url(room: Section, day: date = MONDAY) -> str:
    return reverse("canteen:roll", args=[room.pk, day])


def posted(children: list[Child], absent: tuple[Child, ...] = (), **fields: Any) -> dict[str, Any]:
    return {
        "child": [str(minor.public_id) for minor in children],
        "ate": [str(minor.public_id) for minor in children if minor not in absent],
        **fields,
    }


def test_the_teacher_finds_her_section_to_call(teacher: HostClient, school_class: Class) -> None:
    other = section(school_class.section.school)
    stranger = child(family_name="Estranea")
    pupil(stranger, other)
    place(stranger, school_class.edition)
    page = teacher.get("/scuola/").content.decode()
    assert roll_url(school_class.section) in page
    assert roll_url(other) not in page
    assert "1 classe da chiamare" in page
    assert teacher.get(roll_url(other)).status_code == 404


def test_the_roll_shows_names_and_codes_and_no_money(teacher: HostClient, school_class: Class) -> None:
    page = teacher.get(roll_url(school_class.section)).content.decode()
    assert "dieta D7" in page
    for secret in ("sanitaria", "medical", "8.512,34", "1,90", "ISEE", "€", school_class.children[0].fiscal_code):
        assert str(secret) not in page
    assert page.count(" checked") == 3
    assert Event.objects.filter(action=Action.DIET_READ).count() == 1


def test_calling_the_roll(teacher: HostClient, school_class: Class) -> None:
    first = school_class.children[0]
    response = teacher.post(roll_url(school_class.section), posted(school_class.children, (first,)), follow=True)
    page = response.content.decode()
    assert "Appello registrato: 2 a mensa." in page
    assert "Correggi l'appello" in page
    assert Presence.objects.filter(ate=True).count() == 2


def test_a_roll_that_changed_in_the_meantime_keeps_the_ticks(teacher: HostClient, school_class: Class) -> None:
    first, *others = school_class.children
    late = child(family_name="Dopo")
    form = posted(school_class.children, (first,))
    pupil(late, school_class.section)
    place(late, school_class.edition)
    response = teacher.post(roll_url(school_class.section), form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "è cambiato mentre lo compilavi" in page
    assert page.count(" checked") == 3
    assert RollCall.objects.count() == 0
    assert others


def test_nonsense_in_the_form_is_refused(teacher: HostClient, school_class: Class) -> None:
    assert teacher.post(roll_url(school_class.section), {"child": ["x", "", "1"], "ate": ["x"]}).status_code == 422


def test_a_closed_day_says_why_and_offers_no_form(teacher: HostClient, school_class: Class) -> None:
    Closure.objects.create(days=(MONDAY, date(2026, 11, 24)), kind=ClosureKind.STRIKE, reason="Sciopero generale")
    page = teacher.get(roll_url(school_class.section)).content.decode()
    assert "Sciopero generale" in page
    assert "Registra l" not in page
    assert teacher.post(roll_url(school_class.section), posted(school_class.children)).status_code == 422
    assert RollCall.objects.count() == 0
    assert "Sciopero generale" in teacher.get("/scuola/").content.decode()


def test_a_correction_with_its_reason_and_its_history(teacher: HostClient, school_class: Class) -> None:
    teacher.post(roll_url(school_class.section), posted(school_class.children))
    url = reverse("canteen:correct", args=[school_class.section.pk, MONDAY])
    second = school_class.children[1]
    without = teacher.post(url, posted(school_class.children, (second,), version="1", reason=""))
    assert without.status_code == 422
    assert "Scrivi perché" in without.content.decode()
    assert without.content.decode().count(" checked") == 2
    done = teacher.post(
        url, posted(school_class.children, (second,), version="1", reason="Uscita alle 11"), follow=True
    )
    page = done.content.decode()
    assert "1 presenza corretta." in page
    assert "Uscita alle 11" in page
    stale = teacher.post(url, posted(school_class.children, version="1", reason="Altro tab"))
    assert stale.status_code == 422


def test_the_month_of_a_section(teacher: HostClient, school_class: Class) -> None:
    teacher.post(roll_url(school_class.section), posted(school_class.children, (school_class.children[0],)))
    url = reverse("canteen:section_month", args=[school_class.section.pk])
    page = teacher.get(url).content.decode()
    assert "Abate" in page
    assert "assente" in page
    assert teacher.get(f"{url}?mese=2026-13").status_code == 404
    assert "Nessun appello" in teacher.get(f"{url}?mese=2026-10").content.decode()


def test_the_kitchen_reads_counts_and_codes(teacher: HostClient, school_class: Class) -> None:
    url = reverse("canteen:kitchen", args=[school_class.section.school.school_code])
    before = teacher.get(url).content.decode()
    assert "D7 × 1" in before
    assert "si contano gli iscritti" in before
    teacher.post(roll_url(school_class.section), posted(school_class.children, (school_class.children[1],)))
    after = teacher.get(url).content.decode()
    assert "D7 ×" not in after
    assert "Abate" not in after
    assert teacher.get("/scuola/cucina/BAEE999999/").status_code == 404


@pytest.mark.parametrize(("code", "name"), [("celiac", "Celiachia"), ("no_pork", "Senza maiale"), ("D7", "dieta D7")])
def test_a_diet_is_called_by_its_name(teacher: HostClient, school_class: Class, code: str, name: str) -> None:
    SpecialDiet.objects.update(code=code)
    kitchen = teacher.get(reverse("canteen:kitchen", args=[school_class.section.school.school_code]))
    for page in (kitchen, teacher.get(roll_url(school_class.section))):
        assert name in page.content.decode()
        assert code == "D7" or code not in page.content.decode()
    teacher.force_login(staff(Role.CLERK))
    assert f"{name} × 1" in teacher.get("/ufficio/mensa/").content.decode()


def test_a_clerk_sees_every_section_and_a_citizen_none(school_class: Class, bari_client: HostClient) -> None:
    bari_client.force_login(staff(Role.CLERK))
    assert bari_client.get(roll_url(school_class.section)).status_code == 200
    bari_client.force_login(make_citizen())
    for url in ("/scuola/", roll_url(school_class.section), "/ufficio/mensa/", "/ufficio/mensa/chiusura/"):
        assert bari_client.get(url).status_code == 403


def test_the_school_never_reaches_the_money(teacher: HostClient, school_class: Class) -> None:
    minor = school_class.children[0]
    for url in (
        reverse("billing:ledger", args=[minor.public_id, "mensa"]),
        reverse("canteen:close"),
        reverse("canteen:close_month", args=["2026-11"]),
    ):
        assert teacher.get(url).status_code == 403
    assert teacher.get(reverse("canteen:statement", args=[minor.public_id])).status_code == 404


@pytest.mark.parametrize("rooms", [1, 3])
def test_the_list_of_sections_costs_the_same_for_one_and_three(
    school_class: Class, bari_client: HostClient, django_assert_max_num_queries: Any, rooms: int
) -> None:
    person = staff(Role.SCHOOL)
    scope(person, school_class.section.school)
    for _ in range(rooms - 1):
        room, minor = section(school_class.section.school), child()
        pupil(minor, room)
        place(minor, school_class.edition)
    bari_client.force_login(person)
    with django_assert_max_num_queries(16):
        page = bari_client.get("/scuola/").content.decode()
    assert page.count("da chiamare</span>") == rooms
