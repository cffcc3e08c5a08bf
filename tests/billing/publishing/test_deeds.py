"""What is told of a position, for each state of it."""

import pytest

from sportello.billing.debts.models import PositionState
from sportello.billing.publishing.deeds import Deed, deed_for


@pytest.mark.parametrize(
    ("state", "was_told", "is_owed", "deed"),
    [
        ("DRAFT", False, True, Deed.NOTHING),
        ("DRAFT", True, True, Deed.NOTHING),
        ("PUBLISHED", False, True, Deed.PUBLISH),
        ("VALID", False, True, Deed.PUBLISH),
        ("VALID", True, True, Deed.PUBLISH),
        ("VALID", True, False, Deed.ANNUL),
        ("VALID", False, False, Deed.NOTHING),
        ("EXPIRED", True, True, Deed.NOTHING),
        ("INVALID", True, False, Deed.ANNUL),
        ("INVALID", False, False, Deed.NOTHING),
        ("PARTIALLY_PAID", True, True, Deed.SETTLE),
        ("PAID", True, False, Deed.SETTLE),
        ("PAID", False, False, Deed.NOTHING),
        ("REPORTED", True, False, Deed.NOTHING),
    ],
)
def test_a_state_says_what_is_told(state: str, was_told: bool, is_owed: bool, deed: Deed) -> None:
    assert deed_for(PositionState(state), was_told=was_told, is_owed=is_owed) == deed
