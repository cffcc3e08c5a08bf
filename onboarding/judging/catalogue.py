"""Every defect a line can have and how grave it is. Where it stands is said by the defect itself."""

from collections.abc import Iterable
from typing import Final

from onboarding.judging.types import Defect, Verdict

GOOD, FIX, REVIEW, REJECT, DUPLICATE, NOT_DATA, CONTROL = Verdict


def _all(verdict: Verdict, codes: str) -> dict[str, Verdict]:
    return dict.fromkeys(codes.split(), verdict)


CATALOGUE: Final[dict[str, Verdict]] = {
    # Oddities that are valid: told, never held against the line.
    **_all(GOOD, "info_foreign_birth info_omocode info_company info_overpaid info_one_parent info_sum_incomplete"),
    # Repairs that are certain.
    **_all(
        FIX,
        "cf_case_or_space payer_cf_case_or_space isee_format balance_format amount_format birth_date_format"
        " two_digit_year us_date_order excel_serial_date leading_zeros_lost name_surname_swapped"
        " payer_name_surname_swapped name_in_one_column payer_name_in_one_column compound_name_split_by_cf"
        " class_notation sex_missing birth_date_missing email_invalid phone_leading_zero_lost phone_format"
        " phone_invalid postal_code_invalid mojibake_double_encoding trailing_spaces_trimmed tab_in_filler"
        " year_settled decided_before",
    ),
    # A person must decide.
    **_all(
        REVIEW,
        "cf_missing cf_malformed cf_check_digit provisional_numeric_cf name_missing name_vs_cf name_unreadable"
        " name_split_uncertain characters_lost sex_vs_cf sex_unreadable birth_date_vs_cf birth_date_in_future"
        " birth_date_unreadable age_not_plausible birthplace_vs_cf legacy_id_missing legacy_id_repeated"
        " school_missing school_code_unknown class_missing class_unreadable class_vs_level section_missing"
        " diet_unknown isee_unreadable balance_missing balance_unreadable payer_missing payer_cf_malformed"
        " payer_cf_check_digit payer_cf_equals_child_cf payer_provisional_cf payer_name_vs_cf payer_too_young"
        " text_too_long free_text_note phone_scientific_notation phone_several count_unreadable row_total_mismatch"
        " month_unreadable month_missing year_wrong year_missing trip_unreadable yes_no_unreadable amount_missing"
        " amount_unreadable negative_amount paid_without_date date_without_payment date_unreadable impossible_date"
        " abolished_tax tax_unknown tax_missing other_municipality amount_below_cent status_unknown status_missing"
        " id_missing id_characters iban_invalid items_vs_amount text_missing"
        " duplicate_conflicting_section duplicate_conflicting_data",
    ),
    # Found by comparing lines: said of the same, told before anything else.
    **_all(DUPLICATE, "duplicate_same_data duplicate_month same_progressive duplicate_id"),
    # The line cannot be read.
    **_all(
        REJECT,
        "unquoted_separator_shifts_columns separator_in_note columns_missing columns_shifted amount_not_numeric"
        " quotes_unbalanced control_characters line_too_long undecodable_bytes record_type_unknown",
    ),
    # No data at all.
    **_all(
        NOT_DATA,
        "preamble blank header repeated_header header_record page_text continuation total_row total_row_off_by",
    ),
    **_all(CONTROL, "tail_total_off_by tail_count_off_by trailer control_unreadable"),
}

_GRAVITY: Final = {code: list(Verdict).index(verdict) for code, verdict in CATALOGUE.items()}
_BY_GRAVITY: Final = tuple(Verdict)


def worst(defects: Iterable[Defect]) -> Verdict:
    """The gravest verdict among the defects of one line; GOOD when there is none."""
    return _BY_GRAVITY[max((_GRAVITY[defect.code] for defect in defects), default=0)]


def told_code(defect: Defect) -> str:
    """The defect in one word for reports; one that has an amount in it names field and amount.

    >>> told_code(Defect("tail_total_off_by", "paid", "1.00")), told_code(Defect("cf_missing", "child_fiscal_code"))
    ('tail_paid_total_off_by_1.00', 'cf_missing')
    """
    match defect.code:
        case "tail_total_off_by":
            return f"tail_{defect.field}_total_off_by_{defect.detail}"
        case "tail_count_off_by":
            return f"tail_count_off_by_{defect.detail}"
        case "total_row_off_by":
            return f"total_row_{defect.field}_off_by_{defect.detail}"
        case "year_settled":
            return "year_wrong"
        case code:
            return code
