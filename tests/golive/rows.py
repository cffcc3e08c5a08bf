"""Rows of a roster: one that goes in, one that waits for a person."""

from datetime import date

from sportello.kernel.fiscal_code import FiscalCode
from tests.onboarding.rosters import row

EMMA = FiscalCode.compute(
    last_name="RUSSO", first_name="EMMA", sex="F", birth_date=date(2018, 8, 3), birthplace_code="F052"
).value
NICOLO = FiscalCode.compute(
    last_name="RUSSO", first_name="NICOLO'", sex="M", birth_date=date(1996, 3, 29), birthplace_code="A225"
).value


def good_row(**changes: str) -> str:
    """A child whose balance is 40,01 unless said."""
    return row(**{"COD_FISCALE": EMMA, "CF_PAG": NICOLO, **changes})


def spoilt_row(**changes: str) -> str:
    """Another one, whose fiscal code nobody can read."""
    return good_row(**{"MATRICOLA": "000002", "COD_FISCALE": "ILLEGGIBILE", **changes})
