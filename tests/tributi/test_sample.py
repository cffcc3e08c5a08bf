"""Every line of the sample extract gets the verdict, the defects and the values of its answer key."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from integrations.tributi.mapping import FIXED_160
from integrations.tributi.reading import ReadFile, read_file
from integrations.tributi.rows import Duty, RowVerdict
from integrations.tributi.types import Verdict

SAMPLE: Final = Path(__file__).resolve().parents[3] / "shared" / "data" / "legacy" / "c_tributi_fixed.txt"
pytestmark = pytest.mark.skipif(
    not SAMPLE.is_file(),
    reason="the sample extract of the tax office is missing: put it at ../shared/data/legacy/c_tributi_fixed.txt",
)


@cache
def read() -> ReadFile:
    return read_file(SAMPLE.read_bytes(), FIXED_160)


@cache
def answers() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SAMPLE.with_name(f"{SAMPLE.name}.answers.jsonl").read_text().splitlines()]


def defects_of(answer: dict[str, Any]) -> list[str]:
    """What can be seen of a row: the oddities of one that cannot be read are known to the key alone."""
    hidden = "info_" if answer["verdict"] == "reject" else "tail_"
    return sorted(code for code in answer["defects"] if not code.startswith(hidden))


def test_verdict_and_defects_of_all_lines() -> None:
    told = [(row.line, row.verdict.value, sorted(row.defects)) for row in read().rows]
    assert told == [(answer["line"], answer["verdict"], defects_of(answer)) for answer in answers()]
    assert len(told) == 2017


def test_values_of_all_rows_that_are_read() -> None:
    pairs = [(row, answer) for row, answer in zip(read().rows, answers(), strict=True) if row.duty is not None]
    told = [(row.line, as_the_key_says(row.duty)) for row, _answer in pairs if row.duty]
    expected = [(row.line, {key: answer["expected"][key] for key in told[0][1]}) for row, answer in pairs]
    assert told == [
        (line, {**wanted, "fiscal_code": row.fiscal_code}) if "cf_check_digit" in row.defects else (line, wanted)
        for (line, wanted), (row, _answer) in zip(expected, pairs, strict=True)
    ]
    assert len(told) == 1954


def as_the_key_says(duty: Duty) -> dict[str, Any]:
    return {
        "fiscal_code": duty.fiscal_code,
        "tax": str(duty.tax),
        "year": duty.year,
        "due": f"{duty.due_cents / 100:.2f}",
        "paid": f"{duty.paid_cents / 100:.2f}",
        "balance": f"{(duty.due_cents - duty.paid_cents) / 100:.2f}",
        "last_payment": duty.paid_on.isoformat() if duty.paid_on else None,
        "instalments": duty.instalments,
        "in_arrears": duty.verdict is Verdict.IN_ARREARS,
    }


def test_the_sum_of_what_was_paid_is_off_by_one_euro() -> None:
    told = {one.name: (one.declared, one.found, one.is_off) for one in read().sums}
    assert told == {
        "records": (2000, 2000, False),
        "due": (93_788_865, None, False),  # rows without a readable amount: nobody can say
        "paid": (72_197_094, 72_196_994, True),
    }
    assert [row.line for row in read().rows if row.verdict is RowVerdict.CONTROL] == [2017]
    assert (read().comes_out, str(read().as_of)) == (False, "2025-11-15")
