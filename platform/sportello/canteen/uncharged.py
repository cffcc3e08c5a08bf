"""What a fee table may say and the close of a month does not charge: an edition that says it is never in force."""

from collections.abc import Iterator

from services_catalog.fee_table import PerBlock, PerMeal
from services_catalog.findings import Finding, Severity
from services_catalog.schema import EditionContent
from sportello.kernel.errors import gettext_noop

_LIMITS = ("free_units", "due_minimum", "due_maximum")


def uncharged_findings(content: EditionContent) -> Iterator[Finding]:
    """An error for each limit on the meals of a month: families would be charged without it."""
    if not isinstance(content.fees.unit, PerMeal | PerBlock):
        return
    for name in _LIMITS:
        if getattr(content.fees, name) is not None:
            yield Finding(
                Severity.ERROR,
                "not_charged",
                f"fees.{name}",
                gettext_noop(
                    "«%(name)s» vale sul totale dei pasti, e la chiusura della mensa non lo applica ancora: la tariffa"
                    " non può entrare in vigore così."
                ),
                {"name": name},
            )
