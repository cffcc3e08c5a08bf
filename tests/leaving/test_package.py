"""The package holds everything, says what each thing is, and lets nobody in."""

import csv
import hashlib
import io
import json
import re
import subprocess
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.db import connection

from onboarding.leaving.catalogue import tables_of
from onboarding.leaving.describing import in_italian, is_described
from onboarding.leaving.errors import ExportUnderWay, NotAPackage, OtherMigrations, PackageAltered
from onboarding.leaving.exporting import request_export
from onboarding.leaving.opening import open_package
from onboarding.leaving.packaging import write_package
from onboarding.leaving.withheld import COLUMNS, KNOWN_HARMLESS, TABLES
from sportello.accounts.models import Account
from sportello.kernel import clock
from tenants.current import in_schema
from tests.factories.progress import Silent
from tests.leaving.living import FILE, HOSTILE, SCHEMA, Living, exported, opened, path_of

SOUNDS_SECRET = re.compile(r"password|secret|sealed|token|session_key|private|digest|otp|^key$")


def test_every_table_leaves_with_every_row(living: Living) -> None:
    package = opened(exported(living))
    with in_schema(SCHEMA), connection.cursor() as cursor:
        names = {table.name for table in tables_of(cursor, SCHEMA)}
        assert set(package.tables) == names
        for name in names - set(TABLES) - {"jobs_job", "leaving_exportpackage"}:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            assert package.tables[name]["rows"] == cursor.fetchone()[0] == len(list(package.rows(name))), name
    assert package.tables["families_child"]["rows"] == 3
    assert package.tables["audit_event"]["rows"] > 0


def test_every_table_and_column_is_described(living: Living) -> None:
    package = opened(exported(living))
    with in_schema(SCHEMA), connection.cursor() as cursor:
        assert [table.name for table in tables_of(cursor, SCHEMA) if not is_described(table)] == []
    entry = package.tables["billing_entry"]
    fields = {field["name"]: field for field in entry["schema"]["fields"]}
    assert fields["amount_cents"]["unit"] == "hundredths of a euro"
    assert fields["posted_at"]["type"] == "datetime"
    assert entry["schema"]["primaryKey"] == ["id"]
    assert {"fields": ["account_id"], "reference": {"resource": "billing-ledgeraccount", "fields": ["id"]}} in entry[
        "schema"
    ]["foreignKeys"]


def test_what_lets_somebody_in_does_not_leave(living: Living) -> None:
    with zipfile.ZipFile(path_of(exported(living))) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"the-digest-of-a-password" not in everything
    assert b"a-key-that-opens-the-desk" not in everything
    assert b"Chiavi di firma" in everything


def test_every_column_that_sounds_secret_was_judged(bari: object) -> None:
    with connection.cursor() as cursor:
        suspects = {
            (table.name, column)
            for table in tables_of(cursor, SCHEMA)
            for column in table.column_names
            if SOUNDS_SECRET.search(column) and table.name not in TABLES
        }
    assert suspects - set(COLUMNS) == set(KNOWN_HARMLESS)


def test_no_cell_is_a_formula_and_none_is_lost(living: Living) -> None:
    package = opened(exported(living))
    with package.archive.open("data/accounts_account.csv") as member:
        raw = list(csv.DictReader(io.TextIOWrapper(member, encoding="utf-8", newline="")))
    names = {row["given_name"] for row in raw}
    assert not {name for name in names if name.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))}
    assert {'\'=HYPERLINK("http://x.example")', "''=1", "'\\N", ""} <= names
    with in_schema(SCHEMA):
        held = sorted(Account.objects.values_list("given_name", flat=True))
    place = package.tables["accounts_account"]["schema"]["fields"]
    column = [field["name"] for field in place].index("given_name")
    assert sorted(str(row[column]) for row in package.rows("accounts_account")) == held
    assert {text[:80] for text in HOSTILE} <= set(held)


def test_files_leave_byte_for_byte(living: Living) -> None:
    package = opened(exported(living))
    assert package.archive.read("files/domande/allegato.pdf") == FILE
    assert [name for name in package.files if name.startswith("files/caricamenti/")]
    assert not [name for name in package.files if "esportazioni" in name]
    with package.archive.open("files.csv") as member:
        listed = {row["path"]: row for row in csv.DictReader(io.TextIOWrapper(member, encoding="utf-8", newline=""))}
    assert listed["domande/allegato.pdf"]["sha256"] == hashlib.sha256(FILE).hexdigest()


def test_a_file_that_rows_name_and_the_disk_has_not_is_said(living: Living, media: Path) -> None:
    (kept,) = (media / SCHEMA / "caricamenti").iterdir()
    kept.unlink()
    package = exported(living)
    assert package.counts["missing"] == 1
    assert opened(package).descriptor["missingFiles"] == [f"caricamenti/{kept.name}"]


def test_the_sums_are_those_that_sha256sum_reads(living: Living, tmp_path: Path) -> None:
    with zipfile.ZipFile(path_of(exported(living))) as archive:
        archive.extractall(tmp_path / "out")
    answer = subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=tmp_path / "out", check=False)
    assert answer.returncode == 0


def test_the_readme_says_what_each_table_is_in_two_languages(living: Living) -> None:
    package = opened(exported(living))
    for language in ("it", "en"):
        text = package.archive.read(f"README.{language}.md").decode()
        assert all(f"`{resource['path']}`" in text for resource in package.descriptor["resources"])
    assert "| I bambini |" in package.archive.read("README.it.md").decode()
    told = {Path(resource["path"]).stem for resource in package.descriptor["resources"]}
    assert set(in_italian()) <= told  # a table that is gone is no longer told


@pytest.mark.parametrize("what", ["a byte of a table", "a member added", "a member taken away"])
def test_an_altered_copy_is_refused(living: Living, tmp_path: Path, what: str) -> None:
    whole, copy = path_of(exported(living)), tmp_path / "copy.zip"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "data/families_child.csv":
                if what == "a member taken away":
                    continue
                content = content.replace(b"RSSMME", b"RSSMMX") if "byte" in what else content
            target.writestr(name, content)
        if what == "a member added":
            target.writestr("files/../../x", b"")
    with pytest.raises(PackageAltered):
        open_package(copy)


def test_a_package_of_another_version_is_refused(living: Living, tmp_path: Path) -> None:
    whole, copy = path_of(exported(living)), tmp_path / "copy.zip"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(copy, "w") as target:
        contents = {name: source.read(name) for name in source.namelist()}
        descriptor = json.loads(contents["datapackage.json"]) | {"migrations": "x"}
        contents["datapackage.json"] = json.dumps(descriptor).encode()
        contents["SHA256SUMS"] = b"".join(
            f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()
            for name, content in contents.items()
            if name != "SHA256SUMS"
        )
        for name, content in contents.items():
            target.writestr(name, content)
    with pytest.raises(OtherMigrations):
        open_package(copy)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"%PDF-1.7"])
def test_what_is_no_package_is_said(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    with pytest.raises(NotAPackage):
        open_package(file)


def test_one_export_at_a_time(living: Living) -> None:
    with in_schema(SCHEMA):
        request_export(actor=living.administrator, now=clock.now())
        with pytest.raises(ExportUnderWay):
            request_export(actor=living.administrator, now=clock.now())


def test_a_hundred_times_the_rows_need_no_more_memory(living: Living, tmp_path: Path) -> None:
    few = memory_of_writing(living, tmp_path, 1_000)
    many = memory_of_writing(living, tmp_path, 100_000)
    assert many - few < 8_000_000  # the rows alone are forty megabytes


def memory_of_writing(living: Living, folder: Path, rows: int) -> int:
    """The most that Python held while the package was written, with so many more events on record."""
    with in_schema(SCHEMA), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (happened_at, action, subject_kind, subject, details, request_id)"
            " SELECT now(), 'login', 'account', repeat('x', 60), jsonb_build_object('text', repeat('y', 300)), ''"
            " FROM generate_series(1, %s)",
            [rows],
        )
    tracemalloc.start()
    try:
        write_package(path=folder / "x.zip", municipality=living.municipality, now=clock.now(), progress=Silent())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
