"""Examples that an edition keeps with its table: facts in plain words, what the family must pay, and why.

Pricing them is the business of ``fees``, a room above; here they are only data, and may differ from the table.
"""

from typing import Annotated, Literal

import msgspec

from services_catalog.fees.policy import IseeState
from services_catalog.fees.proration import Counted
from services_catalog.fees.roots import Code, Count, Level, Rank, Rule
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

type Refusal = Literal[
    "isee_required",
    "no_band_for_isee",
    "several_bands_for_isee",
    "no_cost_for_level",
    "no_column_for_child",
    "several_columns_for_child",
    "fact_not_given",
    "fees_to_confirm",
]
"""Why a table gives no amount: the names of the failures of ``fees``."""


class Example(Rule, frozen=True, kw_only=True):
    """The facts of a child, how much of the service is used, and what comes of it.

    ``pays`` is what is due, ``refused`` the name of the failure when the table must have no answer: one of the two.
    Without ``isee`` none was filed. ``amounts`` are amounts of other acts by name, ``counts`` what the register counts.
    """

    isee: Money | None = None
    isee_state: IseeState = "attested"
    level: Level = "primaria"
    sibling_rank: Rank = 1
    children_using: Rank = 1
    resident: bool = True
    conditions: tuple[Code, ...] = ()
    minors: Count = 1
    enrolled: Count = 1
    members: Rank = 1
    income: Money | None = None
    amounts: dict[Code, Money] = msgspec.field(default_factory=dict)
    units: Annotated[int, msgspec.Meta(ge=0)] = 1
    counts: dict[Counted, Count] = msgspec.field(default_factory=dict)
    month: Annotated[int, msgspec.Meta(ge=1, le=12)] | None = None
    pays: Money | None = None
    refused: Refusal | None = None
    because: str

    def __post_init__(self) -> None:
        if (self.pays is None) == (self.refused is None):
            raise ValueError(gettext_noop("un esempio dice «pays» oppure «refused», uno solo dei due"))
