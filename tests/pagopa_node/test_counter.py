"""The tobacconist's: what the scanner reads, and what is paid there (P26, P28)."""

from hashlib import sha256
from typing import Any

import pytest

from integrations.pagopa.simulator.models import Payment
from integrations.pagopa.simulator.scanning import Scanned, Unreadable, scanned
from tests.pagopa_node.fake_station import BARI, NAV, Debt, FakeStation

QR = f"PAGOPA|002|{NAV}|{BARI}|4550"
CODELINE = f"18{NAV}12000012345678100000004550" + "3896"
MATRIX = (
    f"codfase=NBPA;{CODELINE}1P1{BARI}RSSMRA80A41A662E{'ROSSI MARIA':<40}{'MENSA SCOLASTICA DICEMBRE 2026':<110}"
    f"{' ' * 12}A"
)


def test_the_vectors_of_the_reference_are_these() -> None:
    assert (len(QR), CODELINE) == (46, "18303000000000004272120000123456781000000045503896")
    assert sha256(MATRIX.encode()).hexdigest() == "c3c2415745a065d7838165f1a4a00931d6520f1f90abdad856bdb4ebe0e0eb5c"


@pytest.mark.parametrize(
    ("text", "fiscal_code"),
    [(QR, BARI), (f" {QR}\n", BARI), (MATRIX, BARI), (CODELINE, ""), (f"<{CODELINE}>", "")],
)
def test_each_code_is_read(text: str, fiscal_code: str) -> None:
    assert scanned(text) == Scanned(NAV, fiscal_code, 4550)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        (QR.replace("002", "001"), "qr"),
        (QR.replace("4550", "04550"), "qr"),
        (QR.replace("4550", "45.50"), "qr"),
        (QR + "|", "qr"),
        (MATRIX[:-1], "matrix"),
        (MATRIX.replace("MARIA", "Maria"), "matrix"),
        (MATRIX[:-13] + "A" + MATRIX[-12:], "matrix"),
        (CODELINE[:-1], "codeline"),
        ("", "codeline"),
        ("buongiorno", "codeline"),
    ],
)
def test_what_is_no_code_is_refused(text: str, point: str) -> None:
    with pytest.raises(Unreadable) as refused:
        scanned(text)
    assert refused.value.point == point


@pytest.mark.parametrize("code", [QR, MATRIX])
def test_a_notice_is_paid_at_the_tobacconists(node: Any, station_of_the_pages: FakeStation, code: str) -> None:
    words = node.post("/tabaccheria/", {"code": code}).content.decode()
    assert "Incassa 45,50" in words
    assert not Payment.objects.exists()
    words = node.post("/tabaccheria/", {"code": code, "action": "pay"}).content.decode()
    assert "Incassati 45,50" in words
    assert [one.findtext("idPSP") for one in station_of_the_pages.receipts] == ["SIMTAB01"]


def test_a_codeline_wants_the_creditor(node: Any, station_of_the_pages: FakeStation) -> None:
    answer = node.post("/tabaccheria/", {"code": CODELINE})
    assert answer.status_code == 422
    assert "Scegli l&#x27;ente" in answer.content.decode()
    assert "Incassa 45,50" in node.post("/tabaccheria/", {"code": CODELINE, "creditor": BARI}).content.decode()


def test_the_amount_of_today_counts(node: Any, station_of_the_pages: FakeStation) -> None:
    station_of_the_pages.debts[NAV] = Debt("47.00", ("47.00",))
    words = node.post("/tabaccheria/", {"code": QR}).content.decode()
    assert "sull&#x27;avviso 45,50" in words or "sull'avviso 45,50" in words
    assert "Incassa 47,00" in words


def test_a_refusal_is_told(node: Any, station_of_the_pages: FakeStation) -> None:
    station_of_the_pages.debts.clear()
    assert "PAA_PAGAMENTO_SCONOSCIUTO" in node.post("/tabaccheria/", {"code": QR}).content.decode()
