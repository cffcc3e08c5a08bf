"""The Italian of the pages is the one people speak: no words of the office, nothing too long for a label."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.languages.making import ROOT, command

sentences = command("sentences")

BUREAUCRATIC = (
    r"istanza|istanze|medesim[oaie]|suddett[oaie]|sopracitat[oaie]|codest[oaie]|predett[oaie]|summenzionat[oaie]|"
    r"sottoscritt[oaie]|all'uopo|qualora|previo|previa|avvalersi|usufruire|fruire|fruizione|espletare|espletamento|"
    r"inoltrare|pervenire|ottemperare|apposit[oaie]|clicca|cliccare|cliccando|utenti|(?<!nome\s)utente|"
    r"ai\ssensi|ove\snecessario|entro\se\snon\soltre|in\sottemperanza|a\stal\sfine|si\sprega"
)
_BUREAUCRATIC = re.compile(rf"\b(?:{BUREAUCRATIC})\b", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|and|of|is|are|with|your|please|click)\b", re.IGNORECASE)
LONGEST_LABEL = 60
LONGEST_SENTENCE = 30
"""Words between two stops; what reads aloud in one breath is about twenty-five."""

ALL = {sentence.text: sentence.file for sentence in sentences.sentences()}


def test_no_word_of_the_office() -> None:
    assert {text: file for text, file in ALL.items() if _BUREAUCRATIC.search(text)} == {}


def test_the_source_is_italian() -> None:
    assert {text: file for text, file in ALL.items() if _ENGLISH.search(text)} == {}


def test_no_capitals_to_shout() -> None:
    shouted = re.compile(r"\b[A-ZÀÈÌÒÙ]{4,}\s+[A-ZÀÈÌÒÙ]{4,}\b")
    assert {text: file for text, file in ALL.items() if shouted.search(text)} == {}


def test_sentences_can_be_read_aloud() -> None:
    long = {
        text: file
        for text, file in ALL.items()
        for sentence in re.split(r"[.:;?!]\s", text)
        if len(sentence.split()) > LONGEST_SENTENCE
    }
    assert long == {}


def labels() -> Iterator[tuple[str, str]]:
    """The labels of fields: `label=_("...")` in code."""
    for folder in sentences.CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from labels_of(path)


def labels_of(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg in {"label", "verbose_name"} and isinstance(node.value, ast.Call):
            for word in node.value.args:
                if isinstance(word, ast.Constant) and isinstance(word.value, str):
                    yield word.value, path.relative_to(ROOT).as_posix()


def test_a_label_fits_on_its_line() -> None:
    assert {label: file for label, file in labels() if len(label) > LONGEST_LABEL} == {}


@pytest.mark.parametrize("text", ["Ai sensi della legge", "la suddetta istanza", "Clicca qui"])
def test_the_list_sees_the_words(text: str) -> None:
    assert _BUREAUCRATIC.search(text)
