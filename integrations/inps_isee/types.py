"""What is asked of INPS and what it tells, in our own words. No domain: who may ask and what follows, rooms decide."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Figure(StrEnum):
    """How INPS worked out the indicator of a minor (DPCM 159/2013 art. 7)."""

    ORDINARY = "ordinary"  # the household's own: the parents live together
    ATTRACTED = "attracted"  # the other parent is counted in the household
    ADDITIONAL = "additional"  # the other parent adds a component
    NOT_COMPUTABLE = "not_computable"


class Discrepancy(StrEnum):
    """What the tax office found missing or different; the values are the codes of INPS."""

    SAVINGS = "PatrimoniMobiliari"
    INCOME = "RedditiScostamento"
    SAVINGS_BELOW = "PatrimoniMobiliariSottoSoglia"
    SAVINGS_ABOVE = "PatrimoniMobiliariSopraSoglia"


@dataclass(frozen=True, slots=True)
class Question:
    """Which attestation is wanted, for whom and why: INPS keeps the reason of every consultation.

    With `dsu_protocol` that very declaration is asked for, else the one that holds on `valid_on`. `benefit` is a code
    of PrestazioneDaErogare, `application` the protocol of our own that justifies asking, `operator` who asks.
    """

    fiscal_code: str = field(repr=False)
    valid_on: date
    benefit: str
    application: str
    operator: str
    dsu_protocol: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MinorFigure:
    """The indicator for services to one minor; `cents` is None when it cannot be worked out."""

    fiscal_code: str = field(repr=False)
    figure: Figure
    cents: int | None = field(repr=False)
    released_on: date | None = None


@dataclass(frozen=True, slots=True)
class Attestation:
    """One attestation. `ordinary_cents` is the household's own figure; `current_until` stands only in a current one."""

    dsu_protocol: str = field(repr=False)
    presented_on: date
    is_current: bool
    current_until: date | None
    ordinary_cents: int | None = field(repr=False)
    released_on: date | None
    members: frozenset[str] = field(repr=False)
    minors: tuple[MinorFigure, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()

    def minor(self, fiscal_code: str) -> MinorFigure | None:
        """What it says of one minor; None when it says nothing of her own."""
        return next((one for one in self.minors if one.fiscal_code == fiscal_code), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """INPS answered: an attestation, or none it knows of. `digest` is the SHA-256 of what it sent, kept as proof."""

    request_number: int
    attestation: Attestation | None
    digest: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came over the wire, not yet read."""

    status: int
    body: bytes = field(repr=False)
