"""What a commit leaves out of rows that are good: where no room has a place for the fact, and why, in words.

The row stays in the load as it was read; nothing of it is lost, and nothing of it is invented to make it fit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SHOWN: Final = 12
REASONS: Final[dict[str, Promise]] = {
    "no_edition": _("In quell'anno scolastico il servizio non ha una tariffa in vigore: il posto non si può dare."),
    "other_year": _("Il mese è di un altro anno scolastico: il posto non è stato dato."),
    "no_place": _("Quel mese il bambino non ha un posto nel servizio: i pasti non sono stati registrati."),
    "month_closed": _("Il mese è già chiuso: quello che cambia si corregge nei conti, non con un file."),
    "month_to_come": _("Il mese non è ancora arrivato."),
    "roll_called": _("Quel mese è stato fatto l'appello: valgono le presenze dell'appello."),
    "written_by_office": _("Il numero di quel mese l'ha scritto l'ufficio: non è stato cambiato."),
    "meals_beyond_month": _("I pasti sono più dei giorni del mese."),
    "name_not_parted": _("Il bambino è nuovo e il nome non si divide con certezza: registralo a mano."),
    "charged_here": _("Quel mese lo ha già addebitato lo sportello: il debito del file non è stato riportato."),
    "not_ours": _("È di una persona che lo sportello non conosce."),
    "status_untold": _("Il file non dice se è ancora da pagare."),
    "debt_not_payable": _("Con quell'avviso non si paga più: se è ancora dovuto lo dice una persona."),
    "debt_irregular": _("Il pagamento è irregolare: quanto manca lo dice una persona."),
    "service_unknown": _("Dal tipo di debito non si capisce di quale servizio scolastico è."),
    "debtor_unknown": _("Chi deve pagare non è fra le persone dello sportello."),
    "child_unknown": _("Chi deve pagare ha più bambini, o nessuno: non si sa su quale conto riportarlo."),
    "carried_elsewhere": _("Il saldo di quel bambino l'ha già riportato un altro archivio: non si conta due volte."),
}
_BEGIN: Final = (
    "DROP TABLE IF EXISTS pg_temp.roster_left_out",
    "CREATE TEMPORARY TABLE roster_left_out (code text, line integer, cents bigint DEFAULT 0) ON COMMIT DROP",
)
_TOLD: Final = """
SELECT code, count(DISTINCT line), (array_agg(DISTINCT line ORDER BY line))[1:%(shown)s], sum(cents)::bigint
FROM roster_left_out GROUP BY code ORDER BY count(DISTINCT line) DESC, code
"""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why, how many rows, the first of them."""

    sentence: str
    rows: int
    lines: tuple[int, ...]

    @property
    def has_more(self) -> bool:
        return self.rows > len(self.lines)


def begin_left_out(cursor: Any) -> None:
    """An empty list. Any: psycopg's cursor behind Django's wrapper."""
    for statement in _BEGIN:
        cursor.execute(statement)


def leave_out(cursor: Any, select: str, values: Mapping[str, Any]) -> None:
    """Note lines by a SELECT of code, line and cents: what would have been brought over, in the family's favour."""
    cursor.execute(f"INSERT INTO roster_left_out (code, line, cents) {select}", values)


def kept_left_out(cursor: Any) -> list[dict[str, Any]]:
    """As the result of a load keeps it."""
    cursor.execute(_TOLD, {"shown": SHOWN})
    return [
        {"code": code, "rows": rows, "lines": lines, "cents": cents} for code, rows, lines, cents in cursor.fetchall()
    ]


def told_left_out(result: Mapping[str, Any]) -> list[LeftOut]:
    """The result of a load in words."""
    held: Iterable[dict[str, Any]] = result.get("left_out", ())
    return [LeftOut(str(REASONS.get(one["code"], one["code"])), int(one["rows"]), tuple(one["lines"])) for one in held]
