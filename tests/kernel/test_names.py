"""Names of the old archives are shown as people write them."""

import pytest

from sportello.kernel.names import shown_name


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("ROSSI", "Rossi"),
        ("D'AMBROSIO", "D'Ambrosio"),
        ("DELL'AQUILA", "Dell'Aquila"),
        ("NICOLÒ", "Nicolò"),
        ("LO RUSSO", "Lo Russo"),
        ("GIOVANNI MARIA", "Giovanni Maria"),
        ("Mc Donald", "Mc Donald"),
        ("de Santis", "de Santis"),
        ("", ""),
    ],
)
def test_capitals_become_initial_capitals(stored: str, shown: str) -> None:
    assert shown_name(stored) == shown
