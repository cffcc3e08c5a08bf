"""Text that a spreadsheet would run as a formula, made harmless; and back.

A cell that begins with one of these signs is computed when the file is opened (OWASP, "CSV Injection"): a name typed
into a form could then read the sheet of whoever exports it. An apostrophe before it makes it text in every spreadsheet.
"""

from typing import Final

MARK: Final = "'"
SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NOTHING: Final = "\\N"
"""A value that is not there, in files for machines: an empty cell is an empty text."""
_MARKED: Final = tuple(MARK + sign for sign in SIGNS)


def neutralised(text: str) -> str:
    """The text as no spreadsheet computes it."""
    return MARK + text if text.startswith(SIGNS) else text


def restored(text: str) -> str:
    """The text as it was before `neutralised`; for what comes back from a file that people opened meanwhile."""
    return text[1:] if text.startswith(_MARKED) else text


def escaped(text: str) -> str:
    """For files that a machine reads back: what begins with the mark gets one too, so that nothing is lost."""
    return MARK + text if text.startswith((*SIGNS, MARK)) or text == NOTHING else text


def unescaped(text: str) -> str | None:
    """What `escaped` was given; None for a value that is not there."""
    return None if text == NOTHING else text.removeprefix(MARK)
