"""The sentences of a comparison: what differs, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.shadow.models import ExplainedDifference
from onboarding.shadow.rules import Kind, Reason
from sportello.kernel.money import Money

KINDS: Final[dict[Kind, Promise]] = {
    Kind.CHILD: _("Bambino"),
    Kind.MEALS: _("Pasti"),
    Kind.CHARGE: _("Addebito"),
    Kind.BALANCE: _("Saldo"),
    Kind.PAYMENT: _("Pagamenti"),
}
LABELS: Final[dict[Reason, Promise]] = {
    Reason.ONLY_THERE: _("solo nel vecchio programma"),
    Reason.ONLY_HERE: _("solo nello sportello"),
    Reason.NO_PLACE: _("qui non è iscritto"),
    Reason.CLOSED_DAYS: _("giorni di chiusura"),
    Reason.ABSENCES: _("assenze"),
    Reason.CORRECTED_LATER: _("corretto dopo l'esportazione"),
    Reason.EATEN_LATER: _("pasti dopo l'esportazione"),
    Reason.MEALS_DIFFER: _("pasti diversi"),
    Reason.ISEE_MISSING_HERE: _("ISEE che qui manca"),
    Reason.ISEE_MISSING_THERE: _("ISEE che là manca"),
    Reason.OTHER_ISEE: _("altro ISEE"),
    Reason.SIBLINGS: _("riduzione per fratelli"),
    Reason.OTHER_EDITION: _("altre tariffe"),
    Reason.ROUNDING: _("arrotondamento"),
    Reason.NOT_CHARGED: _("non ancora addebitato qui"),
    Reason.CHARGE_DIFFERS: _("addebito diverso"),
    Reason.OPENING_MISSING: _("saldo iniziale non caricato"),
    Reason.OPENING_DIFFERS: _("saldo iniziale diverso"),
    Reason.PAID_ONLY_HERE: _("pagamento solo qui"),
    Reason.PAID_ONLY_THERE: _("pagamento solo là"),
    Reason.LATER_ENTRY: _("movimento dopo l'esportazione"),
    Reason.UNEXPLAINED: _("senza spiegazione"),
}
SENTENCES: Final[dict[Reason, Promise]] = {
    Reason.ONLY_THERE: _("Il vecchio programma ha questo bambino, lo sportello no: cercalo fra le righe scartate."),
    Reason.ONLY_HERE: _("Lo sportello ha questo bambino, il file no: forse non è più iscritto, o è nuovo."),
    Reason.NO_PLACE: _("Nel mese qui non ha un posto e non risultano pasti: controlla l'iscrizione."),
    Reason.CLOSED_DAYS: _("Il vecchio programma conta pasti in giorni che qui sono di chiusura, e non si addebitano."),
    Reason.ABSENCES: _("Il vecchio programma conta pasti in più; in questi giorni qui risulta assente."),
    Reason.CORRECTED_LATER: _("Una presenza è stata corretta dopo il giorno dell'esportazione."),
    Reason.EATEN_LATER: _("Pasti di giorni che vengono dopo l'esportazione: il file non poteva saperli."),
    Reason.MEALS_DIFFER: _("È il prezzo dei pasti contati in modo diverso: guarda la riga dei pasti."),
    Reason.ISEE_MISSING_HERE: _("Con l'ISEE scritto nel file il prezzo sarebbe quello del file: qui l'ISEE manca."),
    Reason.ISEE_MISSING_THERE: _("Senza ISEE il prezzo sarebbe quello del file: il vecchio programma non ce l'ha."),
    Reason.OTHER_ISEE: _("Con l'ISEE scritto nel file il prezzo sarebbe quello del file: qui ne vale un altro."),
    Reason.SIBLINGS: _("Il prezzo è quello del file se la riduzione per fratelli si applica in modo diverso."),
    Reason.OTHER_EDITION: _("Il prezzo è quello di un'altra versione delle tariffe dello stesso anno."),
    Reason.ROUNDING: _("Meno di mezzo centesimo a pasto: è l'arrotondamento."),
    Reason.NOT_CHARGED: _("Il vecchio programma ha già addebitato il mese, lo sportello non ancora: chiudi il mese."),
    Reason.CHARGE_DIFFERS: _("È l'addebito diverso: guarda la riga dell'addebito."),
    Reason.OPENING_MISSING: _("Il saldo del vecchio elenco non è stato portato nel registro."),
    Reason.OPENING_DIFFERS: _("Il saldo iniziale nel registro non è quello dell'elenco caricato."),
    Reason.PAID_ONLY_HERE: _("Un pagamento registrato qui che il vecchio programma non ha."),
    Reason.PAID_ONLY_THERE: _("Il vecchio programma lo dà per pagato; qui non c'è nessun pagamento."),
    Reason.LATER_ENTRY: _("Un movimento dopo il giorno dell'esportazione: il file non poteva saperlo."),
    Reason.UNEXPLAINED: _("Nessun fatto conosciuto la spiega per intero: confronta i due programmi riga per riga."),
}


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A difference as the page draws it. Meals are numbers, everything else is money."""

    key: str
    kind: object
    reason: object
    sentence: object
    tone: str
    legacy: str
    ours: str
    amount: str
    days: tuple[date, ...]
    waits: bool
    note: ExplainedDifference | None


def figure(kind: str, value: int | None) -> str:
    """A figure of that kind for people; empty where it is not told."""
    if value is None or kind == Kind.CHILD:
        return ""
    return str(value) if kind == Kind.MEALS else Money(value).format()


def shown(told: dict[str, Any], notes: Mapping[str, ExplainedDifference], *, waits: bool) -> ShownDifference:
    """A kept difference in words."""
    kind, reason = Kind(told["kind"]), Reason(told["reason"])
    note = notes.get(told["key"])
    tone = "danger" if reason is Reason.UNEXPLAINED else "attention"
    return ShownDifference(
        key=told["key"],
        kind=KINDS[kind],
        reason=LABELS[reason],
        sentence=SENTENCES[reason],
        tone=tone if waits else "neutral",
        legacy=figure(kind, told["legacy"]),
        ours=figure(kind, told["ours"]),
        amount=signed(kind, told["amount"]),
        days=tuple(date.fromisoformat(day) for day in told["days"]),
        waits=waits,
        note=note,
    )


def signed(kind: str, value: int) -> str:
    """Ours less theirs, with its sign; empty for a child that one side does not know."""
    text = figure(kind, value)
    return f"+{text}" if text and value > 0 else text
