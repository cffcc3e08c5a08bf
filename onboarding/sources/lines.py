"""Physical lines of a file, in constant memory however long a line is."""

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

CHUNK: Final = 1 << 20
LONGEST_LINE: Final = 131_072
"""Bytes. No row of an export comes near it; a cell of a spreadsheet has 32,767 characters at most."""
SHOWN: Final = 2_000
"""What is kept of a line that is longer."""


def pieces(path: Path, encoding: str) -> Iterator[bytes]:
    """The file in pieces of about a megabyte. UTF-16 arrives as UTF-8, so that a line end is one byte for all."""
    if not encoding.startswith("utf-16"):
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
        return
    with path.open("rb") as stream:
        yield from as_utf8(iter(lambda: stream.read(CHUNK), b""), encoding)


def as_utf8(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """UTF-16 as UTF-8. What is no character arrives as U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def split_lines(chunks: Iterable[bytes], newline: bytes) -> Iterator[tuple[bytes, bool]]:
    """(line without its ending, whether it is longer than any row) for each physical line.

    Of a line that is too long the beginning is kept. What follows the last line end is a line if it is not empty.
    """
    rest, begun = b"", b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(newline)
        if begun and whole:
            whole.pop(0)
            yield begun, True
            begun = b""
        for line in whole:
            yield (line, False) if len(line) <= LONGEST_LINE else (line[:SHOWN], True)
        if len(rest) > LONGEST_LINE or begun:
            begun, rest = begun or rest[:SHOWN], b""
    if begun:
        yield begun, True
    elif rest:
        yield rest, False
