"""Small functions that make a row with sensible values; a test names only what it is about.

They write in the current Comune. Every fiscal code is computed from invented names, so it is valid and nobody's.
"""

from tests.factories.means import isee
from tests.factories.people import (
    account,
    adult,
    child,
    citizen,
    delegation,
    family,
    fiscal_code,
    grant,
    guardianship,
    payer,
)
from tests.factories.schooling import pupil, school, scope, section

__all__ = [
    "account",
    "adult",
    "child",
    "citizen",
    "delegation",
    "family",
    "fiscal_code",
    "grant",
    "guardianship",
    "isee",
    "payer",
    "pupil",
    "school",
    "scope",
    "section",
]
