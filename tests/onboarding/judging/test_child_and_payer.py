"""What the fiscal code settles is repaired; what it contradicts waits for a person, with a suggestion."""

from dataclasses import replace

import pytest

from onboarding.judging.types import Verdict
from tests.onboarding.judging.mappings import BUS, MONTHS, ROSTER, SHEET
from tests.onboarding.judging.rows import codes, verdict
from tests.onboarding.judging.samples import known


def test_a_good_row_is_read_whole() -> None:
    judged = verdict(ROSTER)
    assert (judged.verdict, judged.defects, judged.suggestion) == (Verdict.GOOD, [], {})
    assert judged.record == {
        "child_fiscal_code": "RSSMME18M43F052V",
        "child_surname": "RUSSO",
        "child_given_name": "EMMA",
        "sex": "F",
        "birth_date": "2018-08-03",
        "birth_place": "F052",
        "legacy_id": "000001",
        "school_code": "BAEE81502L",
        "class_year": 2,
        "section": "D",
        "diet": "standard",
        "isee": "24000.01",
        "balance": "40.01",
        "payer_fiscal_code": "RSSNCL96C29A225M",
        "payer_surname": "RUSSO",
        "payer_given_name": "NICOLÒ",
        "address": "VIA ROMA 31",
        "cap": "70121",
        "phone": "0805745738",
        "email": "nicolo.russo@example.org",
    }
    assert judged.beside == {"residence": "A662"}


@pytest.mark.parametrize(
    ("changes", "code", "field", "value"),
    [
        ({"COD_FISCALE": "rssmme18m43f052v "}, "cf_case_or_space", "child_fiscal_code", "RSSMME18M43F052V"),
        ({"COGNOME": "EMMA", "NOME": "RUSSO"}, "name_surname_swapped", "child_surname", "RUSSO"),
        ({"SESSO": ""}, "sex_missing", "sex", "F"),
        ({"DATA_NASCITA": ""}, "birth_date_missing", "birth_date", "2018-08-03"),
        ({"DATA_NASCITA": "3/8/18"}, "two_digit_year", "birth_date", "2018-08-03"),
        ({"DATA_NASCITA": "8/3/2018"}, "us_date_order", "birth_date", "2018-08-03"),
        ({"DATA_NASCITA": "43315"}, "excel_serial_date", "birth_date", "2018-08-03"),
        ({"DATA_NASCITA": "2018-08-03"}, "birth_date_format", "birth_date", "2018-08-03"),
        ({"MATRICOLA": "1"}, "leading_zeros_lost", "legacy_id", "000001"),
        ({"CLASSE": "II"}, "class_notation", "class_year", 2),
        ({"ISEE": "€ 24000.01"}, "isee_format", "isee", "24000.01"),
        ({"SALDO": "40.01"}, "balance_format", "balance", "40.01"),
        ({"TELEFONO": "805745738"}, "phone_leading_zero_lost", "phone", "0805745738"),
        ({"EMAIL": "nicolo.russo example.org"}, "email_invalid", "email", None),
        ({"CAP": "7012"}, "postal_code_invalid", "cap", None),
        ({"COGNOME_PAG": "NICOLÒ", "NOME_PAG": "RUSSO"}, "payer_name_surname_swapped", "payer_given_name", "NICOLÒ"),
    ],
)
def test_a_certain_repair(changes: dict[str, str], code: str, field: str, value: object) -> None:
    judged = verdict(ROSTER, **changes)
    assert (judged.verdict, codes(judged)) == (Verdict.FIX, [code])
    assert judged.record is not None
    assert judged.record == {**verdict(ROSTER).record, field: value}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("changes", "code", "suggestion"),
    [
        ({"COD_FISCALE": ""}, "cf_missing", {"child_fiscal_code": "RSSMME18M43F052V"}),
        ({"COD_FISCALE": "RSSMME18M43F052X"}, "cf_check_digit", {"child_fiscal_code": "RSSMME18M43F052V"}),
        ({"COD_FISCALE": "01234567890"}, "provisional_numeric_cf", {}),
        ({"COD_FISCALE": "RSSMME18M43"}, "cf_malformed", {}),
        ({"SESSO": "M"}, "sex_vs_cf", {"sex": "F"}),
        ({"SESSO": "?"}, "sex_unreadable", {}),
        ({"DATA_NASCITA": "04/08/2018"}, "birth_date_vs_cf", {"birth_date": "2018-08-03"}),
        ({"DATA_NASCITA": "03/08/2058"}, "birth_date_in_future", {"birth_date": "2018-08-03"}),
        ({"DATA_NASCITA": "31/02/2018"}, "birth_date_unreadable", {"birth_date": "2018-08-03"}),
        ({"COMUNE_NASCITA": "BARI", "PROV": "BA"}, "birthplace_vs_cf", {}),
        ({"NOME": "GIULIA"}, "name_vs_cf", {}),
        ({"NOME": ""}, "name_missing", {}),
        ({"COGNOME": "=RUSSO"}, "name_unreadable", {}),
        ({"INDIRIZZO": "VIA UNIT\ufffd"}, "characters_lost", {}),
        ({"COD_PLESSO": "BAEE815099"}, "school_code_unknown", {}),
        ({"CLASSE": ""}, "class_missing", {}),
        ({"CLASSE": "7"}, "class_unreadable", {}),
        ({"SEZ": ""}, "section_missing", {}),
        ({"DIETA": "SENZA TUTTO"}, "diet_unknown", {}),
        ({"ISEE": "24.000"}, "isee_unreadable", {}),
        ({"SALDO": ""}, "balance_missing", {}),
        ({"CF_PAG": ""}, "payer_missing", {}),
        ({"CF_PAG": "RSSNCL96C29A225X"}, "payer_cf_check_digit", {"payer_fiscal_code": "RSSNCL96C29A225M"}),
        ({"CF_PAG": "RSSMME18M43F052V"}, "payer_cf_equals_child_cf", {}),
        ({"NOME_PAG": "LUCA"}, "payer_name_vs_cf", {}),
        ({"TELEFONO": "3,60061E+09"}, "phone_scientific_notation", {}),
        ({"MATRICOLA": ""}, "legacy_id_missing", {}),
    ],
)
def test_what_a_person_must_decide(changes: dict[str, str], code: str, suggestion: dict[str, str]) -> None:
    judged = verdict(ROSTER, **changes)
    assert (judged.verdict, codes(judged), judged.suggestion) == (Verdict.REVIEW, [code], suggestion)


def test_all_defects_are_told_at_once_and_the_gravest_decides() -> None:
    judged = verdict(ROSTER, COD_FISCALE="rssmme18m43f052v", SESSO="M", CLASSE="", EMAIL="x", SALDO="boh")
    assert sorted(codes(judged)) == [
        "balance_unreadable", "cf_case_or_space", "class_missing", "email_invalid", "sex_vs_cf"
    ]  # fmt: skip
    assert judged.verdict is Verdict.REVIEW


def test_birth_abroad_and_omocode_are_no_defects() -> None:
    abroad = verdict(
        ROSTER, COGNOME="HOXHA", NOME="ANNA", DATA_NASCITA="12/09/2019", COD_FISCALE="HXHNNA19P52Z100I",
        COMUNE_NASCITA="ALBANIA", PROV="EE",
    )  # fmt: skip
    omocode = verdict(ROSTER, COD_FISCALE="RSSMME18M43F0RNX")
    assert (abroad.verdict, codes(abroad)) == (Verdict.GOOD, ["info_foreign_birth"])
    assert codes(omocode) in (["info_omocode"], ["cf_check_digit"])


def test_names_in_one_column_are_parted_by_the_code_in_either_order() -> None:
    first = verdict(SHEET, **{"Cognome e Nome": "Emma Russo"})
    assert first.record is not None
    assert (first.record["child_surname"], first.record["child_given_name"]) == ("RUSSO", "EMMA")
    assert codes(first) == ["name_in_one_column", "two_digit_year", "class_notation"]
    other = verdict(SHEET, **{"Cognome e Nome": "RUSSO GIULIA"})
    assert (other.verdict, "name_vs_cf" in codes(other)) == (Verdict.REVIEW, True)


def test_a_sheet_tells_sex_and_place_by_the_code_and_counts_the_meals() -> None:
    judged = verdict(SHEET)
    assert judged.record == {
        "child_fiscal_code": "RSSMME18M43F052V",
        "child_surname": "RUSSO",
        "child_given_name": "EMMA",
        "sex": "F",
        "birth_date": "2018-08-03",
        "birth_place": "F052",
        "class_year": 2,
        "section": "D",
        "father_name": "RUSSO NICOLÒ",
        "mother_name": "FIORE ANNA",
        "phone": "0805745738",
        "meals": dict(zip(MONTHS, (0, 0, 3, 4, 0, 0, 0, 0, 0, 1), strict=True)),
        "meals_total": 8,
    }
    wrong = verdict(SHEET, TOT="9")
    assert (wrong.verdict, wrong.suggestion) == (Verdict.REVIEW, {"meals_total": "8"})


def test_a_month_row_keeps_the_name_in_one_column_and_the_payer_beside() -> None:
    judged = verdict(BUS)
    assert (judged.verdict, judged.defects) == (Verdict.GOOD, [])
    assert judged.record == {
        "legacy_id": "501",
        "child_fiscal_code": "RSSMME18M43F052V",
        "child_name": "RUSSO EMMA",
        "payer_fiscal_code": "RSSNCL96C29A225M",
        "school_code": "BAEE81502L",
        "route": "L1",
        "stop": "Città Vecchia",
        "month": "2025-11",
        "trip": "both",
        "amount": "10.00",
        "paid": True,
        "paid_on": "2025-11-23",
    }
    assert judged.beside == {
        "child_surname": "RUSSO",
        "child_given_name": "EMMA",
        "sex": "F",
        "birth_date": "2018-08-03",
        "birth_place": "F052",
        "payer_name": "RUSSO NICOLÒ",
        "payer_surname": "RUSSO",
        "payer_given_name": "NICOLÒ",
    }


def test_a_school_is_found_by_its_own_name() -> None:
    facts = replace(known(), school_names={"rodari": "BAEE81502L"})
    named = verdict(ROSTER, facts, COD_PLESSO="Scuola Primaria Rodari")
    assert named.record is not None
    assert (named.verdict, named.record["school_code"]) == (Verdict.GOOD, "BAEE81502L")
