"""The page of what pagoPA asks: each requirement once, with a test that is there or the reason why it is left out."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs" / "pagopa-checks.md"
ROW: Final = re.compile(r"^\| P(\d+) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
LAST: Final = 48


def rows() -> list[tuple[int, str, str]]:
    return [(int(number), what, held) for number, what, held in ROW.findall(PAGE.read_text())]


def test_every_requirement_stands_once() -> None:
    assert [number for number, _what, _held in rows()] == list(range(1, LAST + 1))


@pytest.mark.parametrize(("number", "what", "held"), rows())
def test_a_requirement_is_held_by_a_test_or_left_out_for_a_reason(number: int, what: str, held: str) -> None:
    tests = re.findall(r"`(tests/[^`]+\.py)`", held)
    assert all("def test_" in (ROOT / test).read_text() for test in tests)
    assert tests or re.match(r"left out: .+, (since|which) .+", what), number
