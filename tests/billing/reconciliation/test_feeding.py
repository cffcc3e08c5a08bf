"""A flow brought as an XML file: kept byte for byte, judged as any other; what is no flow is refused in a sentence."""

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.debts.models import PositionState
from sportello.billing.receipts.models import Receipt
from sportello.billing.reconciliation.archiving import last_published
from sportello.billing.reconciliation.models import Flow, FlowFile, FlowLine
from tests.billing.node import euro
from tests.billing.reconciliation.test_round import creditor, owing, paid, states, verdicts
from tests.factories import account, citizen

__all__ = ["creditor", "owing"]  # fixtures


def xml(creditor: str, *lines: tuple[Receipt, int], psp: str = "BANCA", fdr: str = "2026-11-23BANCA-1") -> bytes:
    rows = "".join(
        f"<datiSingoliPagamenti><identificativoUnivocoVersamento>{one.iuv}</identificativoUnivocoVersamento>"
        f"<identificativoUnivocoRiscossione>{one.receipt_id}</identificativoUnivocoRiscossione>"
        f"<singoloImportoPagato>{euro(cents)}</singoloImportoPagato>"
        "<codiceEsitoSingoloPagamento>0</codiceEsitoSingoloPagamento>"
        "<dataEsitoSingoloPagamento>2026-11-23</dataEsitoSingoloPagamento></datiSingoliPagamenti>"
        for one, cents in lines
    )
    sender = (
        "<identificativoUnivocoMittente><tipoIdentificativoUnivoco>B</tipoIdentificativoUnivoco>"
        f"<codiceIdentificativoUnivoco>{psp}</codiceIdentificativoUnivoco></identificativoUnivocoMittente>"
    )
    return (
        '<FlussoRiversamento xmlns="http://www.digitpa.gov.it/schemas/2011/Pagamenti/">'
        f"<versioneOggetto>1.0</versioneOggetto><identificativoFlusso>{fdr}</identificativoFlusso>"
        "<dataOraFlusso>2026-11-24T08:00:00</dataOraFlusso>"
        "<identificativoUnivocoRegolamento>TRN1</identificativoUnivocoRegolamento>"
        f"<dataRegolamento>2026-11-24</dataRegolamento><istitutoMittente>{sender if psp else ''}"
        "<denominazioneMittente>Banca</denominazioneMittente></istitutoMittente>"
        "<istitutoRicevente><identificativoUnivocoRicevente><tipoIdentificativoUnivoco>G</tipoIdentificativoUnivoco>"
        f"<codiceIdentificativoUnivoco>{creditor}</codiceIdentificativoUnivoco></identificativoUnivocoRicevente>"
        f"</istitutoRicevente><numeroTotalePagamenti>{len(lines)}</numeroTotalePagamenti>"
        f"<importoTotalePagamenti>{euro(sum(cents for _one, cents in lines))}</importoTotalePagamenti>{rows}"
        "</FlussoRiversamento>"
    ).encode()


def bring(pages: Any, content: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("flusso.xml", content, content_type="application/xml")
    return pages.post(reverse("reconciliation:flows"), {"file": file, **fields})


@pytest.fixture
def office(bari_client: Any) -> Any:
    bari_client.force_login(account(Role.CLERK))
    return bari_client


def test_a_file_goes_the_way_of_every_flow(owing: Any, creditor: str, office: Any) -> None:
    came = paid(owing)
    content = xml(creditor, (came, 5050))
    assert bring(office, content).status_code == 302
    assert (verdicts(), states(owing)[0]) == (["matched"], PositionState.REPORTED)
    kept = FlowFile.objects.get()
    assert (bytes(kept.content), kept.sha256) == (content, hashlib.sha256(content).hexdigest())
    assert Event.objects.get(action=Action.FLOW_ARCHIVED).actor is not None
    assert last_published() is None, "what was brought does not move the nights' fetching"
    assert office.get(reverse("reconciliation:flow_file", args=[kept.pk])).content == content
    assert "2026-11-23BANCA-1" in office.get(reverse("reconciliation:flows")).content.decode()


def test_the_same_again_and_another_of_the_same_name(owing: Any, creditor: str, office: Any) -> None:
    came = paid(owing)
    assert bring(office, xml(creditor, (came, 1))).status_code == 302
    again = bring(office, xml(creditor, (came, 1)))
    assert again.status_code == 422
    assert "già, con le stesse righe" in again.content.decode()
    other = bring(office, xml(creditor, (came, 5050)))
    assert other.status_code == 422
    assert "spunta" in other.content.decode()
    assert bring(office, xml(creditor, (came, 5050)), replaces="on").status_code == 302
    assert list(Flow.objects.order_by("revision").values_list("revision", "is_current")) == [(1, False), (2, True)]
    assert verdicts() == ["matched"]


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><FlussoRiversamento>&b;</FlussoRiversamento>'


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda _x: b"<html/>", "non è un flusso"),
        (lambda _x: BOMB, "non è un flusso"),
        (lambda x: x[:-30], "non è un flusso"),
        (lambda x: x.replace(b">50.50<", b">50.505<"), "non è un flusso"),
        (lambda x: x.replace(b"<codiceEsitoSingoloPagamento>0", b"<codiceEsitoSingoloPagamento>7"), "non è un flusso"),
        (lambda x: x.replace(b">TRN1<", b">" + b"T" * 36 + b"<"), "non è un flusso"),
        (lambda x: x.replace(b">G</tipo", b">G</tipo").replace(b">BANCA<", b"><"), "non dice di quale prestatore"),
    ],
)
def test_what_is_no_flow_is_refused(owing: Any, creditor: str, office: Any, spoil: Any, words: str) -> None:
    answer = bring(office, spoil(xml(creditor, (paid(owing), 5050))))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert FlowLine.objects.count() == 0


def test_another_creditors_flow(owing: Any, creditor: str, office: Any) -> None:
    assert "altro ente" in bring(office, xml("99999999999", (paid(owing), 5050))).content.decode()


def test_not_for_families(owing: Any, bari_client: Any) -> None:
    bari_client.force_login(citizen())
    assert bring(bari_client, b"x").status_code == 403
