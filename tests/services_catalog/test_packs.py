"""A pack goes into its Comune, all or nothing, and comes out the same."""

from datetime import date
from io import StringIO
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from services_catalog.closing import reopen_days
from services_catalog.models import Closure, Edition, EditionStatus
from services_catalog.packs import PackError, export_edition, export_to, load_pack, read_service
from services_catalog.publication import EditionHasErrors, fingerprint_of, put_in_force
from services_catalog.queries import day_book, edition_on, is_service_day
from services_catalog.reading import from_toml
from services_catalog.schema import PackService
from services_catalog.service_days import NoService
from sportello.kernel.dates import DateRange
from sportello.schools.models import School
from tenants.models import Municipality
from tenants.municipal_packs import MunicipalPack, PackNotFound, pack_of
from tests.factories.editions import NOW, act

TODAY = date(2026, 11, 23)
BARI = ("infanzia 2026/27", "mensa 2026/27", "trasporto 2026/27")


def load(belfiore: str, *, in_force: bool = True) -> Any:
    return load_pack(pack=pack_of(belfiore), in_force=in_force, actor=None, now=NOW)


def test_the_pack_of_bari_brings_schools_closures_and_the_canteen(bari: Municipality) -> None:
    report = load("A662")
    assert report.editions_made == BARI
    assert School.objects.count() == report.schools == len(pack_of("A662").schools())
    assert edition_on("mensa", TODAY).rules.fees.open_questions
    assert Closure.objects.count() == report.closures == 4


def test_loading_again_changes_nothing(bari: Municipality) -> None:
    load("A662")
    before = set(Edition.objects.values_list("pk", "status", "fingerprint"))
    report = load("A662")
    assert (report.editions_made, report.editions_unchanged) == ((), BARI)
    assert set(Edition.objects.values_list("pk", "status", "fingerprint")) == before
    assert Closure.objects.count() == 4


def test_a_pack_loaded_as_draft_waits_for_the_office(bitonto: Municipality) -> None:
    load("A893", in_force=False)
    canteen = Edition.objects.filter(service__code="mensa")
    assert [edition.status for edition in canteen] == [EditionStatus.DRAFT]
    load("A893", in_force=True)
    assert [edition.status for edition in canteen.all()] == [EditionStatus.IN_FORCE]


def test_what_is_to_confirm_is_never_in_force(bitonto: Municipality) -> None:
    report = load("A893", in_force=True)
    assert report.editions_made == ("mensa 2026/27", "trasporto 2026/27")
    bus = Edition.objects.get(service__code="trasporto")
    assert bus.status == EditionStatus.DRAFT
    assert load("A893", in_force=True).editions_made == ()
    with pytest.raises(EditionHasErrors, match="da confermare"):
        put_in_force(edition=bus, act=act(), actor=None, now=NOW)


@pytest.mark.parametrize("belfiore", ["A225", "A662", "A893", "E155", "L109"])
def test_what_is_exported_is_the_pack_again(bari: Municipality, belfiore: str) -> None:
    load(belfiore)
    held = edition_on("mensa", TODAY)
    exported = from_toml(export_edition(held), PackService)
    assert exported.content == held.rules == read_service(pack_of(belfiore).folder / "2026" / "mensa.toml").content
    assert fingerprint_of(exported.content) == held.fingerprint
    assert exported.edition.act_number == held.act_number


def test_the_command_exports_files_that_load_to_nothing_new(bari: Municipality, tmp_path: Path) -> None:
    load("A662")
    pack = pack_of("A662")
    copy = MunicipalPack(folder=copytree(pack.folder, tmp_path / "pack"), facts=pack.facts)
    assert export_to(copy.folder) == [
        copy.folder / "2026" / f"{code}.toml" for code in ("infanzia", "mensa", "trasporto")
    ]
    report = load_pack(pack=copy, in_force=True, actor=None, now=NOW)
    assert report.editions_unchanged == BARI


def test_a_broken_file_loads_nothing_and_is_named(bari: Municipality, tmp_path: Path) -> None:
    pack = pack_of("A662")
    copy = MunicipalPack(folder=copytree(pack.folder, tmp_path / "pack"), facts=pack.facts)
    path = copy.folder / "2026" / "mensa.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("answer_days", "answer_day"), encoding="utf-8")
    with pytest.raises(PackError, match=r"2026/mensa.toml, content.procedure: .*«answer_day».*«answer_days»"):
        load_pack(pack=copy, in_force=True, actor=None, now=NOW)
    assert (School.objects.count(), Edition.objects.count(), Closure.objects.count()) == (0, 0, 0)


def test_a_closure_of_an_unknown_school_loads_nothing(bari: Municipality, tmp_path: Path) -> None:
    pack = pack_of("A662")
    copy = MunicipalPack(folder=copytree(pack.folder, tmp_path / "pack"), facts=pack.facts)
    path = copy.folder / "2026" / "calendario.toml"
    path.write_text(path.read_text(encoding="utf-8") + 'school = "BAEE999999"\n', encoding="utf-8")
    with pytest.raises(PackError, match="BAEE999999"):
        load_pack(pack=copy, in_force=True, actor=None, now=NOW)
    assert Closure.objects.count() == 0


def test_the_command_loads_a_comune_by_its_belfiore_code(bari: Municipality) -> None:
    out = StringIO()
    call_command("catalog", "load", "a662", "--in-force", stdout=out)
    assert "Bari" in out.getvalue()
    assert edition_on("mensa", TODAY).status == EditionStatus.IN_FORCE
    with pytest.raises(CommandError, match="X999"):
        call_command("catalog", "load", "X999", "--as-draft")
    with pytest.raises(PackNotFound):
        pack_of("X999")


def test_the_day_book_knows_bridges_holidays_and_weekends(bari: Municipality, django_assert_num_queries: Any) -> None:
    load("A662")
    autumn = DateRange(date(2026, 9, 1), date(2026, 12, 1))
    school = School.objects.filter(level="primaria").first()
    assert school is not None
    with django_assert_num_queries(4):  # the fourth finds the Comune outside a request
        book = day_book("mensa", autumn)
    days = book.service_days(school_code=school.school_code, level="primaria", within=autumn)
    assert (days[0], len(days)) == (date(2026, 9, 28), 45)
    bridge = book.verdict(school_code=school.school_code, level="primaria", day=date(2026, 11, 2))
    assert (bridge.why_not, bridge.detail) == (NoService.CLOSURE, "Commemorazione dei defunti")
    reopen_days(closure=Closure.objects.get(reason="Commemorazione dei defunti"), actor=None, now=NOW)
    assert is_service_day(service_code="mensa", school_code=school.school_code, level="primaria", day=date(2026, 11, 2))
