"""Invented attestations: the same fiscal code always gives the same figures and the same declaration."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from xml.sax.saxutils import quoteattr

from integrations.inps_isee.simulator.cases import DISCREPANCIES, Case

DECLARANT: Final = "RSSMRA80A41A662E"
STRANGER: Final = "VRDLGI15A01A662W"
SEARCH_ATTRIBUTES: Final = frozenset(
    {
        "CodiceFiscale",
        "DataValidita",
        "ProtocolloDSU",
        "CodiceFiscaleBeneficiario",
        "PrestazioneDaErogare",
        "ProtocolloDomandaEnteErogatore",
        "StatodomandaPrestazione",
    }
)
CHANGES: Final = (
    'SommaRedditiComponenti="15000.00" RedditoFigurativoPatrimonioMobiliare="0" Detrazioni="1000.00"'
    ' ISR="14000.00" PatrimonioMobiliare="0" DetrazionePatrimonioMobiliare="0" PatrimonioImmobiliare="0"'
    ' DetrazionePatrimonioImmobiliare="0" ISP="0" ISE="14000.00" ParametroNucleo="2.04" Maggiorazioni="0"'
    ' ScalaEquivalenza="2.04"'
)


@dataclass(frozen=True, slots=True)
class Invented:
    """The facts of an invented attestation; `figure` is in euro, with a point."""

    fiscal_code: str
    year: int
    dsu_protocol: str
    figure: str


def invent(fiscal_code: str, *, year: int, dsu_protocol: str = "", figure: str = "") -> Invented:
    """The facts for a code; protocol and figure may be told, else they follow from it."""
    number = int.from_bytes(sha256(fiscal_code.encode()).digest()[:8])
    protocol = dsu_protocol or f"INPS-ISEE-{year}-{number % 10**8:08d}A-00"
    return Invented(fiscal_code, year, protocol, figure or f"{number % 40_000}.{number % 97:02d}")


def payload_of(facts: Invented, case: Case, search: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """EsitoAttestazione as INPS writes it, in ISO-8859-1; the question stands in it again."""
    told = " ".join(f"{name}={quoteattr(text)}" for name, text in fields if name in SEARCH_ATTRIBUTES)
    inside = "" if case == Case.EMPTY else _attestation(facts, case)
    return (
        '<?xml version="1.0" encoding="iso-8859-1"?><EsitoAttestazione xmlns="http://inps.it/ISEERiforma">'
        f"{inside}<Ricerca><{search} {told}/></Ricerca></EsitoAttestazione>"
    ).encode("iso-8859-1", "xmlcharrefreplace")


def _attestation(facts: Invented, case: Case) -> str:
    # Where the other parent is counted the household's own figure is another one: a reader who takes it is found out.
    own = "100.00" if case in {Case.ATTRACTED, Case.ADDITIONAL} else facts.figure
    child = STRANGER if case == Case.SOMEBODY_ELSE else facts.fiscal_code
    expiry = f' DataScadenzaDSUCorrente="{facts.year}-12-10"' if case == Case.CURRENT else ""
    current = ' Corrente="SI"' if case == Case.CURRENT else ""
    omission = (
        f'<OmissioneDifformita TipoOmissioneDifformita="{case.value}" CodiceFiscale="{DECLARANT}"'
        f' DataControlloAE="{facts.year}-03-01"/>'
        if case in DISCREPANCIES
        else ""
    )
    return (
        f'<Attestazione CodiceFiscaleDichiarante="{DECLARANT}" NumeroProtocolloDSU="{facts.dsu_protocol}"'
        f' DataPresentazione="{facts.year}-02-03" DataValidita="{facts.year}-12-31"{expiry}><Ordinario{current}>'
        '<NucleoFamiliare><ComponenteNucleo RapportoConDichiarante="D" Cognome="ROSSI" Nome="MARIA"'
        f' CodiceFiscale="{DECLARANT}"/><ComponenteNucleo RapportoConDichiarante="F" Cognome="PROVA" Nome="INVENTATA"'
        f' CodiceFiscale="{child}"/></NucleoFamiliare><ISEEOrdinario DataRilascio="{facts.year}-02-10">'
        f"{_values(own)}<ModalitaCalcoloISEEOrdinario {CHANGES}/></ISEEOrdinario>"
        f"{_minors(facts, case, child)}</Ordinario>{omission}</Attestazione>"
    )


def _minors(facts: Invented, case: Case, child: str) -> str:
    if case == Case.ORDINARY:
        return ""
    inside = {
        Case.ATTRACTED: _with_other_parent(facts, "ISEEMinAttr", "ComponenteAttratta", "ISEEMinAttr"),
        Case.ADDITIONAL: _with_other_parent(facts, "ISEEMinAgg", "ComponenteAgguntiva", "ISEEMinAggr"),
        Case.NOT_COMPUTABLE: "<ISEENonCalcolabile/>",
    }.get(case, "<ISEEOrd/>")
    return (
        '<ISEEMin><ComponenteMinorenne Cognome="PROVA" Nome="INVENTATA"'
        f' CodiceFiscale="{child}">{inside}</ComponenteMinorenne></ISEEMin>'
    )


def _with_other_parent(facts: Invented, name: str, component: str, way: str) -> str:
    return (
        f'<{name} DataRilascio="{facts.year}-02-11"><{component}><ComponenteAttrattaAggiuntiva Cognome="BIANCHI"'
        f' Nome="LUCA" CodiceFiscale="BNCLCU78A01A662X"/></{component}>{_values(facts.figure)}'
        f"<ModalitaCalcolo{way} {CHANGES}/></{name}>"
    )


def _values(figure: str) -> str:
    return f'<Valori ISE="14000.00" ScalaEquivalenza="2.04" ISEE="{figure}" ISR="14000.00" ISP="0.00"/>'
