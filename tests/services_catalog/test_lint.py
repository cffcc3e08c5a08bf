"""The linter finds the holes and overlaps that printed tables really have, and asks."""

from typing import Any

from services_catalog.fee_table import FeeTable
from services_catalog.lint import Severity, errors_of, lint, lint_fees
from services_catalog.reading import from_builtins
from tests.factories.editions import edition_content


def bands(*rows: tuple[str, str | None, str]) -> FeeTable:
    base = [
        {"isee_from": start, "amount": amount} | ({} if end is None else {"isee_to": end})
        for start, end, amount in rows
    ]
    return from_builtins({"unit": {"kind": "meal"}, "base": {"kind": "flat_bands", "bands": base}}, FeeTable)


def codes(table: FeeTable) -> list[tuple[str, str]]:
    return [(finding.code, finding.place) for finding in lint_fees(table)]


def test_a_table_without_holes_has_no_findings() -> None:
    assert codes(bands(("0", "6000.00", "1.00"), ("6000.01", None, "2.00"))) == []


def test_a_hole_of_whole_euro_bounds_is_found_to_the_cent() -> None:
    table = bands(("0", "3500", "1.00"), ("3501", None, "2.00"))
    assert codes(table) == [("gap", "fees.base.bands[1]")]
    assert "da 3.500,01 € a 3.500,99 €" in lint_fees(table)[0].message


def test_a_hole_of_one_cent_is_found() -> None:
    table = bands(("0", "5999.99", "1.00"), ("6000.01", None, "2.00"))
    assert "da 6.000,00 € a 6.000,00 €" in lint_fees(table)[0].message


def test_the_unknown_band_of_a_share_of_cost_is_found() -> None:
    rows = [
        {"isee_to": "500.00", "share_percent": 10},
        {"isee_from": "20000.01", "isee_to": "35000.00", "share_percent": 90},
        {"isee_from": "35000.01", "share_percent": 100},
    ]
    costs = [{"level": "infanzia", "unit_cost": "4.67"}]
    base: dict[str, Any] = {"kind": "cost_share", "unit_costs": costs, "bands": rows}
    table = from_builtins({"unit": {"kind": "meal"}, "base": base}, FeeTable)
    assert codes(table) == [("gap", "fees.base.bands[1]")]
    assert "da 500,01 € a 20.000,00 €" in lint_fees(table)[0].message


def test_an_overlap_and_a_table_without_top_are_found() -> None:
    table = bands(("0", "5000", "1.00"), ("4500", "9000", "2.00"))
    assert codes(table) == [("overlap", "fees.base.bands[1]"), ("no_top_band", "fees.base.bands[1]")]
    assert "Da 4.500,00 € a 5.000,00 € valgono due fasce" in lint_fees(table)[0].message


def test_two_bands_without_a_top_overlap() -> None:
    assert codes(bands(("0", None, "1.00"), ("9000", None, "2.00"))) == [("overlap", "fees.base.bands[1]")]


def test_a_fall_and_a_leap_are_only_warnings() -> None:
    table = bands(("0", "1000", "1.00"), ("1000.01", "2000", "4.00"), ("2000.01", None, "3.00"))
    assert codes(table) == [("jump", "fees.base.bands[1]"), ("amount_falls", "fees.base.bands[2]")]
    assert errors_of(lint_fees(table)) == []


def test_a_sibling_price_above_the_lowest_band_is_asked_about() -> None:
    rows = [{"rank_from": 2, "amount": "15.00"}]
    step = {"kind": "sibling_prices", "rows": rows, "only_if_lower": False}
    base = {"kind": "flat_bands", "bands": [{"isee_to": "1", "amount": "10"}, {"isee_from": "1.01", "amount": "20"}]}
    table = from_builtins({"unit": {"kind": "meal"}, "base": base, "reductions": [step]}, FeeTable)
    assert codes(table) == [("sibling_dearer", "fees.reductions[0].rows[0]")]


def test_assumptions_and_open_questions_stay_in_sight_and_do_not_block() -> None:
    content = edition_content(assumptions=["importi vecchi"], fees={"open_questions": ["chi è il primo?"]})
    findings = lint(content)
    assert [finding.code for finding in findings] == ["assumption", "open_question"]
    assert {finding.severity for finding in findings} == {Severity.ASSUMPTION}


def test_overlapping_windows_and_no_window_are_asked_about() -> None:
    window = {"code": "a", "label": {"it": "A"}, "opens": "2026-06-01", "closes": "2026-06-30"}
    other = {"code": "b", "label": {"it": "B"}, "opens": "2026-06-30", "closes": "2026-07-30"}
    assert [finding.code for finding in lint(edition_content(windows=[window, other]))] == ["windows_overlap"]
    assert [finding.code for finding in lint(edition_content(windows=[]))] == ["no_window"]
