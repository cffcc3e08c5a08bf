"""What a standing with the local taxes means for a service: nothing, unless the edition says so.

A regulation may let arrears refuse a reduction (Bari 2021) or serve only families in order (Manfredonia). The policy
is what the edition says of it; without one there is no effect. A standing that is not known never counts against
anybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from integrations.tributi.types import Tax, Verdict
from sportello.kernel.errors import gettext_noop, told


class ArrearsEffect(StrEnum):
    """What arrears do."""

    NONE = "none"
    REFUSE_REDUCTION = "refuse_reduction"
    BLOCK_ENROLMENT = "block_enrolment"


@dataclass(frozen=True, slots=True)
class ArrearsPolicy:
    """What the edition says: the effect, the act that says it, and the taxes that count (empty: all of them)."""

    effect: ArrearsEffect = ArrearsEffect.NONE
    legal_basis: str = ""
    taxes: frozenset[Tax] = frozenset()


@dataclass(frozen=True, slots=True)
class Position:
    """A standing as the rule reads it; `last_day` is the last on which it says something."""

    verdict: Verdict
    taxes: frozenset[Tax] = frozenset()
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class ArrearsOutcome:
    """The effect and why, as a marked sentence with its values."""

    effect: ArrearsEffect
    template: str
    params: dict[str, object] = field(default_factory=dict)

    @property
    def explanation(self) -> str:
        """The finished sentence."""
        return told(self.template, self.params)


NO_POLICY: Final = gettext_noop("Per questo servizio la posizione con i tributi comunali non conta.")
NOT_KNOWN: Final = gettext_noop("La posizione con i tributi comunali non è nota: non cambia nulla.")
IN_ORDER: Final = gettext_noop("La posizione con i tributi comunali è regolare.")
OTHER_TAXES: Final = gettext_noop("Gli importi non pagati riguardano tributi che per questo servizio non contano.")
NO_REDUCTION: Final = gettext_noop(
    "Ci sono tributi comunali non pagati (%(taxes)s): niente riduzioni, secondo %(act)s."
)
NO_ENROLMENT: Final = gettext_noop(
    "Ci sono tributi comunali non pagati (%(taxes)s): l'iscrizione si accoglie dopo averli regolati, secondo %(act)s."
)


def arrears_effect(position: Position | None, policy: ArrearsPolicy) -> ArrearsOutcome:
    """What the position does, and the sentence that explains it.

    A policy with an effect but no act behind it has none: an effect exists only where a regulation says so.
    """
    if policy.effect is ArrearsEffect.NONE or not policy.legal_basis:
        return ArrearsOutcome(ArrearsEffect.NONE, NO_POLICY)
    if position is None or position.verdict is Verdict.UNKNOWN:
        return ArrearsOutcome(ArrearsEffect.NONE, NOT_KNOWN)
    if position.verdict is Verdict.REGULAR:
        return ArrearsOutcome(ArrearsEffect.NONE, IN_ORDER)
    counted = position.taxes & policy.taxes if policy.taxes else position.taxes
    if policy.taxes and not counted:
        return ArrearsOutcome(ArrearsEffect.NONE, OTHER_TAXES)
    template = NO_ENROLMENT if policy.effect is ArrearsEffect.BLOCK_ENROLMENT else NO_REDUCTION
    params: dict[str, object] = {"taxes": ", ".join(sorted(counted)) or "?", "act": policy.legal_basis}
    return ArrearsOutcome(policy.effect, template, params)


def household_position(positions: Iterable[Position | None]) -> Position:
    """The standing of the adults of a household together: one in arrears is enough, one unknown leaves it unknown."""
    held = [one or Position(Verdict.UNKNOWN) for one in positions]
    owing = [one for one in held if one.verdict is Verdict.IN_ARREARS]
    days = [one.last_day for one in owing or held if one.last_day is not None]
    taxes = frozenset(tax for one in owing for tax in one.taxes)
    if owing:
        return Position(Verdict.IN_ARREARS, taxes, min(days, default=None))
    if not held or any(one.verdict is Verdict.UNKNOWN for one in held):
        return Position(Verdict.UNKNOWN)
    return Position(Verdict.REGULAR, frozenset(), min(days, default=None))
