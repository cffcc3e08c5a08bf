"""What the sampled cells of one column have in common: shares of tags, lengths, repetition. Reasons speak of counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from onboarding.mapping import phrases
from onboarding.recognition.headings import is_meaningless
from onboarding.recognition.sampling import WIDEST, Sampled
from onboarding.recognition.tags import amount_parts, tags_of


@dataclass(frozen=True)
class Profile:
    """A column. `cells` are those of the sample, stripped, in the order of the file; `words` all of it if few."""

    at: int
    name: str
    cells: tuple[str, ...]
    words: dict[str, int] | None = None

    @cached_property
    def filled(self) -> list[str]:
        """The cells that hold something."""
        return [cell for cell in self.cells if cell]

    @cached_property
    def fill(self) -> float:
        """The share of cells that hold something."""
        return len(self.filled) / len(self.cells) if self.cells else 0.0

    @cached_property
    def distinct(self) -> int:
        """How many different cells there are."""
        return len(set(self.filled))

    @cached_property
    def tags(self) -> Counter[str]:
        """How often each tag holds."""
        found: Counter[str] = Counter()
        for cell, times in Counter(self.filled).items():
            for tag in tags_of(cell):
                found[tag] += times
        return found

    def share(self, *tags: str) -> float:
        """The share of filled cells that have any of the tags (counted one by one when several are asked)."""
        if not self.filled:
            return 0.0
        if len(tags) == 1:
            return self.tags[tags[0]] / len(self.filled)
        wanted = frozenset(tags)
        return sum(not wanted.isdisjoint(tags_of(cell)) for cell in self.filled) / len(self.filled)

    @cached_property
    def speaks(self) -> bool:
        """Whether the column has a name with a meaning."""
        return not is_meaningless(self.name)

    @cached_property
    def length(self) -> tuple[int, float]:
        """The usual length of a cell, and the share of cells that have it."""
        lengths = Counter(map(len, self.filled))
        if not lengths:
            return 0, 0.0
        usual, times = lengths.most_common(1)[0]
        return usual, times / len(self.filled)

    @cached_property
    def numbers(self) -> list[float | None]:
        """Cell by cell the number it shows; only for statistics, never for money that is kept."""
        return [number_of(cell) for cell in self.cells]

    @cached_property
    def median(self) -> float:
        """The middle of the numbers."""
        known = sorted(abs(number) for number in self.numbers if number is not None)
        return known[len(known) // 2] if known else 0.0

    def told(self, count: int, what: str) -> str:
        """A reason: "1.998 valori su 2.000 sono ..."."""
        return phrases.COUNTED % {"count": thousands(count), "all": thousands(len(self.filled)), "what": what}

    def told_share(self, share: float, what: str) -> str:
        """A reason from a share of the filled cells."""
        return self.told(round(share * len(self.filled)), what)


def profiles_of(sample: Sampled, header: Sequence[str]) -> tuple[Profile, ...]:
    """The profile of every column of a sample."""
    return tuple(
        Profile(
            at=at,
            name=header[at].strip() if at < len(header) else "",
            cells=tuple(sample.column(at)) if at < WIDEST else (),
            words=sample.words[at] if at < len(sample.words) else None,
        )
        for at in range(sample.width)
    )


def number_of(cell: str) -> float | None:
    """A number whichever way it is written; "-" is nothing served, hence zero."""
    if cell == "-":
        return 0.0
    parts = amount_parts(cell)
    if parts is None:
        return None
    whole, sign, decimals, negative = parts
    whole = whole.replace(".", "").replace(",", "")
    value = float(f"{whole}.{decimals}" if sign else whole)
    return -value if negative else value


def thousands(number: int) -> str:
    """A number as Italians write it: 2.000."""
    return f"{number:,}".replace(",", ".")
