"""The treasury's journal: read to the cent or refused with its line; each credit is one flow's, or says why not."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.accounting.crediting import load_journal, match_movements, uncredited
from sportello.billing.accounting.errors import BadLine, JournalKnown, MovementDiffers, NotAJournal
from sportello.billing.accounting.journal import COLUMNS, flow_named
from sportello.billing.accounting.models import JournalFile, Movement
from sportello.billing.reconciliation.archiving import archive_flow
from tenants.models import Municipality
from tests.billing.reconciliation.flows import flow, line
from tests.factories import account
from tests.factories.paying import NOW, TODAY, institution

HEAD = ";".join(COLUMNS)
PUR = "/PUR/LGPE-RIVERSAMENTO/URI/"


@pytest.fixture
def creditor(bari: Municipality) -> str:
    return institution(bari).fiscal_code


def entry(number: int, remittance: str, amount: str, *, on: str = "2026-11-25") -> str:
    return f"2026;{number};{on};BANCA;{remittance};{amount};{on}"


def load(*entries: str, name: str = "cassa.csv") -> Any:
    return load_journal(name=name, content="\n".join([HEAD, *entries]).encode(), actor=1, now=NOW)


def archived(creditor: str, fdr: str, cents: int, **fields: Any) -> None:
    archive_flow(flow=flow(creditor, line("03999999999999999", fdr, cents), fdr=fdr, **fields), now=NOW)


def verdicts() -> list[str]:
    return [one.verdict for one in Movement.objects.order_by("number")]


def test_each_credit_is_a_flow_or_says_why_not(creditor: str) -> None:
    for n, cents in ((1, 4550), (2, 1000), (3, 700)):
        archived(creditor, f"2026-11-23PSP-{n}", cents)
    done = load(
        entry(1, f"ACCREDITO {PUR}2026-11-23PSP-1", "45.50"),
        entry(2, f"{PUR}2026-11-23PSP-2", "10.01"),
        entry(3, "MANDATO 12 SALDO", "7.00"),
        entry(4, f"{PUR}2026-11-23ALTRO-9", "5.00"),
        entry(5, f"{PUR}2026-11-23PSP-1", "45.50"),
        entry(6, f"STORNO {PUR}2026-11-23PSP-3", "-7.00"),
        entry(7, f"{PUR}2026-11-2 3psp-3/TXT/x", "7,00"),
    )
    assert (done.lines, done.new) == (7, 7)
    assert verdicts() == ["matched", "amount", "no_name", "no_flow", "twice", "outgoing", "matched"]
    assert next(one.flow and one.flow.fdr for one in Movement.objects.order_by("number")) == "2026-11-23PSP-1"
    assert [one.fdr for one in uncredited(today=TODAY + timedelta(days=9))] == ["2026-11-23PSP-2"]
    assert list(uncredited(today=TODAY + timedelta(days=2))) == []
    assert Event.objects.get(action=Action.TREASURY_LOADED).details == {"lines": 7, "new": 7}


def test_a_flow_that_comes_later_and_one_that_is_revised(creditor: str) -> None:
    load(entry(1, f"{PUR}2026-11-23PSP-1", "45.50"))
    assert verdicts() == ["no_flow"]
    archived(creditor, "2026-11-23PSP-1", 4550)
    assert (match_movements(), verdicts()) == (1, ["matched"])
    archived(creditor, "2026-11-23PSP-1", 4551, revision=2)
    assert (match_movements(), verdicts()) == (0, ["amount"])
    archived(creditor, "2026-11-23PSP-1", 4550, revision=3)
    match_movements()
    assert Movement.objects.get().flow.revision == 3


def test_what_is_here_already_stays(creditor: str) -> None:
    """Journals overlap: the same number is the same movement, or an error."""
    load(entry(1, "X", "1.00"))
    assert load(entry(1, "X", "1.00"), entry(2, "Y", "2.00")).new == 1
    with pytest.raises(JournalKnown):
        load(entry(1, "X", "1.00"))
    with pytest.raises(MovementDiffers), transaction.atomic():
        load(entry(2, "Y", "2.01"))
    assert (Movement.objects.count(), JournalFile.objects.count()) == (2, 2)
    for change in (lambda: Movement.objects.update(amount_cents=3), lambda: Movement.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a;b;c\n1;2;3", "non è un giornale"),
        (b"\x00\x01", "non è un giornale"),
        (b"", "non è un giornale"),
        (f"{HEAD}\n{entry(1, 'X', '4.555')}".encode(), "Riga 2: non si legge num_importo"),
        (f"{HEAD}\n{entry(1, 'X', 'NaN')}".encode(), "Riga 2: non si legge num_importo"),
        (f"{HEAD}\n{entry(1, 'X', '1')}\n{entry(2, 'X', '1', on='25/11/26')}".encode(), "Riga 3: non si legge dt_"),
        (f"{HEAD}\n2026;1;2026-11-25".encode(), "Riga 2"),
        (f"{HEAD}\n{entry(1, '', '1')}".encode(), "Riga 2: non si legge de_causale"),
    ],
)
def test_a_bad_file_is_refused_whole(creditor: str, content: bytes, words: str) -> None:
    with pytest.raises((NotAJournal, BadLine), match=words):
        load_journal(name="x", content=content, actor=1, now=NOW)
    assert Movement.objects.count() == 0


def test_quoted_cells_and_other_alphabets(creditor: str) -> None:
    """MyPivot escapes an inner quote with a backslash; an old programme writes in cp1252."""
    remittance = 'CAUSALE \\"A;B\\" PERCHÉ'
    content = f'{HEAD}\r\n2026;1;2026-11-25;BANCA;"{remittance}";1.234,50;2026-11-26\r\n'.encode("cp1252")
    load_journal(name="x", content=content, actor=1, now=NOW)
    held = Movement.objects.get()
    assert (held.remittance, held.amount_cents) == ('CAUSALE "A;B" PERCHÉ', 123_450)
    assert held.value_on == date(2026, 11, 26)


def test_no_name_in_a_text_without_the_form() -> None:
    assert flow_named("2026-11-23PSP-1") == ""


def test_the_page(creditor: str, bari_client: Any) -> None:
    archived(creditor, "2026-11-23PSP-1", 4550)
    pages = bari_client
    pages.force_login(account(Role.CLERK))
    content = "\n".join([HEAD, entry(1, f"{PUR}2026-11-23PSP-1", "45.50"), entry(2, "ALTRO", "3.00")]).encode()
    file = SimpleUploadedFile("cassa.csv", content, content_type="text/csv")
    assert pages.post(reverse("accounting:treasury"), {"file": file}).status_code == 302
    shown = pages.get(reverse("accounting:treasury")).content.decode()
    assert "2026/2" in shown
    assert "l&#x27;identificativo di un flusso" in shown
    assert "2026/1" in pages.get(reverse("accounting:treasury") + "?vista=abbinate").content.decode()
    bad = pages.post(reverse("accounting:treasury"), {"file": SimpleUploadedFile("x.csv", b"x")})
    assert bad.status_code == 422
