"""What was paid, on paper: the receipt, the certificate for the 730, the bundle for the bonus nido."""

import dataclasses
import io
import zipfile
from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from sportello.billing.papers.certificates import Refund, certificate_pdf
from sportello.billing.papers.errors import (
    LinesDoNotAddUp,
    MonthPaidTwiceOver,
    NotAWhole,
    NothingToBundle,
    NothingToCertify,
    PaidInAnotherYear,
)
from sportello.billing.papers.nido import attestation_pdf, nido_zip
from sportello.billing.papers.settlements import SettledLine, receipt_pdf
from sportello.billing.papers.sharing import WHOLE, shared
from sportello.kernel.money import Money
from tests.billing.papers.seeing import assert_accessible, codes_on, pages_of
from tests.factories.notices import MARIA, PRINTED, in_rates
from tests.factories.papers import GIULIA, LUCA, expense, nido_month, settlement, year
from tests.papers.text import text_of


class TestTheReceipt:
    def test_it_says_who_paid_what_to_whom_and_when(self) -> None:
        content = receipt_pdf(settlement(), made_at=PRINTED)
        text = text_of(content)
        for word in (
            "45,50", "giovedì 3 dicembre 2026, ore 10:41", "3030 0000 0000 0000 01", "03000000000000001",
            "c110729d258c4ab1b765fe902aae4001", "Maria Rossi", "Paolo Verdi", "Banca Esempio S.p.A.", "Giulia Verdi",
            "Mensa scolastica novembre 2026", "80015010723", "1,50", "effetto liberatorio",
        ):  # fmt: skip
            assert word in text.replace("\N{NO-BREAK SPACE}", " "), word
        assert_accessible(content, "Ricevuta di pagamento 3030 0000 0000 0000 01")

    def test_it_is_italian_on_an_english_page_too(self) -> None:
        italian = receipt_pdf(settlement(), made_at=PRINTED)
        with override("en"):
            assert receipt_pdf(settlement(), made_at=PRINTED) == italian

    def test_its_lines_make_its_total(self) -> None:
        lines = (SettledLine("Mensa", "Giulia", Money(4549)),)
        with pytest.raises(LinesDoNotAddUp):
            dataclasses.replace(settlement(), lines=lines)

    def test_a_payer_that_nobody_named(self) -> None:
        paid = dataclasses.replace(settlement(), payer=None, fee=None, method="")
        text = text_of(receipt_pdf(paid, made_at=PRINTED))
        assert "non comunicato da chi ha incassato" in text
        assert "Commissione" not in text


class TestTheCertificate:
    """P37, P42, P43."""

    def test_each_child_each_service_each_payment(self) -> None:
        told = year(
            expense(1, date(2026, 1, 14), 4550),
            expense(2, date(2026, 2, 14), 5000, half=True),
            expense(3, date(2026, 12, 31), 30_000, child=LUCA, service="Nido comunale"),
            prepaid_note="Il credito conta quando è versato.",
        )
        content = certificate_pdf(told, made_at=PRINTED)
        text = text_of(content).replace("\N{NO-BREAK SPACE}", " ")
        assert (told.paid, told.refunded, told.borne) == (Money(37_050), Money(0), Money(37_050))
        for word in (
            "Maria Rossi", "RSSMRA80A41A662E", "Giulia Verdi", "VRDGLI22A41A662D", "Luca Verdi", "Nido comunale",
            "Scuola dell'infanzia Rodari", "14/01/2026", "dicembre 2025", "3030 0000 0000 0000 01",
            "c110729d258c4ab1b765fe902aae4001", "50% di 50,00 €", "25,00 €", "370,50 €", "Attestazione n. 45/2027",
            "esente dall'imposta di bollo", "D.P.R. 26 ottobre 1972, n. 642", "mezzi tracciabili",
            "indicata la quota", "Il credito conta quando è versato.",
        ):  # fmt: skip
            assert word in text.replace("’", "'"), word
        assert_accessible(content, "Attestazione dei pagamenti 2026 per servizi scolastici")

    def test_what_was_refunded_of_the_year_is_taken_off_and_shown(self) -> None:
        day = date(2026, 5, 2)
        refunds = (
            Refund(LUCA, "Nido comunale", "INPS, bonus nido", 2026, day, Money(20_000)),
            Refund(LUCA, "Nido comunale", "INPS, bonus nido", 2025, day, Money(7_777)),
        )
        told = year(expense(3, day, 30_000, child=LUCA), refunds=refunds)
        assert (told.refunded, told.borne) == (Money(20_000), Money(10_000))
        text = text_of(certificate_pdf(told, made_at=PRINTED))
        assert "200,00" in text
        assert "77,77" in text
        assert "non si possono detrarre" in text

    def test_cash_is_told_apart_and_not_summed(self) -> None:
        told = year(expense(1, date(2026, 1, 14), 4550), expense(2, date(2026, 1, 15), 1000, traceable=False))
        assert told.paid == Money(4550)
        assert "Pagamenti senza mezzo tracciabile" in text_of(certificate_pdf(told, made_at=PRINTED))

    @pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
    def test_a_payment_of_another_year_is_refused(self, day: date) -> None:
        with pytest.raises(PaidInAnotherYear, match="2026"):
            year(expense(1, day, 100))

    def test_nothing_is_not_certified(self) -> None:
        with pytest.raises(NothingToCertify):
            year()

    def test_a_part_that_is_not_the_share_is_refused(self) -> None:
        half = expense(1, date(2026, 1, 14), 101, half=True)
        assert dataclasses.replace(half, amount=Money(51))
        with pytest.raises(LinesDoNotAddUp):
            dataclasses.replace(half, amount=Money(52))

    def test_a_long_year_goes_on_over_pages(self) -> None:
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(120)]
        content = certificate_pdf(year(*(expense(n, day, 100) for n, day in enumerate(days))), made_at=PRINTED)
        assert len(pages_of(content)) > 3
        assert all("Codice avviso e ricevuta" in page for page in pages_of(content)[:-1])

    @given(
        cents=st.integers(-10_000_000, 10_000_000),
        shares=st.lists(st.integers(1, 500), min_size=1, max_size=6).map(lambda parts: [*parts, WHOLE - sum(parts)]),
    )
    def test_sharing_loses_no_cent(self, cents: int, shares: list[int]) -> None:
        parts = shared(Money(cents), shares)
        assert Money.sum(parts) == Money(cents)
        assert all(abs(part.cents * WHOLE - cents * share) < WHOLE for part, share in zip(parts, shares, strict=True))

    @pytest.mark.parametrize("shares", [(5_000, 4_999), (), (12_000, -2_000)])
    def test_shares_that_are_not_a_whole(self, shares: tuple[int, ...]) -> None:
        with pytest.raises(NotAWhole):
            shared(Money(1), shares)


class TestTheBundleForTheBonusNido:
    """P41, N32, N33."""

    def test_three_papers_for_each_month_and_child(self) -> None:
        months = [nido_month(11), nido_month(10), nido_month(9, child=LUCA)]
        bundle = zipfile.ZipFile(io.BytesIO(nido_zip(months, made_at=PRINTED)))
        papers = ("1-avviso", "2-ricevuta", "3-attestazione")
        folders = ("giulia-verdi/2026-10", "giulia-verdi/2026-11", "luca-verdi/2026-09")
        assert bundle.namelist() == [
            *(f"{folder}/{folder[-7:]}-{paper}.pdf" for folder in folders for paper in papers),
            "leggimi.txt",
        ]
        for folder in folders:
            notice, receipt, attestation = (bundle.read(f"{folder}/{folder[-7:]}-{paper}.pdf") for paper in papers)
            number = f"3030 0000 0000 0000 {int(folder[-2:]):02d}"
            assert all(number in text_of(paper) for paper in (notice, receipt, attestation))
            assert [code.text for page in codes_on(notice) for code in page]
        contents = bundle.read("leggimi.txt").decode()
        assert "Giulia Verdi, novembre 2026: 300,00 €" in contents

    def test_the_attestation_says_what_inps_asks(self) -> None:
        content = attestation_pdf(nido_month(11), made_at=PRINTED)
        text = text_of(content).replace("\N{NO-BREAK SPACE}", " ")
        for word in (
            "Comune di Bari", "80015010723", "11/2026", "Maria Rossi", "RSSMRA80A41A662E", "novembre 2026",
            "Giulia Verdi", "VRDGLI22A41A662D", "300,00 €", "mezzi tracciabili", "Il Melograno",
            "n. 12 del 3 luglio 2019",
        ):  # fmt: skip
            assert word in text, word
        assert_accessible(content, "Attestazione di pagamento della retta del nido, novembre 2026")

    def test_the_child_is_on_the_attestation_but_never_on_the_notice(self) -> None:
        bundle = zipfile.ZipFile(io.BytesIO(nido_zip([nido_month(11)], made_at=PRINTED)))
        assert "Giulia" not in text_of(bundle.read("giulia-verdi/2026-11/2026-11-1-avviso.pdf"))

    def test_the_same_months_give_the_same_bytes_in_any_order_and_language(self) -> None:
        months = [nido_month(10), nido_month(11)]
        zipped = nido_zip(months, made_at=PRINTED)
        with override("en"):
            assert nido_zip(months[::-1], made_at=PRINTED) == zipped

    def test_namesakes_have_folders_of_their_own(self) -> None:
        twin = dataclasses.replace(GIULIA, fiscal_code="VRDGLI23A41A662E")
        names = zipfile.ZipFile(io.BytesIO(nido_zip([nido_month(1), nido_month(1, child=twin)], made_at=PRINTED)))
        assert {name.split("/")[0] for name in names.namelist()} == {"giulia-verdi-1", "giulia-verdi-2", "leggimi.txt"}

    def test_a_month_twice_a_part_or_a_cart_is_refused(self) -> None:
        month = nido_month(11)
        with pytest.raises(MonthPaidTwiceOver):
            nido_zip([month, month], made_at=PRINTED)
        with pytest.raises(MonthPaidTwiceOver):
            dataclasses.replace(month, settlement=settlement(11, 29_999))
        with pytest.raises(MonthPaidTwiceOver):
            dataclasses.replace(month, notice=in_rates(2, choice=False))
        two = (SettledLine("Retta", "Giulia", Money(1)), SettledLine("Retta", "Luca", Money(29_999)))
        with pytest.raises(MonthPaidTwiceOver):
            dataclasses.replace(month, settlement=dataclasses.replace(month.settlement, lines=two))
        with pytest.raises(NothingToBundle):
            nido_zip([], made_at=PRINTED)

    def test_the_holder_is_who_the_notice_was_made_for(self) -> None:
        assert nido_month(11).settlement.debtor == MARIA
