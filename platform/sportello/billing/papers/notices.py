"""Payment notices as PDF/UA-1: one file each, or many in one document for the printer (P26-P29)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import batched
from typing import Any, Final

from sportello.billing.papers.payloads import codeline, data_matrix_text, qr_text
from sportello.billing.papers.sheets import Due, NoticeSheet
from sportello.kernel.money import Money
from sportello.ui.codes import data_matrix_svg, qr_svg
from sportello.ui.pdf import render_pdf

QR_VERSION: Final = 4
"""33 x 33 modules: the 43 to 53 characters always fit at level M, and never fit version 3."""
TEMPLATE: Final = "notice.typ"

type Part = tuple[str, tuple[Due, ...]]


def notice_pdf(sheet: NoticeSheet, *, made_at: datetime) -> bytes:
    """The notice as one file: the same facts and `made_at` give the same bytes."""
    return notices_pdf((sheet,), made_at=made_at)


def notices_pdf(sheets: Sequence[NoticeSheet], *, made_at: datetime, duplex: bool = False) -> bytes:
    """Many notices in one document, each on its own sheet of paper (`duplex`: each begins on a front).

    Twice as fast as one file each, but the compiler keeps about 1 MB a notice: a hundred at a time is enough.
    """
    first = sheets[0]
    title = f"Avviso di pagamento {first.dues[0].spaced_number}" if len(sheets) == 1 else "Avvisi di pagamento"
    data = {
        "title": title,
        "author": first.payee.name,
        "duplex": duplex,
        "notices": [_notice(sheet) for sheet in sheets],
    }
    return render_pdf(TEMPLATE, data, made_at=made_at)


def _notice(sheet: NoticeSheet) -> dict[str, Any]:
    payee, debtor = sheet.payee, sheet.debtor
    return {
        "subject": sheet.subject,
        "payee": {"name": payee.name, "code": payee.fiscal_code, "office": payee.office, "contacts": payee.contacts},
        "debtor": {"name": debtor.full_name, "code": debtor.fiscal_code, "address": debtor.address},
        "arms": payee.coat_of_arms,
        "cbill": payee.cbill,
        "postal": payee.postal
        and {
            "number": payee.postal.number,
            "holder": payee.postal.holder,
            "authorisation": payee.postal.authorisation,
        },
        "site": f"sul sito di {payee.name}," if payee.pays_on_site else "",
        "amount": euro(sheet.total),
        "due": day(sheet.last_day),
        "rates": _choice(sheet),
        "columns": sheet.columns,
        "long": _is_long(sheet),
        "first": sheet.dues[0].spaced_number,
        "sheets": [[_part(sheet, part) for part in page] for page in _pages(sheet)],
    }


def _is_long(sheet: NoticeSheet) -> bool:
    """Whether a text wraps so often that its part of the form must be taller."""
    return max(len(sheet.debtor.full_name), len(sheet.payee.name), *map(len, sheet.debtor.address)) > 36 or (
        len(sheet.subject) > 60
    )


def _pages(sheet: NoticeSheet) -> Iterator[list[Part]]:
    """What stands on each sheet: a row of instalments with its section of Poste needs a sheet without the summary."""
    rows: list[Part] = [("rates", dues) for dues in batched(sheet.instalments, sheet.columns, strict=False)]
    first: list[Part] = [("whole", (sheet.whole,))] if sheet.whole else []
    if not first and not sheet.payee.postal:
        first = [rows.pop(0)]
    yield first
    for page in batched(rows, 1 if sheet.payee.postal else 2, strict=False):
        yield list(page)


def _part(sheet: NoticeSheet, part: Part) -> dict[str, Any]:
    kind, dues = part
    return {"kind": kind, "dues": [_due(sheet, due) for due in dues]}


def _due(sheet: NoticeSheet, due: Due) -> dict[str, str]:
    label = _label(sheet, due)
    payee, postal = sheet.payee, sheet.payee.postal
    qr = qr_text(notice_number=due.notice_number, fiscal_code=payee.fiscal_code, amount=due.amount)
    said = {
        "label": label,
        "amount": euro(due.amount),
        "due": day(due.due_on),
        "number": due.spaced_number,
        "qr": qr_svg(qr, version=QR_VERSION),
        "alt": f"Codice QR per pagare: {label.lower()}, codice avviso {due.spaced_number}",
    }
    if postal:
        text = data_matrix_text(
            line=codeline(notice_number=due.notice_number, account=postal.number, amount=due.amount),
            fiscal_code=payee.fiscal_code,
            debtor_code=sheet.debtor.fiscal_code,
            debtor_name=sheet.debtor.full_name,
            subject=sheet.subject,
        )
        said["matrix"] = data_matrix_svg(text)
    return said


def _label(sheet: NoticeSheet, due: Due) -> str:
    if due is sheet.whole and not due.instalment:
        return "Rata unica"
    return f"{due.instalment or sheet.instalments.index(due) + 1}ª rata"


def _choice(sheet: NoticeSheet) -> str:
    count = len(sheet.instalments)
    if not count:
        return ""
    return f"Puoi pagare per intero oppure in {count} rate." if sheet.whole else f"Puoi pagare in {count} rate."


def euro(amount: Money) -> str:
    """The figures alone: the form prints the word Euro beside them.

    >>> euro(Money(102099))
    '1.020,99'
    """
    return amount.format().removesuffix(" €")


def day(when: date | None) -> str:
    """Day, month and year as the form asks; nothing where no day is set."""
    return f"{when:%d/%m/%Y}" if when else ""
