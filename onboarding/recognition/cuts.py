"""Where the columns of lines of fixed width begin and end, by the statistics of each place.

First what has a shape of its own wherever it stands (fiscal codes, schools' codes, days, years, Belfiore codes), then
what is left: texts begin where blanks end, numbers where zeros begin again.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from onboarding.recognition.tags import code_in
from onboarding.recognition.ties import given_letters, surname_letters

_CODE: Final = re.compile(r"(?=([A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]))")
_SCHOOL: Final = re.compile(
    r"(?=([A-Z]{2}(?:AA|EE|MM|IC|1A|1E|1M|1F|PS|TD|RI|TF|IS|PC|PM|RC|SD|SL|TL|TN|TA|RH|RA|VC|CT)\d[0-9A-Z]{5}))"
)
_TAX: Final = re.compile(r"(?:TARI|IMU|TASI|ICI|TARSU|TARES|COSAP|TOSAP)(?![A-Z])")
_KNOWN_NUMBER: Final = re.compile(r"3\d{8,9}|0\d{8,10}|7[0-6]\d{3}")
"""Telephones, and the postcodes of Apulia."""
_SHORTEST_NUMBER: Final = 4
_LONGEST_NUMBER: Final = 16
_BELFIORE: Final = re.compile(r"[A-MZ]\d{3}")


class Cut(NamedTuple):
    """A column: first character from 0, how many, and what it was held to be ("" = told by its cells)."""

    first: int
    width: int
    shape: str = ""

    @property
    def end(self) -> int:
        return self.first + self.width


@dataclass(frozen=True, slots=True)
class Place:
    """The shares of what stands at one place of the lines."""

    digit: float
    zero: float
    letter: float
    blank: float
    sign: float
    point: float
    starts: float = 0.0
    """The share of lines where something stands here after two blanks or more: the begin of a text."""
    goes_on: float = 0.0
    """The share of lines where something stands here after one blank alone: the next word of a text."""

    @property
    def filled(self) -> float:
        return 1 - self.blank


def places_of(lines: Sequence[str], width: int) -> list[Place]:
    """The statistics of every place."""
    count = len(lines)
    found: list[Place] = []
    blank = tuple(" " * count)
    before, second = blank, blank
    for column in zip(*lines, strict=True):
        chars = Counter(column)
        digits = sum(times for char, times in chars.items() if char in "0123456789")
        letters = sum(times for char, times in chars.items() if char.isalpha())
        blanks = chars[" "] + chars["\t"]
        signs = chars["+"] + chars["-"]
        points = max(chars[","], chars["."])
        after = Counter(two for here, one, two in zip(column, before, second, strict=True) if here != " " == one)
        shares = (digits, chars["0"], letters, blanks, signs, points, after[" "], after.total() - after[" "])
        found.append(Place(*(share / count for share in shares)))
        before, second = column, before
    return found[:width]


def has_shifted(line: str, cuts: Sequence[Cut]) -> bool:
    """Whether a day, a year or a Belfiore code does not stand where it does in other lines."""
    return not all(_fits(line[cut.first : cut.end], cut.shape) for cut in cuts if cut.shape)


def _fits(cell: str, shape: str) -> bool:
    if shape == "year":
        return cell.isascii() and cell.isdigit() and 1990 <= int(cell) <= 2060
    if shape.startswith("date_"):
        return not cell.strip(" 0") or is_day(cell, shape.removeprefix("date_"))
    return _BELFIORE.fullmatch(cell) is not None if shape == "belfiore" else True


def find_cuts(lines: Sequence[str], width: int, begin: int) -> tuple[Cut, ...]:
    """The columns from `begin` to the end of the line, without gaps."""
    places = places_of(lines, width)
    known = _shaped(lines, places, begin)
    words = _words_begin(lines, begin)
    cuts: list[Cut] = []
    at = begin
    for cut in (*sorted(known), Cut(width, 0)):
        if cut.first > at:
            cuts += _between(places, at, cut.first, words)
        if cut.width:
            cuts.append(cut)
        at = cut.end
    return tuple(part for cut in cuts for part in _without_flag(cut, cuts, lines))


def _words_begin(lines: Sequence[str], begin: int) -> frozenset[int]:
    """Places where the name of a local tax begins in nearly all lines, whatever stands right before it."""
    offsets: Counter[int] = Counter()
    for line in lines:
        offsets.update({match.start() for match in _TAX.finditer(line, begin)})
    return frozenset(at for at, times in offsets.items() if times >= 0.85 * len(lines))


def _without_flag(cut: Cut, cuts: Sequence[Cut], lines: Sequence[str]) -> tuple[Cut, ...]:
    """A letter or two that stand right before a name belong to another column: the code tells where the name begins."""
    code = next((one for one in cuts if one.shape == "code"), None)
    if cut.shape or code is None or cut.width < 6:
        return (cut,)
    people = [
        (line[cut.first : cut.end], read.value) for line in lines if (read := code_in(line[code.first : code.end]))
    ]
    fits = [sum(_names_fit(text[skip:].strip(), value) for text, value in people) for skip in range(4)]
    best = max(range(4), key=lambda skip: fits[skip])
    if best == 0 or fits[best] < 0.6 * len(people) or fits[0] > 0.5 * fits[best]:
        return (cut,)
    return Cut(cut.first, best), Cut(cut.first + best, cut.width - best)


def _names_fit(text: str, code: str) -> bool:
    return surname_letters(text) == code[:3] or given_letters(text) == code[3:6]


def _shaped(lines: Sequence[str], places: Sequence[Place], begin: int) -> list[Cut]:
    """Columns that are known by the shape of their cells; earlier kinds are surer and keep their ground."""
    taken: list[Cut] = []
    # "A662" before an amount that begins with zeros has a year in it, the same in all lines.
    years = _years(lines, places, begin)
    for cut in (
        *_codes(lines, begin),
        *_windows_of(lines, _SCHOOL, 10, "school", begin),
        *_dates(lines, places, begin),
        *(varied for varied, several in years if several),
        *_belfiore(lines, places, begin),
        *(alike for alike, several in years if not several),
        *_apart(lines, places, begin),
    ):
        if all(cut.end <= other.first or cut.first >= other.end for other in taken):
            taken.append(cut)
    return taken


def _codes(lines: Sequence[str], begin: int) -> list[Cut]:
    offsets: Counter[int] = Counter()
    for line in lines:
        offsets.update({match.start() for match in _CODE.finditer(line, begin) if code_in(match[1]) is not None})
    return [Cut(first, 16, "code") for first, times in sorted(offsets.items()) if times >= 0.4 * len(lines)]


def _windows_of(lines: Sequence[str], shape: re.Pattern[str], width: int, name: str, begin: int) -> list[Cut]:
    offsets: Counter[int] = Counter()
    for line in lines:
        offsets.update({match.start() for match in shape.finditer(line, begin)})
    return [Cut(first, width, name) for first, times in sorted(offsets.items()) if times >= 0.6 * len(lines)]


def _dates(lines: Sequence[str], places: Sequence[Place], begin: int) -> list[Cut]:
    """Windows of eight digits, or ten with signs between, that are days in nearly all lines or wholly empty."""
    found: list[tuple[float, Cut]] = []
    for width, orders in ((10, ("slashed",)), (8, ("dmy", "ymd"))):
        for first in range(begin, len(places) - width + 1):
            if any(places[at].letter > 0.2 for at in range(first, first + width)):
                continue
            cells = [line[first : first + width] for line in lines]
            for order in orders:
                full = [cell for cell in cells if cell.strip(" 0")]
                valid = sum(is_day(cell, order) for cell in full)
                if len(full) >= max(3, 0.02 * len(lines)) and valid >= 0.9 * len(full) and _as_a_whole(cells, width):
                    found.append((valid / len(full), Cut(first, width, f"date_{order}")))
    kept: list[Cut] = []
    for _, cut in sorted(found, key=lambda item: (-item[0], item[1])):
        if all(cut.end <= other.first or cut.first >= other.end for other in kept):
            kept.append(cut)
    return kept


def _as_a_whole(cells: Sequence[str], width: int) -> bool:
    """Empty days are all zeros or all blanks, hardly ever a mix."""
    mixed = sum(" " in cell and bool(cell.strip()) for cell in cells)
    return mixed <= 0.05 * len(cells) and width > 0


@lru_cache(maxsize=65536)
def is_day(cell: str, order: str) -> bool:
    """Whether the characters are a day of the last hundred years or the next thirty."""
    if order == "slashed":
        if len(cell) != 10 or (cell[2] not in "/-." and cell[4] not in "/-."):
            return False
        digits = cell.translate({ord(char): None for char in "/-."})
        return is_day(digits, "ymd" if cell[4] in "/-." else "dmy")
    if len(cell) != 8 or not cell.isdigit() or not cell.isascii():
        return False
    year, month, day = (cell[:4], cell[4:6], cell[6:]) if order == "ymd" else (cell[4:], cell[2:4], cell[:2])
    if not 1900 <= int(year) <= 2060:
        return False
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _years(lines: Sequence[str], places: Sequence[Place], begin: int) -> list[tuple[Cut, bool]]:
    """Four digits that are a year of our time in all lines, and whether there are several years."""
    found = []
    for first in range(begin, len(places) - 3):
        if any(places[at].digit < 0.9 for at in range(first, first + 4)):
            continue
        cells = Counter(line[first : first + 4] for line in lines)
        good = {
            cell: times
            for cell, times in cells.items()
            if cell.isascii() and cell.isdigit() and 1995 <= int(cell) <= 2045
        }
        if sum(good.values()) >= 0.97 * len(lines) and len(cells) <= 40:
            several = sum(times >= 0.01 * len(lines) for times in good.values()) >= 2
            found.append((Cut(first, 4, "year"), several))
    return found


def _belfiore(lines: Sequence[str], places: Sequence[Place], begin: int) -> list[Cut]:
    """A letter and three digits in (nearly) all lines."""
    found = []
    for first in range(begin, len(places) - 3):
        if places[first].letter < 0.9 or any(places[at].digit < 0.9 for at in range(first + 1, first + 4)):
            continue
        cells = Counter(line[first : first + 4] for line in lines)
        good = sum(times for cell, times in cells.items() if _BELFIORE.fullmatch(cell))
        alone = first + 4 >= len(places) or places[first + 4].digit < 0.5 or len(cells) <= 60
        if good >= 0.9 * len(lines) and alone and len(cells) <= 60:
            found.append(Cut(first, 4, "belfiore"))
    return found


def _apart(lines: Sequence[str], places: Sequence[Place], begin: int) -> list[Cut]:
    """Digits with blanks on both sides that are one thing each: telephones, postcodes, what is set to the left.

    Zeros at the same place of all of them (08.., 70126) are no sign that another number begins there.
    """
    found = []
    at = begin
    while at < len(places):
        first = at
        while at < len(places) and places[at].digit > 0 and places[at].letter < 0.02 and places[at].blank < 0.97:
            at += 1
        alone = (first == 0 or places[first - 1].blank >= 0.97) and (at == len(places) or places[at].blank >= 0.97)
        if at - first >= _SHORTEST_NUMBER and alone and _is_one(lines, first, at):
            found.append(Cut(first, at - first, "number"))
        at = max(at, first + 1)
    return found


def _is_one(lines: Sequence[str], first: int, end: int) -> bool:
    """Whether the cells are numbers of several lengths set to the left, or those that everybody knows by their form."""
    cells = [cell for line in lines if (cell := line[first:end]).strip()]
    usual = 0.97 * len(cells)
    if not cells or sum(cell.rstrip().isdigit() for cell in cells) < usual:
        return False
    ragged = sum(cell.endswith(" ") for cell in cells)
    known = sum(_KNOWN_NUMBER.fullmatch(cell.rstrip()) is not None for cell in cells)
    return known >= usual or (end - first <= _LONGEST_NUMBER and ragged >= 0.05 * len(cells))


def _between(places: Sequence[Place], first: int, end: int, words: frozenset[int]) -> list[Cut]:
    """Cut what lies between known columns: at every place where another column begins."""
    trailing = any(
        _is_sign(places[at]) and places[at - 1].digit >= 0.8 and (at + 1 >= end or places[at + 1].digit < 0.5)
        for at in range(first + 1, end)
    )
    starts = [first]
    for at in range(first + 1, end):
        if trailing and _is_sign(places[at]):
            continue
        if at in words or (trailing and _is_sign(places[at - 1])) or _begins(places, at, end):
            starts.append(_from_left(places, starts[-1], at))
    return [Cut(start, stop - start) for start, stop in zip(starts, (*starts[1:], end), strict=True)]


def _is_sign(place: Place) -> bool:
    """Plus, minus or a blank for plus; nothing else."""
    return place.sign >= 0.005 and place.digit < 0.02 and place.letter < 0.02


def _from_left(places: Sequence[Place], start: int, at: int) -> int:
    """A number set to the right begins where its longest value does."""
    if places[at].digit < 0.6 or places[at - 1].digit >= 0.6 or places[at].filled >= 0.95:
        return at
    while at - 1 > start and places[at - 1].digit + places[at - 1].sign > 0 and places[at - 1].letter < 0.01:
        at -= 1
    return at


def _begins(places: Sequence[Place], at: int, end: int) -> bool:
    """Whether a column begins at a place, from what stands there and just before."""
    before, here = places[at - 1], places[at]
    if here.blank >= 0.97 and not _is_sign(here):
        # After what is always full come blanks: a filler, or a gap between columns.
        return before.filled >= 0.9 and all(place.blank >= 0.97 for place in places[at : at + 2])
    if before.blank >= 0.97 and not _is_sign(before):
        return _text_begins(before, here) or _right_of_gap(places, at)
    if _is_sign(here):
        return at + 1 < end and places[at + 1].digit >= 0.8
    if _is_sign(before):
        return False
    return _class_changes(before, here) or _text_begins(before, here) or _number_begins(places, at, end)


def _right_of_gap(places: Sequence[Place], at: int) -> bool:
    """Numbers set to the right begin in blanks: a gap before them that grows thinner is theirs."""
    return places[at].filled >= 0.8


def _class_changes(before: Place, here: Place) -> bool:
    """Letters meet digits."""
    after_digits = before.digit >= 0.8 and here.letter + here.blank >= 0.8 and here.letter >= 0.05
    after_letters = before.letter + before.blank >= 0.8 and before.digit < 0.1 and here.digit >= 0.6
    return after_digits or after_letters


def _text_begins(before: Place, here: Place) -> bool:
    """Texts stand to the left and blanks follow them: another begins where something stands after several blanks.

    The words of one text have one blank between them.
    """
    new = here.starts >= 0.01 and here.starts > 2 * here.goes_on
    return here.digit < 0.5 and before.digit < 0.5 and new and here.filled - before.filled >= 0.02


def _number_begins(places: Sequence[Place], at: int, end: int) -> bool:
    """Zeros fill numbers from the left: their share falls along a number and jumps where the next begins.

    Zeros that never fall again before the digits end are those of round amounts.
    """
    before, here = places[at - 1], places[at]
    if here.digit < 0.8 or before.digit < 0.8 or here.zero - before.zero < 0.35 or here.zero < 0.6:
        return False
    for after in range(at + 1, end):
        if places[after].digit < 0.8:
            return False
        if places[after].zero <= here.zero - 0.2:
            return True
    return False
