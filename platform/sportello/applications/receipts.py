"""The receipt of an application: a tagged PDF, the same bytes each time. No diet, no health, no ISEE."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from sportello.applications.explaining import told
from sportello.applications.models import Application
from sportello.kernel.clock import ROME
from sportello.kernel.school_year import SchoolYear
from sportello.ui.codes import qr_svg
from sportello.ui.pdf import Standard, render_pdf
from sportello.ui.templatetags.ui import it_date, it_datetime
from tenants.current import current_municipality


def receipt_of(application: Application, *, verification_url: str, priced: bool = True, archive: bool = False) -> bytes:
    """PDF/UA-1 of a sent application for the family, or PDF/A-3a for the archive of the Comune.

    `verification_url` is the whole address behind the QR code. Not `priced`, it leaves the estimate to the guardians.
    """
    assert application.submitted_at is not None  # noqa: S101  (a draft has no receipt: views answer 404)
    with override("it"):  # official papers are in Italian, whatever the language of the page
        data = _data(application, verification_url, priced=priced)
    standard: Standard = "a-3a" if archive else "ua-1"
    return render_pdf("receipt.typ", data, made_at=application.submitted_at, standard=standard)


def _data(application: Application, verification_url: str, *, priced: bool) -> dict[str, Any]:
    child = application.child
    return {
        "title": _("Ricevuta della domanda %(protocol)s") % {"protocol": application.protocol},
        "municipality": current_municipality().name,
        "office": application.edition.rules.procedure.office,
        "footer": _("Protocollo %(protocol)s") % {"protocol": application.protocol},
        "lang": "it",
        "protocol": str(application.protocol),
        "protocol_label": _("Numero di protocollo"),
        "facts": [
            [_("Presa in carico"), it_datetime(application.submitted_at)],
            [_("Risposta entro il"), it_date(application.answer_by, "long")],
            [_("Responsabile"), application.edition.rules.procedure.case_officer or _("indicato dall'ufficio")],
        ],
        "request_heading": _("La domanda"),
        "request": [
            [_("Servizio"), application.service.name],
            [_("Anno scolastico"), str(SchoolYear(application.school_year))],
            [_("Per"), child.full_name if child else ""],
            [_("Presentata da"), application.applicant.full_name],
            [_("Email"), application.contact_email],
        ],
        "price_heading": _("La tariffa stimata"),
        "price": _price(application) if priced else _untold(_("La vedono i genitori")),
        "verify_heading": _("Verifica"),
        "verify_text": _("Inquadra il codice per controllare che questa ricevuta è autentica:"),
        "verify_url": verification_url,
        "verify_alt": _("Codice QR che porta alla pagina di verifica"),
        "qr": qr_svg(verification_url),
        "made_on": it_date(application.submitted_at.astimezone(ROME).date() if application.submitted_at else None),
    }


def _price(application: Application) -> dict[str, Any]:
    kept = application.explanation
    if kept is None:
        return _untold(_("La comunica l'ufficio"))
    price = told(kept, application.edition)
    return {
        "amount": price.amount.format(),
        "unit": price.unit,
        "steps": [[step["label"], step["amount"].format()] for step in price.steps],
        "act": price.act,
    }


def _untold(words: str) -> dict[str, Any]:
    return {"amount": words, "unit": "", "steps": [], "act": ""}
