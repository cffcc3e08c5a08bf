"""The text of one physical line, whatever its bytes, and what is wrong with it."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from onboarding.sources.lines import pieces, split_lines
from onboarding.sources.recoding import is_italian, is_plausible, put_right
from onboarding.sources.types import Trouble

BYTE_ORDER_MARK: Final = "\ufeff"
_CONTROL_BYTES: Final = bytes(byte for byte in (*range(0x20), 0x7F) if byte != 0x09)
CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\ufffe\uffff]")
_END_OF_DOS_FILE: Final = "\x1a"


class Line(NamedTuple):
    """`text` is what cells are cut from; `raw` what stands in the file."""

    number: int
    text: str
    raw: str
    trouble: Trouble = ""
    recoded: bool = False


def decoded_lines(path: Path, encoding: str, newline: bytes) -> Iterator[Line]:
    """Every physical line. Line ends are \\n with any \\r before it, or \\r in files that have no other."""
    of_bytes = "utf-8" if encoding.startswith("utf") else encoding
    lost = "\ufffd" if encoding.startswith("utf-16") else ""
    for number, (line, too_long) in enumerate(split_lines(pieces(path, encoding), newline), 1):
        found = decode(number, line.rstrip(b"\r"), of_bytes)
        if too_long:
            found = found._replace(trouble="line_too_long")
        elif lost and lost in found.raw:
            found = found._replace(trouble="undecodable_bytes")
        yield found


def decode(number: int, line: bytes, encoding: str) -> Line:
    """One line; nothing raises."""
    if line.isascii() and len(line) == len(line.translate(None, _CONTROL_BYTES)):
        text = line.decode("ascii")
        return Line(number, text, text)
    raw, trouble, recoded = _read(line, encoding)
    raw = raw.removeprefix(BYTE_ORDER_MARK)
    if raw == _END_OF_DOS_FILE:
        return Line(number, "", raw)
    text = put_right(raw)
    recoded = recoded or text != raw
    if CONTROL.search(text):
        text, raw = text.replace("\x00", "\ufffd"), raw.replace("\x00", "\ufffd")
        trouble = trouble or "control_characters"
    return Line(number, text, raw, trouble, recoded)


def _read(line: bytes, encoding: str) -> tuple[str, Trouble, bool]:
    """(text, trouble, whether the line is in another encoding than the file)."""
    with suppress(UnicodeDecodeError):
        return line.decode(encoding), "", False
    with suppress(UnicodeDecodeError):
        text = line.decode("cp1252" if encoding == "utf-8" else "utf-8")
        if is_italian(text) if encoding == "utf-8" else is_plausible(text):
            return text, "", True
    return line.decode(encoding, "replace"), "undecodable_bytes", False
