"""The station over HTTP: verify, pay, take receipts; each fault of P17; and that nothing makes it answer a 500."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from integrations.pagopa.models import CreditorInstitution, InstitutionState
from integrations.pagopa.soap.reading import BIGGEST
from sportello.billing.correcting import correct_entry
from sportello.billing.debts.models import DebtPosition, OptionState, PaymentOption, PositionState, Purpose, Quote
from sportello.billing.debts.opening import Collected
from sportello.billing.debts.states import change_state
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.billing.receipts.models import KeptAside, Message, Receipt, ReceiptState
from sportello.billing.receipts.settling import settle_waiting
from sportello.kernel.money import Money
from tenants.current import in_schema
from tenants.models import Municipality
from tests.billing.node import Node, envelope, get, qr, receipt, verify
from tests.factories import family
from tests.factories.paying import NOW, TODAY, charge, instalments, institution, position


@pytest.fixture
def node() -> Node:
    return Node()


@pytest.fixture
def ours(bari: Municipality) -> CreditorInstitution:
    return institution(bari)


@pytest.fixture
def owing(ours: CreditorInstitution) -> DebtPosition:
    """45.00 for the canteen of one child, 5.50 of its sister, 10.00 of her bus."""
    home = family(children=2)
    one, two = home.children
    charge(one, 4500)
    charge(two, 550)
    charge(two, 1000, service="trasporto")
    return position(
        home.parent,
        Collected(one.pk, "mensa", 4500),
        Collected(two.pk, "mensa", 550),
        Collected(two.pk, "trasporto", 1000),
    )


def nav_of(made: DebtPosition, number: int = 0) -> str:
    return made.options.get(number=number).notice_number


def test_verify_says_what_is_due(ours: CreditorInstitution, owing: DebtPosition, node: Node) -> None:
    answer = node.ask(verify(ours.fiscal_code, nav_of(owing)))
    assert answer == {
        "outcome": "OK",
        "amount": "60.50",
        "options": "EQ",
        "dueDate": (TODAY + timedelta(days=30)).isoformat(),
        "detailDescription": "Servizi scolastici",
        "allCCP": "false",
        "paymentDescription": "Servizi scolastici",
        "fiscalCodePA": ours.fiscal_code,
        "companyName": "Comune di Bari",
    }


@pytest.mark.parametrize("version", [1, 2])
def test_get_says_where_the_money_goes(
    ours: CreditorInstitution, owing: DebtPosition, node: Node, version: int
) -> None:
    answer = node.ask(get(ours.fiscal_code, nav_of(owing), version=version))
    assert (answer["paymentAmount"], answer["creditorReferenceId"]) == ("60.50", nav_of(owing)[1:])
    assert answer["transferAmount"] == ["50.50", "10.00"]
    assert answer["transferCategory"] == ["9/0107101TS/", "9/0107102SP/"]
    assert answer["entityUniqueIdentifierValue"] == owing.debtor_code
    owing.refresh_from_db()
    assert (owing.state, owing.attempt_seen_at is not None) == (PositionState.VALID, True), "no state changes (P11)"
    assert Quote.objects.count() == 0


def correct(made: DebtPosition, service: str, cents: int, place: int = 0) -> None:
    wrong = Entry.objects.filter(kind=EntryKind.CHARGE, account__service_code=service).order_by("pk")[place]
    correct_entry(entry=wrong, difference=Money(cents), reason="x", token=uuid4(), actor=1, now=NOW)


def test_what_is_owed_no_more_is_not_asked(ours: CreditorInstitution, owing: DebtPosition, node: Node) -> None:
    """P18: corrected between the notice and the payment, and again between verify and get."""
    nav = nav_of(owing)
    correct(owing, "trasporto", 1000)
    assert node.ask(verify(ours.fiscal_code, nav))["amount"] == "50.50"
    correct(owing, "mensa", 4000)
    answer = node.ask(get(ours.fiscal_code, nav))
    assert (answer["paymentAmount"], answer["transferAmount"]) == ("10.50", "10.50")
    assert Quote.objects.get().amount_cents == 1050
    assert node.ask(receipt(ours.fiscal_code, nav, 1050, "r1"))["outcome"] == "OK"
    settle_waiting(now=NOW)
    assert [account.balance_cents for account in LedgerAccount.objects.all()] == [0, 0, 0]
    assert list(Message.objects.order_by("pk").values_list("amount_cents", flat=True)) == [5050, 1050, 1050]


def test_a_notice_of_which_nothing_is_owed(ours: CreditorInstitution, owing: DebtPosition, node: Node) -> None:
    for service, cents, place in (("trasporto", 1000, 0), ("mensa", 4500, 0), ("mensa", 550, 1)):
        correct(owing, service, cents, place)
    assert node.fault(verify(ours.fiscal_code, nav_of(owing))) == "PAA_PAGAMENTO_ANNULLATO"


def test_of_two_notices_for_one_debt_the_older_is_paid(ours: CreditorInstitution, node: Node) -> None:
    home = family()
    minor = home.children[0]
    charge(minor, 1000)
    first, second = (position(home.parent, Collected(minor.pk, "mensa", 700)) for _ in range(2))
    asked = [node.ask(verify(ours.fiscal_code, nav_of(one)))["amount"] for one in (first, second)]
    assert asked == ["7.00", "3.00"]


def test_a_top_up_is_not_what_is_owed(ours: CreditorInstitution, node: Node) -> None:
    home = family()
    made = position(home.parent, Collected(home.children[0].pk, "mensa", 2000), purpose=Purpose.TOP_UP)
    assert node.ask(verify(ours.fiscal_code, nav_of(made)))["amount"] == "20.00"


def to(state: PositionState) -> Callable[[DebtPosition], None]:
    def move(made: DebtPosition) -> None:
        change_state(position=made, after=state, actor=None, now=NOW)

    return move


def last_day_was_yesterday(made: DebtPosition) -> None:
    PaymentOption.objects.update(due_on=TODAY - timedelta(days=9), last_day=TODAY - timedelta(days=1))


def paid(made: DebtPosition) -> None:
    PaymentOption.objects.update(state=OptionState.PAID)
    to(PositionState.PAID)(made)


def reported(made: DebtPosition) -> None:
    paid(made)
    to(PositionState.REPORTED)(made)


@pytest.mark.parametrize(
    ("before", "code"),
    [
        (to(PositionState.EXPIRED), "PAA_PAGAMENTO_SCADUTO"),
        (last_day_was_yesterday, "PAA_PAGAMENTO_SCADUTO"),
        (to(PositionState.INVALID), "PAA_PAGAMENTO_ANNULLATO"),
        (paid, "PAA_PAGAMENTO_DUPLICATO"),
        (reported, "PAA_PAGAMENTO_DUPLICATO"),
    ],
)
def test_a_notice_that_cannot_be_paid(
    ours: CreditorInstitution, owing: DebtPosition, node: Node, before: Callable[[DebtPosition], None], code: str
) -> None:
    before(owing)
    nav = nav_of(owing)
    for body in (verify(ours.fiscal_code, nav), get(ours.fiscal_code, nav), get(ours.fiscal_code, nav, version=1)):
        assert node.fault(body) == code


def test_a_notice_that_is_not_there_for_the_node(ours: CreditorInstitution, node: Node) -> None:
    home = family()
    minor = home.children[0]
    charge(minor, 100)
    line = Collected(minor.pk, "mensa", 100)
    draft = position(home.parent, line, publish=False)
    early = position(home.parent, line, valid_from=TODAY + timedelta(days=20))
    for nav in (nav_of(draft), nav_of(early), "303000000000004272"):
        assert node.fault(verify(ours.fiscal_code, nav)) == "PAA_PAGAMENTO_SCONOSCIUTO"


def test_the_whole_and_the_instalments_exclude_each_other(ours: CreditorInstitution, node: Node) -> None:
    home = family()
    minor = home.children[0]
    charge(minor, 300)
    line = Collected(minor.pk, "mensa", 300)
    by_parts = position(home.parent, line, instalments=instalments(100, 200))
    assert node.ask(receipt(ours.fiscal_code, nav_of(by_parts, 1), 100, "r1"))["outcome"] == "OK"
    settle_waiting(now=NOW)
    answers = [node.ask(verify(ours.fiscal_code, nav_of(by_parts, number))) for number in (0, 1, 2)]
    assert [one.get("faultCode", one.get("amount")) for one in answers] == [
        "PAA_PAGAMENTO_SCONOSCIUTO",
        "PAA_PAGAMENTO_DUPLICATO",
        "2.00",
    ]


def test_a_payment_that_may_come_late(ours: CreditorInstitution, owing: DebtPosition, node: Node) -> None:
    last_day_was_yesterday(owing)
    DebtPosition.objects.update(switch_to_expired=False)
    assert node.ask(verify(ours.fiscal_code, nav_of(owing)))["outcome"] == "OK"


def test_who_asks_at_the_wrong_door(ours: CreditorInstitution, owing: DebtPosition, node: Node) -> None:
    nav, code = nav_of(owing), ours.fiscal_code
    assert node.fault(verify("80000000099", nav)) == "PAA_ID_DOMINIO_ERRATO"
    assert node.fault(verify(code, nav, broker="80000000002")) == "PAA_ID_INTERMEDIARIO_ERRATO"
    assert node.fault(get(code, nav, station="80000000001_02")) == "PAA_STAZIONE_INT_ERRATA"
    other = verify(code, nav).replace(qr(code, nav).encode(), qr("80000000099", nav).encode())
    assert node.fault(other) == "PAA_ID_DOMINIO_ERRATO"
    CreditorInstitution.objects.update(state=InstitutionState.DRAFT)
    assert node.fault(verify(code, nav)) == "PAA_ID_DOMINIO_ERRATO"


def test_the_post_is_paid_on_its_account(ours: CreditorInstitution, owing: DebtPosition, node: Node) -> None:
    postal = "IT60X0760103200000012345678"
    CreditorInstitution.objects.update(postal_iban=postal, postal_account="12345678")
    nav = nav_of(owing)
    answer = node.ask(get(ours.fiscal_code, nav, "<transferType>POSTAL</transferType>"))
    assert set(answer["IBAN"]) == {postal}
    answer = node.ask(get(ours.fiscal_code, nav, "<transferType>PAGOPA</transferType>"))
    assert (set(answer["IBAN"]), set(answer["key"]), set(answer["value"])) == ({ours.iban}, {"IBANAPPOGGIO"}, {postal})


@pytest.mark.parametrize("version", [1, 2])
def test_a_receipt_is_kept_as_it_came_and_once(
    ours: CreditorInstitution, owing: DebtPosition, node: Node, version: int
) -> None:
    body = receipt(ours.fiscal_code, nav_of(owing), 6050, "r1", version=version)
    assert node.ask(body) == {"outcome": "OK"}
    assert node.fault(body) == "PAA_RECEIPT_DUPLICATA"
    kept = Receipt.objects.get()
    assert (bytes(kept.raw), kept.state, kept.own_cents, kept.version) == (body, ReceiptState.STORED, 6050, version)
    assert settle_waiting(now=NOW) == 1
    owing.refresh_from_db()
    assert owing.state == PositionState.PAID
    assert node.fault(verify(ours.fiscal_code, nav_of(owing))) == "PAA_PAGAMENTO_DUPLICATO"


def test_a_receipt_for_an_unknown_notice_is_kept(ours: CreditorInstitution, node: Node) -> None:
    assert node.ask(receipt(ours.fiscal_code, "303000000000004272", 100, "r1")) == {"outcome": "OK"}
    settle_waiting(now=NOW)
    assert KeptAside.objects.get().amount_cents == 100


def test_a_receipt_of_another_creditor_with_a_number_like_ours(
    ours: CreditorInstitution, owing: DebtPosition, node: Node
) -> None:
    """Broadcast (P20): the same number at another broker pays nothing here; a transfer to us is a task."""
    body = receipt(ours.fiscal_code, nav_of(owing), 6050, "r1")
    body = body.replace(
        f"<fiscalCode>{ours.fiscal_code}</fiscalCode>".encode(), b"<fiscalCode>80000000077</fiscalCode>"
    )
    assert node.ask(body) == {"outcome": "OK"}
    settle_waiting(now=NOW)
    owing.refresh_from_db()
    assert (owing.state, KeptAside.objects.get().reason) == (PositionState.VALID, "orphan")


def test_every_message_is_in_the_journal(ours: CreditorInstitution, owing: DebtPosition, node: Node) -> None:
    nav = nav_of(owing)
    bodies = [verify(ours.fiscal_code, nav), get(ours.fiscal_code, nav), receipt(ours.fiscal_code, nav, 6050, "r1")]
    bodies += [bodies[-1], verify(ours.fiscal_code, "303000000000004272")]
    answers = [node.post(body).content for body in bodies]
    rows = list(Message.objects.order_by("pk"))
    assert [bytes(row.request) for row in rows] == bodies
    assert [bytes(row.response) for row in rows] == answers
    assert [(row.operation, row.outcome, row.fault_code) for row in rows] == [
        ("paVerifyPaymentNotice", "OK", ""),
        ("paGetPaymentV2", "OK", ""),
        ("paSendRTV2", "OK", ""),
        ("paSendRTV2", "KO", "PAA_RECEIPT_DUPLICATA"),
        ("paVerifyPaymentNotice", "KO", "PAA_PAGAMENTO_SCONOSCIUTO"),
    ]
    assert {row.receipt_id for row in rows} == {"", "r1"}


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
XXE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"<a/>", BOMB, XXE, b"\xff\xfe\x00", b"<" * 5000, envelope("<a/>"), envelope(""), b"{}" * 99],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_no_message_is_refused_by_name(ours: CreditorInstitution, node: Node, body: bytes) -> None:
    assert node.fault(body) == "PAA_SINTASSI_XSD"


def test_a_message_that_names_us_and_is_wrong_is_kept(ours: CreditorInstitution, node: Node) -> None:
    body = verify(ours.fiscal_code, "303000000000004272")
    cases = [
        body.replace(b"<idPA>", b"<paf:idPA>").replace(b"</idPA>", b"</paf:idPA>"),
        body.replace(b"303000000000004272", b"30300000000000427"),
        receipt(ours.fiscal_code, "303000000000004272", 4550, "r").replace(b"45.50", b"45.5"),
    ]
    for wrong in cases:
        assert node.fault(wrong) == "PAA_SINTASSI_XSD"
    assert node.post(body, "paGetPaymentV2").status_code == 200
    assert Message.objects.filter(outcome="KO").count() >= 2


def test_too_long_a_message_is_not_read(ours: CreditorInstitution, node: Node) -> None:
    assert node.fault(b" " * (BIGGEST + 1)) == "PAA_SINTASSI_XSD"
    assert node.fault(b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)) == "PAA_SINTASSI_XSD"


def test_only_posts_by_who_may_call(ours: CreditorInstitution, node: Node, settings: Any) -> None:
    with in_schema("public"):
        assert node.client.get("/stazione/").status_code == 405
    body = verify(ours.fiscal_code, "303000000000004272")
    settings.STATION_CALLERS = ["nodo.pagopa.gov.it"]
    assert node.post(body).status_code == 403
    assert node.post(body, **{"X-Client-Name": "another"}).status_code == 403
    assert node.post(body, **{"X-Client-Name": "nodo.pagopa.gov.it"}).status_code == 200
    settings.STATION_CALLERS = []
    assert node.post(body, **{"X-Client-Name": ""}).status_code == 403
    assert "sessione" not in node.client.cookies


def test_when_all_fails_the_node_may_try_again(
    ours: CreditorInstitution, owing: DebtPosition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step that may fail does: no 500, no soap:Fault, and no receipt that was said to be taken is lost."""
    calm = Node(raise_request_exception=False)
    body = receipt(ours.fiscal_code, nav_of(owing), 6050, "r1")
    for place in ("station.due_of", "answering.verify_answer", "answering.look_up", "answering.write"):
        with monkeypatch.context() as broken:
            broken.setattr(f"sportello.billing.receipts.{place}", _breaks)
            assert calm.fault(verify(ours.fiscal_code, nav_of(owing))) == "PAA_SYSTEM_ERROR"
            if "answering.write" in place:
                assert calm.fault(body) == "PAA_SYSTEM_ERROR"
    assert Receipt.objects.count() == 0
    assert calm.ask(body) == {"outcome": "OK"}


def _breaks(*_: object, **__: object) -> None:
    raise ZeroDivisionError


def test_what_is_remembered_of_a_comune_is_never_believed(
    ours: CreditorInstitution, owing: DebtPosition, node: Node
) -> None:
    """The next question finds another truth: the code is no longer served, then it is another Comune's."""
    nav = nav_of(owing)
    body = verify(ours.fiscal_code, nav)
    assert node.ask(body)["outcome"] == "OK"
    CreditorInstitution.objects.filter(pk=ours.pk).update(state=InstitutionState.DRAFT)
    assert node.fault(body) == "PAA_ID_DOMINIO_ERRATO"
    CreditorInstitution.objects.filter(pk=ours.pk).update(state=InstitutionState.PRODUCTION)
    assert node.ask(body)["outcome"] == "OK"
    terlizzi = Municipality.objects.get(slug="terlizzi")
    CreditorInstitution.objects.filter(pk=ours.pk).update(municipality=terlizzi)
    assert node.fault(body) == "PAA_PAGAMENTO_SCONOSCIUTO"
    with in_schema(terlizzi.schema_name):
        assert Message.objects.filter(notice_number=nav).count() == 1


def test_two_comuni_with_the_same_number(bari: Municipality, node: Node) -> None:
    """P2: the message says whose it is."""
    found: dict[str, DebtPosition] = {}
    for slug, cents in (("bari", 100), ("terlizzi", 900)):
        municipality = Municipality.objects.get(slug=slug)
        institution(municipality)
        with in_schema(municipality.schema_name):
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval(pg_get_serial_sequence('debts_paymentoption', 'id'), 5000)")
            home = family()
            charge(home.children[0], cents)
            found[slug] = position(home.parent, Collected(home.children[0].pk, "mensa", cents))
            found[slug].nav = nav_of(found[slug])  # type: ignore[attr-defined]
    navs = {one.nav for one in found.values()}  # type: ignore[attr-defined]
    assert len(navs) == 1
    (nav,) = navs
    codes = CreditorInstitution.objects.order_by("municipality__slug").values_list("fiscal_code", flat=True)
    assert [node.ask(verify(code, nav))["amount"] for code in codes] == ["1.00", "9.00"]
