"""Reasons and questions that have places: recognition fills them, `onboarding.mapping.retelling` knows them again.

A mapping keeps them in Italian, finished. A phrase without places is marked with `gettext_noop` where it is written.
"""

from typing import Final

from django.utils.translation import gettext_noop

COUNTED: Final = gettext_noop("%(count)s valori su %(all)s esaminati %(what)s")
REPEATED: Final = gettext_noop("%(count)s testi che si ripetono, come le fermate")
MIDDLE: Final = gettext_noop("importi positivi, il valore di mezzo è %(count)s euro")
ZEROS: Final = gettext_noop("importi, zero in %(count)s righe su 100")
SUMMED: Final = gettext_noop("la somma dei mesi è il totale scritto in %(count)s righe su 100")
BEYOND: Final = gettext_noop("oltre le prime %(count)s colonne")
SAID_BETTER: Final = gettext_noop("come %(field)s, che un'altra colonna dice meglio")
EMPTY: Final = gettext_noop("colonna vuota")

UNKNOWN: Final = gettext_noop("Non riconosco che cosa contiene questo file: dillo tu, scegliendo il tipo di archivio.")
FILE_LOOKS: Final = gettext_noop("Il file sembra %(kind)s (%(clues)s): è giusto?")
LACKING: Final = gettext_noop("Nessuna colonna sembra %(field)s: manca davvero?")
COLUMN_LOOKS: Final = gettext_noop("La colonna %(column)s sembra %(field)s: è giusto?")

WITH_PLACES: Final = (
    COUNTED,
    REPEATED,
    MIDDLE,
    ZEROS,
    SUMMED,
    BEYOND,
    SAID_BETTER,
    FILE_LOOKS,
    LACKING,
    COLUMN_LOOKS,
)
