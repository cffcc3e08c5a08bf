"""An enrolment refused for arrears: only where the edition says so, with a sentence that says what to do."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from services_catalog.models import Edition
from sportello.families.models import Child
from sportello.fees.arrears import conditions_of, conditions_on
from sportello.fees.rules import enrolment_refused
from sportello.kernel.errors import DomainError
from sportello.means.tax_queries import tax_position_of_household, unpaid_taxes_until
from sportello.means.tax_rules import ArrearsEffect, ArrearsPolicy, arrears_effect


class RefusedForArrears(DomainError):
    """The Comune accepts the enrolment once what is overdue has been paid."""


def check_no_arrears(*, child: Child, edition: Edition, today: date) -> None:
    """Raises RefusedForArrears where the edition blocks enrolments for arrears and nothing spares the child.

    Past fees by the ledger or by the office's word; local taxes where the edition reads them and the standing is
    known. No query where the edition blocks nothing.
    """
    table = edition.rules.fees
    if not table.arrears.blocks_enrolment:
        return
    conditions = conditions_on(child.pk, table, today)
    act = _act(edition)
    if enrolment_refused(table.arrears, conditions):
        raise RefusedForArrears(
            _(
                "Ci sono pagamenti scaduti dei servizi scolastici: secondo %(act)s l'iscrizione si accoglie dopo averli"
                " saldati. Gli importi sono in «Da pagare»; chi ha già pagato porti la ricevuta all'ufficio."
            ),
            act=act,
        )
    if table.arrears.local_taxes and conditions.isdisjoint(table.arrears.spared):
        policy = ArrearsPolicy(ArrearsEffect.BLOCK_ENROLMENT, act)
        outcome = arrears_effect(tax_position_of_household(child, today), policy)
        if outcome.effect is ArrearsEffect.BLOCK_ENROLMENT:
            raise RefusedForArrears(outcome.template, **outcome.params)


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
