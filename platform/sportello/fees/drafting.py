"""From what a run worked out and what was sent before to the drafts: only the days on which the two differ. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sportello.fees.reasons import ENDED, UNDECIDED, Verdict, reasons_of_difference
from sportello.kernel.dates import DateRange, change_dates, cut, merge_equal

type Timeline = Sequence[tuple[DateRange, Verdict]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision to send: ``before_cents`` is what was sent for the same days, None where nothing was.

    One that ``ends`` repeats the verdict that stops to hold.
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    before_cents: int | None
    ends: bool = False


def drafts_for(
    *,
    wanted: Timeline,
    sent: Timeline,
    undecided: Collection[DateRange],
    within: DateRange,
    arrears: Collection[str] = (),
) -> list[tuple[DateRange, Draft]]:
    """The drafts of a child on the days of ``within``, in order of time; none where what was sent still holds.

    ``wanted`` and ``sent`` are in order and without overlaps. Days that were sent and came out without a price get
    a draft that ends it; where nobody could decide, its reason says so.
    """
    pieces = [*_changes(wanted, sent, arrears), *_ends(wanted, sent, undecided, within)]
    return merge_equal(sorted(pieces, key=lambda piece: piece[0].start))


def _changes(wanted: Timeline, sent: Timeline, arrears: Collection[str]) -> Iterable[tuple[DateRange, Draft]]:
    bounds = change_dates(period for period, _verdict in sent)
    earlier: tuple[DateRange, Verdict] | None = None
    for period, verdict in wanted:
        for piece in cut(period, bounds):
            held = next((one for days, one in sent if piece.start in days), None)
            neighbour = earlier[1] if earlier is not None and earlier[0].end == piece.start else None
            if held != verdict:
                reasons = reasons_of_difference(held or neighbour, verdict, arrears)
                yield piece, Draft(verdict, reasons, None if held is None else held.cents)
            earlier = piece, verdict


def _ends(
    wanted: Timeline, sent: Timeline, undecided: Collection[DateRange], within: DateRange
) -> Iterable[tuple[DateRange, Draft]]:
    for period, verdict in sent:
        inside = period.intersect(within)
        left = [] if inside is None else [inside]
        for priced, _verdict in wanted:
            left = [rest for piece in left for rest in piece.subtract(priced)]
        for piece in (part for one in left for part in cut(one, change_dates(undecided))):
            why = UNDECIDED if any(piece.start in days for days in undecided) else ENDED
            yield piece, Draft(verdict, (why,), verdict.cents, ends=True)
