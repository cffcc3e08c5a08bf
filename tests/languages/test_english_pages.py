"""Somebody who reads English walks every page her role leads to, and meets no Italian sentence of ours.

What a Comune or a school wrote itself (names, reasons of a closure, the sheet of a service) stays in its language.
"""

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urljoin, urlsplit

import polib
import pytest
from django.conf import settings
from django.urls import resolve

from services_catalog.models import Edition, EditionStatus
from services_catalog.packs import load_pack
from sportello.accounts.models import Account, Role
from sportello.families.models import Child
from sportello.kernel import clock
from sportello.schools.models import Level, School
from tenants.municipal_packs import pack_of
from tests.comuni import HostClient
from tests.factories import citizen, family, grant, isee, pupil, scope, section
from tests.factories.applications import sent_application
from tests.factories.meals import meals, place, price
from tests.languages.making import ROOT
from tests.languages.reading import Italian, read

CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
MOST_PAGES = 60
OUTSIDE = re.compile(r"$|/static/|/api/|/accedi/(avvia|fine)/|/scuola/giorni-senza-mensa/nuovo/").match
"""Addresses within the host that are no page of ours, or the end of a way in that was never begun."""
Walker = Callable[[HostClient, str], dict[str, list[str]]]


@pytest.fixture(scope="module")
def italian() -> Italian:
    return Italian(polib.pofile(str(CATALOGUE)))


@pytest.fixture
def walk(italian: Italian) -> Walker:
    """Follows the links of a host from an address, one page for each name of address; tells the Italian of each."""

    def from_address(visitor: HostClient, start: str) -> dict[str, list[str]]:
        visitor.post("/lingua/", {"language": "en"})
        found: dict[str, list[str]] = {}
        urlconf = settings.CENTRAL_URLCONF if visitor.schema == settings.CENTRAL_SCHEMA else settings.ROOT_URLCONF
        waiting, seen = [start], set()
        while waiting and len(found) < MOST_PAGES:
            path = waiting.pop(0)
            name = resolve(path, urlconf).view_name
            if name in seen:
                continue
            seen.add(name)
            answer = visitor.get(path, follow=True)
            if not answer["Content-Type"].startswith("text/html"):
                continue
            assert answer.status_code == 200, path
            page = answer.content.decode()
            assert '<html lang="en">' in page, path
            reading = read(page)
            found[name] = list(italian.among(reading.texts))
            inner = [urlsplit(urljoin(path, each)) for each in reading.addresses]
            waiting += [each.path for each in inner if not each.netloc and not each.scheme and not OUTSIDE(each.path)]
        return found

    return from_address


@pytest.fixture
def pupil_of_bari(bari: object) -> tuple[Account, Child]:
    """Bari with what its pack says, and a parent whose child eats at the canteen and waits for an answer."""
    load_pack(pack=pack_of("A662"), in_force=True, actor=None, now=clock.now())
    school = School.objects.filter(level=Level.PRIMARY).order_by("school_code").first()
    room = section(school)
    canteen = Edition.objects.get(service__code="mensa", status=EditionStatus.IN_FORCE)
    made = family(children=1)
    child = made.children[0]
    pupil(child, room)
    isee(child)
    price(child, canteen, 190)
    place(child, canteen)
    meals(room, {child: [date(2026, 11, day) for day in (4, 5, 6)]})
    sent_application(canteen, child, applicant=made.account)
    for role in (Role.CLERK, Role.ADMINISTRATOR, Role.SCHOOL):
        worker = citizen(family_name=role.value)
        grant(worker, role)
        if role is Role.SCHOOL:
            scope(worker, room)
    return made.account, child


def leaks(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: texts for name, texts in found.items() if texts}


def test_a_visitor(pupil_of_bari: tuple[Account, Child], bari_client: HostClient, walk: Walker) -> None:
    found = walk(bari_client, "/")
    assert leaks(found) == {}
    assert {"desk:home", "desk:service"} <= set(found)


def test_a_parent(pupil_of_bari: tuple[Account, Child], bari_client: HostClient, walk: Walker) -> None:
    parent, _child = pupil_of_bari
    bari_client.force_login(parent)
    found = walk(bari_client, "/area/")
    assert leaks(found) == {}
    assert {"desk:area", "desk:child"} <= set(found)


@pytest.mark.parametrize(
    ("role", "start", "least"),
    [(Role.CLERK, "/ufficio/", 8), (Role.ADMINISTRATOR, "/ufficio/", 8), (Role.SCHOOL, "/scuola/", 2)],
)
def test_who_works(
    pupil_of_bari: tuple[Account, Child], bari_client: HostClient, walk: Walker, role: Role, start: str, least: int
) -> None:
    bari_client.force_login(Account.objects.get(family_name=role.value))
    found = walk(bari_client, start)
    assert leaks(found) == {}
    assert len(found) >= least


def test_the_central_team(central: None, central_client: HostClient, walk: Walker) -> None:
    member = citizen()
    grant(member, Role.CENTRAL)
    central_client.force_login(member)
    found = walk(central_client, "/")
    assert leaks(found) == {}
    assert {"central:home", "central:municipality"} <= set(found)


def test_a_leak_would_be_seen(italian: Italian) -> None:
    page = '<p>Bozza salvata.</p><input aria-label="Annulla"><p>Hello</p><p lang="it">Annulla</p><p>entro 3 maggio</p>'
    assert list(italian.among(read(page).texts)) == ["Bozza salvata.", "Annulla"]
