"""PSPs as the storm has them: the right flow of a day comes in the end, and before it whatever else may."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from integrations.pagopa.flows import Flow, FlowName, FlowOutcome, FlowPayment
from sportello.kernel.clock import ROME

WRONGS: Final = (
    "right at once",
    "right at once",
    "lines missing, the sum of all declared",
    "a payment missing, nothing said",
    "an amount wrong",
    "the declared sum wrong",
    "a line dropped, then back",
    "the second revision before the first",
    "a line told again by another flow",
    "a notice that nobody issued",
    "revoked by mistake",
)


@dataclass(slots=True)
class Provider:
    """One PSP. `paid` of `close_day` has `nav`, `receipt_id`, `parts`, `paid_at` and `outcome`."""

    psp_id: str
    creditor: str
    dice: random.Random
    due: dict[date, list[Flow]] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)

    def close_day(self, on: date, paid: list[Any]) -> None:
        """Writes the flow of a day, with its revisions for the nights to come."""
        right = [line for one in paid for line in lines_of(one)]
        right.append(self._foreign(on))
        wrong = self.dice.choice(WRONGS) if len(right) > 1 else WRONGS[0]
        self.met[wrong] += 1
        fdr = f"{on}{self.psp_id}-1"
        first = self._first(fdr, right, wrong, on)
        last = 3 if wrong == "a line dropped, then back" else 2
        if first is None:
            self._put(on, self._flow(fdr, 1, right, on))
        elif wrong == "the second revision before the first":
            self._put(on, self._flow(fdr, 2, right, on))
            self._put(on + timedelta(days=1), first)
        else:
            self._put(on, first)
            if last == 3:
                self._put(on + timedelta(days=1), self._flow(fdr, 2, self._without_a_payment(right), on))
            self._put(on + timedelta(days=self.dice.choice([1, 2]) + last - 2), self._flow(fdr, last, right, on))
        if wrong == "a line told again by another flow":
            other = f"{on}{self.psp_id}-2"
            self._put(on, self._flow(other, 1, [right[0], self._foreign(on)], on))
            self._put(on + timedelta(days=2), self._flow(other, 2, [self._foreign(on)], on))

    def publish(self, on: date, now: datetime) -> list[Flow]:
        """What is due, in any order."""
        made = self.due.pop(on, [])
        self.dice.shuffle(made)
        return [dated(one, now + timedelta(seconds=place)) for place, one in enumerate(made)]

    def _first(self, fdr: str, right: list[FlowPayment], wrong: str, on: date) -> Flow | None:
        """The first revision, where it is not as it should be."""
        whole = (len(right), sum(one.amount_cents for one in right))
        place = self.dice.randrange(len(right) - 1) if len(right) > 1 else 0
        if wrong in {"right at once", "a line told again by another flow"}:
            return None
        lines, declared = list(right), None
        if wrong == "lines missing, the sum of all declared":
            lines, declared = lines[place + 1 :], whole
        elif wrong == "a payment missing, nothing said":
            lines = self._without_a_payment(right)
        elif wrong in {"an amount wrong", "the second revision before the first"}:
            lines[place], declared = replace(lines[place], amount_cents=lines[place].amount_cents + 1), whole
        elif wrong == "the declared sum wrong":
            declared = (whole[0], whole[1] + 100)
        elif wrong == "a notice that nobody issued":
            lines.append(replace(self._foreign(on), iuv="03999999999999999"))
        elif wrong == "revoked by mistake":
            lines[place] = replace(lines[place], outcome=FlowOutcome.REVOKED)
        return self._flow(fdr, 1, lines, on, declared)

    def _without_a_payment(self, right: list[FlowPayment]) -> list[FlowPayment]:
        gone = self.dice.choice(right[:-1]).iur
        return [one for one in right if one.iur != gone]

    def _put(self, on: date, flow: Flow) -> None:
        self.due.setdefault(on, []).append(flow)

    def _foreign(self, on: date) -> FlowPayment:
        """A payment of another system of the Comune."""
        code = f"47{self.dice.randrange(10**15):015}"
        return FlowPayment(0, code, f"X{code}", 1, 700, FlowOutcome.EXECUTED, datetime.combine(on, time(12), ROME))

    def _flow(
        self, fdr: str, revision: int, lines: list[FlowPayment], on: date, declared: tuple[int, int] | None = None
    ) -> Flow:
        count, cents = declared or (len(lines), sum(one.amount_cents for one in lines))
        return Flow(
            name=FlowName(fdr, self.psp_id, revision),
            creditor_code=self.creditor,
            regulation=f"TRN{fdr}",
            regulated_on=on + timedelta(days=1),
            bank_bic="",
            psp_name="Banca",
            declared_count=count,
            declared_cents=cents,
            payments=tuple(replace(one, index=n) for n, one in enumerate(lines, start=1)),
        )


def lines_of(paid: Any) -> list[FlowPayment]:
    """The lines of a payment: one for each transfer."""
    return [
        FlowPayment(0, paid.nav[1:], paid.receipt_id, number, cents, paid.outcome, paid.paid_at)
        for number, cents in sorted(paid.parts.items())
    ]


def dated(flow: Flow, at: datetime) -> Flow:
    """The flow, published at that instant."""
    name = FlowName(flow.name.fdr, flow.name.psp_id, flow.name.revision, at, at)
    return replace(flow, name=name)
