"""On which side of zero money stands: a debt that is read as a credit is wrong money."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.onboarding.unseen.reading import children, column, delimited, read_export

CHILDREN = children(60)


def roster(headings: list[str], amounts: list[list[str]]) -> bytes:
    rows = [
        [one.person.code, one.person.surname, one.person.given, str(one.year), one.section, *cells]
        for one, cells in zip(CHILDREN, amounts, strict=True)
    ]
    return delimited([["CF ALUNNO", "COGNOME", "NOME", "CLASSE", "SEZ", *headings], *rows])


def euro(cents: int) -> str:
    return f"{cents / 100:.2f}".replace(".", ",")


@pytest.mark.parametrize(
    "heading", ["DEBITO", "Dovuto", "DA PAGARE", "Insoluto", "A DEBITO", "Importo dovuto", "saldo a debito"]
)
def test_a_column_of_debts_is_less_than_zero(heading: str, tmp_path: Path) -> None:
    owed = [number * 137 % 9000 for number in range(60)]
    mapping, found = read_export(tmp_path, roster([heading], [[euro(cents)] for cents in owed]))
    assert column(mapping, "balance").sign == "debt"
    records = [one.record for one in found[1:]]
    assert [record["balance"] for record in records if record] == [
        f"{'-' if cents else ''}{cents / 100:.2f}" for cents in owed
    ]


def test_credits_and_debts_are_one_balance(tmp_path: Path) -> None:
    sides = [(number * 137 % 9000, "") if number % 2 else ("", number * 91 % 5000) for number in range(60)]
    cells = [[euro(credit) if credit else "", euro(debt) if debt else ""] for credit, debt in sides]
    mapping, found = read_export(tmp_path, roster(["CREDITO", "DEBITO"], cells))
    assert [one.sign for one in mapping.columns if one.field == "balance"] == ["credit", "debt"]
    for judged, (credit, debt) in zip(found[1:], sides, strict=True):
        cents = int(credit or 0) - int(debt or 0)
        assert judged.record is not None
        assert judged.record["balance"] == (f"{cents / 100:.2f}" if credit or debt else None)


def test_less_than_zero_among_debts_is_for_a_person(tmp_path: Path) -> None:
    amounts = [[euro(number * 137 % 9000 + 1)] for number in range(60)]
    amounts[7] = ["-12,00"]
    mapping, found = read_export(tmp_path, roster(["DEBITO"], amounts))
    assert "negative_amount" in [defect.code for defect in found[8].defects]
    assert found[8].record is not None
    assert found[8].record["balance"] is None
    assert any("DEBITO" in question for question in mapping.questions)


@pytest.mark.parametrize(("heading", "asked"), [("Saldo", False), ("Importo", True)])
def test_what_the_name_does_not_say_is_asked(heading: str, asked: bool, tmp_path: Path) -> None:
    mapping, found = read_export(tmp_path, roster([heading], [[euro(number * 137 % 9000)] for number in range(60)]))
    assert column(mapping, "balance").sign == "credit"
    assert any(heading in question for question in mapping.questions) is asked
    assert found[2].record is not None
    assert found[2].record["balance"] == "1.37"


def test_sums_of_a_column_of_debts_are_checked(tmp_path: Path) -> None:
    owed = [number * 137 % 9000 for number in range(60)]
    content = roster(["DEBITO"], [[euro(cents)] for cents in owed])
    for off, codes in ((0, ["total_row"]), (100, ["total_row", "total_row_off_by"])):
        last = delimited([["TOTALE", "", "", "", "", euro(sum(owed) + off)]])
        assert [defect.code for defect in read_export(tmp_path, content + last)[1][-1].defects] == codes


def test_an_unnamed_amount_of_fixed_width_is_a_balance_and_asked(tmp_path: Path) -> None:
    """Six digits that count the rows are the number of the child, not the eight that do not."""
    lines = [
        f"{number:06d}{one.person.code}{one.person.surname:<25}{one.person.given:<20}{number * 1371 % 9000:08d}\r\n"
        for number, one in enumerate(CHILDREN, 1)
    ]
    mapping, found = read_export(tmp_path, "".join(lines).encode())
    assert [(one.place, one.unit) for one in mapping.columns if one.field == "balance"] == [(68, "cents")]
    assert mapping.questions
    assert found[2].record is not None
    assert (found[2].record["legacy_id"], found[2].record["balance"]) == ("000003", "41.13")


@pytest.mark.parametrize(
    ("written", "repaired"),
    [
        (lambda text: text, False),
        (lambda text: text.replace(".", " "), False),
        (lambda text: text.replace(".", "'"), False),
        (lambda text: f"€ {text}", True),
        (lambda text: f"({text[1:]})" if text.startswith("-") else text, True),
        (lambda text: f"{text[1:]}-" if text.startswith("-") else text, True),
    ],
)
def test_amounts_in_other_habits(written: Callable[[str], str], repaired: bool, tmp_path: Path) -> None:
    """Thousands with a blank or an apostrophe, less than zero in parentheses or with the sign behind."""
    cents = [(-1) ** number * number * 13_700 for number in range(60)]
    cells = [written(f"{one / 100:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")) for one in cents]
    mapping, found = read_export(tmp_path, roster(["Saldo"], [[cell] for cell in cells]))
    assert column(mapping, "balance").confidence >= 0.75
    records = [one.record for one in found[1:] if one.record]
    assert [record["balance"] for record in records] == [f"{one / 100:.2f}" for one in cents]
    assert any(defect.code == "balance_format" for one in found for defect in one.defects) is repaired
