"""The papers for the bonus nido of INPS: notice, receipt and attestation of each month, in one zip (P41, N32, N33)."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import override

from sportello.billing.papers.errors import MonthPaidTwiceOver, NothingToBundle
from sportello.billing.papers.heading import Heading, heading_of
from sportello.billing.papers.notices import notice_pdf
from sportello.billing.papers.settlements import Settlement, receipt_pdf
from sportello.billing.papers.sheets import Addressee, NoticeSheet, spaced
from sportello.kernel.clock import ROME
from sportello.kernel.month import Month
from sportello.ui.pdf import render_pdf
from sportello.ui.templatetags.ui import it_datetime, money

TEMPLATE: Final = "nido_attestation.typ"


@dataclass(frozen=True, slots=True)
class NidoMonth:
    """A month of a child at the nido: one notice, paid whole by one receipt. The debtor is who asks for the bonus.

    `licence` is the act by which the nido works; `number` is the number of the attestation.
    """

    child: Addressee
    month: Month
    nido: str
    licence: str
    number: str
    notice: NoticeSheet
    settlement: Settlement

    def __post_init__(self) -> None:
        whole, paid = self.notice.whole, self.settlement
        if whole is None or (whole.notice_number, whole.amount) != (paid.notice_number, paid.amount):
            raise MonthPaidTwiceOver
        if len(paid.lines) != 1:
            raise MonthPaidTwiceOver


def nido_zip(months: Sequence[NidoMonth], *, made_at: datetime) -> bytes:
    """A folder for each child, in it one for each month with three papers: what INPS asks, without help of the desk.

    The same facts give the same bytes. Raises MonthPaidTwiceOver when a month of a child comes twice.
    """
    if not months:
        raise NothingToBundle
    if len({(month.child, month.month) for month in months}) != len(months):
        raise MonthPaidTwiceOver
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as archive:
        for one in sorted(months, key=lambda month: (month.child.full_name, month.child.fiscal_code, month.month)):
            folder = f"{_folder(one.child, months)}/{one.month}"
            for name, content in (
                ("1-avviso", notice_pdf(one.notice, made_at=made_at)),
                ("2-ricevuta", receipt_pdf(one.settlement, made_at=made_at)),
                ("3-attestazione", attestation_pdf(one, made_at=made_at)),
            ):
                archive.writestr(_entry(f"{folder}/{one.month}-{name}.pdf", made_at), content)
        archive.writestr(_entry("leggimi.txt", made_at), _contents(months))
    return bundle.getvalue()


def attestation_pdf(month: NidoMonth, *, made_at: datetime) -> bytes:
    """Child, month and fee, as INPS wants them: institution, number, holder, service, amount."""
    with override("it"):  # INPS reads it
        data = _data(month)
    return render_pdf(TEMPLATE, data, made_at=made_at)


def _data(one: NidoMonth) -> dict[str, Any]:
    paid = one.settlement
    title = f"Attestazione di pagamento della retta del nido, {one.month.italian_name}"
    return heading_of(Heading(paid.payee, title, f"Attestazione {one.number}")) | {
        "month": one.month.italian_name,
        "amount": money(paid.amount),
        "facts": [
            ["Documento n.", one.number],
            ["Ente che gestisce il nido", f"{paid.payee.name}, codice fiscale {paid.payee.fiscal_code}"],
            ["Nido", one.nido],
            ["Autorizzazione", one.licence],
            ["Intestatario e pagatore", f"{paid.debtor.full_name}, codice fiscale {paid.debtor.fiscal_code}"],
            ["Bambina o bambino", f"{one.child.full_name}, codice fiscale {one.child.fiscal_code}"],
            ["Mese di frequenza", one.month.italian_name],
            ["Codice avviso", spaced(paid.notice_number)],
            ["IUV", paid.iuv],
            ["Identificativo della ricevuta", paid.receipt_id],
            ["Pagato il", f"{it_datetime(paid.paid_at)}, tramite {paid.provider}"],
        ],
    }


def _contents(months: Sequence[NidoMonth]) -> str:
    """What is in the zip, for who opens it."""
    rows = [f"{one.child.full_name}, {one.month.italian_name}: {one.settlement.amount.format()}" for one in months]
    return "\r\n".join(
        [
            "Documenti per il bonus nido. Per ogni mese: avviso, ricevuta di pagamento, attestazione.",
            "Carica sul sito INPS i tre documenti del mese che chiedi.",
            "",
            *sorted(rows),
            "",
        ]
    )


def _folder(child: Addressee, months: Sequence[NidoMonth]) -> str:
    """The child's name; two children of one name are told apart by their place among the codes."""
    namesakes = sorted({one.child.fiscal_code for one in months if one.child.full_name == child.full_name})
    plain = unicodedata.normalize("NFKD", child.full_name.lower()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z]+", "-", plain).strip("-") or "bambino"
    return name if len(namesakes) == 1 else f"{name}-{namesakes.index(child.fiscal_code) + 1}"


def _entry(name: str, made_at: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, made_at.astimezone(ROME).timetuple()[:6])
