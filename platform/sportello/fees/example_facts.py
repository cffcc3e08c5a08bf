"""An example in words: "ISEE 12.500,00 €, figlio 1 di 2, residente, primaria"."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services_catalog.examples import Example, Refusal
from services_catalog.fee_table import Counted
from sportello.fees.dues import Due
from sportello.kernel.errors import DomainError
from sportello.schools.models import Level

REFUSALS: Final[Mapping[Refusal, object]] = {
    "isee_required": gettext_lazy("senza un ISEE non c'è un prezzo"),
    "no_band_for_isee": gettext_lazy("nessuna fascia per quell'ISEE"),
    "several_bands_for_isee": gettext_lazy("due fasce per lo stesso ISEE"),
    "no_cost_for_level": gettext_lazy("nessun costo per quel grado di scuola"),
    "no_column_for_child": gettext_lazy("nessuna colonna per quel bambino"),
    "several_columns_for_child": gettext_lazy("due colonne per lo stesso bambino"),
    "fact_not_given": gettext_lazy("manca un dato che la tariffa legge"),
}
STATES: Final = {
    "attested": gettext_lazy("attestato dall'INPS"),
    "declared": gettext_lazy("solo dichiarato"),
    "with_omissions": gettext_lazy("con omissioni o difformità"),
}
COUNTED: Final[Mapping[Counted, object]] = {
    "meals": gettext_lazy("Pasti"),
    "blocks": gettext_lazy("Blocchetti"),
    "months": gettext_lazy("Mesi"),
    "weeks": gettext_lazy("Settimane"),
    "days_present": gettext_lazy("Giorni di presenza"),
    "days_absent": gettext_lazy("Giorni di assenza"),
    "days_absent_in_a_row": gettext_lazy("Giorni di assenza di fila"),
    "days_sick": gettext_lazy("Giorni di malattia"),
    "days_of_service": gettext_lazy("Giorni di servizio"),
    "entry_day": gettext_lazy("Giorno del mese in cui comincia"),
    "months_before_withdrawal": gettext_lazy("Mesi prima del ritiro"),
}


def facts_words(example: Example, conditions: Mapping[str, str]) -> str:
    """The facts in one line, those that say nothing left out; ``conditions`` are their names by code."""
    return ", ".join(_facts(example, conditions))


def expected_words(example: Example) -> str:
    """What the example expects."""
    if example.pays is not None:
        return example.pays.format()
    return _("nessun importo (%(reason)s)") % {"reason": REFUSALS[example.refused]} if example.refused else "-"


def found_words(found: Due | DomainError) -> str:
    """What came out."""
    if isinstance(found, DomainError):
        return _("nessun importo (%(reason)s)") % {"reason": found.message.rstrip(".")}
    return found.amount.format()


def _facts(example: Example, conditions: Mapping[str, str]) -> Iterator[str]:
    if example.isee is None:
        yield _("senza ISEE")
    else:
        yield _("ISEE %(amount)s") % {"amount": example.isee.format()}
    if example.isee_state != "attested":
        yield str(STATES[example.isee_state])
    children = max(example.children_using, example.sibling_rank)
    if children > 1:
        yield _("figlio %(rank)s di %(children)s") % {"rank": example.sibling_rank, "children": children}
    yield _("residente") if example.resident else _("non residente")
    yield str(Level(example.level).label)
    yield from (conditions.get(code, code) for code in example.conditions)
    yield from _household(example)
    yield from _use(example)


def _household(example: Example) -> Iterator[str]:
    if example.minors != 1:
        yield _("minorenni in famiglia: %(n)s") % {"n": example.minors}
    if example.enrolled != 1:
        yield _("figli iscritti: %(n)s") % {"n": example.enrolled}
    if example.members != 1:
        yield _("componenti: %(n)s") % {"n": example.members}
    if example.income is not None:
        yield _("reddito %(amount)s") % {"amount": example.income.format()}
    for name, amount in example.amounts.items():
        yield f"{name}: {amount.format()}"


def _use(example: Example) -> Iterator[str]:
    if example.units != 1:
        yield _("quantità %(n)s") % {"n": example.units}
    for name, count in example.counts.items():
        yield f"{str(COUNTED[name]).lower()}: {count}"
    if example.month is not None:
        yield _("mese %(n)s") % {"n": example.month}
