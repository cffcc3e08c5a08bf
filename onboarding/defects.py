"""Every defect a row can have: how grave it is and in which column it stands. The sentences are in `sentences`."""

from typing import Final, NamedTuple

from onboarding.record import Defect, Verdict


class Kind(NamedTuple):
    """`verdict` is what the defect alone makes of a row; `column` is empty when the whole row is meant."""

    verdict: Verdict
    column: str


GOOD, FIX, REVIEW, REJECT, DUPLICATE = Verdict

CATALOGUE: Final[dict[str, Kind]] = {
    # Oddities that are valid.
    "info_foreign_birth": Kind(GOOD, "COMUNE_NASCITA"),
    "info_omocode": Kind(GOOD, "COD_FISCALE"),
    # Repairs that are certain.
    "cf_case_or_space": Kind(FIX, "COD_FISCALE"),
    "payer_cf_case_or_space": Kind(FIX, "CF_PAG"),
    "isee_format": Kind(FIX, "ISEE"),
    "balance_format": Kind(FIX, "SALDO"),
    "birth_date_format": Kind(FIX, "DATA_NASCITA"),
    "leading_zeros_lost": Kind(FIX, "MATRICOLA"),
    "name_surname_swapped": Kind(FIX, "COGNOME"),
    "payer_name_surname_swapped": Kind(FIX, "COGNOME_PAG"),
    "sex_missing": Kind(FIX, "SESSO"),
    "email_invalid": Kind(FIX, "EMAIL"),
    "phone_leading_zero_lost": Kind(FIX, "TELEFONO"),
    "phone_invalid": Kind(FIX, "TELEFONO"),
    "postal_code_invalid": Kind(FIX, "CAP"),
    # A person must decide.
    "cf_missing": Kind(REVIEW, "COD_FISCALE"),
    "cf_malformed": Kind(REVIEW, "COD_FISCALE"),
    "cf_check_digit": Kind(REVIEW, "COD_FISCALE"),
    "provisional_numeric_cf": Kind(REVIEW, "COD_FISCALE"),
    "name_missing": Kind(REVIEW, "COGNOME"),
    "name_vs_cf": Kind(REVIEW, "COGNOME"),
    "sex_vs_cf": Kind(REVIEW, "SESSO"),
    "sex_unreadable": Kind(REVIEW, "SESSO"),
    "birth_date_vs_cf": Kind(REVIEW, "DATA_NASCITA"),
    "birth_date_in_future": Kind(REVIEW, "DATA_NASCITA"),
    "birth_date_unreadable": Kind(REVIEW, "DATA_NASCITA"),
    "age_not_plausible": Kind(REVIEW, "DATA_NASCITA"),
    "birthplace_vs_cf": Kind(REVIEW, "COMUNE_NASCITA"),
    "legacy_id_missing": Kind(REVIEW, "MATRICOLA"),
    "school_code_unknown": Kind(REVIEW, "COD_PLESSO"),
    "class_missing": Kind(REVIEW, "CLASSE"),
    "class_unreadable": Kind(REVIEW, "CLASSE"),
    "class_vs_level": Kind(REVIEW, "CLASSE"),
    "section_missing": Kind(REVIEW, "SEZ"),
    "diet_unknown": Kind(REVIEW, "DIETA"),
    "isee_unreadable": Kind(REVIEW, "ISEE"),
    "balance_missing": Kind(REVIEW, "SALDO"),
    "balance_unreadable": Kind(REVIEW, "SALDO"),
    "payer_missing": Kind(REVIEW, "CF_PAG"),
    "payer_cf_malformed": Kind(REVIEW, "CF_PAG"),
    "payer_cf_check_digit": Kind(REVIEW, "CF_PAG"),
    "payer_cf_equals_child_cf": Kind(REVIEW, "CF_PAG"),
    "payer_provisional_cf": Kind(REVIEW, "CF_PAG"),
    "payer_name_vs_cf": Kind(REVIEW, "COGNOME_PAG"),
    "payer_too_young": Kind(REVIEW, "CF_PAG"),
    "text_too_long": Kind(REVIEW, ""),
    # Found by comparing rows.
    "duplicate_conflicting_section": Kind(REVIEW, "SEZ"),
    "duplicate_conflicting_data": Kind(REVIEW, "COD_FISCALE"),
    "legacy_id_repeated": Kind(REVIEW, "MATRICOLA"),
    "duplicate_same_data": Kind(DUPLICATE, ""),
    # The row cannot be read.
    "unquoted_separator_shifts_columns": Kind(REJECT, ""),
    "columns_missing": Kind(REJECT, ""),
    "quotes_unbalanced": Kind(REJECT, ""),
    "control_characters": Kind(REJECT, ""),
}

_GRAVITY: Final = {code: list(Verdict).index(kind.verdict) for code, kind in CATALOGUE.items()}
_BY_GRAVITY: Final = tuple(Verdict)


def worst(defects: list[Defect]) -> Verdict:
    """The gravest verdict among the defects of one row; GOOD when there is none."""
    return _BY_GRAVITY[max((_GRAVITY[defect.code] for defect in defects), default=0)]
