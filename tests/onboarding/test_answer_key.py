"""Every row of the sample back-office file gets the verdict and the defects of its answer key.

The sample is invented: no real person; names combined at random, fiscal codes valid.
"""

import json
import lzma
from functools import cache
from pathlib import Path
from typing import Any

from onboarding.models import RosterLoad, RowDefect, StagedRow
from tenants.models import Municipality
from tests.onboarding.rosters import checked

SAMPLE = Path(__file__).parent / "sample"


def roster() -> bytes:
    return lzma.decompress((SAMPLE / "roster.csv.xz").read_bytes())


@cache
def answers() -> dict[int, dict[str, Any]]:
    lines = lzma.decompress((SAMPLE / "answers.jsonl.xz").read_bytes()).decode().splitlines()
    return {answer["line"]: answer for answer in map(json.loads, lines)}


def told(load: RosterLoad) -> dict[int, tuple[str, list[str]]]:
    found = {staged.line: (staged.verdict, []) for staged in StagedRow.objects.filter(load=load)}
    for defect in RowDefect.objects.filter(load=load):
        found[defect.line][1].append(defect.code)
    return {line: (verdict, sorted(codes)) for line, (verdict, codes) in found.items()}


def test_verdict_and_defects_of_all_two_thousand_rows(ready: Municipality) -> None:
    load = checked(roster())
    expected = {line: (answer["verdict"], sorted(answer["defects"])) for line, answer in answers().items()}
    assert told(load) == expected
    assert load.encoding == "cp1252"
    assert load.counts["rows"] == 2000


def test_what_is_repaired_is_the_truth(ready: Municipality) -> None:
    load = checked(roster())
    key = answers()
    for staged in StagedRow.objects.filter(load=load, verdict__in=("good", "fix")):
        expected = key[staged.line]["expected"]
        assert _as_the_key_says_it(staged) == {name: expected[name] for name in _as_the_key_says_it(staged)}


def test_suggestions_are_never_wrong(ready: Municipality) -> None:
    load = checked(roster())
    key = answers()
    meant = {"COD_FISCALE": "child_fiscal_code", "SESSO": "sex"}
    given = 0
    for staged in StagedRow.objects.filter(load=load, verdict="review").exclude(suggestion={}):
        expected = key[staged.line]["expected"]
        for column, value in staged.suggestion.items():
            given += 1
            if column == "DATA_NASCITA":
                day, month, year = value.split("/")
                assert f"{year}-{month}-{day}" == expected["birth_date"]
            else:
                assert value == expected[meant[column]]
    assert given >= 130


def _as_the_key_says_it(staged: StagedRow) -> dict[str, Any]:
    diet = f"{staged.diet_kind}:{staged.diet_code}" if staged.diet_code else "standard"
    return {
        "child_fiscal_code": staged.child_fiscal_code,
        "child_surname": staged.child_family_name,
        "child_given_name": staged.child_given_name,
        "sex": staged.child_sex,
        "birth_date": str(staged.child_birth_date),
        "birth_place": staged.child_birthplace,
        "school_code": staged.school_code,
        "class_year": staged.class_year,
        "section": staged.section,
        "payer_fiscal_code": staged.payer_fiscal_code,
        "payer_surname": staged.payer_family_name,
        "payer_given_name": staged.payer_given_name,
        "phone": staged.phone,
        "email": staged.email or None,
        "isee": None if staged.isee_cents is None else f"{staged.isee_cents / 100:.2f}",
        "diet": diet,
        "balance": f"{staged.balance_cents / 100:.2f}",
        "legacy_id": staged.legacy_id,
        "address": staged.address,
        "cap": staged.postal_code,
    }
