"""Forty-one Comuni with 100,000 pupils in all, from an empty database to live: what one weekend of a start would do.

Each Comune comes with its pack and with the export of its old back office, as a clerk would hand it in: uploaded,
checked row by row, committed; then it walks the stages to live. The files are invented before the clock starts, a pupil
for so many inhabitants. Comuni whose pack states no canteen yet start with the table of Bari.
"""

import multiprocessing
import os
import shutil
import tempfile
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tenants.municipal_packs import PACKS, MunicipalPack, municipal_packs
from tests.bench.ground import empty_database
from tests.bench.table import Row, Table

PUPILS = int(os.environ.get("PUPILS", "100000"))
MORE = 1.1
"""A tenth of the rows of an old back office needs a person first: the files hold that many more."""
YEAR = 2026


@dataclass(frozen=True, slots=True)
class Work:
    """What a process needs to bring one Comune live."""

    belfiore_code: str
    packs: str
    roster: str


def run() -> Table:
    """From nothing to live."""
    with tempfile.TemporaryDirectory() as held, empty_database() as name:
        folder = Path(held)
        packs = _packs(folder / "packs")
        works = _rosters(folder, packs)
        started = perf_counter()
        call_command("provision_all", packs=folder / "packs", stdout=StringIO())
        provisioned = perf_counter()
        pupils = _all_live(works, name, folder / "media")
        done = perf_counter()
        live, largest = _seen(packs)
    total = done - started
    return Table(
        f"Forty-one Comuni, {pupils:,} pupils, empty database to live",
        f"{live} Comuni live, the largest with {largest:,} pupils; {os.cpu_count()} processes; a Comune at a time each."
        " ours: provisioning, rules in force, upload, check of every row, commit, stages.",
        (
            Row("all", total, "s", aim="< 120 s", is_met=total < 120 and live == len(packs) and pupils >= PUPILS),
            Row("of which database, schemas, hosts", provisioned - started, "s"),
            Row("of which rules, pupils, stages", done - provisioned, "s"),
            Row("one pupil", 1e6 * total / pupils, "us"),
        ),
    )


def _packs(folder: Path) -> list[MunicipalPack]:
    """The packs of the product, each with a canteen."""
    shutil.copytree(PACKS, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (canteen,) = folder.glob(f"*-bari/{YEAR}/mensa.toml")
    packs = municipal_packs(folder)
    for pack in packs:
        own = pack.folder / str(YEAR) / "mensa.toml"
        own.parent.mkdir(exist_ok=True)
        if not own.exists():
            shutil.copy(canteen, own)
    return packs


def _rosters(folder: Path, packs: list[MunicipalPack]) -> list[Work]:
    """A file of each old back office, the largest first so that the processes end together."""
    from onboarding.population.families import Inventor, Place
    from onboarding.population.roster import write_roster

    inhabitants = sum(pack.facts.population for pack in packs)
    works = []
    for pack in sorted(packs, key=lambda pack: -pack.facts.population):
        facts = pack.facts
        levels = ("infanzia", "primaria")
        schools = [school for school in pack.schools() if school.level in levels and school.ownership == "statale"]
        sites = tuple(sorted((school.school_code, school.level) for school in schools))
        place = Place(facts.name, facts.belfiore_code, f"70{facts.istat_code[-3:]}", YEAR, sites)
        children = max(1, round(PUPILS * MORE * facts.population / inhabitants))
        path = folder / f"{facts.belfiore_code}.csv"
        path.write_bytes(write_roster(Inventor(place, seed=YEAR), children=children))
        works.append(Work(facts.belfiore_code, str(folder / "packs"), str(path)))
    return works


def _all_live(works: list[Work], database: str, media: Path) -> int:
    """In as many processes as there are cores, which start afresh: a pool of connections does not survive a fork."""
    connection.close()
    context = multiprocessing.get_context("spawn")
    with context.Pool(os.cpu_count(), initializer=_begin, initargs=(database, str(media))) as pool:
        return sum(pool.imap_unordered(_bring_live, works))


def _begin(database: str, media: str) -> None:
    import django

    django.setup()
    from tests.databases import use_database

    settings.MEDIA_ROOT = media
    use_database(database)


def _bring_live(work: Work) -> int:
    """Rules, roster, stages of one Comune; returns its pupils."""
    from sportello.kernel import clock
    from tenants.current import in_schema
    from tenants.models import Municipality, Stage
    from tenants.municipal_packs import pack_of
    from tenants.stages import move_to_stage, next_stages

    pack = pack_of(work.belfiore_code, Path(work.packs))
    with in_schema(pack.facts.schema_name):
        pupils = _take_in(pack, Path(work.roster))
    municipality = Municipality.objects.get(belfiore_code=work.belfiore_code)
    while municipality.stage != Stage.LIVE:
        move_to_stage(
            municipality=municipality,
            stage=next_stages(Stage(municipality.stage))[-1],
            by="Nina Centrale",
            reason="misura",
            now=clock.now(),
        )
        municipality.refresh_from_db()
    return pupils


def _take_in(pack: MunicipalPack, roster: Path) -> int:
    from django.core.files.base import File

    from onboarding.checking import check_roster
    from onboarding.committing import commit_roster
    from onboarding.confirming import confirm_mapping
    from onboarding.models import LoadState
    from onboarding.reading_in import read_export
    from onboarding.uploading import upload_roster
    from services_catalog.packs import load_pack
    from sportello.kernel import clock
    from sportello.kernel.school_year import SchoolYear
    from tests.factories.progress import Silent

    now, today = clock.now(), clock.today()
    load_pack(pack=pack, in_force=True, actor=None, now=now)
    with roster.open("rb") as file:
        load = upload_roster(file=File(file), file_name=roster.name, school_year=SchoolYear(YEAR), actor=None, now=now)
    load = read_export(load=load, today=today, now=now, progress=Silent())
    if load.state == LoadState.MAPPING:
        load = confirm_mapping(load=load, actor=None, now=now)
    load = check_roster(load=load, today=today, progress=Silent())
    load = commit_roster(load=load, today=today, now=now, actor=None, progress=Silent())
    return int(load.result["children_created"])


def _seen(packs: list[MunicipalPack]) -> tuple[int, int]:
    """How many Comuni are live, and the pupils of the largest, as the database says."""
    from sportello.families.models import Child
    from tenants.current import in_schema
    from tenants.models import Municipality, Stage

    most = 0
    for pack in packs:
        with in_schema(pack.facts.schema_name):
            most = max(most, Child.objects.count())
    return Municipality.objects.filter(stage=Stage.LIVE).count(), most
