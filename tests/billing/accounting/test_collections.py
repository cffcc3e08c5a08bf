"""What was collected by chapter: every cent of the flows, with its chapter or with the reason why it has none."""

import io
from datetime import date
from typing import Any

import pytest
import tablib
from django.urls import reverse

from integrations.pagopa.flows import FlowOutcome
from services_catalog.models import Service
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.accounting.chapters import Wanted, set_chapter
from sportello.billing.accounting.collecting import Collected, collected, without_chapter
from sportello.billing.accounting.errors import ChapterOverlaps
from sportello.billing.accounting.models import Chapter
from sportello.billing.debts.opening import Collected as Line
from sportello.billing.receipts.aside import credit_aside
from sportello.billing.receipts.models import KeptAside
from sportello.billing.receipts.settling import settle
from sportello.billing.reconciliation.fetching import reconcile
from sportello.billing.reconciliation.models import Flow
from sportello.kernel.money import Money
from tests.billing.reconciliation.flows import flow, line, line_of
from tests.billing.reconciliation.test_round import Wire, creditor, owing, paid, wire
from tests.factories import account, citizen, family
from tests.factories.paying import NOW, charge, position, receipt

__all__ = ["creditor", "owing", "wire"]  # fixtures
DAY = date(2026, 11, 24)


def chapter(service: str, code: str, *, purpose: str = "", since: date = date(2026, 1, 1)) -> Chapter:
    return set_chapter(wanted=Wanted(service, purpose, code, 2026, "17", since), actor=1, now=NOW)


def rows() -> list[Collected]:
    return collected(first=DAY, last=DAY)


def told() -> list[tuple[str, str, int]]:
    return [(str(one.chapter or one.note), one.flow.fdr[-1], one.amount.cents) for one in rows()]


def test_a_receipt_of_two_services_stands_under_two_chapters(owing: Any, creditor: str, wire: Wire) -> None:
    chapter("mensa", "30200.01")
    came = paid(owing)
    wire.flows = [flow(creditor, line_of(came))]
    reconcile(now=NOW)
    assert told() == [("30200.01 2026/17", "1", 4500), ("Capitolo da configurare", "1", 550)]
    assert without_chapter(rows()) == Money(550)


def test_transfers_in_two_flows_bring_each_their_own(owing: Any, creditor: str, wire: Wire) -> None:
    """The bus in the first flow, the canteen in the second: by the transfers, not by who comes first."""
    chapter("mensa", "M")
    chapter("trasporto", "T")
    categories = dict(owing.options.get().transfers.values_list("amount_cents", "number"))
    body = {categories[4500]: 4500, categories[550]: 550}
    from sportello.billing.receipts.settling import settle_waiting
    from tests.billing import node
    from tests.billing.node import Node

    option = owing.options.get()
    Node().post(node.receipt(creditor, option.notice_number, 5050, "IUR1", parts=body))
    settle_waiting(now=NOW)
    one = line(option.iuv, "IUR1", 550, number=categories[550])
    two = line(option.iuv, "IUR1", 4500, number=categories[4500])
    wire.flows = [flow(creditor, one), flow(creditor, two, fdr="2026-11-23PSP-2")]
    reconcile(now=NOW)
    assert told() == [("T 2026/17", "1", 550), ("M 2026/17", "2", 4500)]


def test_every_cent_of_the_flows_is_there(owing: Any, creditor: str, wire: Wire) -> None:
    """Of other systems, unknown, missing, revoked, kept aside, wrong sums: all with their reasons."""
    chapter("mensa", "M")
    chapter("trasporto", "T")
    double = [paid(owing), paid(owing)]
    home = family()
    charge(home.children[0], 900)
    lost = position(home.parent, Line(home.children[0].pk, "mensa", 900)).options.get()
    wire.flows = [
        flow(
            creditor,
            *map(line_of, double),
            line("47000000000000001", "X", 700),
            line("03999999999999999", "Y", 300),
            line(lost.iuv, "Z", 900),
            line("47000000000000002", "W", 200, outcome=FlowOutcome.REVOKED),
            declared_cents=12_345,
        )
    ]
    reconcile(now=NOW)
    assert sorted(told()) == sorted(
        [
            ("M 2026/17", "1", 4500),
            ("T 2026/17", "1", 550),
            ("pagato due volte", "1", 5050),
            ("È di un altro sistema del Comune", "1", 700),
            ("Il codice è della nostra serie, ma l'avviso non esiste", "1", 300),
            ("L'avviso è nostro, ma la ricevuta non è arrivata", "1", 900),
            ("Il pagamento è stato revocato", "1", 200),
            ("Differenza fra quanto il flusso dichiara e le sue righe", "1", 145),
        ]
    )
    assert Money.sum(one.amount for one in rows()) == Flow.objects.get().declared


def test_money_credited_by_the_office_is_of_its_service(owing: Any, creditor: str, wire: Wire) -> None:
    chapter("mensa", "M")
    home = family()
    stray = settle(receipt_id=receipt("303000000000004272", 500, fiscal_code=creditor).pk, now=NOW)
    aside = KeptAside.objects.get()
    credit_aside(aside=aside, child=home.children[0], service_code="mensa", payer=None, note="x", actor=1, now=NOW)
    wire.flows = [flow(creditor, line_of(stray))]
    reconcile(now=NOW)
    assert told() == [("M 2026/17", "1", 500)]


def test_a_chapter_holds_from_its_day(owing: Any, creditor: str, wire: Wire) -> None:
    chapter("mensa", "VECCHIO")
    chapter("mensa", "NUOVO", since=DAY)
    chapter("trasporto", "TUTTE")
    chapter("trasporto", "RICARICHE", purpose="top_up")
    with pytest.raises(ChapterOverlaps):
        chapter("mensa", "PRIMA", since=date(2026, 5, 1))
    wire.flows = [flow(creditor, line_of(paid(owing)))]
    reconcile(now=NOW)
    assert [one[0] for one in told()] == ["NUOVO 2026/17", "TUTTE 2026/17"]
    assert Chapter.objects.get(code="VECCHIO").valid_during.upper == DAY
    assert Event.objects.filter(action=Action.CHAPTER_CHANGED).count() == 4


def test_the_pages_and_the_files(owing: Any, creditor: str, wire: Wire, bari_client: Any) -> None:
    Service.objects.get_or_create(code="mensa", defaults={"name": "Mensa scolastica"})
    pages = bari_client
    pages.force_login(account(Role.CLERK))
    wire.flows = [flow(creditor, line_of(paid(owing)))]
    reconcile(now=NOW)
    given = {
        "service_code": "mensa",
        "code": "30200.01",
        "assessment_year": "2026",
        "assessment_number": "17",
        "since_day": "1",
        "since_month": "1",
        "since_year": "2026",
    }
    assert pages.post(reverse("accounting:chapters"), given).status_code == 302
    again = pages.post(reverse("accounting:chapters"), {**given, "since_year": "2025"})
    assert again.status_code == 422
    assert pages.post(reverse("accounting:chapters"), {**given, "assessment_number": "18"}).status_code == 302
    assert [str(one) for one in Chapter.objects.all()] == ["30200.01 2026/18"], "put right, not set twice"
    asked = "?dal=2026-11-24&al=2026-11-24"
    shown = pages.get(reverse("accounting:collections") + asked).content.decode()
    assert "30200.01 2026/18" in shown
    assert "Capitolo da configurare" in shown
    assert "50,50" in shown
    csv = pages.get(reverse("accounting:export") + asked + "&formato=csv")
    text = csv.content.decode("utf-8-sig").splitlines()
    assert len(text) == 3
    assert text[1].endswith(";30200.01;2026;18;45,00;")
    assert "TRN-2026-11-23PSP-1;2026-11-23PSP-1;PSP;" in text[1]
    xlsx = tablib.Dataset().load(
        io.BytesIO(pages.get(reverse("accounting:export") + asked + "&formato=xlsx").content), format="xlsx"
    )
    assert [float(one) for one in xlsx["Importo"]] == [45.0, 5.5]
    assert Event.objects.filter(action=Action.ACCOUNTS_EXPORTED).count() == 2
    assert pages.get(reverse("accounting:export") + "?dal=2026-11-24").status_code == 400
    assert pages.get(reverse("accounting:collections") + "?dal=2026-11-24&al=2026-11-01").status_code == 422


def test_not_for_families(creditor: str, bari_client: Any) -> None:
    bari_client.force_login(citizen())
    for name in ("collections", "export", "chapters", "treasury"):
        assert bari_client.get(reverse(f"accounting:{name}")).status_code == 403
