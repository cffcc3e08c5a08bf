"""Why a decision differs from the one before it: codes worked out from the facts, and their sentences. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sportello.fees.facts import Facts
from sportello.kernel.errors import gettext_noop, told

FIRST: Final = "first"
ENDED: Final = "ended"
UNDECIDED: Final = "undecided"

SENTENCES: Final[dict[str, str]] = {
    FIRST: gettext_noop("È la prima tariffa decisa."),
    "new_act": gettext_noop("È in vigore un nuovo atto del Comune."),
    "isee_new": gettext_noop("C'è un nuovo ISEE."),
    "isee_lapsed": gettext_noop("L'ISEE non vale più."),
    "sibling_joined": gettext_noop("Conta un fratello o una sorella in più."),
    "sibling_left": gettext_noop("Conta un fratello o una sorella in meno."),
    "sibling_order": gettext_noop("È cambiato l'ordine tra fratelli e sorelle."),
    "household": gettext_noop("È cambiata la composizione della famiglia."),
    "level": gettext_noop("È cambiato il grado di scuola."),
    "condition_recognised": gettext_noop("È stata riconosciuta una condizione prevista dalla tariffa."),
    "condition_ended": gettext_noop("È finita una condizione prevista dalla tariffa."),
    "arrears": gettext_noop("Risultano pagamenti arretrati e il regolamento del Comune esclude le riduzioni."),
    "arrears_settled": gettext_noop("I pagamenti arretrati sono stati saldati."),
    "residence": gettext_noop("È cambiata la residenza."),
    "other_facts": gettext_noop("È cambiato un altro dato che la tariffa legge."),
    "recalculated": gettext_noop("L'importo è stato ricalcolato."),
    "extended": gettext_noop("Il servizio continua in questi giorni."),
    ENDED: gettext_noop("In questi giorni il servizio non è più usato, o nessuna tariffa è in vigore."),
    UNDECIDED: gettext_noop("La tariffa di questi giorni non si può decidere: manca un dato."),
    "remaining": gettext_noop("È la decisione di prima, per i giorni che restano."),
}
"""Every reason, with what people read."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided for some days. Two that are equal are one decision; ``steps`` are their JSON text."""

    edition_id: int
    cents: int
    unit: str
    block_meals: int | None
    facts: Facts
    steps: str


def reasons_of_difference(before: Verdict | None, after: Verdict, arrears: Collection[str] = ()) -> tuple[str, ...]:
    """The codes of what changed from one decision to the next, in the order of SENTENCES; never empty.

    ``arrears`` are the conditions that stand for unpaid past fees in the fee tables concerned.
    """
    if before is None:
        return (FIRST,)
    if before == after:
        return ("extended",)
    found = {"new_act"} if before.edition_id != after.edition_id else set()
    found |= set(_changed(before.facts, after.facts, frozenset(arrears)))
    return tuple(code for code in SENTENCES if code in found) or ("recalculated",)


def _changed(before: Facts, after: Facts, arrears: frozenset[str]) -> Iterable[str]:
    if (before.isee_cents, before.isee_state) != (after.isee_cents, after.isee_state):
        yield "isee_new" if after.isee_cents is not None else "isee_lapsed"
    if before.children_using != after.children_using:
        yield "sibling_joined" if after.children_using > before.children_using else "sibling_left"
    elif before.sibling_rank != after.sibling_rank:
        yield "sibling_order"
    if (before.minors, before.enrolled, before.members) != (after.minors, after.enrolled, after.members):
        yield "household"
    if before.level != after.level:
        yield "level"
    if before.resident != after.resident:
        yield "residence"
    yield from _conditions(before.conditions, after.conditions, arrears)
    if (before.amounts, before.income_cents) != (after.amounts, after.income_cents):
        yield "other_facts"


def _conditions(before: frozenset[str], after: frozenset[str], arrears: frozenset[str]) -> Iterable[str]:
    began, over = after - before, before - after
    for codes, of_arrears, of_others in (
        (began, "arrears", "condition_recognised"),
        (over, "arrears_settled", "condition_ended"),
    ):
        if codes & arrears:
            yield of_arrears
        if codes - arrears:
            yield of_others


def sentences_of(codes: Iterable[str]) -> list[str]:
    """What people read, in the language of the page; a code of a newer release tells nothing."""
    return [told(SENTENCES[code], {}) for code in codes if code in SENTENCES]
