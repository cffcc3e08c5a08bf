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
_OF_TIME: Final = re.compile(r"\d{1,2}|\d{1,2}[/.-]\d{2,4}|(19|20)\d\d([/-]\d{2,4})?")
_WORD: Final = re.compile(r"[^\W\d_]+")


def find_heading(rows: Sequence[SourceRow], width: int) -> SourceRow | None:
    """The first row that names the columns, or None where the file begins with data.

    `width` is how many cells rows have; one more or less is forgiven, for a separator at the end of the lines. 0 =
    all have as many, and some say nothing (sheets).
    """
    told = width or _told(rows)
    all_cells = [row.cells for row in rows[:_BELOW] if not row.trouble and _is_told(row.cells, told)]
    typed = [place for place in range(max(map(len, all_cells), default=0)) if _is_typed(place, all_cells)]
    for row in rows[:_PREAMBLE]:
        if row.trouble or (width and abs(len(row.cells) - width) > 1) or not _is_told(row.cells, told):
            continue
        if _are_names(row.cells) and _is_unlike(row.cells, typed):
            return row
        if _is_like(row.cells, typed):
            return None
    return None


def is_data(cell: str) -> bool:
    """Whether a cell is a number, a date, a code or an address of mail."""
    return _DATA.fullmatch(cell.strip()) is not None


def _told(rows: Sequence[SourceRow]) -> int:
    """How many cells of a row say something, in the middle of all rows that say anything."""
    counts = sorted(filter(None, (sum(map(bool, row.cells)) for row in rows)))
    return counts[len(counts) // 2] if counts else 0


def _is_told(cells: Sequence[str], width: int) -> bool:
    """Whether enough cells say something: a title stands alone in its row."""
    told = sum(bool(cell.strip()) for cell in cells)
    return told * 2 >= width and told >= min(2, width)


def _is_typed(place: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether most cells of a column are numbers, dates or codes."""
    told = [cells[place] for cells in rows if place < len(cells) and cells[place].strip()]
    return bool(told) and sum(map(is_data, told)) * 2 > len(told) - (len(told) < 4)


def _are_names(cells: Sequence[str]) -> bool:
    """Whether the cells may be names: short, different, and hardly any is data except months, days and years."""
    told = [cell.strip() for cell in cells if cell.strip()]
    names = [name for name in told if len(name) <= _LONGEST_NAME and _WORD.search(name) and not is_data(name)]
    of_time = [name for name in told if _OF_TIME.fullmatch(name)]
    enough = len(names) * 10 >= len(told) * 6 or (_words(cells) > 1 and len(names) + len(of_time) == len(told))
    # Below a line of groups ("ALUNNO", "GENITORE") names stand twice.
    different = 5 if _words(cells) == len(told) else 8
    return enough and len(set(told)) * 10 >= len(told) * different


def _is_unlike(names: Sequence[str], typed: Sequence[int]) -> bool:
    """Whether the row differs from the others: names above data, or words that name columns."""
    typed = [place for place in typed if place < len(names) and not _OF_TIME.fullmatch(names[place].strip())]
    named = [place for place in typed if names[place].strip() and not is_data(names[place])]
    if typed and len(named) * 2 < len(typed):
        return False
    words = _words(names)
    return len(named) > 1 or words * 3 >= len(names) or bool(named and words)


def _is_like(cells: Sequence[str], typed: Sequence[int]) -> bool:
    """Whether the row is data as the others are."""
    told = [cells[place] for place in typed if place < len(cells) and cells[place].strip()]
    return bool(told) and sum(map(is_data, told)) * 2 > len(told)


def _words(names: Sequence[str]) -> int:
    """How many cells have a word that names columns."""
    return sum(bool(_WORDS & set(_WORD.findall(name.lower()))) for name in names)
