"""A month of bus: its month in any spelling, its year completed only when something else confirms it."""

from typing import Any

import msgspec
import pytest

from onboarding.judging.types import Verdict
from tests.onboarding.judging.mappings import BUS
from tests.onboarding.judging.rows import codes, verdict

WITHOUT_YEAR: Any = msgspec.structs.replace(BUS, school_year=0)


@pytest.mark.parametrize(
    ("changes", "month"),
    [
        ({"mese": "novembre"}, "2025-11"),
        ({"mese": "NOV"}, "2025-11"),
        ({"mese": "giu", "anno": "2026", "data_pag": "2026-06-16"}, "2026-06"),
        ({"mese": "05", "anno": "2026", "data_pag": "1/5/2026"}, "2026-05"),
    ],
)
def test_months_in_any_spelling(changes: dict[str, str], month: str) -> None:
    judged = verdict(BUS, **changes)
    assert judged.record is not None
    assert (judged.verdict, judged.record["month"]) == (Verdict.GOOD, month)


def test_two_digits_of_the_year_need_a_witness() -> None:
    by_school_year = verdict(BUS, anno="25", pagato="NO", data_pag="")
    by_payment = verdict(WITHOUT_YEAR, anno="25")
    by_nobody = verdict(WITHOUT_YEAR, anno="25", pagato="NO", data_pag="")
    against = verdict(BUS, anno="25", mese="6", data_pag="16/06/2026")
    assert [one.verdict for one in (by_school_year, by_payment, by_nobody, against)] == [
        "fix",
        "fix",
        "review",
        "review",
    ]
    assert against.suggestion == {"month": "2026-06"}
    assert verdict(BUS, anno="1925").verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"data_pag": ""}, "paid_without_date"),
        ({"pagato": "NO"}, "date_without_payment"),
        ({"pagato": "forse"}, "yes_no_unreadable"),
        ({"importo": ""}, "amount_missing"),
        ({"importo": "-10,00"}, "negative_amount"),
        ({"importo": "1.234"}, "amount_unreadable"),
        ({"cf_genitore": ""}, "payer_missing"),
        ({"mese": "13"}, "month_unreadable"),
        ({"tipo_corsa": "Z"}, "trip_unreadable"),
        ({"data_pag": "31/02/2026"}, "impossible_date"),
        ({"note": "vedi bollettino"}, "free_text_note"),
        ({"bambino": "RUSSO GIULIA"}, "name_vs_cf"),
    ],
)
def test_what_a_person_must_decide(changes: dict[str, str], code: str) -> None:
    judged = verdict(BUS, **changes)
    assert (judged.verdict, codes(judged)) == (Verdict.REVIEW, [code])


@pytest.mark.parametrize("amount", ["10,00", "10.00", "€ 10,00", "10"])
def test_where_a_column_has_no_usual_form_each_is_good(amount: str) -> None:
    judged = verdict(BUS, importo=amount)
    assert judged.record is not None
    assert (judged.verdict, judged.record["amount"]) == (Verdict.GOOD, "10.00")
