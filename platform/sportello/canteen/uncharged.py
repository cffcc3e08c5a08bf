"""What a fee table may say and the canteen does not charge: an edition that says it is never in force.

A block is charged when it is opened, by itself: no month has a sum of blocks that could be limited.
"""

from collections.abc import Iterator

from services_catalog.fee_table import PerBlock
from services_catalog.findings import Finding, Severity
from services_catalog.schema import EditionContent
from sportello.kernel.errors import gettext_noop

_LIMITS = ("free_units", "due_minimum", "due_maximum")


def uncharged_findings(content: EditionContent) -> Iterator[Finding]:
    """An error for each limit on a sum of blocks: families would be charged without it."""
    if not isinstance(content.fees.unit, PerBlock):
        return
    for name in _LIMITS:
        if getattr(content.fees, name) is not None:
            yield Finding(
                Severity.ERROR,
                "not_charged",
                f"fees.{name}",
                gettext_noop(
                    "«%(name)s» vale sul totale di un mese, e un blocchetto si paga quando si apre: la tariffa non può"
                    " entrare in vigore così."
                ),
                {"name": name},
            )
