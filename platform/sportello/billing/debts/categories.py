"""Under which code of pagoPA's taxonomy the sums of a service travel (P31): the connector's table has the codes."""

from typing import Final

from integrations.pagopa.taxonomy import TABLE, Due

DUES: Final = {
    "mensa": Due.MEALS,
    "trasporto": Due.BUS,
    "nido": Due.NIDO,
    "infanzia": Due.SCHOOL_FEES,
    "prescuola": Due.BEFORE_SCHOOL,
    "interscuola": Due.LUNCH_BREAK,
    "doposcuola": Due.AFTER_SCHOOL,
    "centri-estivi": Due.SUMMER_CENTRE,
}


def category_of(service_code: str) -> str:
    """The newest code of a service; one of no kind of its own falls under the school fees at large."""
    return TABLE[DUES.get(service_code, Due.SCHOOL_FEES)][-1].code
