"""What is said of a physical line."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

type Value = str | int | bool | Dict[str, int] | None
type Record = dict[str, Value]
"""By field name: amounts as "12.30", dates as ISO text, whole numbers, booleans, None = the file does not say."""


class Verdict(StrEnum):
    """What happens to a line. Only GOOD and FIX are committed."""

    GOOD = "good"
    FIX = "fix"
    REVIEW = "review"
    REJECT = "reject"
    DUPLICATE = "duplicate"
    NOT_DATA = "not_data"
    CONTROL = "control"


COMMITTED = frozenset({Verdict.GOOD, Verdict.FIX})


class Defect(NamedTuple):
    """One thing about a line. `code` is a key of the catalogue; `field` says where; `detail` fills its sentence."""

    code: str
    field: str = ""
    detail: str = ""


@dataclass(slots=True)
class Judged:
    """A verdict on one physical line. `record` is None where nothing could be read (reject, not_data).

    `record` has the fields of the answer keys and no others; `beside` holds what else the line tells and the commit may
    use (residence, the payer's name in a month row). A control line's record is what it declares and what was counted.
    """

    line: int
    raw: str
    verdict: Verdict
    defects: list[Defect] = field(default_factory=list)
    record: Record | None = None
    suggestion: dict[str, str] = field(default_factory=dict)
    duplicate_of_line: int | None = None
    beside: Record = field(default_factory=dict)


class Amendment(NamedTuple):
    """A later line told something of an earlier one: the defect is added to it and its verdict becomes that one."""

    line: int
    verdict: Verdict
    defect: Defect


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules may know beside the line: the day, the Comune, its schools by MIM code with their level.

    `school_names` are those of `words.schools.names_of`. `decided` are the decisions of the review desk
    that hold for later loads: (defect, field, what was written) -> value; the same value = right as it was written.
    """

    today: date
    municipality: str = ""
    schools: Dict[str, str] = field(default_factory=dict)
    school_names: Dict[str, str] = field(default_factory=dict)
    decided: Dict[tuple[str, str, str], str] = field(default_factory=dict)
