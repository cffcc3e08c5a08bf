"""What is owed, on paper: the statement of dues, the reminder, the list for the injunction."""

import dataclasses
from datetime import date

import pytest
from django.utils.translation import override

from sportello.billing.papers.arrears import injunction_list_pdf, reminder_pdf
from sportello.billing.papers.dues import Owed, dues_pdf
from sportello.billing.papers.errors import MissingText
from sportello.billing.papers.payloads import qr_text
from sportello.kernel.money import Money
from tests.billing.papers.seeing import assert_accessible, codes_on, pages_of
from tests.factories.notices import PRINTED
from tests.factories.papers import injunction_list, letter, statement
from tests.papers.text import text_of


def words(content: bytes) -> str:
    return text_of(content).replace("\N{NO-BREAK SPACE}", " ").replace("’", "'")


class TestTheStatementOfDues:
    def test_due_overdue_paid_and_meals(self) -> None:
        told = statement()
        assert (told.due, told.overdue, told.paid) == (Money(22_500), Money(7_500), Money(10_550))
        content = dues_pdf(told, made_at=PRINTED)
        text = words(content)
        for word in (
            "225,00 €", "75,00 €", "105,50 €", "Giulia Verdi", "Luca Verdi", "Pasti serviti 38", "Pasti disponibili 9",
            "1.021", "scaduto", "pagato", "3030 0000 0000 0000 02", "Niente da pagare.", "31/12/2026",
            "20 dicembre 2026",
        ):  # fmt: skip
            assert word in text, word
        assert_accessible(content, "Quanto devi per i servizi scolastici")

    def test_in_english_for_who_reads_english(self) -> None:
        with override("en"):
            content = dues_pdf(statement(), made_at=PRINTED)
        text = words(content)
        assert "What you owe for school services" in text
        assert "overdue" in text
        assert "scaduto" not in text
        assert_accessible(content, "What you owe for school services", lang="en")

    @pytest.mark.parametrize(
        ("day", "paid", "overdue"),
        [
            (date(2026, 12, 20), 0, False),
            (date(2026, 12, 19), 0, True),
            (date(2026, 12, 19), 100, False),
            (None, 0, False),
        ],
    )
    def test_the_last_day_still_counts(self, day: date | None, paid: int, *, overdue: bool) -> None:
        assert Owed("Mensa", Money(100), Money(paid), day).is_overdue(date(2026, 12, 20)) is overdue

    def test_paid_beyond_is_not_owed_to_the_family_here(self) -> None:
        assert Owed("Mensa", Money(100), Money(150)).open == Money(0)


class TestTheReminder:
    def test_every_notice_can_be_paid_from_the_letter(self) -> None:
        told = letter(3)
        content = reminder_pdf(told, made_at=PRINTED)
        asked = [
            qr_text(notice_number=one.due.notice_number, fiscal_code="80015010723", amount=one.due.amount)
            for one in told.unpaid
        ]
        assert sorted(code.text for page in codes_on(content) for code in page) == sorted(asked)
        assert {(code.side, code.version) for page in codes_on(content) for code in page} == {(25.0, "4")}
        assert_accessible(content, "Sollecito di pagamento")

    def test_its_words(self) -> None:
        text = words(reminder_pdf(letter(), made_at=PRINTED))
        for word in (
            "Protocollo 0012345/2026", "Maria Rossi", "Via Sparano 12", "91,01 €", "entro il 20/01/2027", "A1B2C",
            "servizi sociali", "pagare a rate", "Se hai già pagato", "dott.ssa Anna Bianchi", "15/02/2026",
        ):  # fmt: skip
            assert word in text, word

    def test_beyond_four_notices_there_are_numbers_alone(self) -> None:
        content = reminder_pdf(letter(5), made_at=PRINTED)
        assert not [code for page in codes_on(content) for code in page]
        assert "3030 0000 0000 0000 04" in words(content)

    @pytest.mark.parametrize("lacking", [{"way_out": " "}, {"officer": ""}, {"title": ""}, {"unpaid": ()}])
    def test_no_letter_without_a_way_out_and_a_name_under_it(self, lacking: dict[str, object]) -> None:
        with pytest.raises(MissingText):
            dataclasses.replace(letter(), **lacking)


class TestTheInjunctionList:
    def test_heading_rows_and_sums(self) -> None:
        content = injunction_list_pdf(injunction_list(), made_at=PRINTED)
        text = words(content)
        for word in (
            "Elenco n. 3/2026 delle somme da riscuotere con ingiunzione", "Determinazione n. 1234 del 15 dicembre 2026",
            "dott.ssa Anna Bianchi", "Posizioni 3", "600,03 €", "10,50 €", "17,40 €", "627,93 €",
            "01/04/2026, 01/06/2026", "RSSMRA80A41A662E", "scaduto il 31/01/2026",
        ):  # fmt: skip
            assert word in text, word
        assert_accessible(content, "Elenco n. 3/2026 delle somme da riscuotere con ingiunzione")

    def test_a_long_list_repeats_its_head_and_splits_no_row(self) -> None:
        pages = pages_of(injunction_list_pdf(injunction_list(60), made_at=PRINTED))
        assert len(pages) > 4
        assert all("Capitale" in page for page in pages)
        assert all(page.count("Maria Rossi") == page.count("Via Sparano") for page in pages)
