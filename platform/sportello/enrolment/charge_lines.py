"""How a change of what a child owes is written in the ledger: its key, its words, its explanation."""

from collections.abc import Mapping
from typing import Any

from services_catalog.models import Edition, Service
from sportello.billing.models import EntryKind
from sportello.billing.posting import EntryLine
from sportello.enrolment.charging_rules import Change, Slot
from sportello.enrolment.competences import Frame, limits_meals
from sportello.fees.deciding import steps_to_json
from sportello.fees.facts import Step
from sportello.fees.kept import explain
from sportello.fees.operations import step
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money
from sportello.kernel.month import Month
from sportello.kernel.school_year import SchoolYear
from sportello.ui.retelling import remember

_MONTH = gettext_noop("Quota di %(month)s")
_MEALS = gettext_noop("Pasti di %(month)s")
_YEAR = gettext_noop("Quota dell'anno %(school_year)s")
_PERIOD = gettext_noop("Quota del periodo %(n)s, anno %(school_year)s")
_INSTALMENT = gettext_noop("Rata del %(day)s, anno %(school_year)s")
_PART = gettext_noop("%(fee)s, voce «%(part)s»")
_AGAIN = gettext_noop("%(fee)s, ricalcolata")
_NO_MORE = gettext_noop("%(fee)s, non più dovuta")
remember(_MONTH, _MEALS, _YEAR, _PERIOD, _INSTALMENT, _PART, _AGAIN, _NO_MORE)


def key_prefixes(service: Service, month: Month, year: SchoolYear) -> tuple[str, str]:
    """How the keys of the charges of a month begin, and of those of its school year and of its periods."""
    return f"dues:{service.code}:{month}:", f"dues:{service.code}:y{year.start_year}"


def slot_of(key: str) -> Slot:
    """The line of the ledger that a key belongs to."""
    _dues, _service, competence, _child, part, instalment, _ordinal = key.split(":")
    return competence, f"{part}:{instalment}"


class LineWriter:
    """Writes the entries of a month of a service."""

    def __init__(self, service: Service, frame: Frame, editions: Mapping[int, Edition]) -> None:
        self._service_code = service.code
        self._frame = frame
        self._editions = editions
        self._latest = list(editions)[-1]

    def line(self, child_id: int, change: Change) -> EntryLine:
        """A charge, or the correction of one; the explanation alone gives its amount again."""
        (competence, rest), owed = change.slot, change.owed
        steps = list(owed.steps) if owed else [step("not_due", "fees.unit", None, {})]
        if change.corrects is not None:
            last = steps[-1].after_cents
            steps.append(step("already_charged", "fees", last, {"amount": change.already}))
        edition = self._editions[owed.edition_id if owed else self._latest]
        return EntryLine(
            child_id=child_id,
            service_code=self._service_code,
            kind=EntryKind.CHARGE if change.corrects is None else EntryKind.CORRECTION,
            amount=Money(-change.cents),
            competence_on=owed.day if owed else self._frame.month.last_day,
            description=_description(change, self._frame, meals=limits_meals(edition.rules.fees)),
            key=f"dues:{self._service_code}:{competence}:{child_id}:{rest}:{change.ordinal}",
            corrects_id=change.corrects,
            explanation=self._explanation(edition, steps),
        )

    @staticmethod
    def _explanation(edition: Edition, steps: list[Step]) -> dict[str, Any]:
        return explain(edition, steps_to_json(steps))


def _description(change: Change, frame: Frame, *, meals: bool) -> str:
    fee = _fee(change.slot, frame, meals=meals)
    if change.corrects is not None:
        fee = (_AGAIN if change.owed else _NO_MORE) % {"fee": fee}
    return fee[:160]


def _fee(slot: Slot, frame: Frame, *, meals: bool) -> str:
    """The words of a line, in Italian: what is kept does not change with the reader. ``meals``: paid by the month."""
    competence, rest = slot
    part, due = rest.split(":")
    words = {"school_year": str(frame.year), "month": frame.month.italian_name}
    if due:
        fee = _INSTALMENT % (words | {"day": f"{due[6:]}/{due[4:6]}/{due[:4]}"})
    elif "p" in competence:
        fee = _PERIOD % (words | {"n": competence.partition("p")[2].partition("x")[0]})
    elif competence.startswith("y"):
        fee = _YEAR % words
    else:
        fee = (_MEALS if meals and part == "fee" else _MONTH) % words
    return fee if part == "fee" else _PART % {"fee": fee, "part": part}
