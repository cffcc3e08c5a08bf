"""The four exports with answer keys: what each column holds, how the file is cut, what its tail declares."""

# ruff: noqa: SIM905, E501 -- lists of words read better as text; a column is a function of a pupil

import lzma
from pathlib import Path

import pytest

from onboarding.mapping.structs import Control, Mapping, RecordMark
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from tests.onboarding.recognition.world import facts

ROOT = Path(__file__).resolve().parents[3]
LEGACY = ROOT.parent / "shared" / "data" / "legacy"
SAMPLE = ROOT / "tests" / "onboarding" / "sample" / "roster.csv.xz"
MONTHS = ("SET", "OTT", "NOV", "DIC", "GEN", "FEB", "MAR", "APR", "MAG", "GIU")
ROSTER = (
    "legacy_id child_surname child_given_name sex birth_date child_fiscal_code birth_place birth_province street"
    " house_number cap residence school_code class_year section diet isee payer_surname payer_given_name"
    " payer_fiscal_code phone email balance"
).split()
SHEET = (
    "line_number child_name birth_place birth_date child_fiscal_code class_and_section father_name mother_name phone note"
).split()
BUS = (
    "legacy_id child_fiscal_code child_name payer_name payer_fiscal_code school_code route stop month year trip amount"
    " paid paid_on note"
).split()


def proposed(name: str) -> Mapping:
    if not (LEGACY / name).exists():
        pytest.skip("../shared/data/legacy is not beside the repository")
    return propose(open_source(LEGACY / name), facts())


def fields(mapping: Mapping) -> list[str]:
    return [column.field for column in mapping.columns]


def test_the_roster_kept_with_the_tests(tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(lzma.decompress(SAMPLE.read_bytes()))
    mapping = propose(open_source(path), facts())
    assert (mapping.kind, fields(mapping)) == ("roster", ROSTER)
    assert mapping.municipality == "A662"


def test_the_roster_of_a_canteen() -> None:
    mapping = proposed("a_mensa_gestionale.csv")
    assert (mapping.kind, mapping.municipality, fields(mapping)) == ("roster", "A662", ROSTER)
    by_field = {column.field: column for column in mapping.columns}
    assert by_field["legacy_id"].digits == 6
    assert (by_field["isee"].decimal, by_field["isee"].thousands) == (",", ".")
    assert by_field["diet"].values == {
        "ALL. UOVO": "medical:egg_allergy",
        "CEL": "medical:celiac",
        "NO MAIALE": "ethical_religious:no_pork",
        "VEG": "ethical_religious:vegetarian",
        "": "standard",
    }
    assert min(column.confidence for column in mapping.columns) >= 0.95
    assert mapping.questions == ()


def test_the_sheet_of_a_school() -> None:
    mapping = proposed("b_excel_scuola.csv")
    assert (mapping.kind, fields(mapping)) == ("roster", [*SHEET, *["meals"] * 10, "meals_total"])
    assert tuple(column.part for column in mapping.columns if column.part) == MONTHS
    assert mapping.layout.header_line == 4


def test_the_months_of_a_bus() -> None:
    mapping = proposed("d_trasporto_mensile.txt")
    assert (mapping.kind, fields(mapping)) == ("transport", BUS)


def test_the_layout_of_local_taxes_is_found_without_any_name() -> None:
    mapping = proposed("c_tributi_fixed.txt")
    assert mapping.kind == "taxes"
    assert mapping.layout.mark == RecordMark(first=1, width=1, header="0", detail="1", trailer="9")
    assert [(column.place, column.width, column.field) for column in mapping.columns] == [
        (2, 7, "line_number"),
        (9, 16, "fiscal_code"),
        (25, 40, "surname_or_name"),
        (65, 20, "given_name"),
        (85, 4, "tax"),
        (89, 4, "year"),
        (93, 11, "due"),
        (104, 11, "paid"),
        (115, 8, "last_payment"),
        (123, 1, "instalments"),
        (124, 4, "municipality"),
        (128, 33, ""),
    ]
    assert {column.unit for column in mapping.columns if column.field in {"due", "paid"}} == {"cents"}
    assert mapping.controls == (
        Control(place=2, width=7),
        Control(place=9, width=13, of="due"),
        Control(place=22, width=13, of="paid"),
    )


def test_reasons_tell_nothing_of_persons() -> None:
    """A reason may be read by who may not read the file: it has counts and no cell."""
    mapping = proposed("a_mensa_gestionale.csv")
    cells = set((LEGACY / "a_mensa_gestionale.csv").read_text("cp1252").replace("\n", ";").split(";"))
    names = {cell for cell in cells if len(cell) > 4 and cell.isupper()} - set(mapping.layout.header)
    told = " ".join(column.reason for column in mapping.columns).upper()
    assert not [name for name in names if name in told]


def test_the_comune_is_the_one_whose_code_stands_in_every_row() -> None:
    assert proposed("c_tributi_fixed.txt").municipality == "A662"


def test_the_word_of_the_last_line_of_sums_is_learned(tmp_path: Path) -> None:
    """However long the file: the last lines are looked at, not only those of the sample."""
    rows = [f"ROSSI MARIA;{number % 7};{number % 5};{number % 7 + number % 5}" for number in range(5000)]
    path = tmp_path / "export"
    path.write_text("\n".join(["Alunno;SET;OTT;TOT", *rows, "Totali complessivi;14993;10000;24993"]), encoding="utf-8")
    mapping = propose(open_source(path), facts())
    assert any("TOTALI COMPLESSIVI".startswith(word.upper()) for word in mapping.layout.total_words)
    assert "Riepilogo generale" not in mapping.layout.total_words
    path.write_text("\n".join(["Alunno;SET;OTT;TOT", *rows, "Riepilogo generale;14993;10000;24993"]), encoding="utf-8")
    assert "Riepilogo generale" in propose(open_source(path), facts()).layout.total_words
