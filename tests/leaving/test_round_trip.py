"""What left comes back equal: table by table, counters, files, guards; and the same pages answer."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from onboarding.leaving.catalogue import counters_of, tables_of
from onboarding.leaving.errors import FilesNotEmpty, ImportDiffers, SchemaNotEmpty
from onboarding.leaving.importing import import_package
from onboarding.leaving.opening import Package
from onboarding.leaving.tabling import write_table
from onboarding.leaving.withheld import TABLES
from sportello.accounts.models import Account
from sportello.billing.models import Entry
from sportello.families.models import Child
from tenants.current import in_schema
from tenants.models import Domain, Municipality
from tenants.provisioning import schema_exists
from tenants.snapshots import snapshot_of
from tests.comuni import HostClient
from tests.factories.progress import Silent
from tests.leaving.living import FILE, SCHEMA, Living, exported, path_of
from tests.tenants.catalogue import catalogue

COPY = "c_copia"


def digests(schema: str) -> dict[str, str]:
    """Of each table, the digest of its rows."""
    with snapshot_of(schema) as snapshot, snapshot.cursor() as cursor:
        return {table.name: write_table(cursor, table, None).sha256 for table in tables_of(snapshot, schema)}


def counters(schema: str) -> dict[str, tuple[int, bool]]:
    with connection.cursor() as cursor:
        return counters_of(cursor, schema)


def test_a_package_comes_back_equal(living: Living, media: Path) -> None:
    package = exported(living)
    before = digests(SCHEMA)
    done = import_package(path=path_of(package), schema=COPY, progress=Silent())
    after = digests(COPY)
    made_since = {"jobs_job", "leaving_exportpackage"}  # the package says "being made" in itself
    assert {name for name in before if before[name] != after[name]} <= made_since
    assert (done.tables, done.files) == (len(after), package.counts["files"])
    assert counters(COPY) == counters(SCHEMA)
    assert (media / COPY / "domande" / "allegato.pdf").read_bytes() == FILE
    assert catalogue(COPY) == catalogue(SCHEMA)  # every trigger guards again
    assert done.host == ""  # Bari is answered for already
    with in_schema(COPY), connection.cursor() as cursor:
        assert Child.objects.count() == 3
        assert Entry.objects.count() == 1
        for name in TABLES:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            assert cursor.fetchone() == (0,)
        assert Child.objects.create(given_name="Una", family_name="Nuova").pk > 0  # the counter goes on


def test_the_same_pages_answer_where_it_comes_to(living: Living, media: Path) -> None:
    pages = [reverse("office:children"), reverse("office:child", args=[living.child.public_id]), reverse("office:home")]

    def read() -> list[str]:
        client = HostClient("bari.localhost", SCHEMA)
        with in_schema(SCHEMA):
            client.force_login(Account.objects.get(pk=living.administrator.pk))  # her password did not travel
        answers = [client.get(page) for page in pages]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        return [text_of(answer.content.decode()) for answer in answers]

    package = path_of(exported(living))
    kept = package.rename(media.parent / "kept.zip")
    before = read()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    (media / SCHEMA).rename(media.parent / "gone")
    Domain.objects.filter(tenant=living.municipality).delete()
    living.municipality.saml_entities.all().delete()
    Municipality.objects.filter(pk=living.municipality.pk).delete()
    done = import_package(path=kept, schema=SCHEMA, progress=Silent())
    assert done.host == "bari.localhost"
    assert read() == before


def text_of(page: str) -> str:
    """The words of the page: tokens are new at every answer."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", main)


def test_it_goes_only_into_a_schema_that_holds_nothing(living: Living) -> None:
    path = path_of(exported(living))
    with pytest.raises(SchemaNotEmpty):
        import_package(path=path, schema=SCHEMA, progress=Silent())
    with in_schema(SCHEMA):
        assert Child.objects.count() == 3


def test_files_of_somebody_else_are_never_replaced(living: Living, media: Path) -> None:
    (media / COPY).mkdir()
    (media / COPY / "x").write_bytes(b"somebody's")
    with pytest.raises(FilesNotEmpty):
        import_package(path=path_of(exported(living)), schema=COPY, progress=Silent())
    assert not schema_exists(COPY)
    assert [path.name for path in media.iterdir() if path.name.startswith(".import")] == []


def test_a_row_that_is_stored_otherwise_undoes_all(living: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Package.rows

    def wrong(self: Package, table: str) -> Iterator[list[str | None]]:
        for row in rows(self, table):
            yield [f"{cell}x" if table == "families_child" and cell == "EMMA" else cell for cell in row]

    monkeypatch.setattr(Package, "rows", wrong)
    with pytest.raises(ImportDiffers, match="families_child"):
        import_package(path=path_of(exported(living)), schema=COPY, progress=Silent())
    assert not schema_exists(COPY)
