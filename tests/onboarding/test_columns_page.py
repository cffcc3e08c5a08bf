"""The grid of columns and the review desk as a browser meets them, without JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from onboarding.checking import mapping_of
from onboarding.mapping.masking import masked
from onboarding.mapping.texts import read_mapping
from onboarding.models import Decision, LoadState, RosterLoad, SourceMapping, StagedRow
from onboarding.reading_in import read_export
from sportello.accounts.models import Account, Role
from sportello.families.models import Child
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories.people import account
from tests.factories.progress import Silent
from tests.onboarding.rosters import NOW, TODAY, checked, committed, mapping_for, roster, uploaded
from tests.onboarding.test_committing import LUCA, emma, luca
from tests.onboarding.test_pages import posted


@pytest.fixture
def clerk(ready: Municipality, bari_client: HostClient) -> Account:
    made = account(Role.CLERK)
    bari_client.force_login(made)
    return made


def unread(content: bytes) -> RosterLoad:
    return read_export(load=uploaded(content), today=TODAY, now=NOW, progress=Silent())


def address(name: str, load: RosterLoad, *more: object) -> str:
    return reverse(f"onboarding:{name}", args=[load.public_id, *more])


def test_a_correction_is_previewed_and_kept_before_it_is_confirmed(clerk: Account, bari_client: HostClient) -> None:
    load = unread(roster(emma(), luca()))
    right = mapping_for(load)
    values = posted(right)
    place = next(n for n, column in enumerate(right.columns) if column.source == "SALDO")
    shown = bari_client.post(address("preview", load), {**values, f"c{place}-field": ""}).content.decode()
    assert "40.01" not in shown
    shown = bari_client.post(address("mapping", load), {**values, "preview": "1"}).content.decode()
    assert "40.01" in shown
    load.refresh_from_db()
    assert (load.state, load.mapping.state) == (LoadState.MAPPING, "draft")
    kept = {column.source: column.field for column in mapping_of(load).columns}
    assert kept["SALDO"] == "balance"


def test_a_mapping_by_which_nobody_is_known_is_refused(clerk: Account, bari_client: HostClient) -> None:
    load = unread(roster(emma()))
    values = {name: "" if value == "child_fiscal_code" else value for name, value in posted(mapping_for(load)).items()}
    answer = bari_client.post(address("mapping", load), {**values, "confirm": "1"})
    assert answer.status_code == 422
    assert "codice fiscale del bambino" in answer.content.decode()
    load.refresh_from_db()
    assert load.state == LoadState.MAPPING


def test_examples_name_nobody(clerk: Account, bari_client: HostClient) -> None:
    page = bari_client.get(address("mapping", unread(roster(emma())))).content.decode()
    grid = page.partition('id="anteprima"')[0]
    assert "RSSMME" not in grid
    assert "nicolo.russo@" not in grid
    assert "BAEE81502L" in grid
    assert masked("RSSMME18M43F052O", "fiscal_code") == "RS••••••O"
    assert masked("-12,50", "unknown") == "-12,50"


def test_the_columns_leave_and_come_back_as_toml(clerk: Account, bari_client: HostClient) -> None:
    load = unread(roster(emma()))
    text = bari_client.get(address("export_mapping", load)).content.decode()
    changed = text.replace('field = "email"', 'field = ""')
    assert changed != text
    file = SimpleUploadedFile("colonne.toml", changed.encode())
    bari_client.post(address("import_mapping", load), {"toml": file})
    load.refresh_from_db()
    assert "email" not in {column.field for column in read_mapping(load.mapping.toml).columns}
    assert load.mapping.origin == "imported"
    broken = SimpleUploadedFile("colonne.toml", b'kind = "rooster"')
    answer = bari_client.post(address("import_mapping", load), {"toml": broken}, follow=True)
    assert "rooster" in answer.content.decode()


def test_a_confirmed_mapping_never_changes(ready: Municipality) -> None:
    load = checked(roster(emma()))
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceMapping.objects.filter(pk=load.mapping.pk).update(toml="")
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceMapping.objects.filter(pk=load.mapping.pk).delete()


def test_other_columns_for_the_same_file_are_a_new_version(clerk: Account, bari_client: HostClient) -> None:
    load = checked(roster(emma()))
    bari_client.post(address("reopen", load))
    load.refresh_from_db()
    assert (load.state, load.mapping.version) == (LoadState.MAPPING, 0)
    bari_client.post(address("mapping", load), {**posted(mapping_of(load)), "confirm": "1"})
    load.refresh_from_db()
    assert (load.mapping.version, load.mapping.confirmed_by) == (2, clerk)
    assert list(SourceMapping.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_a_decision_at_the_desk_leads_to_the_next_row(clerk: Account, bari_client: HostClient) -> None:
    load = checked(roster(emma(), luca(COD_FISCALE=""), luca(COD_FISCALE="", MATRICOLA="000003", NOME="LIA")))
    page = bari_client.get(address("review_row", load, 3)).content.decode()
    assert 'accesskey="a"' in page
    assert f'value="{LUCA}"' in page
    asked = {"defect": "cf_missing", "field": "child_fiscal_code", "written": ""}
    answer = bari_client.post(address("review_row", load, 3), {**asked, "action": "value", "value": LUCA})
    assert answer["Location"] == address("review_row", load, 4)
    assert Decision.objects.get().decided_by == clerk
    assert StagedRow.objects.get(load=load, line=3).verdict in {"good", "fix"}
    answer = bari_client.post(address("decide_kind", load), {**asked, "action": "leave_out"}, follow=True)
    assert "Niente da rivedere" in answer.content.decode()
    listed = bari_client.get(reverse("onboarding:decisions")).content.decode()
    assert listed.count("Revoca") == 2
    bari_client.post(reverse("onboarding:revoke", args=[Decision.objects.first().public_id]))
    assert Decision.objects.filter(revoked_by=clerk).count() == 1


def test_figures_of_the_old_programme_are_compared_to_the_cent(clerk: Account, bari_client: HostClient) -> None:
    load = checked(roster(emma(), luca()))
    bari_client.post(address("expect", load), {"people": "2", "credit": "40,01", "due": "12,49"})
    page = bari_client.get(address("load", load)).content.decode()
    table = page.partition("Totali del file e del vecchio programma")[2].partition("</table>")[0]
    assert (table.count("uguale"), table.count("diverso")) == (2, 1)


def test_an_undo_starts_from_its_page(clerk: Account, bari_client: HostClient) -> None:
    load = committed(roster(emma(), luca()))
    assert "Tutto torna com" in bari_client.get(address("undo", load)).content.decode()
    girl = Child.objects.get(legacy_id="000001")
    girl.address = "VIA CAMBIATA 1"
    girl.save()
    page = bari_client.get(address("undo", load)).content.decode()
    assert girl.full_name in page
    assert "i dati del bambino" in page
    answer = bari_client.post(address("undo", load))
    load.refresh_from_db()
    assert answer["Location"] == reverse("jobs:job", args=[load.job.public_id])
    assert load.state == LoadState.UNDOING
