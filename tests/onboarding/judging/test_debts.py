"""Debt positions of the payment kit, in thousandths of a euro, and entries of the treasurer's journal."""

from onboarding.judging.judging import judge
from onboarding.judging.types import Judged, Verdict
from onboarding.mapping.structs import Column, Layout, Mapping
from onboarding.sources.types import SourceRow
from tests.onboarding.judging.rows import codes
from tests.onboarding.judging.samples import known

DEBT = {
    "debt_type": "C_A662_MENSA", "debtor_fiscal_codes": "RSSMME18M43F052V;RSSNCL96C29A225M",
    "debt_id": "MENSA.2025.002", "due_on": "2025-10-31T00:00:00", "status": "PAGATO", "amount": "20120",
    "items": "pasti=15000;quota=5120",
    "iban": "IT60X0542811101000000123456;COMUNE", "paid": "20120", "paid_on": "2025-10-19T10:11:12",
    "paid_through_node": "SI",
}  # fmt: skip
ENTRY = {
    "year": "2025", "entry_id": "0001235", "booked_on": "2025-11-03", "payer_name": "BANCA X",
    "reason": "/PUR/LGPE-RIVERSAMENTO/URI/2025-11-02PPAYITR1XXX-S2025110201",
    "amount": "1520.50", "value_date": "2025-11-04",
}  # fmt: skip
THOUSANDTHS = {"amount", "items", "paid"}


def judged(kind: str, row: dict[str, str], *more: dict[str, str]) -> list[Judged]:
    columns = tuple(
        Column(
            place=at,
            field=field,
            date_order="ymd",
            unit="thousandths" if kind == "debts" and field in THOUSANDTHS else "euro",
        )
        for at, field in enumerate(row, 1)
    )
    mapping = Mapping(
        kind="debts" if kind == "debts" else "treasury",
        layout=Layout(form="delimited", separator="|"),
        columns=columns,
    )
    rows = (SourceRow(at, "|".join(one.values()), tuple(one.values())) for at, one in enumerate([row, *more], 1))
    return list(judge(rows, mapping, known()))


def test_a_position_is_read_to_the_cent() -> None:
    found = judged("debts", DEBT)[0]
    assert (found.verdict, found.defects) == (Verdict.GOOD, [])
    assert found.record == {
        "debt_type": "C_A662_MENSA",
        "debtor_fiscal_codes": "RSSMME18M43F052V;RSSNCL96C29A225M",
        "debt_id": "MENSA.2025.002",
        "due_on": "2025-10-31",
        "status": "PAGATO",
        "amount": "20.12",
        "items": "pasti=15000;quota=5120",
        "iban": "IT60X0542811101000000123456",
        "paid": "20.12",
        "paid_on": "2025-10-19",
        "paid_through_node": True,
    }


def test_what_a_person_must_decide_of_a_position() -> None:
    for field, value, code in (
        ("amount", "20125", "amount_below_cent"),
        ("items", "pasti=15000", "items_vs_amount"),
        ("debt_id", "MENSA#2", "id_characters"),
        ("status", "SOSPESO", "status_unknown"),
        ("debtor_fiscal_codes", "RSSMME18M43F052X", "cf_check_digit"),
        ("iban", "IT60X0542811101000000123457", "iban_invalid"),
        ("paid_through_node", "forse", "yes_no_unreadable"),
    ):
        found = judged("debts", DEBT | {field: value})[0]
        assert (found.verdict, code in codes(found)) == (Verdict.REVIEW, True), (field, codes(found))


def test_an_identifier_twice_is_a_duplicate_or_a_contradiction() -> None:
    found = judged("debts", DEBT, DEBT, DEBT | {"status": "CHIUSO"})
    assert [codes(one) for one in found] == [[], ["duplicate_id"], ["duplicate_conflicting_data"]]


def test_an_entry_gives_its_references() -> None:
    found = judged("treasury", ENTRY, ENTRY | {"entry_id": "2", "booked_on": ""})
    assert [one.verdict for one in found] == ["good", "review"]
    assert found[0].record is not None
    assert found[0].record["amount"] == "1520.50"
    assert found[0].record["iuf"] == "2025-11-02PPAYITR1XXX-S2025110201"
