"""The annex for the council: the figures of a what-if as a tagged PDF, with nobody in it."""

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.models import Edition
from sportello.canteen.what_if_figures import Outcome
from sportello.canteen.what_if_words import Row, bars, bracket_rows, school_rows
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.kernel.school_year import SchoolYear
from sportello.ui.pdf import render_pdf
from sportello.ui.templatetags.ui import it_date, money
from tenants.current import current_municipality


def annex(draft: Edition, outcome: Outcome, year: SchoolYear, *, now: datetime) -> bytes:
    """The PDF/UA-1 of a rehearsal."""
    title = _("Prova della tariffa: %(service)s %(year)s, revisione %(revision)s") % {
        "service": draft.service.name,
        "year": draft.year,
        "revision": draft.revision,
    }
    head = [_("Gruppo"), _("Famiglie"), _("Pasti"), _("Prima"), _("Dopo"), _("Differenza")]
    data = {
        "lang": get_language() or "it",
        "title": title,
        "office": _("Comune di %(name)s") % {"name": current_municipality().name},
        "lead": _("Sui pasti serviti nell'anno %(year)s. Nessun gruppo ha meno di cinque famiglie.") % {"year": year},
        "facts": _facts(outcome),
        "head": head,
        "tables": [
            [_("Per fascia di ISEE"), [_cells(row) for row in bracket_rows(outcome)]],
            [_("Per scuola"), [_cells(row) for row in school_rows(outcome)]],
        ],
        "chart_title": _("Quanto cambia l'anno di una famiglia"),
        "chart_head": [_("Cambiamento"), _("Famiglie")],
        "bars": [[bar.label, str(bar.families), bar.length] for bar in bars(outcome.distribution)],
        "footer": it_date(now.astimezone(ROME).date()),
    }
    return render_pdf("what_if.typ", data, made_at=now)


def _facts(outcome: Outcome) -> list[list[str]]:
    whole = outcome.whole
    return [
        [_("Incasso con le tariffe applicate"), money(Money(whole.before_cents))],
        [_("Incasso con la tariffa in prova"), money(Money(whole.after_cents))],
        [_("Differenza"), money(Money(whole.change_cents))],
        [_("Famiglie che pagano di più"), str(whole.paying_more)],
        [_("Famiglie che pagano di meno"), str(whole.paying_less)],
        [_("Cambiamento mediano nell'anno"), money(Money(outcome.median_change_cents))],
    ]


def _cells(row: Row) -> list[str]:
    return [
        row.label,
        str(row.line.families),
        str(row.line.meals),
        money(row.before),
        money(row.after),
        money(row.change),
    ]
