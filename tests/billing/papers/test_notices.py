"""The payment notice of pagoPA: read back from the printed page as a shop, a post office and a screen reader would."""

import hashlib
from dataclasses import fields
from datetime import date

import pytest

from sportello.billing.papers.errors import (
    AmountNotPrintable,
    BadNumber,
    MissingText,
    NoInstalments,
    PersonalSubject,
    TextTooLong,
)
from sportello.billing.papers.notices import notice_pdf, notices_pdf
from sportello.billing.papers.payloads import codeline, data_matrix_text, qr_text
from sportello.billing.papers.sheets import Addressee, Due, NoticeSheet, Payee, PostalAccount
from sportello.billing.papers.subjects import checked_subject
from sportello.kernel.money import Money
from sportello.ui.codes import qr_svg
from tests.billing.papers.seeing import Code, assert_accessible, codes_on, sheets_of
from tests.factories.notices import MARIA, NOTICE_NUMBER, PRINTED, due, in_rates, payee, whole
from tests.papers.text import text_of

QR = "PAGOPA|002|303000000000004272|80015010723|4550"
POSTAL_SHA256 = "c3c2415745a065d7838165f1a4a00931d6520f1f90abdad856bdb4ebe0e0eb5c"


def postal_text(name: str = "Rossi Maria", subject: str = "Mensa scolastica dicembre 2026") -> str:
    return data_matrix_text(
        line=codeline(notice_number=NOTICE_NUMBER, account="12345678", amount=Money(4550)),
        fiscal_code="80015010723",
        debtor_code="RSSMRA80A41A662E",
        debtor_name=name,
        subject=subject,
    )


def test_the_page_carries_the_qr_code_of_the_specification() -> None:
    """P26: the text of the vector, level M, version 4 (33 x 33), 25 mm a side."""
    assert codes_on(notice_pdf(whole(), made_at=PRINTED)) == [[Code("QR Code", QR, 25.0, "4", "M")]]


@pytest.mark.parametrize("cents", [1, 4550, 99_999_999_999])
def test_the_code_is_33_modules_wide_whatever_the_amount(cents: int) -> None:
    text = qr_text(notice_number=NOTICE_NUMBER, fiscal_code="80015010723", amount=Money(cents))
    assert 43 <= len(text) <= 53
    assert 'viewBox="0 0 33 33"' in qr_svg(text, version=4)


def test_the_data_matrix_is_that_of_poste() -> None:
    """P28: 256 characters, the vector's digest, and the places that App IO's decoder cuts."""
    text = postal_text()
    assert len(text) == 256
    assert hashlib.sha256(text.encode("ascii")).hexdigest() == POSTAL_SHA256
    assert (text[15:33], text[49:59], text[66:77]) == (NOTICE_NUMBER, "0000004550", "80015010723")


def test_the_page_carries_the_data_matrix() -> None:
    sheet = whole(postal=True, debtor=Addressee("Rossi Maria", "RSSMRA80A41A662E"))
    [[qr, matrix]] = sorted_codes(notice_pdf(sheet, made_at=PRINTED))
    assert qr.text == QR
    assert matrix == Code("Data Matrix", postal_text(), 25.0, "48x48", "")


def sorted_codes(content: bytes) -> list[list[Code]]:
    return [sorted(page, key=lambda code: (code.kind != "QR Code", code.text)) for page in codes_on(content)]


@pytest.mark.parametrize("name", ["Nicolò D’Alò", "Zoë Đặng — Straße", "東京 太郎", "x" * 70, ""])
def test_no_name_shifts_the_places_of_the_data_matrix(name: str) -> None:
    text = postal_text(name=name, subject="Qualità dell’aria – 45 €")
    assert len(text) == 256
    assert text.isascii()
    assert text[64:].upper() == text[64:]
    assert (text[66:77], text[-1], text[133:153]) == ("80015010723", "A", "QUALITA DELL'ARIA - ")


def test_the_words_of_the_page() -> None:
    """P27: the number in groups of four, the CBILL code in capitals, the same words at every bank."""
    text = text_of(notice_pdf(whole(postal=True), made_at=PRINTED))
    for word in (
        "Mensa scolastica dicembre 2026", "3030 0000 0000 0042 72", "A1B2C", "80015010723", "RSSMRA80A41A662E",
        "45,50 Euro", "entro il 31/12/2026", "PAGA CON L'APP IO", "sul sito di Comune di Bari,",
        "Bollettino Postale PA", "12345678", "AUT. DB/0000/PA 00000 DEL 01/02/2024",
    ):  # fmt: skip
        assert word in text.replace("’", "'"), word


def test_without_the_account_of_poste_there_is_no_postal_section() -> None:
    assert "Bollettino" not in text_of(notice_pdf(whole(), made_at=PRINTED))


def test_a_notice_without_a_last_day_says_so() -> None:
    sheet = NoticeSheet(payee(), MARIA, "Ricarica del borsellino mensa", due(7, 1000, day=None))
    assert "senza scadenza" in text_of(notice_pdf(sheet, made_at=PRINTED))


@pytest.mark.parametrize("postal", [False, True])
def test_the_notice_is_made_for_screen_readers(postal: bool) -> None:
    assert_accessible(notice_pdf(whole(postal=postal), made_at=PRINTED), "Avviso di pagamento 3030 0000 0000 0042 72")


def test_the_same_facts_give_the_same_bytes() -> None:
    assert notice_pdf(whole(), made_at=PRINTED) == notice_pdf(whole(), made_at=PRINTED)


@pytest.mark.parametrize(
    ("count", "postal", "choice", "sheets"),
    [(2, False, False, 1), (2, True, False, 2), (3, True, True, 2), (4, False, True, 2), (4, True, True, 3),
     (5, False, True, 3), (6, False, True, 2), (9, True, True, 4)],
)  # fmt: skip
def test_instalments_stand_two_or_three_beside_each_other(count: int, postal: bool, choice: bool, sheets: int) -> None:
    """P29: every instalment with its own codes, all of them readable, on as few sheets as the form allows."""
    sheet = in_rates(count, postal=postal, choice=choice)
    content = notice_pdf(sheet, made_at=PRINTED)
    assert sheets_of(content) == sheets
    codes = [code for page in codes_on(content) for code in page]
    read = [code.text for code in codes if code.kind == "QR Code"]
    asked = [
        qr_text(notice_number=one.notice_number, fiscal_code="80015010723", amount=one.amount) for one in sheet.dues
    ]
    assert sorted(read) == sorted(asked)
    assert len(codes) - len(read) == (len(sheet.dues) if postal else 0)
    said = text_of(content)
    assert f"Puoi pagare {'per intero oppure ' if choice else ''}in {count} rate." in said
    assert f"foglio {sheets} di {sheets}" in said


@pytest.mark.parametrize("count", [0, 2, 3])
def test_the_longest_texts_still_fit_their_sheets(count: int) -> None:
    """No field runs over to another page when every one is as long as P27 lets it be."""
    long_payee = Payee(
        name="Comune di " + "Monteverde " * 3, fiscal_code="80015010723", office="Ufficio " + "scuole " * 6,
        contacts="www.comune.example " * 5, cbill="AAAAA",
        postal=PostalAccount("123456789012", "COMUNE DI " + "MONTEVERDE " * 3, "AUT. DB/0000/PA 00000 DEL 01/02/2024"),
        coat_of_arms='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>',
    )  # fmt: skip
    debtor = Addressee(
        "MARGHERITA " * 6 + "ROSA", "RSSMRA80A41A662E", ("Via " + "dei Normanni " * 5, "70121 Bari (BA)")
    )
    rates = in_rates(count, postal=True).instalments if count else ()
    sheet = NoticeSheet(long_payee, debtor, ("Servizio comunale di mensa " * 4)[:90], due(1, 99_999_999_99), rates)
    content = notice_pdf(sheet, made_at=PRINTED)
    assert sheets_of(content) == (2 if count else 1)
    assert sum(len(page) for page in codes_on(content)) == 2 + 2 * count


def test_many_notices_in_one_document_for_the_printer() -> None:
    content = notices_pdf([whole(), in_rates(2), whole(postal=True)], made_at=PRINTED)
    assert [len(page) for page in codes_on(content)] == [1, 1, 2, 2]
    assert_accessible(content, "Avvisi di pagamento")


def test_printed_on_both_sides_each_notice_begins_on_a_front() -> None:
    content = notices_pdf([whole(), in_rates(4), whole()], made_at=PRINTED, duplex=True)
    assert [len(page) for page in codes_on(content)] == [1, 0, 1, 4, 1]


class TestWhatMayNotBePrinted:
    """P27 and P30, refused when the sheet is made."""

    @pytest.mark.parametrize(("field", "limit"), [("name", 50), ("office", 50), ("contacts", 100), ("cbill", 5)])
    def test_the_payee_within_its_lengths(self, field: str, limit: int) -> None:
        facts = {one.name: getattr(payee(), one.name) for one in fields(Payee)}
        assert Payee(**facts | {field: "x" * limit})
        with pytest.raises(TextTooLong, match=f"entrano {limit}"):
            Payee(**facts | {field: "x" * (limit + 1)})

    def test_the_debtor_within_seventy(self) -> None:
        assert Addressee("x" * 70, "RSSMRA80A41A662E")
        with pytest.raises(TextTooLong, match="entrano 70"):
            Addressee("x" * 71, "RSSMRA80A41A662E")
        with pytest.raises(MissingText):
            Addressee(" ", "RSSMRA80A41A662E")

    def test_the_subject_within_ninety(self) -> None:
        assert whole(subject="M" * 90)
        with pytest.raises(TextTooLong, match="entrano 90"):
            whole(subject="M" * 91)
        with pytest.raises(MissingText):
            whole(subject="")

    @pytest.mark.parametrize("number", ["30300000000000427", "3030000000000042720", "40300000000000427A", "4" * 18, ""])
    def test_a_number_nobody_could_pay(self, number: str) -> None:
        with pytest.raises(BadNumber, match="18 cifre"):
            Due(number, Money(1))

    @pytest.mark.parametrize("cents", [0, -1, 99_999_999_999 + 1])
    def test_an_amount_nobody_could_pay(self, cents: int) -> None:
        with pytest.raises(AmountNotPrintable):
            Due(NOTICE_NUMBER, Money(cents))

    def test_more_than_the_codeline_of_poste_holds(self) -> None:
        largest = Due(NOTICE_NUMBER, Money(99_999_999_99))
        assert NoticeSheet(whole(postal=True).payee, MARIA, "Mensa", largest)
        with pytest.raises(AmountNotPrintable):
            NoticeSheet(whole(postal=True).payee, MARIA, "Mensa", Due(NOTICE_NUMBER, Money(99_999_999_99 + 1)))

    def test_nothing_to_pay_or_one_instalment(self) -> None:
        with pytest.raises(NoInstalments):
            NoticeSheet(payee(), MARIA, "Mensa")
        with pytest.raises(NoInstalments):
            NoticeSheet(payee(), MARIA, "Mensa", None, (due(1, 5),))

    @pytest.mark.parametrize(
        "subject",
        [
            "Mensa di Giulia Rossi", "Mensa GIULIA", "Mensa giùlia dicembre", "Mensa, dieta in bianco",
            "Pasto per celiachia", "Trasporto alunni disabili", "Mensa ISEE 5000", "Nido RSSGLI20A41A662X",
            "Pasti senza glutine", "L.104 trasporto", "Mensa halal", "Insegnante di sostegno",
        ],
    )  # fmt: skip
    def test_no_child_and_no_diet_in_the_subject(self, subject: str) -> None:
        """P30: shops and banks read it."""
        with pytest.raises(PersonalSubject) as told:
            NoticeSheet(payee(), MARIA, subject, due(1, 5), children=("Giulia Rossi",))
        assert subject not in str(told.value)

    @pytest.mark.parametrize(
        "subject",
        ["Mensa scolastica maggio 2027", "Nido comunale dicembre 2026", "Scuola dell'infanzia, retta", "Centro estivo"],
    )
    def test_months_and_services_are_nobodys_name(self, subject: str) -> None:
        assert checked_subject(subject, children=("Natale Maggio", "Bo Nido")) == subject

    def test_a_sheet_never_prints_the_children(self) -> None:
        sheet = NoticeSheet(payee(), MARIA, "Mensa scolastica", due(1, 5), children=("Giulia Verdi",))
        text = text_of(notice_pdf(sheet, made_at=PRINTED))
        assert "Giulia" not in text
        assert "Verdi" not in text
        assert "Giulia" not in repr(sheet)

    def test_the_days_of_instalments_add_up(self) -> None:
        sheet = in_rates(4, choice=False)
        assert (sheet.total, sheet.last_day) == (Money(60_000), date(2026, 4, 28))
