"""The line of names: where a table begins, after titles and dates of printing."""

import re
from collections.abc import Sequence
from typing import Final

from onboarding.sources.types import SourceRow

_PREAMBLE: Final = 60
"""Rows among which the line of names is looked for."""
_BELOW: Final = 120
_LONGEST_NAME: Final = 80
_DATA: Final = re.compile(
    r"""[\s€+-]*\d[\d.,\s]*[%€-]?                     # numbers and amounts
      | \d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}([T\s].*)?     # dates
      | [A-Z]{6}[0-9A-Z]{2}[A-Z][0-9A-Z]{2}[A-Z][0-9A-Z]{3}[A-Z]  # fiscal codes, also omocodes
      | [A-Z]{4}[0-9A-Z]{5}[0-9A-Z]                   # school codes
      | \S+@\S+\.\S+                                  # addresses of mail
      | IT\d{2}[A-Z]\d{10}\w{12}                      # accounts
      """,
    re.VERBOSE | re.IGNORECASE,
)
_NAMING: Final = """
nome cognome nominativo cod codice cf fiscale data nascita nato nata classe sez sezione importo anno mese note
nota tel telefono cell cellulare email mail pec indirizzo via civico cap comune citta residenza matricola id num
numero nr padre madre genitore tutore pagante pagatore intestatario alunno alunna bambino minore figlio scuola
plesso istituto sede mecc meccanografico dieta isee saldo credito debito totale tot linea fermata corsa pagato
scadenza causale bolletta tributo imposta stato sesso genere prov provincia descrizione pasti presenze tariffa
servizio utente ente creditore tipo pagamento debitore rata versato dovuto riscosso emissione valuta
"""
_WORDS: Final = frozenset(_NAMING.split())
_WORD: Final = re.compile(r"[^\W\d_]+")


def find_heading(rows: Sequence[SourceRow], width: int) -> SourceRow | None:
    """The first row that names the columns, or None where the file begins with data.

    `width` is how many cells rows have; one more or less is forgiven, for a separator at the end of the lines. 0 =
    all have as many, and some say nothing (sheets).
    """
    told = width or _told(rows)
    for place, row in enumerate(rows[:_PREAMBLE]):
        if row.trouble or (width and abs(len(row.cells) - width) > 1) or not _are_names(row.cells, told):
            continue
        below = [r.cells for r in rows[place + 1 : place + 1 + _BELOW] if not r.trouble and any(r.cells)]
        if _is_unlike(row.cells, below):
            return row
    return None


def is_data(cell: str) -> bool:
    """Whether a cell is a number, a date, a code or an address of mail."""
    return _DATA.fullmatch(cell.strip()) is not None


def _told(rows: Sequence[SourceRow]) -> int:
    """How many cells of a row say something, in the middle of all rows that say anything."""
    counts = sorted(filter(None, (sum(map(bool, row.cells)) for row in rows)))
    return counts[len(counts) // 2] if counts else 0


def _are_names(cells: Sequence[str], width: int) -> bool:
    """Whether the cells may be names: most are there, short, different, and hardly any is data."""
    told = [cell.strip() for cell in cells if cell.strip()]
    if len(told) * 2 < width or len(told) < min(2, width):
        return False
    names = [name for name in told if len(name) <= _LONGEST_NAME and _WORD.search(name) and not is_data(name)]
    return len(names) * 10 >= len(told) * 6 and len(set(told)) * 10 >= len(told) * 8


def _is_unlike(names: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether the row differs from what stands below it: names above data, or words that name columns."""
    typed = [place for place in range(len(names)) if _is_typed(place, below)]
    named = [place for place in typed if names[place].strip() and not is_data(names[place])]
    if typed and len(named) * 2 < len(typed):
        return False
    words = sum(bool(_WORDS & set(_WORD.findall(name.lower()))) for name in names)
    return len(named) > 1 or words * 3 >= len(names) or bool(named and words)


def _is_typed(place: int, below: Sequence[Sequence[str]]) -> bool:
    """Whether most cells below are numbers, dates or codes."""
    told = [cells[place] for cells in below if place < len(cells) and cells[place].strip()]
    return len(told) > 0 and sum(map(is_data, told)) * 2 > len(told)
