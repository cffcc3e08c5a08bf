"""Reading EsitoAttestazione, the document inside the answer (namespace ISEERiforma).

Names are spelt as INPS spells them. ISEEOrd and ISEENonCalcolabile are empty marks: the figure of the first is the
household's own. Current is an attribute of the household, not a kind of its own.
"""

import re
from typing import Any, Final

from integrations.inps_isee.errors import AnswerUnreadable
from integrations.inps_isee.reading_xml import cents, day, document, required
from integrations.inps_isee.types import Attestation, Discrepancy, Figure, MinorFigure

NAMESPACE: Final = "http://inps.it/ISEERiforma"
PROTOCOL: Final = re.compile(r"INPS-ISEE-[0-9]{4}-[0-9]{8}[A-Z]-[0-9]{2}", re.ASCII)
_NS: Final = {"i": NAMESPACE}
_WITH_OTHER_PARENT: Final = {"ISEEMinAttr": Figure.ATTRACTED, "ISEEMinAgg": Figure.ADDITIONAL}


def read_attestation(content: bytes) -> Attestation | None:
    """The attestation of a decoded payload; None when INPS knows none. Raises AnswerUnreadable."""
    root = document(content)
    if root.tag != f"{{{NAMESPACE}}}EsitoAttestazione":
        raise AnswerUnreadable
    found = root.find("i:Attestazione", _NS)
    return None if found is None else _attestation(found)


def _attestation(found: Any) -> Attestation:
    household = found.find("i:Ordinario", _NS)
    ordinary = None if household is None else household.find("i:ISEEOrdinario", _NS)
    protocol = required(found, "NumeroProtocolloDSU")
    if not PROTOCOL.fullmatch(protocol):
        raise AnswerUnreadable
    current = household is not None and household.get("Corrente") == "SI"
    expiry = found.get("DataScadenzaDSUCorrente")
    own = None if ordinary is None else cents(required(ordinary.find("i:Valori", _NS), "ISEE"))
    return Attestation(
        dsu_protocol=protocol,
        presented_on=day(_presented(found, household) if current else required(found, "DataPresentazione")),
        is_current=current,
        current_until=None if expiry is None else day(expiry),
        ordinary_cents=own,
        released_on=None if ordinary is None else day(required(ordinary, "DataRilascio")),
        members=frozenset(_code(one) for one in found.iterfind(".//i:ComponenteNucleo", _NS)),
        minors=tuple(_minor(one, own) for one in found.iterfind("i:Ordinario/i:ISEEMin/i:ComponenteMinorenne", _NS)),
        discrepancies=tuple(sorted({_discrepancy(one) for one in found.iterfind("i:OmissioneDifformita", _NS)})),
    )


def _presented(found: Any, household: Any) -> str:
    """A current ISEE counts from the form that replaced the figures, not from the declaration it corrects."""
    return str(household.get("DataPresentazioneModuloSostitutivo") or required(found, "DataPresentazione"))


def _minor(found: Any, own: int | None) -> MinorFigure:
    code = _code(found)
    if found.find("i:ISEENonCalcolabile", _NS) is not None:
        return MinorFigure(code, Figure.NOT_COMPUTABLE, None)
    if found.find("i:ISEEOrd", _NS) is not None:
        return MinorFigure(code, Figure.ORDINARY, own)
    for name, figure in _WITH_OTHER_PARENT.items():
        worked_out = found.find(f"i:{name}", _NS)
        if worked_out is not None:
            amount = cents(required(worked_out.find("i:Valori", _NS), "ISEE"))
            return MinorFigure(code, figure, amount, day(required(worked_out, "DataRilascio")))
    raise AnswerUnreadable


def _discrepancy(found: Any) -> Discrepancy:
    try:
        return Discrepancy(required(found, "TipoOmissioneDifformita"))
    except ValueError as error:
        raise AnswerUnreadable from error


def _code(found: Any) -> str:
    return required(found, "CodiceFiscale").upper()
