"""What recognition found is kept in Italian and said again in the language of the page."""

import ast
import lzma
import re
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from onboarding.mapping.phrases import WITH_PLACES
from onboarding.mapping.retelling import reason_retold
from onboarding.mapping.spoken import SPOKEN
from onboarding.mapping.structs import Mapping
from onboarding.recognition.proposing import ESSENTIAL, KINDS, propose
from onboarding.sources.opening import open_source
from tests.onboarding.recognition.world import facts

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "tests" / "onboarding" / "sample"
RECOGNITION = ROOT / "onboarding" / "recognition"
TELLING = {"Evidence", "KindFound", "told", "told_share", "_told"}
FRAME = re.compile(r"; |: |, | \(|\)|esaminati |looked at |sembra |looks like ")
"""What holds the phrases together, in both languages: a phrase that was forgotten is then found alone."""
COLUMN = re.compile(r"\d+ \(«.*»\)")
"""A column keeps its name in every language."""


def proposed(name: str, place: Path) -> Mapping:
    path = place / "export"
    path.write_bytes(lzma.decompress((SAMPLE / name).read_bytes()))
    return propose(open_source(path), facts())


def parts(told: str) -> set[str]:
    """The pieces of a sentence, without what is the same in every language."""
    return set(FRAME.split(COLUMN.sub("", told))) - {"", "IBAN"}


@pytest.mark.parametrize("name", ["roster.csv.xz", "sheet.csv.xz", "bus.txt.xz", "taxes.txt.xz"])
def test_every_reason_and_question_of_a_sample_is_said_in_english(name: str, tmp_path: Path) -> None:
    mapping = proposed(name, tmp_path)
    told = [*mapping.questions, *(column.reason for column in mapping.columns)]
    assert all(told)
    with override("en"):
        left = {one: parts(one) & parts(reason_retold(one)) for one in told}
    assert not {one: same for one, same in left.items() if same}
    with override("it"):
        assert [reason_retold(one) for one in told] == told


def test_no_phrase_of_recognition_is_written_without_its_mark() -> None:
    """A literal given to what tells a reason would never be collected, hence never translated."""
    bare = [
        f"{path.name}:{word.lineno}: {word.value}"
        for path in sorted(RECOGNITION.glob("*.py"))
        for word in unmarked(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not bare


def unmarked(tree: ast.Module) -> list[ast.Constant]:
    """Italian phrases that stand outside `gettext_noop`: words with a blank that are no documentation."""
    marked = {
        id(word)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "gettext_noop"
        for word in call.args
    }
    return [
        word
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in TELLING
        for word in ast.walk(call)
        if isinstance(word, ast.Constant)
        and isinstance(word.value, str)
        and " " in word.value.strip()
        and id(word) not in marked
    ]


def test_questions_of_every_kind_and_field_are_said_in_english() -> None:
    with override("en"):
        for kind in KINDS.values():
            said = reason_retold(f"Il file sembra {kind} (codici fiscali di bambini, andata e ritorno): è giusto?")
            assert gettext(kind) in said
            assert kind not in said
        assert {field for some in ESSENTIAL.values() for names in some for field in names} <= set(SPOKEN)
        for field in SPOKEN.values():
            assert reason_retold(f"La colonna 13 («VIA; n. (1): è») sembra {field}: è giusto?") == (
                gettext("La colonna %(column)s sembra %(field)s: è giusto?")
                % {"column": "13 («VIA; n. (1): è»)", "field": gettext(field)}
            )
            assert gettext(field) != field


def test_numbers_are_written_as_the_page_writes_them() -> None:
    told = "1.998 valori su 2.000 esaminati sono date; scritto da una persona"
    with override("en"):
        assert reason_retold(told) == "1,998 of the 2,000 values looked at are dates; scritto da una persona"
    with override("it"):
        assert reason_retold(told) == told


def test_what_nobody_knows_stays_as_it_is() -> None:
    with override("en"):
        for told in ("", "scritto da me", "tre valori su dieci; a mano", "100%"):
            assert reason_retold(told) == told
        assert all(gettext(phrase) != phrase for phrase in WITH_PLACES)
