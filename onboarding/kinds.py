"""Which kinds of export can be committed, and what each commit writes, in words."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

WRITES: Final[dict[str, Promise]] = {
    "roster": _(
        "Bambini, chi paga, classi, diete, ISEE, iscrizioni alla mensa, pasti di ogni mese e saldi: quello che il file "
        "dice."
    ),
    "transport": _(
        "Bambini e chi paga che ancora non ci sono, posti nel trasporto, mesi non pagati come debito. Linea, fermata e "
        "corsa restano in questo caricamento: le assegna chi gestisce il servizio."
    ),
    "taxes": _(
        "La posizione con i tributi degli adulti che lo sportello conosce: regolare, non regolare o non nota. Importi "
        "e anni restano in questo caricamento e non si usano."
    ),
    "debts": _(
        "Le posizioni ancora da pagare, come saldo riportato sul conto del bambino. Quelle pagate, chiuse o annullate "
        "restano in questo caricamento."
    ),
}
"""Only what a room can keep: a kind that is not here can be checked and stays staged, never committed."""

BROUGHT_OVER: Final = ("roster", "transport", "debts")
"""What the start waits for: the past of the services. Local taxes are of today, and lapse by themselves."""

KEPT: Final[dict[str, Promise]] = {
    "treasury": _(
        "I movimenti del tesoriere restano in questo caricamento: non si registrano sui conti delle famiglie. Per "
        "abbinarli ai flussi di pagoPA carica il giornale in Contabilità, Giornale di cassa."
    ),
}
"""Why nothing of a kind is committed, where there is more to say than that no room keeps it."""

_PEOPLE: Final = (
    ("children_created", _("Bambini nuovi")),
    ("children_updated", _("Bambini aggiornati")),
    ("children_unchanged", _("Bambini invariati")),
    ("adults_created", _("Adulti nuovi")),
)
_CARRIED: Final = ("entries_posted", _("Saldi scritti nei conti"))
FIGURES: Final[dict[str, tuple[tuple[str, Promise], ...]]] = {
    "roster": (
        *_PEOPLE,
        ("subscriptions_created", _("Iscrizioni alla mensa")),
        _CARRIED,
        ("counts_created", _("Mesi di pasti nuovi")),
        ("counts_updated", _("Mesi di pasti corretti")),
    ),
    "transport": (
        ("children_created", _("Bambini nuovi")),
        ("adults_created", _("Adulti nuovi")),
        ("places_created", _("Posti nuovi nel trasporto")),
        ("places_updated", _("Posti prolungati")),
        ("places_unchanged", _("Posti invariati")),
        _CARRIED,
    ),
    "taxes": (
        ("positions_created", _("Posizioni nuove")),
        ("positions_updated", _("Posizioni cambiate")),
        ("positions_unchanged", _("Posizioni invariate")),
    ),
    "debts": (
        ("debts_carried", _("Debiti da pagare riportati")),
        ("accounts_unchanged", _("Conti invariati")),
        _CARRIED,
    ),
}
"""What the result of a commit tells, in the order of its page."""


def figures_of(kind: str, result: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What a commit did, in words; figures that a load of before this kind of figure does not have are left out."""
    return [(str(label), int(result[name])) for name, label in FIGURES.get(kind, ()) if name in result]


def may_be_committed(kind: str) -> bool:
    """Whether a room keeps what files of this kind tell."""
    return kind in WRITES


def why_not_committed(kind: str) -> str:
    """What becomes of the rows of a kind that no room keeps, in a sentence."""
    said = KEPT.get(kind)
    return (
        str(said) if said else gettext("Questo tipo di file si può solo controllare: non c'è ancora dove registrarlo.")
    )
