"""Rows made by hand, judged by a mapping."""

from collections.abc import Iterable

from onboarding.judging.judging import Judging, judge
from onboarding.judging.types import Judged, Known
from onboarding.mapping.structs import Mapping
from onboarding.sources.types import SourceRow
from tests.onboarding.judging.mappings import BUS, ROSTER, SHEET
from tests.onboarding.judging.samples import known

GOOD = {
    "MATRICOLA": "000001", "COGNOME": "RUSSO", "NOME": "EMMA", "SESSO": "F", "DATA_NASCITA": "03/08/2018",
    "COD_FISCALE": "RSSMME18M43F052V", "COMUNE_NASCITA": "MATERA", "PROV": "MT", "INDIRIZZO": "VIA ROMA",
    "CIVICO": "31",
    "CAP": "70121", "COMUNE_RES": "BARI", "COD_PLESSO": "BAEE81502L", "CLASSE": "2", "SEZ": "D", "DIETA": "",
    "ISEE": "24.000,01", "COGNOME_PAG": "RUSSO", "NOME_PAG": "NICOLÒ", "CF_PAG": "RSSNCL96C29A225M",
    "TELEFONO": "0805745738", "EMAIL": "nicolo.russo@example.org", "SALDO": "40,01",
}  # fmt: skip
RIDE = {
    "id_utente": "501", "cf_bambino": "RSSMME18M43F052V", "bambino": "RUSSO EMMA", "genitore": "RUSSO NICOLÒ",
    "cf_genitore": "RSSNCL96C29A225M", "plesso": "BAEE81502L", "linea": "L1", "fermata": "Città Vecchia", "mese": "11",
    "anno": "2025", "tipo_corsa": "AR", "importo": "10,00", "pagato": "SI", "data_pag": "23/11/2025", "note": "",
}  # fmt: skip
ON_SHEET = {
    "N.": "1", "Cognome e Nome": "RUSSO EMMA", "Nato a": "Matera (MT)", "il": "3/8/18",
    "Cod. Fisc.": "RSSMME18M43F052V",
    "Classe": "2^D", "Padre": "Russo Nicolò", "Madre": "Fiore Anna", "Tel.": "0805745738", "Note": "", "SET": "",
    "OTT": "-",
    "NOV": "3,0", "DIC": "4", "GEN": "0", "FEB": "0", "MAR": "0", "APR": "0", "MAG": "0", "GIU": "1", "TOT": "8",
}  # fmt: skip
_STARTS = {ROSTER.layout.header: GOOD, BUS.layout.header: RIDE, SHEET.layout.header: ON_SHEET}


def cells(mapping: Mapping, **changes: str) -> tuple[str, ...]:
    """The cells of a good row of the mapping with some of them changed; `_` in a name stands for itself only."""
    row = _STARTS[mapping.layout.header] | changes
    return tuple(row[name] for name in mapping.layout.header)


def judging(mapping: Mapping, rows: Iterable[tuple[str, ...]], facts: Known | None = None) -> Judging:
    """The verdicts on some rows, as if they stood below the header."""
    first = mapping.layout.header_line + 1
    physical = (SourceRow(number, "|".join(row), row) for number, row in enumerate(rows, first))
    return judge(physical, mapping, facts or known())


def verdict(mapping: Mapping, facts: Known | None = None, **changes: str) -> Judged:
    """The verdict on one row with some cells changed."""
    return next(judging(mapping, [cells(mapping, **changes)], facts))


def codes(judged: Judged) -> list[str]:
    """The defects by code."""
    return [defect.code for defect in judged.defects]
