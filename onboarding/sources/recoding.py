"""Text that was encoded twice (CittÃ\xa0 for Città) is put right where there is only one way to read it.

UTF-8 read as Windows-1252 or Latin-1 and written again as UTF-8 turns each accented letter into two signs that Italian
never puts side by side. The way back is certain if it gives a letter or a sign of our languages; what has lost a byte
stays as it is, except the à at the end of a word, whose second half is a blank that programs trim.
"""

import re
from typing import Final

_LETTERS: Final = "ÀÁÂÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûü"
_SIGNS: Final = "«»°ªº·´§£€‘’“”–—…•\u00a0"
_NEAR: Final = "ĆćČčĐđŠšŽžŁłŃńŚśŹźŻżĂăȘșȚțŞşŢţĞğİıĘęĄąŐőŰűŒœŸ"
_ITALIAN: Final = frozenset("ÀÈÉÌÒÙàèéìòùç«»°ª€‘’“”–")
PLAUSIBLE: Final = frozenset(_LETTERS + _SIGNS + _NEAR)


def _byte_of() -> dict[str, int]:
    """What one sign stands for, if it came from a byte: by Windows-1252, and by Latin-1 where that has other signs."""
    signs = {chr(byte): byte for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0xA0):
        sign = bytes([byte]).decode("cp1252", "ignore")
        if sign:
            signs[sign] = byte
    return signs


_BYTES: Final = _byte_of()
_FOLLOWING: Final = "".join(re.escape(sign) for sign, byte in _BYTES.items() if 0x80 <= byte < 0xC0)
_TWICE: Final = re.compile(f"[Â-ß][{_FOLLOWING}]|[à-ï][{_FOLLOWING}]{{2}}")
_END_OF_CELL: Final = r"(?=[;,|\t\"'.)]|$)"
# Before a second blank, an end, a capital or an elided article the blank was no letter of the same word.
_LOST_BLANK: Final = re.compile(rf"(?<=[a-zèéìòù])Ã(?: (?= )| {_END_OF_CELL}|{_END_OF_CELL}|(?= (?:[A-Z]|[a-z]+['’])))")
_GARBLED: Final = re.compile(f"[ÃÂ][{_FOLLOWING}?]|[Â-ï]\ufffd|â€|Ã(?![A-Za-zÀ-ÿ])")
_FIRST: Final = re.compile(f"Ã|[Â-ï][{_FOLLOWING}]")
_TIMES: Final = 3


def put_right(text: str) -> str:
    """The text with what was encoded twice (or more often) read as it was written; the same text if nothing was.

    Nothing is put right if any sign of the result is none of ours.
    """
    if text.isascii() or _FIRST.search(text) is None:
        return text
    better = text
    for _ in range(_TIMES):
        before, better = better, _TWICE.sub(_read_back, better)
        if better == before:
            break
    better = _LOST_BLANK.sub("à", better)
    return better if PLAUSIBLE.issuperset(set(better) - set(text)) else text


def _read_back(found: re.Match[str]) -> str:
    """One sign for the two or three that stand for it; a sign that is none of ours may stand for another's half."""
    try:
        sign = bytes(_BYTES[part] for part in found[0]).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
    return sign if sign in PLAUSIBLE or sign in _BYTES else found[0]


def looks_garbled(text: str) -> bool:
    """Whether something in the text was encoded twice and could not be put right."""
    return not text.isascii() and _GARBLED.search(text) is not None


def is_plausible(text: str) -> bool:
    """Whether all that is not ASCII is a letter or a sign of our languages."""
    return all(sign in PLAUSIBLE for sign in text if sign > "\x7f")


def is_italian(text: str) -> bool:
    """The same of Italian alone, without the letters that a cut sign of UTF-8 looks like."""
    return all(sign in _ITALIAN for sign in text if sign > "\x7f")
