"""Arrears at an enrolment: refused or warned of, only where the edition says so, and what to do is said."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from services_catalog.models import Edition
from sportello.families.models import Child
from sportello.fees.arrears import conditions_of, conditions_on
from sportello.fees.rules import enrolment_refused
from sportello.kernel.errors import DomainError
from sportello.means.tax_queries import tax_position_of_household, unpaid_taxes_until
from sportello.means.tax_rules import ArrearsEffect, ArrearsOutcome, ArrearsPolicy, arrears_effect


class RefusedForArrears(DomainError):
    """The Comune accepts the enrolment once what is overdue has been paid."""


def check_no_arrears(*, child: Child, edition: Edition, today: date) -> None:
    """Raises RefusedForArrears where the edition blocks enrolments for arrears and nothing spares the child.

    Past fees by the ledger or by the office's word; local taxes where the edition reads them and the standing is
    known. No query where the edition blocks nothing.
    """
    if not edition.rules.fees.arrears.blocks_enrolment:
        return
    found = _unpaid(child, edition, today)
    if found.services:
        raise RefusedForArrears(
            _(
                "Ci sono pagamenti scaduti dei servizi scolastici: secondo %(act)s l'iscrizione si accoglie dopo averli"
                " saldati. Gli importi sono in «Da pagare»; chi ha già pagato porti la ricevuta all'ufficio."
            ),
            act=_act(edition),
        )
    if found.taxes is not None:
        raise RefusedForArrears(found.taxes.template, **found.taxes.params)


def arrears_warning(*, child: Child, edition: Edition, today: date) -> str:
    """What the family and the office read of arrears where the edition warns and refuses nobody; empty otherwise.

    No query where the edition does not warn.
    """
    if not edition.rules.fees.arrears.warns_enrolment:
        return ""
    found, words = _unpaid(child, edition, today), {"act": _act(edition)}
    if found.services:
        return (
            _(
                "Ci sono pagamenti scaduti dei servizi scolastici. La domanda si può fare lo stesso, ma secondo %(act)s"
                " vanno saldati: gli importi sono in «Da pagare»."
            )
            % words
        )
    if found.taxes is not None:
        return _(
            "Ci sono tributi comunali non pagati (%(taxes)s). La domanda si può fare lo stesso, ma secondo %(act)s"
            " vanno regolati."
        ) % (words | {"taxes": found.taxes.params["taxes"]})
    return ""


@dataclass(frozen=True, slots=True)
class _Unpaid:
    """What is unpaid of the services, and of the local taxes where the edition reads them; nothing where spared."""

    services: bool
    taxes: ArrearsOutcome | None = None


def _unpaid(child: Child, edition: Edition, today: date) -> _Unpaid:
    table = edition.rules.fees
    conditions = conditions_on(child.pk, table, today)
    if not conditions.isdisjoint(table.arrears.spared):
        return _Unpaid(services=False)
    if table.arrears.condition in conditions:
        return _Unpaid(services=True)
    if not table.arrears.local_taxes:
        return _Unpaid(services=False)
    policy = ArrearsPolicy(ArrearsEffect.BLOCK_ENROLMENT, _act(edition))
    outcome = arrears_effect(tax_position_of_household(child, today), policy)
    return _Unpaid(services=False, taxes=None if outcome.effect is ArrearsEffect.NONE else outcome)


def refused_for_arrears(children: Collection[int], edition: Edition, today: date) -> frozenset[int]:
    """Those of the children whom :func:`check_no_arrears` would refuse; no query where the edition blocks nothing."""
    table = edition.rules.fees
    if not table.arrears.blocks_enrolment or not children:
        return frozenset()
    held = conditions_of(children, table, today)
    taxes = unpaid_taxes_until(children, today) if table.arrears.local_taxes else {}
    return frozenset(
        child
        for child, conditions in held.items()
        if enrolment_refused(table.arrears, conditions)
        or (child in taxes and conditions.isdisjoint(table.arrears.spared))
    )


def _act(edition: Edition) -> str:
    """The act as a sentence names it."""
    day = f" del {edition.act_date:%d/%m/%Y}" if edition.act_date else ""
    return _("l'atto %(number)s") % {"number": f"{edition.act_number}{day}"}
