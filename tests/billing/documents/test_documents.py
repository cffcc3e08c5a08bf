"""The family's papers say what the ledger says: to the cent, of the payer, of the year."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from pypdf import PdfReader

from sportello.billing.debts.models import Purpose
from sportello.billing.debts.opening import Collected
from sportello.billing.debts.sharing import Share, set_cost_shares
from sportello.billing.documents.certificates import part_of, year_certificate, years_paid_by
from sportello.billing.documents.facing import ourselves
from sportello.billing.models import EntryKind, PaymentMeans
from sportello.billing.papers.certificates import YearCertificate
from sportello.billing.papers.errors import NothingToCertify
from sportello.billing.posting import EntryLine, post_entries
from sportello.billing.receipts.models import Receipt
from sportello.billing.receipts.settling import settle
from sportello.billing.recording_payments import record_payment
from sportello.families.models import Adult
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import adult, citizen, family, guardianship
from tests.factories.charging import service_of
from tests.factories.numbering import next_number
from tests.factories.paying import NOW, charge, institution, position, receipt
from tests.factories.people import Family

NAMES = {"mensa": "Mensa", "nido": "Nido"}


@pytest.fixture
def home(bari: Municipality) -> Family:
    institution(bari, cbill_code="AB12C")
    service_of("mensa", "meals")
    service_of("nido", "place")
    return family(children=2)


def paid(payer: Adult, minor: Any, cents: int, *, at: datetime = NOW, service: str = "mensa", **fields: Any) -> Receipt:
    made = position(payer, Collected(minor.pk, service, cents, fields.pop("month", None)), **fields)
    held = receipt(made.options.get(), paid_at=at)
    settle(receipt_id=held.pk, now=NOW)
    return held


def certificate(payer: Adult, year: int = 2026) -> YearCertificate:
    return year_certificate(payer=payer, year=year, payee=ourselves(), services=NAMES, issued_on=date(2027, 1, 31))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_only_what_was_paid_in_the_year_counts(home: Family) -> None:
    one, two = home.children
    charge(one, 99_900)
    paid(home.parent, one, 1_000, at=datetime(2025, 12, 31, 22, 59, tzinfo=UTC))
    first = paid(home.parent, one, 2_000, at=datetime(2025, 12, 31, 23, 1, tzinfo=UTC))  # already 2026 in Rome
    paid(home.parent, two, 300)
    made = certificate(home.parent)
    assert made.paid == Money(2_300)
    assert made.expenses[0].receipt_id == first.receipt_id
    assert certificate(home.parent, 2025).paid == Money(1_000)
    assert years_paid_by(home.parent) == [2026, 2025]


def test_each_parent_certifies_her_own_payments(home: Family) -> None:
    minor, father = home.children[0], adult()
    guardianship(father, minor)
    seven = [Share(home.parent, 7000), Share(father, 3000)]
    set_cost_shares(child=minor, during=DateRange(date(2026, 9, 1)), shares=seven, source="-", actor=None, now=NOW)
    paid(home.parent, minor, 700)
    paid(father, minor, 300)
    by_hand = EntryLine(
        minor.pk, "mensa", EntryKind.PAYMENT, Money(1_001), NOW.date(), "A mano", f"x:{next_number()}", reference="B 1"
    )
    post_entries(lines=[by_hand], now=NOW, actor=None)
    mother, other = certificate(home.parent), certificate(father)
    assert (mother.paid, other.paid) == (Money(700), Money(300))
    untraceable = [[e.amount.cents for e in made.expenses if not e.traceable] for made in (mother, other)]
    assert untraceable == [[701], [300]]


@pytest.mark.parametrize(
    ("means", "deductible"),
    [("cash", 0), ("other", 0), ("transfer", 4_550), ("card", 4_550), ("postal", 4_550)],
)
def test_what_the_office_wrote_down_is_deducted_by_its_means(home: Family, means: str, deductible: int) -> None:
    """Only traceable payments may be deducted: law 160/2019, article 1, paragraph 679."""
    record_payment(
        child=home.children[0],
        service_code="mensa",
        amount=Money(4_550),
        paid_on=NOW.date(),
        reference="Bonifico 7",
        means=PaymentMeans(means),
        token=uuid4(),
        actor=1,
        now=NOW,
        payer=home.parent,
    )
    made = certificate(home.parent)
    assert (made.paid.cents, [one.receipt_id for one in made.expenses]) == (deductible, ["Bonifico 7"])


@pytest.mark.parametrize(
    ("payer", "of", "parts", "cents"),
    [(1, 1, {}, 1001), (2, 1, {}, None), (None, 1, {1: 5000, 2: 5000}, 501), (None, 3, {1: 1}, None)],
)
def test_whose_part_of_a_payment(payer: int | None, of: int, parts: dict[int, int], cents: int | None) -> None:
    found = part_of(1001, payer, of, parts, turn=0)
    assert (found.cents if found else None) == cents


def test_a_year_without_payments_has_no_certificate(home: Family) -> None:
    with pytest.raises(NothingToCertify):
        certificate(home.parent)


def test_the_certificate_as_the_parent_gets_it(home: Family, bari_client: HostClient) -> None:
    held = paid(home.parent, home.children[0], 4_550)
    bari_client.force_login(home.account)
    answer = bari_client.get(reverse("documents:certificate", args=[2026]))
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    assert home.children[0].full_name in text
    assert "45,50" in text
    assert held.receipt_id in text
    bari_client.force_login(citizen(adult()))
    assert bari_client.get(reverse("documents:certificate", args=[2026])).status_code == 302


def test_notice_and_receipt_as_the_parent_gets_them(home: Family, bari_client: HostClient) -> None:
    minor = home.children[0]
    held = paid(home.parent, minor, 4_550, description="Mensa scolastica, novembre 2026")
    assert held.option_id is None
    held.refresh_from_db()
    assert held.option is not None
    bari_client.force_login(home.account)
    notice = text_of(bari_client.get(reverse("documents:notice", args=[held.option.position.public_id])).content)
    proof = text_of(bari_client.get(reverse("documents:receipt", args=[held.public_id])).content)
    assert "45,50" in notice
    assert minor.given_name not in notice  # a notice passes through many hands (P30)
    assert (held.receipt_id in proof, minor.full_name in proof) == (True, True)
    bari_client.force_login(citizen())
    for name, reference in (("notice", held.option.position.public_id), ("receipt", held.public_id)):
        assert bari_client.get(reverse(f"documents:{name}", args=[reference])).status_code == 404


def test_the_other_parents_notice_stays_hers(home: Family, bari_client: HostClient) -> None:
    minor, father = home.children[0], adult()
    guardianship(father, minor)
    half = [Share(home.parent, 5000), Share(father, 5000)]
    set_cost_shares(child=minor, during=DateRange(date(2026, 9, 1)), shares=half, source="-", actor=None, now=NOW)
    made = position(father, Collected(minor.pk, "mensa", 500))
    bari_client.force_login(home.account)
    assert bari_client.get(reverse("documents:notice", args=[made.public_id])).status_code == 404


def test_the_bundle_of_the_nido(home: Family, bari_client: HostClient) -> None:
    minor = home.children[0]
    for month in (9, 10):
        first = date(2026, month, 1)
        paid(home.parent, minor, 30_000, service="nido", month=first, purpose=Purpose.MONTHLY_FEE)
    paid(home.parent, minor, 500)  # the canteen is no nido
    bari_client.force_login(home.account)
    answer = bari_client.get(reverse("documents:nido", args=[2026]))
    names = zipfile.ZipFile(BytesIO(answer.content)).namelist()
    assert sum(name.endswith("-avviso.pdf") for name in names) == 2
    assert sum(name.endswith("-attestazione.pdf") for name in names) == 2
    assert "Fascicolo" not in bari_client.get("/area/dovuto/").content.decode()
    assert "Documenti 2026 per il bonus nido" in bari_client.get("/area/dovuto/").content.decode()


def test_the_statement_as_a_paper(home: Family, bari_client: HostClient) -> None:
    charge(home.children[0], 1_234)
    paid(home.parent, home.children[1], 4_550)
    bari_client.force_login(home.account)
    text = text_of(bari_client.get("/area/dovuto/visura.pdf").content).replace("\N{NO-BREAK SPACE}", " ")
    assert "12,34" in text
    assert "45,50" in text
    assert home.children[0].full_name in text


def test_without_the_codes_of_the_comune_the_page_says_so(bari: Municipality, bari_client: HostClient) -> None:
    service_of("mensa", "meals")
    made = family()
    charge(made.children[0], 500)
    bari_client.force_login(made.account)
    page = bari_client.get("/area/dovuto/visura.pdf", follow=True).content.decode()
    assert "Mancano i codici pagoPA" in page
