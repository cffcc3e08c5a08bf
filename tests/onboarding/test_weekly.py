"""Week after week: the same headings are known again, only differences appear, nobody is deleted by itself."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from onboarding.bringing_in import bring_in
from onboarding.checking import mapping_of
from onboarding.errors import DecisionNotAllowed
from onboarding.leavers import leavers_of, say_farewell
from onboarding.mapping.checking import Change, fit
from onboarding.mapping.structs import Column, Layout, Mapping
from onboarding.mapping.texts import read_mapping
from onboarding.models import LoadState, MappingOrigin, RosterLoad, SourceMapping
from onboarding.reading_in import read_export
from onboarding.shelf.models import SharedMapping
from sportello.accounts.models import Role
from sportello.enrolment.models import Subscription
from sportello.families.models import Child
from tenants.current import in_schema
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories.people import account
from tests.factories.progress import Silent
from tests.onboarding.rosters import HEADER, NOW, TODAY, checked, committed, mapping_for, prepare, roster, uploaded
from tests.onboarding.test_committing import EMMA, LUCA, emma, luca


def read_again(content: bytes) -> RosterLoad:
    return read_export(load=uploaded(content), today=TODAY, now=NOW + timedelta(days=7), progress=Silent())


def test_the_same_headings_are_read_as_last_week_without_asking(ready: Municipality) -> None:
    first = checked(roster(emma()))
    again = read_again(roster(emma(), luca(), encoding="utf-8"))
    assert (again.state, again.mapping) == (LoadState.CHECKING, first.mapping)
    assert SourceMapping.objects.count() == 1


def test_other_headings_ask_again_and_say_what_changed(ready: Municipality) -> None:
    checked(roster(emma()))
    header = HEADER.replace(";EMAIL", "").replace("SALDO", "SALDO;TELEFONO_2")
    again = read_again(roster("x" + ";x" * 22, header=header))
    assert (again.state, again.mapping.origin) == (LoadState.MAPPING, MappingOrigin.EARLIER)
    found = fit(read_mapping(again.mapping.based_on.toml), mapping_of(again).layout)
    assert [(change.what, change.name) for change in found.changes] == [("missing", "EMAIL"), ("new", "TELEFONO_2")]
    kept = {column.source: column.field for column in mapping_of(again).columns}
    assert kept["COD_PLESSO"] == "school_code"


def test_headings_that_changed_places_are_told() -> None:
    header = ("A", "B", "C")
    columns = tuple(Column(source=name, place=place, field="note") for place, name in enumerate(header, 1))
    before = Mapping(kind="roster", layout=Layout(form="delimited", header=header), columns=columns)
    found = fit(before, Layout(form="delimited", header=("a", "C", "B")))
    assert found.changes == (Change("moved", "B", 3, "B"), Change("moved", "C", 2, "C"))
    assert not fit(before, Layout(form="delimited", header=("a.", "b", "c"))).changes
    assert [each.what for each in fit(before, Layout(form="delimited", header=("new", *header))).changes] == ["new"]


def test_only_differences_appear(ready: Municipality) -> None:
    committed(roster(emma(), luca()))
    load = checked(roster(emma(SALDO="1,00")))
    assert load.counts["since"] == {"created": 0, "updated": 1, "unchanged": 0, "disappeared": 1}
    assert [row.key for row in leavers_of(load)] == [LUCA]
    again = checked(roster(emma(), luca()))
    assert again.counts["since"] == {"created": 0, "updated": 0, "unchanged": 2, "disappeared": 0}


def test_a_row_that_waits_has_not_disappeared(ready: Municipality) -> None:
    committed(roster(emma(), luca()))
    load = checked(roster(emma(), luca(CLASSE="", SEZ="")))
    assert load.counts["review"] == 1
    assert not leavers_of(load).exists()


def test_a_person_decides_about_who_disappeared(ready: Municipality) -> None:
    committed(roster(emma(), luca()))
    load = committed(roster(emma()), today=date(2026, 12, 1))
    assert Subscription.objects.get(child__fiscal_code=LUCA).valid_during.upper == date(2027, 9, 1)
    say_farewell(load=load, key=LUCA, choice="end", ends_on=date(2026, 12, 1), actor=None, now=NOW)
    assert Subscription.objects.get(child__fiscal_code=LUCA).valid_during.upper == date(2026, 12, 1)
    assert Child.objects.filter(fiscal_code=LUCA).exists()
    with pytest.raises(DecisionNotAllowed):
        say_farewell(load=load, key=EMMA, choice="end", ends_on=date(2026, 12, 1), actor=None, now=NOW)


def test_a_confirmed_mapping_helps_the_next_comune_without_its_data(ready: Municipality) -> None:
    bitonto = Municipality.objects.get(slug="bitonto")
    checked(roster(emma()))
    shared = SharedMapping.objects.get()
    mapping = read_mapping(shared.toml)
    assert (mapping.municipality, mapping.school_year, mapping.questions) == ("", 0, ())
    assert all(not column.values for column in mapping.columns if column.field == "school_code")
    for secret in ("RUSSO", EMMA, "VIA ROMA"):
        assert secret not in shared.toml
    with in_schema(bitonto.schema_name):
        prepare(bitonto)
        load = read_export(load=uploaded(roster(emma())), today=TODAY, now=NOW, progress=Silent())
        assert (load.state, load.mapping.origin) == (LoadState.MAPPING, MappingOrigin.SHELF)
        assert load.mapping.origin_note.startswith("Bari")
        assert not SourceMapping.objects.filter(state="confirmed").exists()


def test_a_script_takes_the_same_road(ready: Municipality, tmp_path: Path) -> None:
    mapping = mapping_for(read_export(load=uploaded(roster(emma())), today=TODAY, now=NOW, progress=Silent()))
    path = tmp_path / "mensa.csv"
    path.write_bytes(roster(emma(), luca()))
    load = bring_in(path=path, mapping=mapping, actor=None, now=lambda: NOW)
    assert (load.state, load.result["children_created"]) == (LoadState.COMMITTED, 2)
    again = bring_in(path=path, mapping=mapping, actor=None, now=lambda: NOW)
    assert again.result["children_unchanged"] == 2


@pytest.mark.parametrize("role", [Role.SCHOOL, Role.DELEGATE, None])
def test_nobody_else_sees_the_pages_of_a_load(ready: Municipality, bari_client: HostClient, role: Role | None) -> None:
    load = checked(roster(emma(), luca(COD_FISCALE="")))
    bari_client.force_login(account(*([role] if role else [])))
    for name in ("mapping", "review", "undo", "leavers", "export_mapping"):
        assert bari_client.get(reverse(f"onboarding:{name}", args=[load.public_id])).status_code == 403
    assert bari_client.get(reverse("onboarding:review_row", args=[load.public_id, 3])).status_code == 403
    assert bari_client.get(reverse("onboarding:decisions")).status_code == 403
    for name in ("decide_kind", "reopen", "import_mapping", "preview", "expect"):
        assert bari_client.post(reverse(f"onboarding:{name}", args=[load.public_id])).status_code == 403


def test_the_command_stores_what_it_tried(ready: Municipality, tmp_path: Path) -> None:
    first = checked(roster(emma()))
    mapping, file, report = tmp_path / "m.toml", tmp_path / "mensa.csv", tmp_path / "out.jsonl"
    mapping.write_text(first.mapping.toml, encoding="utf-8")
    file.write_bytes(roster(emma(), luca()))
    arguments = ["--municipality", "A662", "--mapping", str(mapping), "--report", str(report)]
    call_command("onboarding", "dry-run", str(file), *arguments)
    assert not Child.objects.exists()
    call_command("onboarding", "dry-run", str(file), *arguments, "--commit")
    assert Child.objects.count() == 2
    assert len(report.read_text().splitlines()) == 3
    assert RosterLoad.objects.filter(state=LoadState.COMMITTED).count() == 1
