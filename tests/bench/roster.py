"""Roster import: a file of many rows, judged, staged and committed, against two ways that judge nothing.

The limit is a bare COPY of the same rows into the same tables. The naive way is plain django-import-export: a resource
that stores the rows of a sample, one by one, in the same tables. Each starts from an empty Comune with its schools.
"""

import os
import resource
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import tablib
from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from import_export.fields import Field
from import_export.resources import ModelResource

from onboarding.checking import check_roster
from onboarding.committing import commit_roster
from onboarding.confirming import confirm_mapping
from onboarding.models import LoadState, RosterLoad, StagedRow
from onboarding.population.families import Inventor, Place
from onboarding.population.roster import write_roster
from onboarding.reading_in import read_export
from onboarding.uploading import upload_roster
from services_catalog.models import Edition
from services_catalog.packs import load_pack
from sportello.billing.models import Entry, LedgerAccount
from sportello.canteen.models import SpecialDiet
from sportello.enrolment.models import Subscription
from sportello.families.models import Adult, Child, Guardianship, Household, PayerAssignment, Pupil
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.kernel.school_year import SchoolYear
from sportello.means.models import IseeAttestation
from sportello.schools.models import School, Section
from tenants.current import in_schema
from tenants.municipal_packs import pack_of
from tenants.registering import bring_in
from tests.bench.ground import database
from tests.bench.processor import processor_seconds
from tests.bench.table import Row, Table, seconds
from tests.factories.progress import Silent

ROWS = int(os.environ.get("ROSTER_ROWS", "100000"))
SAMPLE = 600
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=ROME)
YEAR = SchoolYear(2026)
FILLED = (
    *(Household, Adult, Child, Section, Pupil, PayerAssignment, Guardianship),
    *(SpecialDiet, IseeAttestation, Subscription, LedgerAccount, Entry),
)
AIM = ">= 50 times the naive way"
FLOORS = {"tables without foreign keys": "f", "tables without exclusions": "x", "tables without either": "fx"}
GIVEN = os.environ.get("ROSTER_FILE", "")


class NaiveResource(ModelResource):
    """What the documentation of django-import-export shows, with the related rows made after each child is saved."""

    fiscal_code = Field(attribute="fiscal_code", column_name="COD_FISCALE")
    family_name = Field(attribute="family_name", column_name="COGNOME")
    given_name = Field(attribute="given_name", column_name="NOME")
    sex = Field(attribute="sex", column_name="SESSO")
    legacy_id = Field(attribute="legacy_id", column_name="MATRICOLA")
    address = Field(attribute="address", column_name="INDIRIZZO")

    class Meta:
        model = Child
        fields = ("fiscal_code", "family_name", "given_name", "sex", "legacy_id", "address")
        import_id_fields = ("fiscal_code",)

    def __init__(self, edition: Edition, staged: dict[str, dict[str, Any]]) -> None:
        super().__init__()
        self.edition, self.staged = edition, staged

    def after_save_instance(self, instance: Child, row: Any, **kwargs: Any) -> None:
        """The family, the class, the diet, the ISEE, the place and the balance of one child."""
        known = self.staged[row["COD_FISCALE"]]
        payer, _new = Adult.objects.update_or_create(
            fiscal_code=known["payer_fiscal_code"],
            defaults={
                "family_name": known["payer_surname"],
                "given_name": known["payer_given_name"],
                "phone": known["phone"] or "",
            },
        )
        held = Child.objects.filter(payers__adult=payer, household__isnull=False).first()
        instance.household = held.household if held else Household.objects.create()
        instance.save()
        school = School.objects.get(school_code=known["school_code"])
        section, _new = Section.objects.get_or_create(
            school=school, school_year=2026, class_year=known["class_year"], letter=known["section"]
        )
        year = YEAR.period.bounds
        Pupil.objects.update_or_create(child=instance, defaults={"section": section, "valid_during": year})
        PayerAssignment.objects.update_or_create(child=instance, defaults={"adult": payer, "valid_during": year})
        Guardianship.objects.update_or_create(child=instance, adult=payer, defaults={"valid_during": year})
        kind, _colon, code = known["diet"].partition(":")
        if code:
            diet = {"kind": kind, "code": code, "valid_during": year}
            SpecialDiet.objects.update_or_create(child=instance, defaults=diet)
        if known["isee"] is not None:
            IseeAttestation.objects.update_or_create(
                child=instance,
                kind="minors",
                provenance="legacy",
                filed_on=date(2026, 1, 1),
                defaults={"amount_cents": cents(known["isee"]), "valid_during": (date(2026, 1, 1), date(2027, 1, 1))},
            )
        place = {"service": self.edition.service, "edition": self.edition, "origin": "roster", "valid_during": year}
        Subscription.objects.update_or_create(child=instance, defaults=place)
        ledger, _new = LedgerAccount.objects.get_or_create(child=instance, service_code=self.edition.service.code)
        Entry.objects.get_or_create(
            idempotency_key=f"naive:{instance.pk}",
            defaults={
                "account": ledger,
                "kind": "opening",
                "amount_cents": cents(known["balance"]),
                "competence_on": YEAR.period.start,
                "posted_at": NOW,
                "description": "Saldo",
            },
        )


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of a clock on the wall, and of the processors that worked for us: this process and its backend."""

    clock: float
    cpu: float

    @classmethod
    def so_far(cls) -> "Spent":
        """Since the process began."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = processor_seconds(cursor.fetchone()[0])
        return cls(perf_counter(), process_time() + backend)

    def plus(self, other: "Spent") -> "Spent":
        return Spent(self.clock + other.clock, self.cpu + other.cpu)

    def times(self, factor: float) -> "Spent":
        return Spent(self.clock * factor, self.cpu * factor)

    def since(self, start: "Spent") -> "Spent":
        return self.plus(start.times(-1))


def cents(amount: str) -> int:
    """12.30 as cents."""
    return Money.from_decimal_string(amount).cents


def run() -> Table:
    """Import, copy, and import the naive way for a sample."""
    pack = pack_of("A662")
    with tempfile.TemporaryDirectory() as folder, database():
        settings.MEDIA_ROOT = folder
        bring_in(pack=pack)
        with in_schema(pack.facts.schema_name):
            load_pack(pack=pack, in_force=True, actor=None, now=NOW)
            path = Path(GIVEN) if GIVEN else roster_file(Path(folder))
            memory = _memory()
            load, checking, committing = _ours(path)
            grown = _memory() - memory
            rows = load.counts["rows"]
            again = seconds(lambda: _ours(path))
            staged, committed = _bare_copy()
            floor = {what: _bare_copy(without)[1] for what, without in FLOORS.items()}
            naive = _naive(load).times(rows / SAMPLE)
    ours, copied = checking.plus(committing), staged.plus(committed)
    return Table(
        f"Roster of {rows:,} rows",
        f"limit: bare COPY of the same {rows:,} staged and {load.committable_rows:,} committed rows into the same"
        f" tables, without judging. naive: django-import-export for {SAMPLE} rows, in proportion."
        f" CPU: of Python and of its backend, whatever else the machine does. Python grew by {grown:.0f} MB.",
        (
            Row(
                "judge, stage and commit",
                ours.clock,
                "s",
                copied.clock,
                naive.clock,
                AIM,
                naive.clock >= 50 * ours.clock,
            ),
            Row("of which judge and stage", checking.clock, "s", staged.clock),
            Row("of which commit", committing.clock, "s", committed.clock),
            Row("judge, stage and commit, CPU", ours.cpu, "s", copied.cpu, naive.cpu, AIM, naive.cpu >= 50 * ours.cpu),
            Row("of which judge and stage, CPU", checking.cpu, "s", staged.cpu),
            Row("of which commit, CPU", committing.cpu, "s", committed.cpu),
            *(Row(f"bare COPY into {what}, CPU", spent.cpu, "s") for what, spent in floor.items()),
            Row("the same file again", again, "s"),
            Row("one row", 1e6 * ours.clock / rows, "us", 1e6 * copied.clock / rows, 1e6 * naive.clock / rows),
        ),
    )


def roster_file(folder: Path) -> Path:
    """The export of an invented back office, with what such files hold."""
    schools = School.objects.filter(level__in=("infanzia", "primaria"), ownership="statale").order_by("school_code")
    place = Place("Bari", "A662", "70100", 2026, tuple(schools.values_list("school_code", "level")))
    path = folder / "roster.csv"
    path.write_bytes(write_roster(Inventor(place, seed=9), children=ROWS))
    return path


def _ours(path: Path) -> tuple[RosterLoad, Spent, Spent]:
    with path.open("rb") as file:
        load = upload_roster(file=File(file), file_name="roster.csv", school_year=YEAR, actor=None, now=NOW)
    started = Spent.so_far()
    load = read_export(load=load, today=TODAY, now=NOW, progress=Silent())
    if load.state == LoadState.MAPPING:
        load = confirm_mapping(load=load, actor=None, now=NOW)
    load = check_roster(load=load, today=TODAY, progress=Silent())
    checked = Spent.so_far()
    load = commit_roster(load=load, today=TODAY, now=NOW, actor=None, progress=Silent())
    return load, checked.since(started), Spent.so_far().since(checked)


def _bare_copy(without: str = "") -> tuple[Spent, Spent]:
    """COPY of what was staged, and of what was stored, in the order of its keys, into the same tables emptied before,
    foreign keys checked; then undone. `without` are the kinds of constraints that are dropped first: f or x.
    """
    tables = ["onboarding_stagedrow", *(model._meta.db_table for model in FILLED)]
    with transaction.atomic(), connection.cursor() as cursor:
        texts = [_copied_out(cursor, table) for table in tables]
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in reversed(tables):
            cursor.execute(f"DELETE FROM {table}")
        _drop_constraints(cursor, tables, without)
        began = Spent.so_far()
        _copy_in(cursor, tables[0], texts[0])
        staged = Spent.so_far()
        for table, text in zip(tables[1:], texts[1:], strict=True):
            _copy_in(cursor, table, text)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        stored = Spent.so_far()
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM {table}")  # what was undone must not be in the way of what is measured next
    return staged.since(began), stored.since(staged)


def _drop_constraints(cursor: Any, tables: list[str], kinds: str) -> None:
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype::text = ANY(%s) AND conrelid = ANY(%s::regclass[])",
        [list(kinds), tables],
    )
    for table, name in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def _copy_in(cursor: Any, table: str, text: bytes) -> None:
    role = "replica" if table.startswith("billing_") else "origin"  # balances are known: no trigger adds them up
    cursor.execute(f"SET LOCAL session_replication_role = {role}")
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        copy.write(text)


def _copied_out(cursor: Any, table: str) -> bytes:
    with cursor.copy(f"COPY (SELECT * FROM {table} ORDER BY id) TO STDOUT") as copy:
        return b"".join(bytes(piece) for piece in copy)


def _naive(load: RosterLoad) -> Spent:
    """What a sample costs; undone."""
    edition = Edition.objects.select_related("service").get(service__code="mensa", status="in_force")
    good = StagedRow.objects.filter(load=load, verdict="good").order_by("line")
    rows = list(good[:SAMPLE])
    dataset = tablib.Dataset(headers=["COD_FISCALE", "COGNOME", "NOME", "SESSO", "MATRICOLA", "INDIRIZZO"])
    for row in rows:
        dataset.append(
            (
                row.record["child_fiscal_code"],
                row.record["child_surname"],
                row.record["child_given_name"],
                row.record["sex"],
                row.record["legacy_id"],
                row.record["address"],
            )
        )
    naive = NaiveResource(edition, {row.record["child_fiscal_code"]: row.record for row in rows})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in reversed(FILLED):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        cursor.execute("SET LOCAL session_replication_role = origin")
        started = Spent.so_far()
        naive.import_data(dataset, raise_errors=True)
        spent = Spent.so_far().since(started)
        transaction.set_rollback(True)
    return spent


def _memory() -> float:
    """The most memory this process has held, in MB."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1024 * 1024 if sys.platform == "darwin" else 1024)
