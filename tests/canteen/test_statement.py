"""The statement: the right cents, the right family, the same in page, PDF and CSV."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.urls import reverse

from services_catalog.models import Closure, ClosureKind, Edition
from sportello.accounts.models import Role
from sportello.billing.models import EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.canteen.blocks import order_block
from sportello.canteen.errors import NotSoldInBlocks
from sportello.canteen.models import MealBlock
from sportello.canteen.month import Month
from sportello.canteen.month_close import close_month
from sportello.canteen.queries import child_summary
from sportello.families.models import Child
from sportello.kernel import clock
from sportello.kernel.money import Money
from tests.accounts.test_sessions import entered
from tests.accounts.test_supporting import start
from tests.comuni import HostClient
from tests.factories import account, child, citizen, family, grant, section
from tests.factories.meals import block_edition, canteen_edition, meals, place, price
from tests.factories.people import Family
from tests.factories.progress import Silent

TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW.astimezone(clock.ROME))


def eat(minor: Child, edition: Edition, cents: int, *days: int) -> None:
    price(minor, edition, cents)
    meals(section(), {minor: [date(2026, 11, day) for day in days]}, absent=[date(2026, 11, 6)])


def pay(minor: Child, cents: int, kind: EntryKind = EntryKind.PAYMENT) -> None:
    line = EntryLine(
        child_id=minor.pk,
        service_code="mensa",
        kind=kind,
        amount=Money(cents),
        competence_on=TODAY,
        description="Pagamento pagoPA" if kind == EntryKind.PAYMENT else "Saldo iniziale",
        key=str(uuid4()),
    )
    post_entries(lines=[line], now=NOW, actor=None)


@pytest.fixture
def home(bari: object) -> Family:
    """Two children: 3 meals at 1.90 with 2.00 paid and 5.00 owed from before; 2 meals at 3.00."""
    edition = canteen_edition()
    found = family(children=2)
    eat(found.children[0], edition, 190, 2, 3, 4)
    eat(found.children[1], edition, 300, 2, 3)
    stranger = child(family_name="Estranea")
    eat(stranger, edition, 666, 2)
    close_month(service=edition.service, month=Month(2026, 11), actor=None, now=NOW, progress=Silent())
    pay(found.children[0], 200)
    pay(found.children[0], -500, EntryKind.OPENING_BALANCE)
    return found


@pytest.fixture
def parent(home: Family, bari_client: HostClient) -> HostClient:
    bari_client.force_login(home.account)
    return bari_client


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\N{NO-BREAK SPACE}", " ")


def test_the_family_reads_what_is_due_in_all(parent: HostClient, home: Family) -> None:
    text = text_of(parent.get("/area/dovuto/").content.decode())
    assert "14,70 €" in text
    assert "8,70 €" in text
    assert "6,00 €" in text
    assert "6,66" not in text


def test_a_child_whom_the_canteen_does_not_know_is_left_out(parent: HostClient, home: Family) -> None:
    child(home.parent, family_name="Iscritta", given_name="Mai")
    page = parent.get("/area/dovuto/").content.decode()
    assert page.count('<article class="panel">') == 2
    assert "Mai Iscritta" not in page
    assert "Iscritta" not in parent.get(reverse("canteen:statement_csv")).content.decode()


def test_a_family_that_never_used_the_canteen_has_nothing_to_pay(bari: object, bari_client: HostClient) -> None:
    edition, found = canteen_edition(), family()
    bari_client.force_login(found.account)
    assert "Nessuno dei tuoi figli usa un servizio che si paga." in bari_client.get("/area/dovuto/").content.decode()
    place(found.children[0], edition, valid_during=(date(2026, 9, 1), date(2026, 10, 1)))
    assert '<article class="panel">' in bari_client.get("/area/dovuto/").content.decode()


def test_the_child_reads_meals_movements_reasons_and_totals(parent: HostClient, home: Family) -> None:
    page = parent.get(reverse("canteen:statement", args=[home.children[0].public_id])).content.decode()
    text = text_of(page)
    assert page.count('class="ate"') == 3
    assert page.count('class="absent"') == 1
    for shown in (
        "Da pagare 8,70 €",
        "Pasti, novembre 2026 3",
        "3 pasti di novembre 2026 a 1,90 €",
        "−5,70 €",
        "Prezzo unico: 1,90 €",
        "Atto 123/2026 del 30/06/2026",
        "Saldo −8,70 €",
        "Saldo iniziale −5,00 €",
        "Pagato 2,00 €",
    ):
        assert shown in text


def test_meals_of_a_month_still_open_are_announced(parent: HostClient, home: Family) -> None:
    minor = home.children[0]
    meals(section(), {minor: [date(2026, 12, 1)]})
    text = text_of(parent.get(reverse("canteen:statement", args=[minor.public_id])).content.decode())
    assert "Ancora da addebitare 1,90 € 1 pasto, alla chiusura del mese" in text
    assert "Da pagare 8,70 €" in text


def test_another_month_is_chosen_in_the_address(parent: HostClient, home: Family) -> None:
    url = reverse("canteen:statement", args=[home.children[0].public_id])
    assert "non risultano pasti" in parent.get(f"{url}?mese=2026-10").content.decode()
    assert parent.get(f"{url}?mese=ottobre").status_code == 404


def test_the_csv_opens_in_an_italian_spreadsheet(parent: HostClient, home: Family) -> None:
    body = parent.get(reverse("canteen:statement_csv", args=[home.children[0].public_id])).content
    assert body.startswith(b"\xef\xbb\xbf")
    lines = body.decode("utf-8-sig").splitlines()
    assert lines[0] == "Bambino;Data;Voce;Quantità;Prezzo unitario;Importo"
    assert any(line.endswith("3 pasti di novembre 2026;3;1,90;-5,70") for line in lines)
    assert lines[-1].endswith(";Saldo;;;-8,70")
    assert sum("Pasto servito" in line for line in lines) == 3
    whole = parent.get(reverse("canteen:statement_csv")).content.decode("utf-8-sig")
    assert "-6,00" in whole
    assert "Estranea" not in whole


@pytest.mark.parametrize(("query", "standard"), [("", "pdfuaid"), ("?archivio=1", "pdfaid")])
def test_the_pdf_is_tagged_and_says_the_same(parent: HostClient, home: Family, query: str, standard: str) -> None:
    response = parent.get(reverse("canteen:statement_pdf") + query)
    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(response.content)) as document:
        assert document.Root.MarkInfo.Marked
        metadata = document.Root.Metadata.read_bytes().decode()
    assert standard in metadata


def test_nobody_reads_the_children_of_others(parent: HostClient, home: Family, bari: object) -> None:
    stranger = Child.objects.get(family_name="Estranea")
    for name in ("canteen:statement", "canteen:statement_pdf", "canteen:statement_csv", "canteen:order_blocks"):
        assert parent.get(reverse(name, args=[stranger.public_id])).status_code == 404


def test_without_login_one_is_led_to_it(bari_client: HostClient, home: Family) -> None:
    for url in ("/area/dovuto/", reverse("canteen:statement", args=[home.children[0].public_id])):
        assert bari_client.get(url).status_code == 302


@pytest.mark.parametrize("children", [1, 3])
def test_the_statement_costs_the_same_for_one_and_three(
    bari: object, bari_client: HostClient, django_assert_max_num_queries: Any, children: int
) -> None:
    edition, found = canteen_edition(), family(children=children)
    for minor in found.children:
        eat(minor, edition, 190, 2, 3)
    close_month(service=edition.service, month=Month(2026, 11), actor=None, now=NOW, progress=Silent())
    bari_client.force_login(found.account)
    with django_assert_max_num_queries(46):
        assert bari_client.get("/area/dovuto/").status_code == 200


def test_the_summary_of_the_personal_area(home: Family) -> None:
    one, two = child_summary(home.children, date(2026, 11, 30))
    assert (one.meals_this_month, one.meals_available, -one.balance) == (3, None, Money(870))
    assert (two.meals_this_month, -two.balance) == (2, Money(600))


def test_a_parent_orders_blocks_once(terlizzi: object, terlizzi_client: HostClient) -> None:
    edition, found = block_edition(), family()
    minor = found.children[0]
    eat(minor, edition, 3200, 2, 3)
    terlizzi_client.force_login(found.account)
    url = reverse("canteen:order_blocks", args=[minor.public_id])
    assert "32,00" in terlizzi_client.get(url).content.decode()
    form = {"blocks": "2", "token": str(uuid4())}
    page = text_of(terlizzi_client.post(url, form, follow=True).content.decode())
    assert "2 blocchetti ordinati." in page
    assert "Pasti disponibili 40" in page
    assert "Da pagare 64,00 €" in page
    terlizzi_client.post(url, form)
    assert MealBlock.objects.count() == 2
    assert terlizzi_client.post(url, {"blocks": "11", "token": str(uuid4())}).status_code == 422
    with pytest.raises(NotSoldInBlocks):
        order_block(
            child=minor,
            service=edition.service,
            blocks=11,
            token=uuid4(),
            day=TODAY,
            actor=found.account.pk,
            now=NOW,
        )


def test_support_orders_nothing_for_her(terlizzi: object, terlizzi_client: HostClient) -> None:
    block_edition()
    found = family()
    desk = entered(terlizzi_client, account(Role.SUPPORT).identifier)
    start(desk, found.account)
    url = reverse("canteen:order_blocks", args=[found.children[0].public_id])
    assert desk.post(url, {"blocks": "2", "token": str(uuid4())}).status_code == 403
    assert MealBlock.objects.count() == 0


def test_a_clerk_orders_blocks_at_the_counter(terlizzi: object, terlizzi_client: HostClient) -> None:
    edition, minor = block_edition(), child()
    price(minor, edition, 3200)
    clerk = citizen()
    grant(clerk, Role.CLERK)
    terlizzi_client.force_login(clerk)
    url = reverse("canteen:office_order_blocks", args=[minor.public_id])
    assert "32,00" in terlizzi_client.get(url).content.decode()
    page = terlizzi_client.post(url, {"blocks": "1", "token": str(uuid4())}, follow=True).content.decode()
    assert "1 blocchetto ordinato." in page
    assert MealBlock.objects.get().child == minor


def test_a_meal_of_a_day_closed_afterwards_is_neither_shown_nor_counted(
    terlizzi: object, terlizzi_client: HostClient
) -> None:
    edition, found = block_edition(), family()
    minor = found.children[0]
    eat(minor, edition, 3200, 2, 3)
    MealBlock.objects.create(child=minor, meals=21, opened_on=date(2026, 10, 1))
    Closure.objects.create(days=(date(2026, 11, 3), date(2026, 11, 4)), kind=ClosureKind.STRIKE, reason="Sciopero")
    terlizzi_client.force_login(found.account)
    page = terlizzi_client.get(reverse("canteen:statement", args=[minor.public_id])).content.decode()
    assert page.count('class="ate"') == 1
    assert "Pasti disponibili 20" in text_of(page)


def test_where_meals_are_charged_one_by_one_no_block_is_sold(parent: HostClient, home: Family) -> None:
    minor = home.children[0]
    url = reverse("canteen:order_blocks", args=[minor.public_id])
    assert "non vende blocchetti" in parent.get(url).content.decode()
    assert parent.post(url, {"blocks": "1", "token": str(uuid4())}).status_code == 422
    assert account().pk
