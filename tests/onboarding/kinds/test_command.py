"""`--commit` writes every kind that a room keeps, says what it left out, and keeps the other kinds staged."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from onboarding.mapping.structs import Column, Layout, Mapping
from onboarding.mapping.texts import mapping_text
from onboarding.models import LoadState, RosterLoad, StagedRow
from sportello.enrolment.models import MonthCount, Subscription
from sportello.families.models import Child
from tenants.models import Municipality
from tests.onboarding.judging.mappings import SHEET
from tests.onboarding.judging.samples import SAMPLES
from tests.onboarding.kinds.loads import with_year
from tests.onboarding.kinds.test_rides import MAPPING, ride
from tests.onboarding.kinds.test_sheets import MEALS, sheet

JOURNAL = ("year", "entry_id", "booked_on", "payer_name", "reason", "amount", "value_date")


def run(content: bytes, mapping: Mapping, folder: Path) -> int:
    """The exit code of a dry run with --commit."""
    file, toml = folder / "export.dat", folder / "mapping.toml"
    file.write_bytes(content)
    toml.write_text(mapping_text(mapping), encoding="utf-8")
    words = ("--municipality", "A662", "--mapping", str(toml), "--report", str(folder / "out.jsonl"), "--commit")
    try:
        call_command("onboarding", "dry-run", str(file), *words)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_a_file_of_the_bus(ready: Municipality, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    content = "\n".join(["|".join(MAPPING.layout.header), ride("10"), ride("11", "NO"), ride("12", "NO"), ""])
    assert run(content.encode(), MAPPING, tmp_path) == 0
    assert Subscription.objects.get().service.code == "trasporto"
    assert "1: Il mese non è ancora arrivato. (4)" in capfd.readouterr().err


def test_a_sheet(ready: Municipality, tmp_path: Path) -> None:
    assert run(sheet(MEALS), with_year(SHEET, 2026), tmp_path) == 0
    assert (Child.objects.count(), MonthCount.objects.count()) == (2, 6)


def test_old_taxes_are_refused_with_the_reason(ready: Municipality, tmp_path: Path) -> None:
    sample = SAMPLES[2]
    with pytest.raises(CommandError, match=r"I dati sono del 15/11/2025") as refused:
        run(sample.content(), sample.mapping, tmp_path)
    assert refused.value.returncode == 2
    assert RosterLoad.objects.get().state == LoadState.CHECKED


def test_the_journal_of_the_treasurer_stays_staged(
    ready: Municipality, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    layout = Layout(form="delimited", encoding="utf-8", separator=";", header_line=1, header=JOURNAL)
    columns = tuple(Column(source=name, place=at, field=name, date_order="ymd") for at, name in enumerate(JOURNAL, 1))
    rows = [";".join(JOURNAL), "2026;0001235;2026-11-03;BANCA X;riversamento;1520.50;2026-11-04", ""]
    mapping = Mapping(kind="treasury", layout=layout, columns=columns, municipality="A662")
    assert run("\n".join(rows).encode(), mapping, tmp_path) == 1
    assert RosterLoad.objects.get().state == LoadState.CHECKED
    assert StagedRow.objects.filter(verdict="good").count() == 1
    assert "I movimenti del tesoriere restano in questo caricamento" in capfd.readouterr().err
