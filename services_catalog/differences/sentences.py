"""The sentences about rows and fields: one for each thing that may change, with a plain one for the rest."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services_catalog.grids.words import Words

CHANGED: Mapping[tuple[str, str], Words] = {
    ("Band", "amount"): gettext_lazy("La fascia %(row)s passa da %(before)s a %(after)s."),
    ("ShareBand", "share_percent"): gettext_lazy(
        "La quota del costo nella fascia %(row)s passa da %(before)s a %(after)s."
    ),
    ("ShareBand", "printed"): gettext_lazy("Il prezzo stampato della fascia %(row)s passa da %(before)s a %(after)s."),
    ("LevelCost", "unit_cost"): gettext_lazy("Il costo intero per %(row)s passa da %(before)s a %(after)s."),
    ("Segment", "amount_from"): gettext_lazy(
        "Nella fascia %(row)s l'importo iniziale passa da %(before)s a %(after)s."
    ),
    ("Segment", "amount_to"): gettext_lazy("Nella fascia %(row)s l'importo finale passa da %(before)s a %(after)s."),
    ("MatrixRow", "amounts"): gettext_lazy(
        "Nella fascia %(row)s l'importo per «%(column)s» passa da %(before)s a %(after)s."
    ),
    ("SiblingDiscount", "discount_percent"): gettext_lazy("Lo sconto per %(row)s passa da %(before)s a %(after)s."),
    ("SiblingPrice", "amount"): gettext_lazy("Il prezzo per %(row)s passa da %(before)s a %(after)s."),
    ("IseeDiscount", "discount_percent"): gettext_lazy(
        "Lo sconto per la fascia %(row)s passa da %(before)s a %(after)s."
    ),
    ("CountRow", "discount_percent"): gettext_lazy("Con %(row)s lo sconto passa da %(before)s a %(after)s."),
    ("FreeRow", "free_units"): gettext_lazy(
        "Le unità gratuite nella fascia %(row)s passano da %(before)s a %(after)s."
    ),
    ("Instalment", "share_percent"): gettext_lazy("La rata «%(row)s» passa da %(before)s a %(after)s del totale."),
    ("Instalment", "due_on"): gettext_lazy("La rata «%(row)s» scade il %(after)s invece che il %(before)s."),
    ("Window", "opens"): gettext_lazy("La finestra «%(row)s» si apre il %(after)s invece che il %(before)s."),
    ("Window", "closes"): gettext_lazy("La finestra «%(row)s» si chiude il %(after)s invece che il %(before)s."),
    ("Window", "label.it"): gettext_lazy("La finestra «%(before)s» ora si chiama «%(after)s»."),
    ("Exemption", "isee_to"): gettext_lazy("Vale per un ISEE fino a %(after)s invece che fino a %(before)s."),
    ("Exemption", "isee_from"): gettext_lazy("Vale per un ISEE da %(after)s invece che da %(before)s."),
    ("SiblingDiscounts", "isee_to"): gettext_lazy("Vale per un ISEE fino a %(after)s invece che fino a %(before)s."),
    ("SinglePrice", "amount"): gettext_lazy("Il prezzo unico passa da %(before)s a %(after)s."),
    ("FixedPrice", "amount"): gettext_lazy("Il prezzo fisso passa da %(before)s a %(after)s."),
    ("Discount", "discount_percent"): gettext_lazy("Lo sconto passa da %(before)s a %(after)s."),
    ("Discount", "discount_amount"): gettext_lazy("Lo sconto passa da %(before)s a %(after)s."),
    ("ConditionDiscount", "discount_percent"): gettext_lazy("Lo sconto passa da %(before)s a %(after)s."),
    ("Surcharge", "more_percent"): gettext_lazy("La maggiorazione passa da %(before)s a %(after)s."),
    ("Surcharge", "more_amount"): gettext_lazy("La maggiorazione passa da %(before)s a %(after)s."),
    ("EachTime", "amount"): gettext_lazy("L'importo in meno ogni volta passa da %(before)s a %(after)s."),
    ("FeeTable", "minimum"): gettext_lazy("L'importo minimo passa da %(before)s a %(after)s."),
    ("FeeTable", "maximum"): gettext_lazy("L'importo massimo passa da %(before)s a %(after)s."),
    ("FeeTable", "full_cost"): gettext_lazy("Il costo intero di una unità passa da %(before)s a %(after)s."),
}
"""How a value that was and still is changes: the struct, the path of the field, the sentence."""

ROWS: Mapping[str, tuple[Words, Words, Words]] = {
    name: (
        gettext_lazy("Nuova fascia %(row)s: %(value)s."),
        gettext_lazy("Tolta la fascia %(row)s (era %(value)s)."),
        gettext_lazy("La fascia %(was)s ora va %(row)s."),
    )
    for name in ("Band", "ShareBand", "Segment", "MatrixRow")
} | {
    "LevelCost": (
        gettext_lazy("Nuovo costo intero per %(row)s: %(value)s."),
        gettext_lazy("Tolto il costo intero per %(row)s (era %(value)s)."),
        gettext_lazy("Il costo intero per %(was)s ora è per %(row)s."),
    ),
    "SiblingDiscount": (
        gettext_lazy("Nuovo sconto per %(row)s: %(value)s."),
        gettext_lazy("Tolto lo sconto per %(row)s (era %(value)s)."),
        gettext_lazy("Lo sconto per %(was)s ora è per %(row)s."),
    ),
    "SiblingPrice": (
        gettext_lazy("Nuovo prezzo per %(row)s: %(value)s."),
        gettext_lazy("Tolto il prezzo per %(row)s (era %(value)s)."),
        gettext_lazy("Il prezzo per %(was)s ora è per %(row)s."),
    ),
    "IseeDiscount": (
        gettext_lazy("Nuovo sconto per la fascia %(row)s: %(value)s."),
        gettext_lazy("Tolto lo sconto per la fascia %(row)s (era %(value)s)."),
        gettext_lazy("Lo sconto per la fascia %(was)s ora è per la fascia %(row)s."),
    ),
    "CountRow": (
        gettext_lazy("Nuovo sconto con %(row)s: %(value)s."),
        gettext_lazy("Tolto lo sconto con %(row)s (era %(value)s)."),
        gettext_lazy("Lo sconto con %(was)s ora si ha con %(row)s."),
    ),
    "FreeRow": (
        gettext_lazy("Nuove unità gratuite per la fascia %(row)s: %(value)s."),
        gettext_lazy("Tolte le unità gratuite per la fascia %(row)s (erano %(value)s)."),
        gettext_lazy("Le unità gratuite della fascia %(was)s ora sono per la fascia %(row)s."),
    ),
    "Instalment": (
        gettext_lazy("Nuova rata «%(row)s»: %(value)s."),
        gettext_lazy("Tolta la rata «%(row)s» (era %(value)s)."),
        gettext_lazy("La rata «%(was)s» ora è «%(row)s»."),
    ),
    "Window": (
        gettext_lazy("Nuova finestra «%(row)s»: %(value)s."),
        gettext_lazy("Tolta la finestra «%(row)s» (era %(value)s)."),
        gettext_lazy("La finestra «%(was)s» ora è «%(row)s»."),
    ),
}
"""For each kind of row: it is new, it is gone, it concerns others."""

STEPS: Mapping[str, Words] = {
    "SiblingDiscounts": gettext_lazy("Riduzioni per fratelli"),
    "SiblingPrices": gettext_lazy("Prezzi per fratelli"),
    "IseeDiscounts": gettext_lazy("Riduzioni per ISEE"),
    "FreeUnits": gettext_lazy("Unità gratuite"),
}
"""The name of a whole step, where its fields alone have another."""

LIMITS: Mapping[str, Words] = {"isee_from": gettext_lazy("ISEE da"), "isee_to": gettext_lazy("ISEE fino a")}
"""The label of a limit that stands alone, without its fellow beside it."""

OTHER_ROWS: tuple[Words, Words, Words] = (
    gettext_lazy("Nuova riga «%(row)s»: %(value)s."),
    gettext_lazy("Tolta la riga «%(row)s» (era %(value)s)."),
    gettext_lazy("La riga «%(was)s» ora è «%(row)s»."),
)


def field_sentence(struct: str, field: str, label: str, words: Mapping[str, str]) -> str:
    """What became of a field, ``words`` having before, after, row and column; empty before or after is none."""
    said = {"label": label, **words}
    if words["before"] and words["after"]:
        own = CHANGED.get((struct, field))
        if own is not None:
            return str(own) % said
        return _("%(label)s: prima %(before)s, ora %(after)s.") % said
    if words["after"]:
        return _("%(label)s: ora %(after)s; prima non era scritto.") % said
    return _("%(label)s: non è più scritto; era %(before)s.") % said
