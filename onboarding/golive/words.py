"""The check-list and the rehearsal in words, for whoever reads: addresses as links, numbers as sentences."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.golive.check import Cure, Where
from onboarding.golive.models import Rehearsal
from onboarding.golive.standing import CheckRow, Standing
from sportello.kernel.money import Money
from sportello.ui.templatetags.ui import thousands
from tenants.addresses import site_url
from tenants.models import Municipality

TONES: Final = {"passed": "success", "waived": "info", "warning": "attention", "blocked": "danger"}
LABELS: Final[dict[str, str | Promise]] = {
    "passed": gettext_lazy("a posto"),
    "waived": gettext_lazy("in deroga"),
    "warning": gettext_lazy("da guardare"),
    "blocked": gettext_lazy("blocca"),
}
STEP_TITLES: Final[dict[str, str | Promise]] = {
    "copy": gettext_lazy("Copia dei dati"),
    "balances": gettext_lazy("Saldi riportati"),
    "payers": gettext_lazy("Chi paga"),
    "prices": gettext_lazy("Tariffe del primo giorno"),
    "close": gettext_lazy("Chiusura dell'ultimo mese"),
    "ledger": gettext_lazy("Conti che tornano"),
}


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check as the page shows it. `url` is empty where the thing is cured by others, on their host."""

    row: CheckRow
    tone: str
    label: str | Promise
    url: str
    cured_by_others: bool


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of a rehearsal as the page shows it."""

    title: str | Promise
    passed: bool
    sentence: str


def shown_checks(standing: Standing, municipality: Municipality, *, for_central: bool) -> list[ShownCheck]:
    """The checks for who reads: what blocks first, then what is worth a look."""
    order = list(reversed(TONES))
    rows = sorted(standing.rows, key=lambda row: order.index(row.state))
    return [_shown(row, municipality, for_central=for_central) for row in rows]


def shown_steps(rehearsal: Rehearsal) -> list[ShownStep]:
    """The steps of a rehearsal."""
    return [
        ShownStep(
            title=STEP_TITLES.get(step["code"], step["code"]),
            passed=step["passed"],
            sentence=_(step["refusal"]) if step["refusal"] else _SENTENCES[step["code"]](step["figures"]),
        )
        for step in rehearsal.steps
        if step["code"] in _SENTENCES
    ]


def _shown(row: CheckRow, municipality: Municipality, *, for_central: bool) -> ShownCheck:
    cure = row.finding.cure if row.state != "passed" else None
    url = _address(cure, municipality, for_central=for_central) if cure else ""
    return ShownCheck(row, TONES[row.state], LABELS[row.state], url, cured_by_others=cure is not None and not url)


def _address(cure: Cure, municipality: Municipality, *, for_central: bool) -> str:
    """A path on this host, or for the central team the Comune's; a Comune has no door at the central team's."""
    if cure.where == Where.CENTRAL:
        return cure.path if for_central else ""
    return site_url(municipality, cure.path) if for_central else cure.path


def _copy(figures: dict[str, Any]) -> str:
    return _("%(rows)s righe in %(tables)s tabelle.") % {
        "rows": thousands(figures["rows"]),
        "tables": figures["tables"],
    }


def _balances(figures: dict[str, Any]) -> str:
    if figures["theirs"] is None:
        return _("Non c'è un elenco caricato con cui confrontare i saldi.")
    values = {"ours": Money(figures["ours"]).format(), "theirs": Money(figures["theirs"]).format()}
    return _("Il registro porta %(ours)s, l'elenco precedente %(theirs)s.") % values


def _payers(figures: dict[str, Any]) -> str:
    if figures["without"]:
        return _("Bambini iscritti senza nessuno che paga: %(without)s.") % figures
    return _("Ogni bambino iscritto ha chi paga.")


def _prices(figures: dict[str, Any]) -> str:
    if figures["without"]:
        return _("Iscrizioni senza tariffa: %(without)s su %(places)s.") % figures
    return _("Ogni iscrizione ha la sua tariffa: %(places)s.") % figures


def _close(figures: dict[str, Any]) -> str:
    if not figures["meals"]:
        return _("Nell'ultimo mese non ci sono appelli: non c'era nulla da chiudere.")
    values = {
        "month": figures["month"],
        "meals": thousands(figures["meals"]),
        "euro": Money(figures["cents"]).format(),
    }
    return _("%(month)s: %(meals)s pasti, %(euro)s.") % values


def _ledger(figures: dict[str, Any]) -> str:
    if figures["wrong"]:
        return _("Conti che non tornano: %(wrong)s.") % figures
    return _("Tornano tutti i %(accounts)s conti.") % figures


_SENTENCES: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "copy": _copy,
    "balances": _balances,
    "payers": _payers,
    "prices": _prices,
    "close": _close,
    "ledger": _ledger,
}
