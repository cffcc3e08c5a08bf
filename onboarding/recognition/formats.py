"""How the cells of a column are written: the order of dates, the decimal sign, the unit, the length of numbers."""

import re
from collections import Counter
from typing import Final, Literal

from django.utils.translation import gettext_noop

from onboarding.mapping.structs import DateOrder, Decimal, Thousands, Unit
from onboarding.recognition.evidence import Table
from onboarding.recognition.headings import words_of
from onboarding.recognition.people import ends_with_given_names, shared_surname
from onboarding.recognition.profiles import Profile
from onboarding.recognition.tags import amount_parts
from onboarding.recognition.ties import Tie

_THOUSANDS: Final[dict[str, Thousands]] = {"": "", ".": ".", ",": ",", " ": " ", "'": "'"}
_GROUPS: Final = re.compile(r"\d([ \u00a0\u202f'\u2019])\d{3}")
_CENTS: Final = frozenset({"cent", "cents", "centesimi"})
_THOUSANDTHS: Final = frozenset({"mill", "millesimi", "thousandths", "millieuro"})


def date_order(profile: Profile, tie: Tie) -> DateOrder:
    """The order that other columns confirm; else the one that all dates allow."""
    if (
        profile.share("date_ymd", "compact_ymd") >= 0.5
        and profile.share("compact_dmy") < profile.share("compact_ymd") + 0.1
    ):
        return "ymd"
    if tie.birth >= 0.5:
        return tie.order
    return "mdy" if profile.share("date_mdy_sure") > 2 * profile.share("date_dmy_sure") else "dmy"


def decimal_sign(profile: Profile) -> Decimal:
    """The decimal sign of nearly all amounts; empty where there is no usual one."""
    comma, point = profile.tags["comma"], profile.tags["point"]
    several = comma + point
    if several < 0.3 * len(profile.filled):
        return ""
    return "," if comma >= 0.9 * several else "." if point >= 0.9 * several else ""


def thousands_sign(profile: Profile) -> Thousands:
    """The sign that groups nearly all amounts of a thousand and more."""
    large: Counter[str] = Counter()
    for cell in profile.filled:
        parts = amount_parts(cell)
        if parts is not None and len(parts[0].replace(".", "").replace(",", "")) > 3:
            large["." if "." in parts[0] else "," if "," in parts[0] else _spread(cell)] += 1
    sign, times = large.most_common(1)[0] if large else ("", 0)
    if times < 0.8 * large.total():
        return ""
    return _THOUSANDS[sign]


def _spread(cell: str) -> str:
    """The sign of other habits: a blank of any width, or an apostrophe."""
    match = _GROUPS.search(cell)
    return "" if match is None else "'" if match[1] in "'\u2019" else " "


def unit_of(profile: Profile, kind: str, _table: Table) -> tuple[Unit, str]:
    """Euro, cents or thousandths, with the reason where it is not plain."""
    words = set(words_of(profile.name))
    if words & _THOUSANDTHS:
        return "thousandths", gettext_noop("il nome dice millesimi")
    if words & _CENTS and profile.share("digits") >= 0.9:
        return "cents", gettext_noop("il nome dice centesimi")
    if _integers(profile) < 0.98 or profile.median < 100:
        return "euro", ""
    padded = sum(cell.lstrip("+-").startswith("00") and len(cell) >= 7 for cell in profile.filled)
    if kind == "taxes" and padded >= 0.8 * len(profile.filled):
        return "cents", gettext_noop("numeri interi riempiti di zeri: centesimi")
    return _unit_of_integers(profile, kind)


def _unit_of_integers(profile: Profile, kind: str) -> tuple[Unit, str]:
    """By how they end: thousandths end in one zero, cents in anything, rounded euros in anything but spread ends."""
    cells = [plain for cell in profile.filled if (plain := cell.strip("+-")).strip("0")]
    zeros = Counter(len(cell) - len(cell.rstrip("0")) for cell in cells)
    count = zeros.total()
    if not count:
        return "euro", ""
    ends_in_zero = zeros[0] < 0.02 * count
    tenths = zeros[1] >= 0.5 * count and profile.median >= 10000
    if ends_in_zero and (tenths or (kind == "debts" and profile.median >= 1000)):
        return "thousandths", gettext_noop("numeri interi che finiscono con zero: millesimi di euro")
    hundreds = sum(times for length, times in zeros.items() if length >= 2)
    if hundreds < 0.5 * count and kind in {"taxes", "roster", "transport"} and _ends_evenly(profile):
        return "cents", gettext_noop("numeri interi con le ultime due cifre sparse: centesimi")
    return "euro", ""


def _integers(profile: Profile) -> float:
    """The share of cells with nothing but digits and a sign before or behind."""
    whole = sum(cell.strip("+-").isdigit() for cell in profile.filled)
    return whole / len(profile.filled) if profile.filled else 0.0


def _ends_evenly(profile: Profile) -> bool:
    """Whether the last two digits take most values, as cents do and rounded euros do not."""
    ends = Counter(plain[-2:] for cell in profile.filled if (plain := cell.strip("+-")).strip("0"))
    return len(ends) >= min(40, 0.4 * ends.total()) and profile.median >= 1000


def digits_of(profile: Profile) -> int:
    """The full length of numbers that begin with zeros; 0 where none do."""
    padded = sum(cell.startswith("0") and cell.isdigit() and len(cell) > 1 for cell in profile.filled)
    length, share = profile.length
    return length if padded >= 0.1 * len(profile.filled) and share >= 0.6 else 0


type Names = Literal["surname_first", "given_first"]


def names_order(profile: Profile, tie: Tie, table: Table, child: Profile | None) -> Names:
    """Which comes first in a full name: the code tells, or the surname shared with the child, or the column's name."""
    if tie.full >= 0.5:
        return "given_first" if tie.full_given_first > tie.full_surname_first else "surname_first"
    first, last = shared_surname(profile, table)
    if first + last >= 0.2:
        return "given_first" if last > first else "surname_first"
    start, end = ends_with_given_names(profile, table)
    if start + end >= 0.2 * len(profile.filled) and abs(start - end) > 0.5 * (start + end):
        return "given_first" if start > end else "surname_first"
    words = words_of(profile.name)
    if "nome" in words and "cognome" in words:
        return "given_first" if words.index("nome") < words.index("cognome") else "surname_first"
    if child is not None and child is not profile:
        return names_order(child, table.ties.of(child.at, table.ties.child), table, None)
    return "surname_first"
