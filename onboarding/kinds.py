"""Which kinds of export can be committed, and what each commit writes, in words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WRITES: Final[dict[str, Promise]] = {
    "roster": _("Bambini, chi paga, classi, diete, ISEE, iscrizioni alla mensa e saldi: quello che il file dice."),
}
"""Only what a room can keep: a kind that is not here can be checked, never committed."""

ELSEWHERE: Final[dict[str, tuple[str, Promise]]] = {
    "taxes": ("means:tax_files", _("Le posizioni tributarie si registrano da «Tributi», che non conserva il file.")),
}
"""Where in the desk files of a kind are taken in instead."""


def may_be_committed(kind: str) -> bool:
    """Whether a room keeps what files of this kind tell."""
    return kind in WRITES
