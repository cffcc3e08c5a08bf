"""Habits of programs and offices that nobody has told us of: lines, headings, words, contacts, what a file is about."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from onboarding.judging.types import Verdict
from onboarding.recognition.facts import facts_of_packs
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from tests.onboarding.unseen.people import Child
from tests.onboarding.unseen.reading import children, column, delimited, read_export

CHILDREN: Final = children(60)
ORDINALS: Final = ("PRIMA", "SECONDA", "TERZA", "QUARTA", "QUINTA")
HEADINGS: Final = [
    "CODICE_UTENTE", "COGNOME_MINORE", "NOME_MINORE", "SESSO_MINORE", "DATA_DI_NASCITA", "COD_FISCALE_MINORE",
    "CLASSE_FREQUENTATA", "RECAPITI",
]  # fmt: skip


def row(number: int, one: Child, words: dict[str, str]) -> list[str]:
    person = one.person
    return [f"U{number:05d}", person.surname, person.given, words[person.sex], f"{person.born} 00:00:00", person.code,
            f"{ORDINALS[one.year - 1]} SEZ. {one.section}", f"+39 {one.phone[:3]} {one.phone[3:]}"]  # fmt: skip


@pytest.mark.parametrize("words", [{"M": "Maschio", "F": "Femmina"}, {"M": "1", "F": "2"}])
@pytest.mark.parametrize("end", ["\r\n", ";\r\n", "\r"])
@pytest.mark.parametrize("trailing", ["", ";"])
def test_capitals_words_times_and_separators_at_the_end(
    words: dict[str, str], end: str, trailing: str, tmp_path: Path
) -> None:
    """`trailing`: the line of names ends with a separator, whatever the others do."""
    rows = [row(number, one, words) for number, one in enumerate(CHILDREN)]
    content = delimited([HEADINGS], trailing + end.removeprefix(";")) + delimited(rows, end)
    found = read_export(tmp_path, content)[1]
    assert [one.verdict for one in found] == [Verdict.NOT_DATA, *[Verdict.FIX] * 60]
    for judged, child in zip(found[1:], CHILDREN, strict=True):
        assert judged.record is not None
        person = child.person
        told = [judged.record[key] for key in ("sex", "birth_date", "class_year", "section", "phone")]
        assert told == [person.sex, person.born.isoformat(), child.year, child.section, child.phone]


def test_a_mark_of_encoding_in_the_middle(tmp_path: Path) -> None:
    """Two exports one after the other: the mark that begins the second is no part of its first cell."""
    rows = delimited([[one.person.code, one.person.surname, one.person.given] for one in CHILDREN]).splitlines(True)  # noqa: FBT003
    content = b"CF ALUNNO;COGNOME;NOME\r\n" + b"".join(rows[:30]) + b"\xef\xbb\xbf" + b"".join(rows[30:])
    found = read_export(tmp_path, content)[1]
    assert {one.verdict for one in found[1:]} <= {Verdict.GOOD, Verdict.FIX}
    assert found[31].record is not None
    assert found[31].record["child_fiscal_code"] == CHILDREN[30].person.code


def test_two_numbers_in_one_cell_are_for_a_person(tmp_path: Path) -> None:
    rows = [[one.person.code, one.person.surname, one.person.given, one.phone] for one in CHILDREN]
    rows[4][3] += " - 3471234567"
    found = read_export(tmp_path, delimited([["CF ALUNNO", "COGNOME", "NOME", "TELEFONO"], *rows]))[1]
    assert [defect.code for defect in found[5].defects if not defect.code.startswith("info_")] == ["phone_several"]
    assert found[5].verdict is Verdict.REVIEW


def test_a_line_of_groups_above_names_that_stand_twice(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Elenco alunni"])
    sheet.append(["ALUNNO", None, None, None, "GENITORE", None, None, "CONTABILITÀ"])
    sheet.merge_cells("A2:D2")
    sheet.append(
        ["Cognome", "Nome", "Codice fiscale", "Nato il", "Cognome", "Nome", "Codice fiscale", "Credito", "Debito"]
    )
    for number, one in enumerate(CHILDREN):
        payer = one.payer
        sides = (None, number + 0.5) if number % 2 else (number + 0.25, None)
        sheet.append(
            [
                one.person.surname,
                one.person.given,
                one.person.code,
                one.person.born,
                payer.surname,
                payer.given,
                payer.code,
                *sides,
            ]
        )
    stream = BytesIO()
    book.save(stream)
    mapping, found = read_export(tmp_path, stream.getvalue())
    assert mapping.layout.header_line == 3
    assert [column(mapping, field).place for field in ("child_surname", "payer_surname", "payer_fiscal_code")] == [
        1,
        5,
        7,
    ]
    assert [one.verdict for one in found[:3]] == [Verdict.NOT_DATA] * 3
    assert [one.record["balance"] for one in found[3:7] if one.record] == ["0.25", "-1.50", "2.25", "-3.50"]


def test_a_list_of_payments_is_no_list_of_children(tmp_path: Path) -> None:
    """Money that was paid must not become what a family has left."""
    rows = [
        ["01/10/2026", f"{number + 5},50", one.payer.code, one.person.code, "Ricarica mensa", f"3{number:017d}"]
        for number, one in enumerate(CHILDREN)
    ]
    head = ["Data pagamento", "Importo", "Codice fiscale versante", "CF alunno", "Causale", "IUV"]
    path = tmp_path / "export.dat"
    path.write_bytes(delimited([head, *rows]))
    mapping = propose(open_source(path), facts_of_packs(today=date(2026, 11, 23)))
    assert mapping.kind == "other"
    assert mapping.questions


def test_two_parents_of_a_child_are_no_bus(tmp_path: Path) -> None:
    rows = [
        [one.person.code, one.person.surname, one.person.given, role, parent.code, parent.surname, parent.given]
        for one in CHILDREN
        for role, parent in (("PADRE", one.payer), ("MADRE", one.other))
    ]
    head = ["CF_FIGLIO", "COGNOME_FIGLIO", "NOME_FIGLIO", "RUOLO", "CF_GENITORE", "COGNOME_GENITORE", "NOME_GENITORE"]
    mapping, found = read_export(tmp_path, delimited([head, *rows]))
    assert mapping.kind == "roster"
    assert [one.verdict for one in found[1:]].count(Verdict.REVIEW) == len(CHILDREN)


def test_a_line_of_names_with_a_name_too_few(tmp_path: Path) -> None:
    """The last column is read although it has no name."""
    rows = [[one.person.surname, one.person.given, one.person.code] for one in CHILDREN]
    found = read_export(tmp_path, delimited([["COGNOME", "NOME"], *rows]))[1]
    assert [one.record["child_fiscal_code"] for one in found[1:] if one.record] == [one.person.code for one in CHILDREN]


def slipped(name: str) -> str:
    """The name without a letter of its longest word."""
    word = max(name.split(), key=len)
    return name.replace(word, f"{word[:3]}{word[4:]}")


def test_a_school_is_not_guessed_from_words_of_another(tmp_path: Path) -> None:
    """A slip in a word is understood and lowers the confidence; a word that no school bears forbids the guess."""
    names = [one.school.name for one in CHILDREN]
    people = [[one.person.code, one.person.surname, one.person.given] for one in CHILDREN]
    head = [["CF ALUNNO", "COGNOME", "NOME", "SCUOLA"]]
    rows = [
        [*person, slipped(name) if at % 3 else name]
        for at, (person, name) in enumerate(zip(people, names, strict=True))
    ]
    rows[9][3] += " GHIRIGORI"
    mapping, found = read_export(tmp_path, delimited([*head, *rows]))
    assert column(mapping, "school_code").confidence < 0.9
    assert found[10].verdict is Verdict.REVIEW
    read = [one.record["school_code"] if one.record else None for one in found[1:]]
    wrong = [code for code, child in zip(read, CHILDREN, strict=True) if code not in {None, child.school.school_code}]
    assert wrong == []
    assert sum(code is not None for code in read) > 25
